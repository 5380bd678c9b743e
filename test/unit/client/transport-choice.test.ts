import { expect, it } from "vitest";
import { createTransportChoice } from "../../../src/client/transport-choice.js";

const both = ["websocket", "polling"];

it("keeps to the order that was given, and for 10 minutes puts before it what is preferred", () => {
  let now = 0;
  for (const given of [both, ["polling", "websocket"]]) {
    const choice = createTransportChoice(given, () => now);
    expect(choice.order()).toEqual(given);
    choice.prefer("polling");
    expect(choice.order()).toEqual(["polling", "websocket"]);
    now += 599_999;
    choice.prefer("websocket");
    expect(choice.order()).toEqual(both);
    now += 599_999;
    expect(choice.order()).toEqual(both);
    now++;
    expect(choice.order()).toEqual(given);
  }
});

it("keeps all others that the application allows, and takes none that it does not", () => {
  const all = createTransportChoice(["webtransport", "websocket", "polling"], () => 0);
  all.prefer("polling");
  expect(all.order()).toEqual(["polling", "webtransport", "websocket"]);
  const one = createTransportChoice(["polling"], () => 0);
  one.prefer("websocket");
  expect(one.order()).toEqual(["polling"]);
});
