import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { pythonModule, toPython } from "../../../src/export/python/module.js";
import { toPythonPattern } from "../../../src/export/python/pattern.js";
import { contract as gestaloka } from "../../../src/gestaloka/contract.js";
import { randomContract } from "../../agree/judged.js";
import { contract as harbour } from "../../fixtures/contract.js";
import { requireOrSkip } from "../../support/required-service.js";

const python = process.env.PYTHON ?? "/usr/bin/python3";
const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-python-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
  });
  return { status, text: `${stdout ?? ""}${stderr ?? ""}` };
}

function available(command: string, args: readonly string[]) {
  const { status, text } = run(command, args);
  return status === 0
    ? ({ available: true } as const)
    : ({ available: false, reason: text.split("\n").at(-2) ?? "it does not run" } as const);
}

writeFileSync(join(folder, "gestaloka_events.py"), toPython(gestaloka as never));
writeFileSync(join(folder, "harbour_events.py"), toPython(harbour as never));
writeFileSync(join(folder, "random_events.py"), pythonModule(randomContract(7, 120)));
writeFileSync(
  join(folder, "use.py"),
  `import copy, pickle
import harbour_events as events

ship = events.ShipLoaded(ship_id="s1", cargo=events.Cargo.SALT, crates=5, added=2, manifest={"captain": "Ada", "holds": [1]})
assert ship.before == 3 and ship.type == "ship_loaded", ship
payload = ship.to_payload()
assert payload["manifest"] == {"captain": "Ada", "holds": [1]} and "note" not in payload, payload
assert events.validate("ship_loaded", payload) == []
read = events.ShipLoaded.read({**payload, "cargo": "rum", "flag": "red", "note": None})
assert read.cargo == "rum" and read.note is None and not hasattr(read, "flag"), read
for wrong in ({"crates": "5"}, {"before": 4}, {"cargo": "rum"}):
    try:
        events.ShipLoaded(**{"ship_id": "Ada", "cargo": "salt", "crates": 5, "added": 2, "manifest": {}, **wrong})
    except ValueError as error:
        assert next(iter(wrong)) in str(error) and "Ada" not in str(error) and "Ada" not in repr(error), error
    else:
        raise AssertionError(wrong)
try:
    events.ShipLoaded.read({**payload, "crates": -1})
except events.PayloadError as error:
    assert [issue.path for issue in error.issues] == ["crates"]
    assert str(error) == "crates: expected integer, at least 0, got number (docs/errors.md#payload_invalid)", error
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(other) == str(error) and other.issues == error.issues, other
for value, got in ((True, "boolean"), (float("nan"), "non-finite number"), (10**400, "non-finite number"), (2**53, "number")):
    assert [str(issue) for issue in events.validate("gull_seen", {"count": value})] == [f"count: expected integer, at least 0, got {got}"]
assert events.validate("gull_seen", {"count": 5.0}) == []
assert events.parse_room("quay_a") == events.Room("quay", "a") and events.parse_room("ship_a") is None
assert events.quay_room("a") == "quay_a"
try:
    events.quay_room("a\\n")
except ValueError:
    print("as expected with pydantic", events.pydantic.VERSION)
`,
);

