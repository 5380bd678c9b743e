import { expect, it } from "vitest";
import type { CommandEntry, EventEntry } from "../../../src/contract/contract.js";
import { contract as client } from "../../../src/gestaloka/client.gen.js";
import { contract as whole } from "../../../src/gestaloka/contract.gen.js";

const ofEvent = ({ name, appName, audience, lane, recover, discriminator }: EventEntry) => ({
  name,
  appName,
  audience,
  lane,
  recover,
  discriminator,
});
const ofCommand = ({ name, room, offline, identity, serial, refusals }: CommandEntry) => ({
  name,
  room,
  offline,
  identity,
  serial,
  refusals,
});

it("says of events, commands and rooms in a browser what the whole contract says of them", () => {
  expect([...client.events.values()].map(ofEvent)).toEqual([...whole.events.values()].map(ofEvent));
  expect([...client.appEvents.keys()]).toEqual([...whole.appEvents.keys()]);
  expect([...client.commands.values()].map(ofCommand)).toEqual([...whole.commands.values()].map(ofCommand));
  expect([...client.roomKinds.keys()]).toEqual([...whole.roomKinds.keys()]);
  expect(client.identity).toBe(whole.identity);
});
