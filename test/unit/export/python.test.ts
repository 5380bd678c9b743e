import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  `import harbour_events as events

ship = events.ShipLoaded(ship_id="s1", cargo=events.Cargo.SALT, crates=5, added=2, manifest={"captain": "Ada", "holds": [1]})
assert ship.before == 3 and ship.type == "ship_loaded", ship
payload = ship.to_payload()
assert payload["manifest"] == {"captain": "Ada", "holds": [1]} and "note" not in payload, payload
assert events.validate("ship_loaded", payload) == []
read = events.ShipLoaded.read({**payload, "cargo": "rum", "flag": "red", "note": None})
assert read.cargo == "rum" and read.note is None and not hasattr(read, "flag"), read
for wrong in ({"crates": "5"}, {"before": 4}, {"cargo": "rum"}):
    try:
        events.ShipLoaded(**{"ship_id": "s1", "cargo": "salt", "crates": 5, "added": 2, "manifest": {}, **wrong})
    except ValueError as error:
        assert next(iter(wrong)) in str(error)
    else:
        raise AssertionError(wrong)
try:
    events.ShipLoaded.read({**payload, "crates": -1})
except events.PayloadError as error:
    assert [issue.path for issue in error.issues] == ["crates"]
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

requireOrSkip("python3-pydantic", available(python, ["-c", "import pydantic"]))("the exported Python module", () => {
  it("compiles, and so does one of random payloads", () => {
    expect(
      run(python, ["-W", "error", "-m", "py_compile", "gestaloka_events.py", "harbour_events.py", "random_events.py"]),
    ).toEqual({ status: 0, text: "" });
    expect(run(python, ["-W", "error", "-B", "-c", "import gestaloka_events, harbour_events, random_events"])).toEqual({
      status: 0,
      text: "",
    });
  });
  it("makes, fills, reads and refuses as its contract says", () => {
    expect(run(python, ["-W", "error", "-B", "use.py"])).toMatchObject({
      status: 0,
      text: expect.stringContaining("as expected"),
    });
  });
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
])("the module under pydantic 2", () => {
  it("makes, fills, reads and refuses as its contract says", () => {
    expect(run("python3", ["-W", "error", "-B", "use.py"])).toMatchObject({
      status: 0,
      text: expect.stringContaining("pydantic 2"),
    });
  });
});
describeTool("mypy", "mypy", ["--version"])("the module under mypy", () => {
  it("has no type error in strict mode", () => {
    expect(
      run("mypy", ["--strict", "--python-version", "3.11", "gestaloka_events.py", "harbour_events.py"]),
    ).toMatchObject({ status: 0 });
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
  });
  it("leaves out what Python cannot say with the same meaning", () => {
    for (const pattern of [/^\p{L}+$/u, /(?<=a)b/, /(a)\1/, /^a$/m, /[\S]/, /é/i])
      expect(source(pattern)).toBeUndefined();
  });
});
