import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextLocal, record } from "../support/awaited-client.js";
import { Example } from "./example.js";

describe("the example web", () => {
  let example: Example;
  let url = "";
  beforeAll(async () => {
    example = new Example("web");
    url = await example.start("start").url();
  }, 90_000);
  afterAll(() => example.close());

  it("builds its page from the installed package, and its game goes on over a cut line", async () => {
    const page = await (await fetch(url)).text();
    const script = /src="([^"]+\.js)"/.exec(page)?.[1] as string;
    expect((await fetch(`${url}//`)).status).toBe(404);
    expect((await fetch(new URL(script, url))).headers.get("content-type")).toContain("text/javascript");

    const control = (action: string) =>
      fetch(new URL(`/control/${action}/alice`, url), { method: "POST", headers: { origin: url } });
    const login = (await (await control("login")).json()) as { url: string; token: string };
    // As the page does: a browser names its origin.
    const client = createEventClient(login.url, {
      contract,
      auth: { token: login.token },
      socket: { extraHeaders: { origin: url } },
    });
    const heard = record(client, "chat:message");
    await client.join(rooms.game("mist"));
    const say = (message: string) => client.send("chat_message", { game_session_id: "mist", message });
    await say("Hello");
    const back = nextLocal(client, "ws:connected");
    await control("cut");
    await back;
    await say("Still here");
    await heard.atLeast(2);
    expect(heard.payloads("chat:message")).toMatchObject([{ message: "Hello" }, { message: "Still here" }]);
    client.close();
  });
});
