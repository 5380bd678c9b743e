import { pick } from "../chaos/random.js";

type Random = () => number;

const commands: readonly (readonly [name: string, payload: object])[] = [
  ["game_action", { game_session_id: "g1", action: "look around" }],
  ["chat_message", { game_session_id: "g1", message: "hello" }],
  ["npc_action", { game_session_id: "g1", npc_id: "n1", action: "talk" }],
  ["join_game", { game_session_id: "g1" }],
  ["leave_game", { game_session_id: "g1" }],
  ["ping", { timestamp: "2026-11-24T05:30:19Z" }],
  ["$enter", { room: "game_g1", cursor: { epoch: "AAAAAAAAAAA", seq: 3 } }],
  ["$page", { epoch: "AAAAAAAAAAA", after: 0, limit: 100 }],
  ["$heads", { cursors: [{ room: "game_g1", epoch: "AAAAAAAAAAA", seq: 3 }], stats: { received: 3 } }],
  ["$auth", { auth: { user: "u1" } }],
];

// Names that Socket.IO itself closes a connection for.
const closing = ["connect", "disconnect", "disconnecting", "newListener", "removeListener", "connect_error"];

const names = [
  "",
  "error",
  "message",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "admin",
  "$hello",
  "$bye",
  "$left",
  "$warn",
  "$pack",
  "sp_update",
  "7",
  "game_action\u0000",
  "GAME_ACTION",
  "game_action ",
  "\u202egame",
  "x".repeat(5_000),
];
const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "user_id",
  "admin",
  "",
  "\u0000",
  "length",
  "toJSON",
  "then",
];
const texts = [
  "",
  " ",
  "\u0000",
  "a\r\nb",
  "\u001b[31m",
  "\ud800",
  "\u202e",
  "e\u0301",
  "*",
  "../..",
  "$(x)",
  "{{x}}",
  "' OR 1=1",
  "<script>",
  "x".repeat(129),
  "x".repeat(2_001),
  "あ".repeat(2_001),
  "🎲".repeat(2_000),
  "healthy",
  "game_calm",
  "user_healthy",
  "__proto__",
  "9".repeat(400),
];
const numbers = [
  "0",
  "-0",
  "-1",
  "1e999",
  "-1e999",
  "1e-400",
  "9007199254740993",
  "0.1",
  "1E5",
  "NaN",
  "Infinity",
  "0x10",
  "01",
  "--1",
];

const some = <TValue>(values: readonly TValue[], random: Random): TValue =>
  values[Math.floor(random() * values.length)] as TValue;

// So many of the numbers are JSON.
const jsonNumbers = 9;

