import { describe, expect, it, vi } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { runCli } from "./cli-run.js";

// The files lie outside of this package, where nothing is installed: the CLI lends its own copy of the package.
const directory = temporaryDirectory();
const zod = JSON.stringify(import.meta.resolve("zod/v4"));
const event = `defineEvent({
  name: "bell_rung", appName: "bell:rung", audience: "socket", payload: z.object({ times: z.int() }), lane: "normal", recover: false,
  summary: "A bell was rung.", since: "1.0.0", examples: { valid: [{ times: 1 }], invalid: [{ path: "times", payload: {} }] },
})`;
const definition = `{ name: "bells", version: "2.0.0", events: [bellRung], commands: [], rooms: {} }`;
const rung = '{"event":"bell_rung","payload":{"times":1}}\n{"event":"bell_rung","payload":{"times":"1"}}';

directory.write(
  "typed/bell-rung.ts",
  `import * as z from ${zod};\nimport { defineEvent } from "@gestaloka/events";\nexport const bellRung = ${event};\n`,
);
directory.write(
  "typed/contract.ts",
  `import { defineContract } from "@gestaloka/events";\nimport { bellRung } from "./bell-rung.js";\nexport default defineContract(${definition} as const);\n`,
);
directory.write(
  "plain.mjs",
  `import * as z from ${zod};\nimport { defineContract, defineEvent } from "@gestaloka/events";\nconst bellRung = ${event};\nexport const contract = defineContract(${definition});\n`,
);
directory.write(
  "common.cts",
  `import events = require("@gestaloka/events");\nimport { bellRung } from "./typed/bell-rung.js";\nexport = events.defineContract(${definition});\n`,
);
directory.write(
  "throws.ts",
  `import { defineEvent } from "@gestaloka/events";\nexport default defineEvent({ name: "connect" } as never);\n`,
);
directory.write("none.ts", "export const contract = { name: 'x' };\nexport default [];\n");
directory.write("alone.ts", 'import * as z from "@no-such/package/v4";\nexport default z;\n');
directory.write("alias.ts", 'import contract from "@/typed/contract";\nexport default contract;\n');
directory.write("lib.ts", 'import contract from "$lib/contract";\nexport default contract;\n');
directory.write("by-path.ts", 'export { default } from "@/typed/contract";\n');
directory.write("tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n');
directory.write(
  "beside-jsx.tsx",
  'export { default } from "./typed/contract.js";\nexport const Bell = () => <p>a bell</p>;\n',
);
directory.write("syntax.ts", "export default {{;\n");

const validate = (file: string) => runCli(["validate", "-", "--contract", file], { cwd: directory.path, stdin: rung });

describe("validate --contract", () => {
  it("loads TypeScript with .js suffixes in its imports, plain JavaScript, CommonJS and JSX, by default or by name", async () => {
    for (const file of ["typed/contract.ts", "plain.mjs", "common.cts", "beside-jsx.tsx"]) {
      const { code, stdout } = await validate(file);
      expect(code).toBe(1);
      expect(stdout).toContain("<stdin>:2 bell_rung (server → client) payload.times: expected integer, got string");
      expect(stdout).toContain("2 messages in 1 file as reader of bells@2.0.0: 1 valid, 1 invalid");
    }
  });
  it("loads what was generated from one, for servers and for browsers", async () => {
    expect(await runCli(["generate", "typed/contract.ts"], { cwd: directory.path })).toMatchObject({ code: 0 });
    for (const file of ["typed/contract.gen.ts", "typed/client.gen.ts"])
      expect(await validate(file)).toMatchObject({
        code: 1,
        stderr: "",
        stdout: expect.stringContaining("2 messages in 1 file as reader of bells@2.0.0: 1 valid, 1 invalid") as string,
      });
  });
  it("loads what imports by paths of tsconfig.json, as it says itself, with JITI_TSCONFIG_PATHS", async () => {
    vi.stubEnv("JITI_TSCONFIG_PATHS", "true");
    const { stdout, stderr } = await validate("by-path.ts");
    vi.unstubAllEnvs();
    expect(stderr).toBe("");
    expect(stdout).toContain("as reader of bells@2.0.0: 1 valid, 1 invalid");
  });
  it("knows no event of the default contract then", async () => {
    const { stdout } = await runCli([
      "validate",
      "test/fixtures/captures/python-server.ndjson",
      "--contract",
      "test/fixtures/contract.ts",
    ]);
    expect(stdout).toContain("as reader of harbour@1.0.0: 0 valid, 38 invalid");
  });
  it("exits 2 with the reason where the file exports no contract or fails to load", async () => {
    for (const [file, reason] of [
      ["none.ts", "export a contract as default"],
      ["throws.ts", '"connect" is reserved'],
      [
        "syntax.ts",
        /syntax\.ts: it cannot be loaded: ParseError: Unexpected token.*syntax\.ts:1:\d+ \(docs\/errors\.md#misuse\)\n/,
      ],
      ["syntax.ts", /^[^\\]*$/],
      [
        "alone.ts",
        "cannot be loaded: @no-such/package is not installed: npm install @no-such/package (docs/errors.md#misuse)\n",
      ],
      [
        "alias.ts",
        "cannot be loaded: @/… is no package: for paths of tsconfig.json set JITI_TSCONFIG_PATHS=true (docs/errors.md#misuse)\n",
      ],
      [
        "lib.ts",
        "cannot be loaded: $lib/… is no package: for paths of tsconfig.json set JITI_TSCONFIG_PATHS=true (docs/errors.md#misuse)\n",
      ],
      [".", "--contract .: is a directory; name a file (docs/errors.md#misuse)\n"],
    ] as const) {
      const { code, stderr } = await validate(file);
      expect(code).toBe(2);
      expect(stderr).toMatch(reason);
    }
  });
});
