import { describe, expect, it } from "vitest";
import { readFrame } from "../../../src/cli/messages/frame.js";

const event = (name: string, payload: unknown, direction?: string) => ({
  kind: "message",
  event: name,
  payload,
  direction,
});
const read = (text: string) => readFrame(text, undefined);
const kinds = (text: string) => read(text)?.map(({ kind }) => kind);

describe("readFrame", () => {
  it("reads an event with and without namespace and ack id", () => {
    for (const head of ["42", "42/table,", "421", "4212", "42/table,7"])
      expect(read(`${head}["x",{"a":1}]`)).toEqual([event("x", { a: 1 })]);
    expect(read('42/a?b=1,3["x",{}]')).toEqual([event("x", {})]);
    expect(read('42["x"]')).toEqual([event("x", undefined)]);
  });
  it("skips what carries no event: control frames and acknowledgements", () => {
    for (const frame of [
      '0{"sid":"x"}',
      "0",
      "1",
      "2",
      "3",
      "2probe",
      "3probe",
      "5",
      "6",
      "40",
      '40{"sid":"x"}',
      '40/ns,{"token":"x"}',
      "41",
      "41/ns,",
      '44{"message":"x"}',
      "430[]",
      '43/ns,12[{"ok":true}]',
      '461-0[{"_placeholder":true,"num":0}]',
    ])
      expect([frame, kinds(frame)]).toEqual([frame, ["skipped"]]);
  });
  it("skips the library's own frames, but not an unknown one that looks like them", () => {
    for (const name of ["$hello", "$enter", "$page", "$heads", "$warn", "$auth", "$left", "$bye"])
      expect([name, kinds(`42["${name}",{}]`)]).toEqual([name, ["skipped"]]);
    expect(kinds('42["$other",{}]')).toEqual(["message"]);
  });
  it("takes the direction from an envelope or a command id", () => {
    expect(read('42["x",{},{"at":1}]')).toEqual([event("x", {}, "server_to_client")]);
    expect(read('42["x",{},{"epoch":"e","seq":3,"at":1}]')).toEqual([event("x", {}, "server_to_client")]);
    expect(read('423["x",{},{"id":"c"}]')).toEqual([event("x", {}, "client_to_server")]);
  });
  it("takes a pack apart", () => {
    const envelope = '{"epoch":"e","seq":3,"at":1}';
    expect(read(`42["$pack",${envelope},[["x",{"a":1}],["y",{}]]]`)).toEqual([
      event("x", { a: 1 }, "server_to_client"),
      event("y", {}, "server_to_client"),
    ]);
    for (const broken of [
      '["$pack"]',
      '["$pack",{},[["x",{}]]]',
      `["$pack",${envelope},[]]`,
      `["$pack",${envelope},{}]`,
      `["$pack",${envelope},[["x"]]]`,
      `["$pack",${envelope},[["$pack",{}]]]`,
      `["$pack",${envelope},[["x",{}]],1]`,
    ])
      expect([broken, read(`42${broken}`)]).toMatchObject([
        broken,
        [{ event: "$pack", problem: { code: "arguments_invalid" } }],
      ]);
  });
  it("finds fault with arguments that are none of a payload, an envelope and a command id", () => {
    for (const args of [
      '{},"more"',
      "{},{}",
      '{},{"at":"1"}',
      '{},{"at":1,"seq":0}',
      '{},{"at":1},1',
      '{},{"id":1}',
      "{},null",
    ])
      expect([args, read(`42["x",${args}]`)]).toMatchObject([
        args,
        [{ event: "x", problem: { code: "arguments_invalid", path: "args[1]" } }],
      ]);
  });
  it("finds fault with an event that carries binary data", () => {
    expect(read('451-["x",{"a":{"_placeholder":true,"num":0}}]')).toMatchObject([
      { event: "x", problem: { got: "binary" } },
    ]);
    expect(kinds('45["x",{}]')).toEqual(["no_message"]);
  });
  it("says of a broken frame that it is no message, and of other text that it is no frame", () => {
    for (const broken of ["42", "42{}", "42[]", "42[1]", '42["x",{]', "43", "43{}", "40{"])
      expect([broken, kinds(broken)]).toEqual([broken, ["no_message"]]);
    for (const other of ["", "x", "7", "4", "47[]", "0x", "2x", "12", '{"event":"x"}', '["x",{}]'])
      expect([other, kinds(other)]).toEqual([other, undefined]);
  });
  it("reads the packets of a polling body", () => {
    expect(read('2\u001e42["x",{}]\u001e42["y",{}]')).toEqual([{ kind: "skipped" }, event("x", {}), event("y", {})]);
    expect(read('42["x",{}]\u001eno frame')).toBeUndefined();
  });
});
