import { describe, expect, it } from "vitest";
import { HarMessages } from "../../../src/cli/messages/har-message.js";
import { readRecord } from "../../../src/cli/messages/record.js";

const message = (payload: unknown, direction?: string) => ({ kind: "message", event: "x", payload, direction });

describe("readRecord", () => {
  it("reads args, payload or data, with a direction or without", () => {
    expect(readRecord({ event: "x", args: [{ a: 1 }], direction: "client_to_server" })).toEqual([
      message({ a: 1 }, "client_to_server"),
    ]);
    expect(readRecord({ event: "x", payload: { a: 1 }, at: "a recorder's own field" })).toEqual([message({ a: 1 })]);
    expect(readRecord({ event: "x", data: { a: 1 }, direction: null })).toEqual([message({ a: 1 })]);
    expect(readRecord({ event: "x", payload: null })).toEqual([message(null)]);
    expect(readRecord({ event: "x" })).toEqual([message(undefined)]);
    expect(readRecord({ event: "x", args: [] })).toEqual([message(undefined)]);
  });
  it("reads the envelope or command id behind a payload, and passes over a callback's null", () => {
    expect(readRecord({ event: "x", args: [{}, { at: 1 }] })).toEqual([message({}, "server_to_client")]);
    expect(readRecord({ event: "x", payload: {}, envelope: { at: 1, epoch: "e", seq: 1 } })).toEqual([
      message({}, "server_to_client"),
    ]);
    expect(readRecord({ event: "x", args: [{}, { id: "c" }, null] })).toEqual([message({}, "client_to_server")]);
    expect(readRecord({ event: "x", args: [{}, null] })).toEqual([message({})]);
    expect(readRecord({ event: "x", args: [null] })).toEqual([message(null)]);
  });
  it("finds fault with an envelope that goes the other way", () => {
    const record = { event: "x", direction: "client_to_server", args: [{}, { at: 1 }] };
    expect(readRecord(record)).toMatchObject([{ problem: { code: "arguments_invalid" } }]);
  });
  it("reads a text that is a frame", () => {
    expect(readRecord('42["x",{}]')).toEqual([message({})]);
    expect(readRecord("2")).toEqual([{ kind: "skipped" }]);
  });
  it("says of anything else that it is no message", () => {
    for (const other of [
      1,
      null,
      true,
      "text",
      [],
      [{ event: "x" }],
      {},
      { event: 1 },
      { event: "x", args: {} },
      { event: "x", direction: "up" },
      { event: "x", direction: 1 },
    ])
      expect([other, readRecord(other)]).toMatchObject([
        other,
        [{ kind: "no_message", problem: { code: "not_a_message" } }],
      ]);
  });
});

describe("HarMessages", () => {
  const send = (data: unknown, opcode: unknown = 1) => ({ type: "send", time: 1, opcode, data });

  it("takes the direction from send and receive", () => {
    const messages = new HarMessages();
    expect(messages.read(send('42["x",{}]'), 1)).toEqual([message({}, "client_to_server")]);
    expect(messages.read({ type: "receive", data: '42["x",{}]' }, 1)).toEqual([message({}, "server_to_client")]);
  });
  it("passes over sockets that are none of Engine.IO's, and holds the others to it", () => {
    const messages = new HarMessages();
    expect(messages.read(send('{"type":"hot-update"}'), 1)).toEqual([{ kind: "skipped" }]);
    expect(messages.read({ type: "receive", data: '0{"sid":"x"}' }, 2)).toEqual([{ kind: "skipped" }]);
    expect(messages.read(send('{"type":"broken"}'), 2)).toMatchObject([{ kind: "no_message" }]);
    expect(messages.read(send('{"type":"hot-update"}'), 3)).toEqual([{ kind: "skipped" }]);
  });
  it("passes over binary messages and finds fault with what is no message", () => {
    const messages = new HarMessages();
    expect(messages.read(send("AAEC", 2), 1)).toEqual([{ kind: "skipped" }]);
    for (const other of [null, 1, {}, { type: "send" }, { type: "close", data: "" }])
      expect(messages.read(other, 1)).toMatchObject([{ kind: "no_message" }]);
  });
});