/** Any value, as JSON or as what is nearly JSON. */
function value(random: Random, isJson: boolean, depth = 0): string {
  switch (
    pick(
      {
        text: 6,
        number: 3,
        word: 2,
        list: depth < 4 ? 2 : 0,
        object: depth < 4 ? 3 : 0,
        deep: 1,
        wide: 0.3,
        long: 0.3,
      },
      random,
    )
  ) {
    case "text":
      return JSON.stringify(some(texts, random));
    case "number":
      return some(isJson ? numbers.slice(0, jsonNumbers) : numbers, random);
    case "word":
      return some(["null", "true", "false", "[]", "{}", isJson ? "0" : "undefined"], random);
    case "list":
      return `[${Array.from({ length: Math.floor(random() * 4) }, () => value(random, isJson, depth + 1)).join()}]`;
    case "object":
      return `{${Array.from({ length: Math.floor(random() * 4) }, () => `${JSON.stringify(some(keys, random))}:${value(random, isJson, depth + 1)}`).join()}}`;
    case "deep": {
      const levels = Math.floor(random() * 4_000);
      return random() < 0.5
        ? "[".repeat(levels) + "]".repeat(levels)
        : `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    }
    case "wide":
      return `{${Array.from({ length: Math.floor(random() * 5_000) }, (_, index) => `"k${index}":1`).join()}}`;
    case "long":
      return JSON.stringify("x".repeat(Math.floor(random() * (isJson ? 20_000 : 70_000))));
  }
}

/** A payload that was right once: a field changed, taken out or put in. */
function payload(given: object, random: Random, isJson: boolean): string {
  const fields = Object.entries(given).map(([name, held]) => [name, JSON.stringify(held)] as const);
  const changed = fields.flatMap(([name, held]) => {
    const roll = random();
    if (roll < 0.15) return [];
    return [`${JSON.stringify(roll < 0.2 ? some(keys, random) : name)}:${roll < 0.5 ? value(random, isJson) : held}`];
  });
  if (random() < 0.4) changed.push(`${JSON.stringify(some(keys, random))}:${value(random, isJson)}`);
  return `{${changed.join()}}`;
}

/** Characters taken out, doubled, exchanged; the text cut anywhere. */
function scrambled(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  switch (pick({ cut: 2, drop: 2, double: 1, insert: 3, swap: 2 }, random)) {
    case "cut":
      return text.slice(0, at);
    case "drop":
      return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 5));
    case "double":
      return text.slice(0, at) + text.slice(Math.max(0, at - 20));
    case "insert":
      return (
        text.slice(0, at) +
        some(['"', "{", "[", "}", "]", ",", ":", "\\", "\u0000", "\u001e", "-", "4", "é", "\ud800"], random) +
        text.slice(at)
      );
    case "swap":
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
  }
}

const readable = {
  right: 2,
  payload: 12,
  name: 2,
  arity: 1,
  ack: 1,
  scrambled: 0,
  types: 0,
  binary: 0,
  bytes: 0,
  engine: 0,
  space: 0,
};
const wild = {
  right: 2,
  payload: 6,
  name: 2,
  arity: 1,
  ack: 1,
  scrambled: 6,
  types: 2,
  binary: 2,
  bytes: 1,
  engine: 1,
  space: 1,
};

/** How a connection attacks: with packets that can all be read, or with whatever closes it. */
export type Manner = "readable" | "wild";

/** One Engine.IO packet: a Socket.IO packet that is nearly right, or anything else. */
export function createPacket(manner: Manner, random: Random): string | Buffer {
  const isJson = manner === "readable";
  const [name, given] = some(commands, random);
  const ack = random() < 0.6 ? Math.floor(random() * 1_000) : "";
  const id =
    random() < 0.4 ? `,{"id":${random() < 0.8 ? `"i${Math.floor(random() * 50)}"` : value(random, isJson)}}` : "";
  const right = `42${ack}["${name}",${JSON.stringify(given)}${id}]`;
  switch (pick(isJson ? readable : wild, random)) {
    case "right":
      return right;
    case "payload":
      return `42${ack}["${name}",${payload(given, random, isJson)}${id}]`;
    case "name":
      return `42${ack}[${nameOf(random, isJson)},${payload(given, random, isJson)}]`;
    case "scrambled":
      return scrambled(right, random);
    case "arity":
      return `42${ack}[${[nameOf(random, isJson), ...Array.from({ length: Math.floor(random() * 6) }, () => value(random, isJson))].join()}]`;
    case "types":
      return `4${Math.floor(random() * 12)}${random() < 0.3 ? some(["/", "/x,", "/admin,", ","], random) : ""}${ack}${value(random, isJson)}`;
    case "binary":
      return `45${some(["0", "1", "2", "10", "11", "99999999", ""], random)}-${ack}["${name}",{"_placeholder":true,"num":${some(["0", "1", "99", "-1", '"0"', "1e9"], random)}}]`;
    case "bytes":
      return Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
    case "ack":
      return `43${ack}[${value(random, isJson)}]`;
    case "engine":
      return `${Math.floor(random() * 10)}${value(random, isJson).slice(0, 100)}`;
    case "space":
      return " ".repeat(Math.floor(random() * (isJson ? 20_000 : 70_000)));
  }
}

function nameOf(random: Random, isJson: boolean): string {
  if (isJson) return random() < 0.9 ? JSON.stringify(some(names, random)) : some(numbers.slice(0, jsonNumbers), random);
  return random() < 0.7 ? JSON.stringify(some([...names, ...closing], random)) : value(random, false);
}

/** The packet that asks to be let in; every fourth is nearly right only. */
export function createConnect(user: string, random: Random): string {
  const announced = `,"$events":{"v":1,"contract":"gestaloka@1.0.0","client":"c${Math.floor(random() * 20)}","cursors":[{"room":"user_${user}","epoch":"AAAAAAAAAAA","seq":1}]}`;
  const right = `40{"user":"${user}"${random() < 0.7 ? announced : ""}}`;
  switch (pick({ right: 30, payload: 4, scrambled: 3, announcement: 3 }, random)) {
    case "right":
      return right;
    case "payload":
      return `40${payload({ user }, random, false)}`;
    case "scrambled":
      return scrambled(right, random);
    case "announcement":
      return `40{"user":"${user}","$events":${payload({ v: 1, contract: "gestaloka@1.0.0", client: "c", cursors: [] }, random, false)}}`;
  }
}

/** A request for a handshake, as bytes on a TCP connection. */
export function createHandshake(random: Random): string {
  const query = `EIO=${some(["4", "3", "5", "", "x", "4&EIO=3"], random)}&transport=${some(["websocket", "polling", "webtransport", "__proto__", "constructor", ""], random)}${some(["", "&sid=", "&sid=__proto__", "&sid=AAAA", "&token=eyJhbGciOiJub25lIn0.e30.", "&b64=1", "&j=0"], random)}`;
  const path = some(["/socket.io/", "/socket.io", "/socket.io/../", "//", "/socket.io/%00", "*"], random);
  const upgrade =
    random() < 0.5
      ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      : "";
  const body = random() < 0.4 ? scrambled("4:40{}\u001e42[]", random) : "";
  const length = body === "" ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const origin =
    random() < 0.5 ? `Origin: ${some(["https://evil.example", "null", "", "x".repeat(10_000)], random)}\r\n` : "";
  const request = `${some(["GET", "POST", "PUT", "OPTIONS", "BREW"], random)} ${path}?${query} HTTP/1.1\r\nHost: x\r\n${origin}${upgrade}${length}\r\n${body}`;
  return random() < 0.3 ? scrambled(request, random) : request;
}
