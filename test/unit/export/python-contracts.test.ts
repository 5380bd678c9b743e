import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import * as z from "zod/v4";
import { defineCommand } from "../../../src/contract/command.js";
import { defineContract } from "../../../src/contract/define-contract.js";
import { derive } from "../../../src/contract/derive.js";
import { defineEvent, type EventDefinition } from "../../../src/contract/event.js";
import { formatPath } from "../../../src/contract/path.js";
import { isRoomIdentifier, room } from "../../../src/contract/room.js";
import { jsonObject, jsonValue, type ObjectSchema, openEnum } from "../../../src/contract/schema.js";
import { timestampPattern } from "../../../src/contract/timestamp.js";
import { toPython } from "../../../src/export/python/module.js";
import { ClassNames } from "../../../src/export/python/names.js";
import { requireOrSkip } from "../../support/required-service.js";

const debian = process.env.PYTHON ?? "/usr/bin/python3";
const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-python-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, ...args: string[]): { status: number | null; text: string } {
  const env = { ...process.env, PYTHONIOENCODING: "utf-8" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", timeout: 120_000, env });
  return { status, text: `${stdout ?? ""}${stderr ?? ""}` };
}

// Debian has pydantic 1; another Python on the machine may have 2.
const importsPydantic = ["-c", "import sys, pydantic; assert sys.version_info >= (3, 11)"];
const pythons = [...new Set([debian, "python3"])].filter((command) => run(command, ...importsPydantic).status === 0);
const isThere = (command: string, ...args: string[]) =>
  run(command, ...args).status === 0
    ? ({ available: true } as const)
    : ({ available: false, reason: `${command} does not run` } as const);

type More = Partial<Pick<EventDefinition, "emitter" | "derive" | "summary" | "logFields">>;

const isSchema = (fields: object): fields is ObjectSchema => fields instanceof z.ZodType;

/** An event whose payload has these fields, or is this one. */
function event(name: string, fields: Readonly<Record<string, unknown>> | ObjectSchema, valid: object, more: More = {}) {
  return defineEvent({
    name,
    appName: name,
    audience: "user",
    payload: isSchema(fields) ? fields : (z.object(fields as Record<string, z.ZodType>) as unknown as ObjectSchema),
    lane: "normal",
    recover: false,
    summary: "Something.",
    since: "1.0.0",
    examples: { valid: [valid], invalid: [{ path: "", payload: null }] },
    ...more,
  });
}

function membership(name: string, kind: string) {
  return defineCommand({
    name,
    room: kind,
    payload: z.object({ id: z.string() }),
    ack: z.object({}),
    offline: "drop",
    summary: "Something.",
    since: "1.0.0",
    examples: { valid: [{ id: "u" }], invalid: [{ path: "", payload: null }] },
  });
}

function mapped<TValue, TMade>(values: Readonly<Record<string, TValue>>, make: (value: TValue, key: string) => TMade) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, make(value, key)]));
}

const identifiers = [
  "u",
  "",
  "a".repeat(128),
  "a".repeat(129),
  "😀".repeat(64),
  "😀".repeat(65),
  "a\n",
  "a\u0085",
  "a\u2028",
  "a\u2029",
  "\ud83d",
  "é",
  "e\u0301",
  "a b",
];
const modules: string[] = [];

/** A test of the module of these events, by a script that knows it as `events`, under every Python that is there. */
function runs(title: string, declared: readonly ReturnType<typeof event>[], script: string, more: string[] = []): void {
  const commands = more.flatMap((kind, at) => [`join_${at}`, `leave_${at}`].map((name) => membership(name, kind)));
  const rooms = {
    user: room("user_{user_id}", { enter: "authenticated" }),
    ...Object.fromEntries(
      more.map((kind, at) => [kind, room(`${kind}_{id}`, { join: `join_${at}`, leave: `leave_${at}` })]),
    ),
  };
  const name = `contract_${modules.length}`;
  const contract = defineContract({ name: "names", version: "1.0.0", events: declared, commands, rooms });
  writeFileSync(join(folder, `${name}.py`), toPython(contract));
  writeFileSync(join(folder, `use_${name}.py`), `import ${name} as events\n${sio}\n${script}\n`);
  modules.push(`${name}.py`);
  it(title, () => {
    for (const python of pythons)
      expect(run(python, "-W", "error", "-B", `use_${name}.py`)).toEqual({ status: 0, text: "" });
  }, 60_000);
}

const choice = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("a") }),
  z.object({ kind: z.literal("b") }),
]) as unknown as ObjectSchema;

const onlyChoice = z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") })]) as unknown as ObjectSchema;