writeFileSync(
  join(folder, "hostile.py"),
  `import asyncio, json, logging, sys
import gestaloka_events as events

def raises(*_): raise RuntimeError("of the application")
Odd = type("Odd", (), {name: raises for name in ("__eq__", "__repr__", "__str__", "__len__", "__bool__", "__float__")} | {"__hash__": lambda self: 1})
OddNumber = type("OddNumber", (int,), {"__float__": raises, "__le__": raises, "__repr__": raises})
OddMapping = type("OddMapping", (dict,), {"items": raises, "get": raises, "__iter__": raises})
itself, deep = {}, []
itself["me"] = itself
for _ in range(50_000): deep = [deep]
values = [None, True, -1, 1.5, float("nan"), 10**400, "\\ud800", b"b", [], {}, {1: 2}, {None: 1}, {"__proto__": 1}, set(), 1j, object(), raises, Odd(), OddNumber(3), OddMapping(a=1), itself, deep]
update = {"current_sp": 1, "amount_changed": 1, "transaction_type": "purchase", "description": "d"}
for role in ("writer", "reader"):
    for value in values:
        assert isinstance(events.validate(value, {}, role=role), list) and isinstance(events.validate("sp_update", value, role=role), list)
        assert isinstance(events.validate_ack("ping", value, role=role), list) and events.parse_room(value) is None
        for field in update:
            assert isinstance(events.validate("sp_update", {**update, field: value}, role=role), list)

class Sio:
    def __init__(self, error=None): self.error = error
    async def emit(self, event, data, *, room):
        if self.error: raise self.error
OddError = type("OddError", (Exception,), {"__str__": raises})
OddLogger = type("OddLogger", (), {"info": raises, "error": raises})
logged = []
logger = logging.getLogger("events")
logger.setLevel(logging.INFO)
logger.propagate = False
logger.addHandler(type("Keep", (logging.Handler,), {"emit": lambda self, record: logged.append(record.getMessage())})())

async def main():
    emits = 0
    for sio in (Sio(), Sio(RuntimeError("down")), Sio(OddError()), None):
        for log in (logger, OddLogger()):
            emitter = events.SPEventEmitter(sio, log)
            calls = [{"user_id": "u1", **update, field: value} for field in ("user_id", *update, "metadata") for value in values]
            for call in (*calls, {"user_id": "u1"}, {"user_id": "u1", **update, "curent_sp": 1}, {}):
                result = await emitter.emit_sp_update(**call)
                assert isinstance(result, events.EmitResult) and result.ok == (result.error is None), call
                emits += 1
    # Each one's result was logged, but where the logger itself fails.
    assert len(logged) == emits // 2, (len(logged), emits)
    missing = await events.SPEventEmitter(Sio(), logger).emit_sp_update(user_id="u1")
    assert missing.error == "payload_invalid" and "current_sp" in missing.issues[0].got, missing
    await asyncio.gather(*(getattr(emitter(Sio(RuntimeError("down"))), name)() for emitter in (events.SPEventEmitter, events.GameEventEmitter, events.NotificationEmitter) for name in dir(emitter) if name.startswith("emit_")))
    async def forever(*_, **__): await asyncio.Event().wait()
    slow = Sio()
    slow.emit = forever
    task = asyncio.create_task(events.SPEventEmitter(slow).emit_sp_update(user_id="u1", **update))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return emits
    raise AssertionError("it swallowed that its task was cancelled")

logging.getLogger("gestaloka_events").disabled = True
emits = asyncio.run(main())
frames = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
for frame in frames:
    issues = events.validate(frame["event"], frame["args"][0], direction=frame["direction"], role="reader")
    assert issues == [], (frame["event"], issues)
print(f"{emits} emits returned, {len(frames)} frames accepted, pydantic {events.pydantic.VERSION}")
`,
);
writeFileSync(
  join(folder, "typed.py"),
  `import harbour_events as events

async def load(sio: events.Sender) -> bool:
    emitter = events.HarbourEmitter(sio)
    result = await emitter.emit_ship_loaded(quay_id="q1", ship_id="s1", cargo="salt", crates=5, added=2, manifest={})
    more: dict[str, object] = {"captain": "Ada", "holds": [1]}
    await emitter.emit_ship_loaded(quay_id="q1", ship_id="s1", cargo="salt", crates=5, added=2, manifest=more)
    await emitter.emit_ship_loaded(quay_id="q1", ship_id="s1", cargo="coal", crates=5, added=2, manifest={})
    await emitter.emit_ship_loaded(quay_id="q1", ship_id="s1", cargo="salt", crates="5", added=2, manifest={})
    await emitter.emit_ship_loaded(quay_id="q1", ship_id="s1", cargo="salt", added=2, manifest={})
    return result.ok

def crates(payload: object) -> int:
    return events.ShipLoaded.read(payload).crates
`,
);
const captures = fileURLToPath(new URL("../../fixtures/captures/python-server.ndjson", import.meta.url));

const describeUnder = (title: string, command: string, version: string) => {
  describe(title, { timeout: 120_000 }, () => {
    it("compiles, and so does one of random payloads", () => {
      const modules = ["gestaloka_events.py", "harbour_events.py", "random_events.py"];
      expect(run(command, ["-W", "error", "-m", "py_compile", ...modules])).toEqual({ status: 0, text: "" });
      expect(
        run(command, ["-W", "error", "-B", "-c", "import gestaloka_events, harbour_events, random_events"]),
      ).toEqual({ status: 0, text: "" });
    });
    it("makes, fills, reads and refuses as its contract says", () => {
      expect(run(command, ["-W", "error", "-B", "use.py"])).toMatchObject({
        status: 0,
        text: expect.stringContaining(version),
      });
    });
    it("raises nothing into the application, whatever it is given, and takes the captured frames", () => {
      expect(run(command, ["-W", "error", "-B", "hostile.py", captures])).toMatchObject({
        status: 0,
        text: expect.stringMatching(/^\d{4} emits returned, 38 frames accepted/),
      });
    });
  });
};

