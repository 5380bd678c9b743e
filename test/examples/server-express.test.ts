import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connected, nextLocal, record } from "../support/awaited-client.js";
import { Example, type ExampleProcess } from "./example.js";

describe("the example server-express", () => {
  let example: Example;
  let url = "";
  let issuer = "";
  let token = "";
  let issuing: ExampleProcess;
  beforeAll(async () => {
    example = new Example("server-express");
    issuing = example.start("issuer", ["alice", "mallory"]);
    issuer = (await issuing.said(/^ISSUER (.+)$/m))[1] as string;
    token = (await issuing.said(/^alice (.+)$/m))[1] as string;
    url = await example.start("start", [], { ISSUER: issuer }).url();
  }, 60_000);
  afterAll(() => example.close());

  const points = (method: string, bearer: string) =>
    fetch(`${url}/points`, { method, headers: { authorization: `Bearer ${bearer}` } });

  it("books points by its HTTP route, tells of them, and refuses an action that they do not pay", async () => {
    const client = createEventClient(url, { contract, auth: { token } });
    const heard = record(client, "sp:update", "sp:insufficient", "game:action_result");
    await connected(client);
    expect(client.connection.getSnapshot()).toMatchObject({ mode: "announced", userId: "alice" });
    expect(await (await points("POST", token)).json()).toEqual({ current_sp: 50 });
    await client.join(rooms.game("session-1"));
    const act = () => client.send("game_action", { game_session_id: "session-1", action: "look" });
    await act();
    await expect(act()).rejects.toMatchObject({ code: "sp_insufficient" });
    await heard.atLeast(4);
    expect(heard.map(({ name }) => name).sort()).toEqual([
      "game:action_result",
      "sp:insufficient",
      "sp:update",
      "sp:update",
    ]);
    expect(await (await points("GET", token)).json()).toEqual({ current_sp: 20 });
    client.close();
  });

  it("is joined by its own client, which prints what it receives", async () => {
    const client = example.start("client", [token, "Hello"], { URL: url });
    expect((await client.said(/^chat:message (.+)$/m))[1]).toContain('"message":"Hello"');
  });

  it("lets nobody in by a token of another key, and nobody into a game who does not play it", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const forged = await new SignJWT({ azp: "game-web", typ: "Bearer" })
      .setProtectedHeader({ alg: "RS256", kid: "dev" })
      .setIssuer(issuer)
      .setSubject("alice")
      .setExpirationTime("1h")
      .sign(privateKey);
    expect((await points("POST", forged)).status).toBe(401);
    const stranger = createEventClient(url, { contract, auth: { token: forged } });
    expect(await nextLocal(stranger, "ws:error")).toMatchObject({ code: "unauthenticated" });
    stranger.close();

    const [, mallory = ""] = await issuing.said(/^mallory (.+)$/m);
    const outsider = createEventClient(url, { contract, auth: { token: mallory } });
    await connected(outsider);
    await expect(outsider.join(rooms.game("session-1"))).rejects.toMatchObject({ code: "forbidden" });
    outsider.close();
  });

  it("says how it is", async () => {
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ ready: true });
  });
});
