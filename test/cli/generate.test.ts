import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { runCli } from "./cli-run.js";

const directory = temporaryDirectory();
const zod = JSON.stringify(import.meta.resolve("zod/v4"));
const bell = (name: string) => `defineEvent({
  name: "${name}", appName: "${name.replace("_", ":")}", audience: "tower", payload: z.object({ times: z.int().min(0) }), lane: "normal",
  recover: false, emitter: "BellEmitter.${name.replace(/_(.)/, (_, letter: string) => letter.toUpperCase())}",
  summary: "A bell was rung.", since: "1.0.0", examples: { valid: [{ times: 1 }], invalid: [{ path: "times", payload: {} }] },
})`;
const contractOf = (...names: string[]) => `import * as z from ${zod};
import { defineContract, defineEvent, room } from "@gestaloka/events";
export default defineContract({ name: "bells", version: "2.0.0", events: [${names.map(bell).join(", ")}], commands: [],
  rooms: { tower: room("tower_{tower_id}", {}) } });
`;
const generated = ["types.gen.ts", "contract.gen.ts", "client.gen.ts", "emitters.gen.ts"];
const generate = (...args: string[]) => runCli(["generate", ...args], { cwd: directory.path });

describe("generate", () => {
  it("writes its files beside the contract, and nothing when they are as they should be", async () => {
    directory.write("fresh/contract.ts", contractOf("bell_rung"));
    const first = await generate("fresh/contract.ts");
    expect(first).toEqual({ code: 0, stdout: generated.map((name) => `wrote fresh/${name}\n`).join(""), stderr: "" });
    expect(await generate("fresh/contract.ts")).toEqual({ code: 0, stdout: "nothing to write\n", stderr: "" });
    expect(await generate("fresh/contract.ts", "--check")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("with --check writes nothing, names each stale file and what mends it, and exits 1", async () => {
    directory.write("stale/contract.ts", contractOf("bell_rung"));
    const missing = await generate("--check", "stale/contract.ts");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toBe(
      `${generated.map((name) => `stale/${name} is stale\n`).join("")}Run gestaloka-events generate stale/contract.ts to mend it.\n`,
    );
    expect(existsSync(join(directory.path, "stale/types.gen.ts"))).toBe(false);

    await generate("stale/contract.ts");
    const touched = join(directory.path, "stale/contract.gen.ts");
    writeFileSync(touched, readFileSync(touched, "utf8").replace("whole(v.times)", "true"));
    const edited = await generate("--check", "stale/contract.ts");
    expect(edited.code).toBe(1);
    expect(edited.stderr).toContain("stale/contract.gen.ts is stale");
    expect(edited.stderr).not.toContain("types.gen.ts");
  });

  it("takes the emitters away that no event names any more", async () => {
    const contract = contractOf("bell_rung");
    directory.write("mute/contract.ts", contract);
    await generate("mute/contract.ts");
    directory.write("mute/next.ts", contract.replace(/emitter: "\S+",/, ""));
    const stale = await generate("--check", "mute/next.ts");
    expect({ code: stale.code, stale: stale.stderr }).toMatchObject({
      code: 1,
      stale: expect.stringContaining("mute/emitters.gen.ts is stale\n") as string,
    });
    expect((await generate("mute/next.ts")).stdout).toContain("removed mute/emitters.gen.ts\n");
    expect((await generate("--check", "mute/next.ts")).code).toBe(0);
  });

  it("is all that a new event needs: types, checker, contract, emitter and the list of exports follow", async () => {
    const place = "// The payloads' types; this list is written by `generate`.\n// End of the written list.\n";
    directory.write("grown/contract.ts", contractOf("bell_rung"));
    const index = directory.write("grown/index.ts", `export const before = 1;\n${place}export const after = 2;\n`);
    await generate("grown/contract.ts", "--exports", "grown/index.ts");
    // Another file, since one process loads a module once.
    directory.write("grown/next.ts", contractOf("bell_rung", "bell_hung"));
    const { code, stdout } = await generate("grown/next.ts", "--exports", "grown/index.ts");
    expect(code).toBe(0);
    expect(stdout).toBe([...generated, "index.ts"].map((name) => `wrote grown/${name}\n`).join(""));
    const text = (name: string) => readFileSync(join(directory.path, "grown", name), "utf8");
    expect(text("types.gen.ts")).toContain("export interface BellHungPayload {");
    expect(text("types.gen.ts")).toContain('"bell:hung": BellHungPayload;');
    expect(text("contract.gen.ts")).toContain("const bellHungPayload: Checker =");
    expect(text("contract.gen.ts")).toContain('name: "bell_hung",');
    expect(text("emitters.gen.ts")).toContain("bellHung(towerId: string, input: BellHungInput,");
    const listed = readFileSync(index, "utf8");
    expect(listed).toMatch(/^export const before = 1;\n/);
    expect(listed).toContain("  BellHungPayload,\n");
    expect(listed).toContain('} from "./types.gen.js";');
    expect(listed).toMatch(/\nexport const after = 2;\n$/);
  });

  it("lists the schemas of the modules in events, and names the list that lacks a new one", async () => {
    const place = "// The schemas; this list is written by `generate`.\n// End of the written list.\n";
    directory.write("listed/contract.ts", contractOf("bell_rung"));
    directory.write(
      "listed/events/bells.ts",
      "export const rungSchema = 1;\nconst ownSchema = 2;\nexport const bells = [];\n",
    );
    directory.write("listed/events/none.ts", "export const none = 1;\n");
    const schemas = directory.write("listed/schemas.ts", place);
    await generate("listed/contract.ts", "--schemas", "listed/schemas.ts");
    expect(readFileSync(schemas, "utf8")).toContain('\nexport { rungSchema } from "./events/bells.js";\n// End');
    expect(readFileSync(schemas, "utf8")).not.toContain("own");

    directory.write("listed/events/hung.ts", "export const hungSchema = 1;\n");
    const { code, stderr } = await generate("--check", "listed/contract.ts", "--schemas", "listed/schemas.ts");
    expect(code).toBe(1);
    expect(stderr).toContain("listed/schemas.ts is stale");
  });

  it("says in one line what it cannot write, and exits 2", async () => {
    directory.write("full/contract.ts", contractOf("bell_rung"));
    directory.write("full/types.gen.ts/inside", "");
    expect(await generate("full/contract.ts")).toEqual({
      code: 2,
      stdout: "",
      stderr: "gestaloka-events: full/types.gen.ts: is a directory; name a file (docs/errors.md#misuse)\n",
    });
  });

  it("exits 2 for what is no contract, has no schemas, or has no place for the list", async () => {
    directory.write("wrong/contract.ts", contractOf("bell_rung"));
    directory.write("wrong/index.ts", "export {};\n");
    await generate("wrong/contract.ts");
    for (const [args, reason] of [
      [["wrong/nothing.ts"], ": wrong/nothing.ts: there is no such file"],
      [["wrong"], ": wrong: is a directory; name a file"],
      [["wrong/index.ts"], "export a contract as default"],
      [
        ["wrong/contract.gen.ts"],
        "wrong/contract.gen.ts: it exports a compiled contract; name the file that calls defineContract",
      ],
      [["wrong/contract.ts", "--exports", "wrong/index.ts"], "--exports index.ts: it has no place for the list"],
      [["wrong/contract.ts", "--schemas", "wrong/index.ts"], "--schemas: there is no folder "],
    ] as const) {
      const { code, stderr } = await generate(...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    }
  });
});