requireOrSkip("python3-pydantic", available(python, ["-c", "import pydantic"]))("the exported Python module", () => {
  describeUnder("under the distribution's Python", python, "pydantic");
});

const describeTool = (name: string, command: string, args: readonly string[]) => {
  const found = available(command, args);
  return found.available
    ? describe
    : (title: string, body: () => void) => describe.skip(`${title} (skipped: no ${name}: ${found.reason})`, body);
};

// Debian has pydantic 1; another Python on the machine may have 2.
describeTool("pydantic 2", "python3", [
  "-c",
  "import sys, pydantic; assert pydantic.VERSION > '2' and sys.version_info >= (3, 11)",
])("the exported Python module", () => {
  describeUnder("under pydantic 2", "python3", "pydantic 2");
});
requireOrSkip("mypy", available("mypy", ["--version"]))("the module under mypy", () => {
  const mypy = (...files: string[]) => run("mypy", ["--strict", "--python-version", "3.11", ...files]);
  it("has none in the guide's code either, which python-socketio runs", () => {
    const guide = readFileSync(new URL("../../../docs/python.md", import.meta.url), "utf8");
    const blocks = [...guide.matchAll(/^```python\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);
    expect(blocks.length).toBeGreaterThan(0);
    for (const code of blocks) {
      writeFileSync(join(folder, "guide.py"), code);
      expect(run("mypy", ["--ignore-missing-imports", "--check-untyped-defs", "guide.py"])).toMatchObject({
        status: 0,
      });
      expect(run(python, ["-W", "error", "-B", "-c", "import guide"])).toEqual({ status: 0, text: "" });
    }
  }, 180_000);
  it("has no type error in strict mode, and lets no wrong member, kind or missing argument through", () => {
    const { status, text } = mypy("gestaloka_events.py", "harbour_events.py", "typed.py");
    expect(status).toBe(1);
    expect([...text.matchAll(/^(\w+\.py:\d+): error: (\w+)/gm)].map(([, place, word]) => `${place} ${word}`)).toEqual([
      "typed.py:8 Argument",
      "typed.py:9 Argument",
      "typed.py:10 Missing",
    ]);
  }, 180_000);
});
describeTool("pyright", "pyright", ["--version"])("the module under pyright", () => {
  it("has no type error", () => {
    expect(run("pyright", ["gestaloka_events.py"])).toMatchObject({ status: 0 });
  }, 180_000);
});

describe("toPythonPattern", () => {
  const source = (pattern: RegExp) => toPythonPattern({ source: pattern.source, flags: pattern.flags })?.source;
  it("keeps the meaning of JavaScript's classes, ends and escapes", () => {
    expect(source(/^\d+$/)).toBe("^[0-9]+\\Z");
    expect(source(/^[\w-]{2,}\W$/)).toBe("^[A-Za-z0-9_-]{2,}[^A-Za-z0-9_]\\Z");
    expect(source(/a\/b.(?<year>\u0041)/)).toBe("a/b[^\\n\\r\\u2028\\u2029](?P<year>\\U00000041)");
    expect(source(/^\u{1f600}$/u)).toBe("^\\U0001f600\\Z");
    expect(source(/^👍$/u)).toBe("^👍\\Z");
    expect(source(/^👍$/)).toBe("^\\ud83d\\udc4d\\Z");
    expect(source(/^[\b]a{b$/)).toBe("^[\\x08]a\\{b\\Z");
    expect(source(/[a&&b~~c||d[]/)).toBe("[a\\&\\&b\\~\\~c\\|\\|d\\[]");
    expect(source(/^[\w-.]+[a-\d-]$/)).toBe("^[A-Za-z0-9_\\-.]+[a\\-0-9-]\\Z");
  });
  it("leaves out what Python cannot say with the same meaning", () => {
    for (const pattern of [/^\p{L}+$/u, /(?<=a)b/, /(a)\1/, /^a$/m, /[\S]/, /é/i, /[^a]/i, /k/iu])
      expect(source(pattern)).toBeUndefined();
    expect(toPythonPattern({ source: "\\01", flags: "" })).toBeUndefined();
    expect(toPythonPattern({ source: "\\u{2}", flags: "" })).toBeUndefined();
  });
});
