import { expect, it } from "vitest";
import { createTransportChoice } from "../../../src/client/transport-choice.js";

const both = ["websocket", "polling"];

it("tries WebSocket first, polling first for 10 minutes after a hung handshake, and then WebSocket again", () => {
  let now = 0;
  const choice = createTransportChoice(both, () => now);
  expect(choice.order()).toEqual(both);
  expect(choice.hung()).toBe(true);
  expect(choice.order()).toEqual(["polling", "websocket"]);
  // Polling hangs too: there is nothing better to try at once.
  expect(choice.hung()).toBe(false);
  now = 599_999;
  expect(choice.order()).toEqual(["polling", "websocket"]);
  now = 600_000;
  expect(choice.order()).toEqual(both);
});

it("tries WebSocket first again where polling meets a node that does not know the session", () => {
  let now = 0;
  for (const given of [both, ["polling", "websocket"]]) {
    const choice = createTransportChoice(given, () => now);
    choice.hung();
    choice.unsticky();
    expect(choice.order()).toEqual(both);
    expect(choice.hung()).toBe(true);
    expect(choice.order()).toEqual(["polling", "websocket"]);
    now += 600_000;
    expect(choice.order()).toEqual(given);
  }
});

it("keeps to the one transport that the application allows, or to its order", () => {
  const choice = createTransportChoice(["polling"], () => 0);
  expect(choice.hung()).toBe(false);
  choice.unsticky();
  expect(choice.order()).toEqual(["polling"]);
  for (const names of [["websocket"], ["polling", "websocket"]])
    expect(createTransportChoice(names, () => 0).hung()).toBe(false);
});