const sio = `import asyncio, logging
logging.disable()
sent = []
class Sio:
    async def emit(self, event, data, *, room): sent.append(data)
class Down:
    async def emit(self, event, data, *, room): raise RuntimeError("down")`;

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("names in the exported Python module", () => {
  runs(
    "hide none of Python's own: an event called exception takes nothing from the emitters",
    [event("exception", { message: z.string() }, { message: "" }, { emitter: "Emitter.emitException" })],
    `result = asyncio.run(events.Emitter(Down()).emit_exception(user_id="u", message="m"))
assert result.error == "emit_failed", result`,
  );
  runs(
    "are given once to the methods of an emitter, none of which hides what is written before the others",
    [
      event("first", { ware: z.string() }, { ware: "" }, { emitter: "Emitter.emitURLSent" }),
      event("second", { price: z.int() }, { price: 1 }, { emitter: "Emitter.emitUrlsent" }),
      event("third", { ware: z.string() }, { ware: "" }, { emitter: "Emitter.overload" }),
      event("fourth", choice, { kind: "a" }, { emitter: "Emitter.emitEither" }),
      event("fifth", onlyChoice, { kind: "a" }, { emitter: "Emitter.emitOnly" }),
    ],
    `emitter = events.Emitter(Sio())
for emitted in (
    emitter.emit_urlsent(user_id="u", ware="tea"),
    emitter.emit_urlsent_(user_id="u", price=1),
    emitter.overload_(user_id="u", ware="tea"),
    emitter.emit_either(user_id="u", kind="b"),
    emitter.emit_only(user_id="u", kind="a"),
):
    assert asyncio.run(emitted).ok
assert sent == [{"ware": "tea"}, {"price": 1}, {"ware": "tea"}, {"kind": "b"}, {"kind": "a"}], sent`,
  );
  runs(
    "are given once, those of TypedDicts and of values included",
    [
      event("first", { payload: z.object({ a: z.string() }) }, { payload: { a: "" } }),
      event("second", { payload: z.object({ b: z.string() }) }, { payload: { b: "" } }),
      event(
        "third",
        { colour: z.enum(["red"]), colour_value: z.object({ rgb: z.string() }) },
        { colour: "red", colour_value: { rgb: "" } },
      ),
    ],
    `assert events.SecondPayload.__annotations__.keys() == {"payload"}
assert events.Second(payload={"b": "x"}).payload.b == "x"
assert str(events.ColourValue) == "typing.Literal['red']"`,
  );
  runs(
    "of what schemas name are those of classes, those of a choice's options too",
    [
      event(
        "moved",
        z.discriminatedUnion("kind", [
          z
            .object({ kind: z.literal("walk"), to: z.object({ x: z.int() }).meta({ id: "game.place" }) })
            .meta({ id: "game.walk" }),
          z.object({ kind: z.literal("stay") }).meta({ id: "2nd" }),
        ]),
        { kind: "stay" },
      ),
    ],
    `assert events.GameWalk(kind="walk", to=events.GamePlace(x=1)).to_payload() == {"kind": "walk", "to": {"x": 1}}
assert events.X2nd.read({"kind": "stay"}).kind == "stay"`,
  );
  runs(
    "of fields are those of the wire, and still no type is hidden by one: a game's attributes are called str and int",
    [
      event(
        "stats",
        {
          str: z.int().describe("Strength"),
          int: z.int().optional(),
          name: z.string().optional(),
          level: z.int(),
          list: z.array(z.string()).optional(),
          tags: z.array(z.string()).optional(),
          Item: z.object({ id: z.string() }).optional(),
          Other: z.object({ id: z.string() }).optional(),
        },
        { str: 1, level: 2 },
        { emitter: "Emitter.list" },
      ),
    ],
    `payload = {"str": 1, "int": 2, "name": "n", "level": 3, "list": ["a"], "tags": ["b"], "Item": {"id": "i"}, "Other": {"id": "o"}}
assert events.Stats(**payload).to_payload() == payload
assert events.Stats.read(payload).str_ == 1 and events.Stats.read(payload).name == "n"
assert asyncio.run(events.Emitter(Sio()).list_(user_id="u", **payload)).ok and sent == [payload]`,
  );
  runs(
    "of fields hide no module that the types beside them are of",
    [
      event(
        "installed",
        { pydantic: z.string().optional(), version: z.union([z.int(), z.string()]).optional() },
        { pydantic: "1.10" },
      ),
    ],
    `payload = {"pydantic": "1.10", "version": "5"}
assert events.Installed.read(payload).to_payload() == events.Installed(**payload).to_payload() == payload`,
  );
  runs(
    "of fields are no two alike, in whatever script the wire has them",
    [
      event(
        "profile",
        {
          名前: z.string(),
          年齢: z.int(),
          "first-name": z.string(),
          first_name: z.string(),
          "😀": z.int(),
          "😂": z.int(),
        },
        { 名前: "", 年齢: 1, "first-name": "", first_name: "", "😀": 1, "😂": 2 },
        { emitter: "Emitter.emitProfile" },
      ),
    ],
    `payload = {"名前": "n", "年齢": 7, "first-name": "a", "first_name": "b", "😀": 1, "😂": 2}
profile = events.Profile.read(payload)
assert (profile.名前, profile.年齢, profile.first_name, profile.first_name_) == ("n", 7, "b", "a")
assert profile.to_payload() == payload
given = {"名前": "n", "年齢": 7, "first_name": "b", "first_name_": "a", "x_": 1, "x__": 2}
assert asyncio.run(events.Emitter(Sio()).emit_profile(user_id="u", **given)).ok and sent == [payload]`,
  );
  runs(
    "of emitters hide nothing of the module: with one called Room no room's name could be taken apart",
    [event("sold", { ware: z.string() }, { ware: "" }, { emitter: "Room.emitSold" })],
    `assert events.parse_room("user_u").id == "u"
assert asyncio.run(events.RoomEmitter(Sio()).emit_sold(user_id="u", ware="tea")).ok`,
  );
  runs(
    "that JavaScript gives to every object are those of fields like others, which nobody derives",
    [event("car_built", { constructor: z.string() }, { constructor: "a" }, { emitter: "Emitter.emitCarBuilt" })],
    `import inspect
parameter = inspect.signature(events.Emitter.emit_car_built).parameters["constructor"]
assert parameter.default is inspect.Parameter.empty, parameter`,
  );
  runs(
    "of an item's class are those of one, and what is the same in other words has one class",
    [
      event(
        "listed",
        {
          wares: z.array(z.object({ a: z.string() })),
          boss: z.array(z.object({ b: z.string() })),
          gas: z.array(z.object({ c: z.string() })),
          first: z.object({ d: z.string() }).describe("The first"),
          last: z.object({ d: z.string() }).describe("The last"),
        },
        { wares: [], boss: [], gas: [], first: { d: "" }, last: { d: "" } },
      ),
    ],
    `assert [events.Ware(a="").a, events.Boss(b="").b, events.Gas(c="").c] == [""] * 3
fields = events.ListedPayload.__annotations__
assert fields["first"] is fields["last"] is events.FirstPayload, fields`,
  );
  const own = pythons.flatMap((python) =>
    run(python, "-c", "from pydantic import BaseModel; print(*dir(BaseModel), *dir(type(BaseModel)))").text.split(
      /\s+/,
    ),
  );
  const attributes = [
    ...new Set([...own.filter((name) => /^[a-z]/i.test(name)), "read", "to_payload", "payload_of", "fill_and_check"]),
  ];
  runs(
    "of fields hide nothing of a model's own, nor of what makes its class",
    [
      event(
        "all_set",
        mapped(Object.fromEntries(attributes.map((name) => [name, 0])), () => z.int()),
        mapped(Object.fromEntries(attributes.map((name) => [name, 0])), () => 0),
      ),
    ],
    `payload = dict.fromkeys(${JSON.stringify(attributes)}, 1)
assert events.AllSet.read(payload).to_payload() == events.AllSet(**payload).to_payload() == payload`,
  );
  it("of classes hide none that the module defines, imports or takes from Python", () => {
    const contract = defineContract({
      name: "names",
      version: "1.0.0",
      events: [event("blank", {}, {})],
      commands: [],
      rooms: { user: room("user_{user_id}", { enter: "authenticated" }) },
    });
    const text = toPython(contract);
    const imported = [...text.matchAll(/^from \S+ import (.+)$/gm)].flatMap(([, names]) =>
      (names as string).split(", "),
    );
    const defined = [...text.matchAll(/^(?:class ([A-Z]\w*)|([A-Z]\w*) =)/gm)].map(
      ([, one, other]) => (one ?? other) as string,
    );
    const raised = [...text.matchAll(/\b(?:except|raise) ([A-Z]\w*)/g)].map(([, name]) => name as string);
    const names = [...imported, ...defined, ...raised].filter((name) => /^[A-Z]/.test(name));
    expect(names.filter((name) => new ClassNames().isFree(name))).toEqual(["Blank", "BlankPayload"]);
  });
  runs(
    "of members are no two alike",
    [event("painted", { colour: z.enum(["dark-red", "dark_red", "2nd"]) }, { colour: "2nd" })],
    `assert [(each.name, each.value) for each in events.Colour] == [("DARK_RED", "dark-red"), ("DARK_RED_", "dark_red"), ("VALUE_2ND", "2nd")]`,
  );
  runs(
    "of methods are words that Python lets stand",
    [event("turn_passed", { to: z.string() }, { to: "" }, { emitter: "Emitter.pass" })],
    `assert asyncio.run(events.Emitter(Sio()).pass_(user_id="u", to="t")).ok`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("models of the exported Python module", () => {
  runs(
    "keep null where an open object or a nullable field has it",
    [
      event(
        "state_saved",
        {
          state: jsonObject(z.looseObject({ day: z.int(), from: z.string().nullable(), note: z.string().nullish() })),
        },
        { state: { day: 1, from: null } },
      ),
    ],
    `state = {"day": 1, "from": None, "weather": None}
assert events.StateSaved.read({"state": {**state, "note": None}}).to_payload() == {"state": state}
assert events.StateSaved(state=state).to_payload() == {"state": state}`,
  );
  runs(
    "keep the kind of a value that may be of several",
    [
      event(
        "value_set",
        {
          value: z.union([z.number(), z.string(), z.boolean(), z.record(z.string(), z.int()), z.array(z.string())]),
          colour: z.union([z.int(), openEnum(z.enum(["red"]))]).optional(),
          count: z.union([z.int(), z.literal(false)]).optional(),
        },
        { value: 1 },
      ),
    ],
    `for value in (5, 1.5, "5", "", True, False, 0, {"a": 1}, {}, [], ["a"]):
    for made in (events.ValueSet.read({"value": value}), events.ValueSet(value=value)):
        assert made.value == value and isinstance(made.value, bool) == isinstance(value, bool), (value, made)
        assert isinstance(made.value, (int, float)) == isinstance(value, (int, float)), (value, made)
for colour in (5, "red", "blue", "5"):
    assert events.ValueSet.read({"value": 1, "colour": colour}).colour == colour
for count in (0, 1, False):
    assert repr(events.ValueSet.read({"value": 1, "count": count}).count) == repr(count)`,
  );
  runs(
    "keep a number for a number where a literal has the boolean beside it",
    [
      event(
        "bit_set",
        { bit: z.literal([1, true, "1"]), not: z.literal([false, null, 0]), bits: z.array(z.literal([0, false])) },
        { bit: 1, not: 0, bits: [] },
      ),
    ],
    `for bit in (1, True, "1"):
    for off in (0, False, None):
        payload = {"bit": bit, "not": off, "bits": [0, False, off or 0]}
        for made in (events.BitSet.read(payload), events.BitSet(**payload)):
            assert repr(made.to_payload()) == repr(payload), made`,
  );
  runs(
    "keep what is no number where a literal has a fraction beside it",
    [event("odds_set", { odds: z.literal([1.5, false, "5", null]) }, { odds: 1.5 })],
    `for odds in (1.5, False, "5", None):
    for made in (events.OddsSet.read({"odds": odds}), events.OddsSet(odds=odds)):
        assert repr(made.to_payload()) == repr({"odds": odds}), made`,
  );
  runs(
    "keep a literal of a great number",
    [event("stars_seen", { stars: z.literal([1e21, 1e20, 2]) }, { stars: 2 })],
    `for stars in (2, 10**20, 10**21, 1e21):
    assert events.StarsSeen.read({"stars": stars}).stars == events.StarsSeen(stars=stars).stars == stars`,
  );
  runs(
    "keep a required null, whatever else stands there",
    [
      event(
        "note_set",
        {
          any: jsonValue(z.json()),
          nothing: z.literal(null),
          level: z.literal([1, null]),
          either: z.union([z.literal(["x", null]), z.int()]),
          all: z.array(z.literal(["a", null])),
        },
        { any: 1, nothing: null, level: 1, either: 1, all: [] },
      ),
    ],
    `payload = {"any": None, "nothing": None, "level": None, "either": None, "all": [None, "a"]}
assert events.NoteSet.read(payload).to_payload() == payload
assert events.NoteSet(**payload).to_payload() == payload`,
  );
  runs(
    "read a null where a writer may leave out the event's own name",
    [event("told", { type: z.literal("told").nullish() }, { type: "told" }, { derive: { type: derive.eventName() } })],
    `assert events.validate("told", {"type": None}, role="reader") == []
assert events.Told.read({"type": None}).to_payload() == {}
assert events.Told(type=None).to_payload() == {"type": "told"}`,
  );
  runs(
    "are made of what the wire calls a field, not of a stranger's key that Python calls it by",
    [
      event(
        "moved",
        { from: z.string().optional(), to: z.string(), by: z.object({ from: z.string() }).optional() },
        { to: "b" },
        { emitter: "Emitter.emitMoved" },
      ),
    ],
    `for stranger in ({"from_": "x"}, {"from_": 5}, {"__pydantic_self__": 1}, {"self": 1}):
    assert events.validate("moved", {"to": "b", **stranger}, role="reader") == []
    assert events.Moved.read({"to": "b", **stranger}).to_payload() == {"to": "b"}, stranger
    assert events.Moved.read({"to": "b", "from": "a", **stranger}).from_ == "a", stranger
    assert events.Moved.read({"to": "b", "by": {"from": "a", **stranger}}).by.from_ == "a", stranger
result = asyncio.run(events.Emitter(Sio()).emit_moved(user_id="u", to="b", until=1))
assert str(result.issues[0]) == "payload: expected the arguments of emit_moved, got an unexpected keyword argument 'until'", result`,
  );
  runs(
    "are made so inside of others, too",
    [
      event(
        "route_set",
        {
          first: z.object({ from: z.string().optional(), to: z.string() }),
          legs: z.array(z.union([z.int(), z.string(), z.object({ from: z.int().nullish() })])),
          load: jsonObject(z.looseObject({ from: z.string().optional() })),
        },
        { first: { to: "b" }, legs: [], load: {} },
      ),
    ],
    `payload = {"first": {"to": "b"}, "legs": [1, "a", {}], "load": {"until": 1}}
for stranger in ({"from_": "x"}, {"from_": 5}, {"self": 1}):
    said = {"first": {**payload["first"], **stranger}, "legs": [1, "a", stranger], "load": payload["load"]}
    assert events.validate("route_set", said, role="reader") == []
    assert events.RouteSet.read(said).to_payload() == payload, stranger
said = {"first": {"to": "b", "from": "a", "from_": "x"}, "legs": [{"from": 1, "from_": 2}], "load": {"from": "c", "from_": 3}}
read = events.RouteSet.read(said)
assert (read.first.from_, read.legs[0].from_, read.load.from_) == ("a", 1, "c"), read
made = events.RouteSet(first=type(read.first)(from_="a", to="b"), legs=[], load={"from": "c"})
assert made.to_payload() == {"first": {"from": "a", "to": "b"}, "legs": [], "load": {"from": "c"}}, made`,
  );
  runs(
    "refuse for a part of a payload what the contract refuses, and neither drop nor round it",
    [
      event(
        "loaded",
        {
          crates: z.array(z.object({ from: z.string(), weight: z.int(), note: z.string().nullish() })),
          by: z.discriminatedUnion("kind", [z.object({ kind: z.literal("crane"), reach: z.int() })]).optional(),
        },
        { crates: [] },
      ),
    ],
    `def issue(make):
    try:
        made = make()
    except ValueError as error:
        return str(error)
    return made.to_payload()
assert issue(lambda: events.Crate(from_="a", weight=1.0, note=None)) == {"from": "a", "weight": 1}
assert "weight: expected integer, got number" in issue(lambda: events.Crate(from_="a", weight=1.7))
assert "from: expected string, got boolean" in issue(lambda: events.Crate(from_=True, weight=1))
assert "notes: expected no such key, got string" in issue(lambda: events.Crate(from_="a", weight=1, notes="lost"))
assert "reach: expected integer, got string" in issue(lambda: events.ByCrane(kind="crane", reach="5"))
crates = [{"from": "a", "weight": 1, "notes": "kept by nobody"}]
assert events.Loaded.read({"crates": crates}).to_payload() == {"crates": [{"from": "a", "weight": 1}]}`,
  );
  runs(
    "know a field without a name, and one that Python would read as another, keep to itself or give the method",
    [
      event(
        "blank_sent",
        {
          "": z.string(),
          more: z.object({ "": z.int().optional() }),
          ﬁ: z.int().optional(),
          _own: z.int().optional(),
          self: z.int().optional(),
          cls: z.int().optional(),
        },
        { "": "a", more: {} },
      ),
    ],
    `payload = {"": "a", "more": {"": 1}, "ﬁ": 1, "_own": 2, "self": 3, "cls": 4}
assert events.BlankSent.read(payload).to_payload() == payload
assert events.BlankSent(**{"self_" if key == "self" else key: value for key, value in payload.items()}).to_payload() == payload`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("emitters of the exported Python module", () => {
  runs(
    "take keys of the application's own for an open payload, as those of TypeScript do, and for no other",
    [
      event(
        "sold",
        jsonObject(z.looseObject({ ware: z.string(), more: z.int().optional() })),
        { ware: "" },
        { emitter: "Emitter.emitSold" },
      ),
      event("lost", { ware: z.string() }, { ware: "" }, { emitter: "Emitter.emitLost" }),
    ],
    `emitter = events.Emitter(Sio())
assert asyncio.run(emitter.emit_sold(user_id="u", ware="tea", more=1, colour=None, holds=(1,))).ok
assert sent == [{"ware": "tea", "more": 1, "colour": None, "holds": [1]}], sent
from types import MappingProxyType
assert asyncio.run(emitter.emit_sold(user_id="u", ware="tea", colour=MappingProxyType({"of": (2,)}))).ok
assert sent[1] == {"ware": "tea", "colour": {"of": [2]}}, sent
wrong = asyncio.run(emitter.emit_sold(user_id="u", ware="tea", colour={1}))
assert str(wrong.issues[0]) == "colour: expected plain JSON, got set", wrong
assert asyncio.run(emitter.emit_lost(user_id="u", ware="tea", colour="green")).error == "payload_invalid"`,
  );
  runs(
    "ask of a choice what each option needs, fill what is derived, and carry the room's field",
    [
      event(
        "moved",
        z.discriminatedUnion("kind", [
          z.object({
            type: z.literal("moved"),
            kind: z.literal("walk"),
            user_id: z.string(),
            steps: z.int(),
            pace: z.int(),
            said: z.string(),
          }),
          jsonObject(
            z.looseObject({
              type: z.literal("moved"),
              kind: z.literal("stay"),
              user_id: z.string(),
              pace: z.int().optional(),
              said: z.string(),
            }),
          ),
        ]),
        { kind: "stay", user_id: "u" },
        { emitter: "Emitter.emitMoved", derive: { type: derive.eventName(), said: derive.template("{kind}!") } },
      ),
    ],
    `import inspect, typing
def arguments(method):
    return {name: each.default is inspect.Parameter.empty for name, each in inspect.signature(method).parameters.items() if name != "self"}
assert arguments(events.Emitter.emit_moved) == {"user_id": True, "kind": True, "steps": False, "pace": False, "said": False, "more": True}
walk, stay = typing.get_overloads(events.Emitter.emit_moved)
assert arguments(walk) == {"user_id": True, "kind": True, "steps": True, "pace": True, "said": False}
assert arguments(stay) == {"user_id": True, "kind": True, "pace": False, "said": False, "more": True}
assert asyncio.run(events.Emitter(Sio()).emit_moved(user_id="u", kind="walk", steps=1, pace=2)).ok
assert sent == [{"type": "moved", "kind": "walk", "user_id": "u", "steps": 1, "pace": 2, "said": "walk!"}], sent
assert events.MovedWalk(kind="walk", user_id="u", steps=1, pace=2, said=None).to_payload() == sent[0]`,
  );
  runs(
    "tell that an event was sent where a synchronous server sent it",
    [event("sold", { ware: z.string() }, { ware: "" }, { emitter: "Emitter.emitSold" })],
    `class Server:
    def emit(self, event, data, *, room): sent.append((event, data, room))
assert asyncio.run(events.Emitter(Server()).emit_sold(user_id="u", ware="tea")).ok
assert sent == [("sold", {"ware": "tea"}, "user_u")], sent
assert asyncio.run(events.Emitter(Down()).emit_sold(user_id="u", ware="tea")).error == "emit_failed"`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("words of the exported Python module", () => {
  runs(
    "of the contract are docstrings of one line, whatever signs are in them",
    [event("told", {}, {}, { summary: 'A \\back, a """quote""",\n  and more' })],
    `assert events.Told.__doc__ == ${JSON.stringify('A \\back, a """quote""", and more.')}, events.Told.__doc__`,
  );
  const quotes = /(?<="""\\)a/;
  runs(
    "of a pattern that is not checked stand in the module's own docstring, whatever signs are in it",
    [event("quoted", { text: z.string().max(9).regex(quotes) }, { text: '"""\\a' })],
    `assert events.__doc__.endswith(${JSON.stringify(`- quoted.text: the pattern ${quotes}\n`)}), events.__doc__`,
  );
  const small = [1.5e-7, 0.000001, 0.00001, -0.000012, 0.0001, 1e20, 1.5e21];
  runs(
    "write numbers as JavaScript does",
    [event("measured", { one: z.literal(small), low: z.number().min(0.00002).optional() }, { one: 0.0001 })],
    `one, low = events.validate("measured", {"one": "1", "low": "2"})
assert one.expected == ${JSON.stringify(small.join(" or "))}, one
assert low.expected == "finite number, at least 0.00002", low`,
  );
  runs(
    "write a text of a literal as it is",
    [event("said", { word: z.literal(["語", "'"]) }, { word: "語" })],
    `assert events.validate("said", {"word": ""})[0].expected == ${JSON.stringify(`"語" or "'"`)}`,
  );
  const keys = [
    "$a",
    "",
    "a b",
    "語",
    '"',
    "\\",
    "\u0085",
    "\u007f\u2028",
    "\ud83d",
    "a".repeat(64),
    "a".repeat(65),
    `${"語".repeat(63)}😀`,
  ];
  runs(
    "write a key as TypeScript does, one that is no name or from a stranger too",
    [event("blank", {}, {})],
    `for key, path in ${JSON.stringify(keys.map((key) => [key, formatPath([key])]))}:
    assert events.validate("blank", {key: 1})[0].path == path, (key, path)`,
  );
  runs(
    "are of 20 issues at most",
    [event("blank", {}, {})],
    `assert len(events.validate("blank", {f"key_{i}": i for i in range(30)})) == 20`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("validate in the exported Python module", () => {
  const said = (role: string, payload: string) =>
    `[str(issue) for issue in events.validate("sent", ${payload}, role="${role}")]`;
  runs(
    "counts UTF-16 units where TypeScript does",
    [event("sent", { text: z.string().min(2).max(2) }, { text: "ab" })],
    `assert events.validate("sent", {"text": "😀"}) == [] and events.validate("sent", {"text": "a"})
assert events.validate("sent", {"text": "😀a"})`,
  );
  runs(
    "takes no boolean for a number, and no number for a boolean",
    [
      event(
        "sent",
        {
          one: z.literal([1, 0]).optional(),
          yes: z.literal([true, false]).optional(),
          many: z.literal(2 ** 53).optional(),
        },
        {},
      ),
    ],
    `for payload in ({"one": True}, {"one": False}, {"yes": 1}, {"yes": 0}):
    assert events.validate("sent", payload), payload
assert events.validate("sent", {"one": 1.0, "yes": True}) == []
# Which JSON of Python's and of JavaScript's writes differently, and JavaScript reads alike.
assert events.validate("sent", {"many": 2**53 + 1}) == []`,
  );
  runs(
    "takes no key that is no text: JSON has none",
    [event("sent", jsonObject(z.looseObject({ of: z.record(z.string(), z.int()).optional() })), {})],
    `assert ${said("writer", "{1: 2}")} == ["payload: expected object, got object"]
assert ${said("writer", '{"of": {1: 2}}')} == ["of: expected object, got object"]
assert ${said("writer", '{"more": {1: 2}}')} == ["more: expected plain JSON, got object"]`,
  );
  // As far as there is any space, and the last one.
  const every = [...Array(0x3001).keys(), 0xfeff].map((code) => String.fromCharCode(code));
  const patterns = { s: /^\s$/, w: /^\w$/, d: /^\d$/, b: /^k\b./, any: /^.$/, k: /^k$/i, inside: /b/ };
  runs(
    "finds the same characters by a pattern as JavaScript",
    [event("sent", z.object(mapped(patterns, (pattern) => z.string().max(9).regex(pattern).optional())) as never, {})],
    `every = [chr(code) for code in (*range(0x3001), 0xfeff)]
for name, texts in ${JSON.stringify(
      mapped(patterns, (pattern, name) =>
        every.map((one) => (name === "b" ? `k${one}` : one)).filter((one) => pattern.test(one)),
      ),
    )}.items():
    said = [text for text in ("k" + one if name == "b" else one for one in every) if not events.validate("sent", {name: text})]
    assert said == list(texts), (name, set(said) ^ set(texts))
assert events.validate("sent", {"inside": "abc"}) == []`,
  );
  const harder = {
    set: /^[\w-.-_]$/,
    backwards: /^[\d-b-9]$/,
    dashes: /^[+--]$/,
    edge: /^\B$/,
    halves: /^[\ud83d\ude00-\ud83d\ude02]\u{41}?$/u,
  };
  const texts = ["", "a", "b", "9", "-", ".", "_", "/", "@", "\ud83d", "😀", "😁", "😂A", "😃"];
  runs(
    "reads ranges, pairs of halves and an empty text by a pattern as JavaScript",
    [
      event(
        "sent",
        mapped(harder, (pattern) => z.string().max(9).regex(pattern).optional()),
        {},
      ),
    ],
    `for name, texts in ${JSON.stringify(mapped(harder, (pattern) => texts.filter((text) => pattern.test(text))))}.items():
    said = [text for text in ${JSON.stringify(texts)} if not events.validate("sent", {name: text})]
    assert said == texts, (name, said, texts)`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("rooms of the exported Python module", () => {
  runs(
    "have each a function of its own, however alike their kinds are called",
    [event("sold", { ware: z.string() }, { ware: "" })],
    `made = [events.user_room("u"), events.game_table_room("u"), events.game_table_room_("u"), events.parse_room_("u")]
assert made == ["user_u", "gameTable_u", "game_table_u", "parse_u"], made
assert events.parse_room("parse_u") == events.Room("parse", "u")`,
    ["gameTable", "game_table", "parse"],
  );
  runs(
    "have the identifiers that those of TypeScript have",
    [event("sold", { ware: z.string() }, { ware: "" }, { emitter: "Emitter.emitSold" })],
    `def stands(text):
    try:
        name = events.user_room(text)
    except ValueError:
        name = None
    error = asyncio.run(events.Emitter(Sio()).emit_sold(user_id=text, ware="tea")).error
    assert error == (None if name else "room_invalid"), (text, error)
    assert events.parse_room("user_" + text) == (events.Room("user", text) if name else None), text
    return name is not None
given = ${JSON.stringify(identifiers)}
assert [text for text in given if stands(text)] == ${JSON.stringify(identifiers.filter(isRoomIdentifier))}`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("logs of the exported Python module", () => {
  runs(
    "name the room and the fields that the contract names, where they are there",
    [
      event(
        "sold",
        { ware: z.string(), by: z.string().optional(), price: z.int() },
        { ware: "", price: 1 },
        { emitter: "Emitter.emitSold", logFields: ["ware", "by"] },
      ),
    ],
    `logging.disable(logging.NOTSET)
lines = []
logger = type("Logger", (), {"info": lambda self, text, *more: lines.append(text % more)})()
assert asyncio.run(events.Emitter(Sio(), logger).emit_sold(user_id="u", ware="tea", price=1)).ok
assert lines == ["sold emitted: room='user_u' ware='tea'"], lines`,
  );
  runs(
    "call what a backend gave in place of JSON or of a room's id by its Python type, and never by its value",
    [
      event(
        "sold",
        {
          at: z.string().regex(timestampPattern).optional(),
          price: z.int(),
          more: jsonObject(z.looseObject({})).optional(),
        },
        { price: 1 },
        { emitter: "Emitter.emitSold" },
      ),
    ],
    `import datetime, decimal, uuid
logging.disable(logging.NOTSET)
lines = []
logger = type("Logger", (), {"error": lambda self, text, *more: lines.append(text % more)})()
emitter, identifier = events.Emitter(Sio(), logger), uuid.uuid4()
asyncio.run(emitter.emit_sold(user_id="u", price=decimal.Decimal(3)))
asyncio.run(emitter.emit_sold(user_id="u", price=3, at=datetime.datetime(2026, 12, 1)))
asyncio.run(emitter.emit_sold(user_id="u", price={}, more={"id": identifier}))
for room in (identifier, 7, None, "a\\nb"):
    asyncio.run(emitter.emit_sold(user_id=room, price=3))
assert lines == [
    "sold was not emitted (payload_invalid): price: expected integer, got Decimal",
    "sold was not emitted (payload_invalid): at: expected ISO 8601 timestamp, got datetime",
    "sold was not emitted (payload_invalid): price: expected integer, got object; more.id: expected plain JSON, got UUID",
    *(
        "sold was not emitted (room_invalid): user_…: write a text of 1 to 128 characters, NFC, no control characters; got " + kind
        for kind in ("UUID", "number", "null", "string")
    ),
], lines`,
  );
});

requireOrSkip("python3-pydantic", isThere(debian, ...importsPydantic))("fill in the exported Python module", () => {
  runs(
    "writes integers and the moment as JavaScript does, and leaves out what it cannot make",
    [
      event(
        "sold",
        {
          ...mapped({ left: 0, right: 0, sum: 0, less: 0 }, () => z.int()),
          text: z.string(),
          at: z.string().regex(timestampPattern),
        },
        { left: 1, right: 2 },
        {
          derive: {
            sum: derive.sum("left", "right"),
            less: derive.difference("left", "right"),
            text: derive.template("{left} of {sum}"),
            at: derive.now(),
          },
        },
      ),
    ],
    `import json, re
filled = events.fill("sold", {"left": 1.0, "right": 2})
assert re.fullmatch(r"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", filled.pop("at")), filled
assert json.dumps(filled) == '{"left": 1.0, "right": 2, "sum": 3, "less": -1, "text": "1 of 3"}', filled
for wrong in ("x", None, 10**400, {}):
    assert events.fill("sold", {"left": wrong, "right": 2}).keys() == {"left", "right", "at"}, wrong
    try:
        events.Sold(left=wrong, right=2)
    except ValueError:
        continue
    raise AssertionError(wrong)`,
  );
  runs(
    "writes the value of an enum's member into a derived text",
    [
      event(
        "sold",
        { ware: z.enum(["tea"]), text: z.string() },
        { ware: "tea" },
        { derive: { text: derive.template("Sold: {ware}") } },
      ),
    ],
    `assert events.fill("sold", {"ware": events.Ware.TEA})["text"] == "Sold: tea"`,
  );
});

requireOrSkip("mypy", isThere("mypy", "--version"))(
  "the exported Python module of each of these contracts, under mypy",
  () => {
    it("has no type error in strict mode", () => {
      expect(run("mypy", "--strict", "--python-version", "3.11", ...modules)).toMatchObject({ status: 0 });
    }, 180_000);
  },
);
