import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { io } from "socket.io-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connected, nextLocal, record } from "../support/awaited-client.js";
import { hasPythonSocketio } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";
import { Example } from "./example.js";

requireOrSkip("python-socketio", hasPythonSocketio())("the example python-server", () => {
  let example: Example;
  let url = "";
  beforeAll(async () => {
    example = new Example("python-server");
    example.run("generate");
    example.run("check");
    // The python3 first in PATH may be another one, without the distribution's packages.
    const python = process.env.PYTHON ?? "/usr/bin/python3";
    url = await example.start("start", [], { PYTHON: python, PYTHONDONTWRITEBYTECODE: "1" }).url();
  }, 60_000);
  afterAll(() => example.close());

  const connect = (token: string) => createEventClient(url, { contract, auth: { token }, userId: token });

  it("plays a game with the typed client: every event is one of the contract", async () => {
    const alice = connect("alice");
    const heard = record(alice, ...contract.appEvents.keys());
    await connected(alice);
    await alice.join(rooms.game("session-1"));
    const game_session_id = "session-1";
    await alice.send("chat_message", { game_session_id, message: "Hello" });
    await alice.send("game_action", { game_session_id, action: "look" });
    await alice.send("game_action", { game_session_id, action: "look again" });
    await heard.atLeast(6);
    expect(heard.map(({ name }) => name)).toEqual([
      "server:connected",
      "game:joined",
      "chat:message",
      "sp:update",
      "game:action_result",
      "sp:insufficient",
    ]);
    expect(heard.payloads("chat:message")).toEqual([expect.objectContaining({ user_id: "alice", message: "Hello" })]);
    expect(alice.counts).toMatchObject({ invalid: 0, unknown: 0 });
    alice.close();
  });

  it("refuses who brings no token, and tells the sender of a command that cannot be read", async () => {
    const nobody = connect("");
    expect(await nextLocal(nobody, "ws:error")).toMatchObject({ code: expect.any(String) });
    nobody.close();
    // What the typed client would not send.
    const raw = io(url, { auth: { token: "bob" }, transports: ["websocket"], reconnection: false });
    const error = new Promise((told) => raw.once("error", told));
    raw.emit("game_action", { action: 7 });
    expect(await error).toMatchObject({ error: "payload_invalid" });
    raw.close();
  });
});
