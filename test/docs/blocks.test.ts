import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../../src/cli/commands.js";
import { type Block, blocks, pages, root } from "./blocks.js";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** What is wrong with each block, by its place. */
function problems(found: readonly Block[], check: (code: string) => void): string[] {
  expect(found.length).toBeGreaterThan(0);
  return found.flatMap(({ place, code }) => {
    try {
      check(code);
      return [];
    } catch (error) {
      return [`${place}: ${(error as Error).message}`];
    }
  });
}

describe("a block of the documents", () => {
  it("says its language, one that a test looks at", () => {
    const known = [
      "console",
      "diff",
      "html",
      "js",
      "json",
      "nginx",
      "python",
      "sh",
      "text",
      "toml",
      "ts",
      "tsx",
      "yaml",
    ];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
  });

  it("parses, if it is JSON, YAML or JavaScript", () => {
    expect(problems(of("json"), JSON.parse)).toEqual([]);
    expect(problems(of("yaml"), (code) => parse(code, { strict: true }))).toEqual([]);
    expect(problems(of("js"), (code) => transformSync(code, { loader: "jsx", logLevel: "silent" }))).toEqual([]);
  });

  it("parses, if it is Python", () => {
    const program =
      "import ast, json, sys\nfor place, code in json.load(sys.stdin):\n  try: ast.parse(code)\n  except SyntaxError as error: print(place, error)";
    const input = JSON.stringify(of("python").map(({ place, code }) => [place, code]));
    expect(execFileSync("python3", ["-c", program], { input, encoding: "utf8" })).toBe("");
  });

  it("calls commands and scripts that there are, if it is for a shell", () => {
    expect(problems(of("sh"), checkShell)).toEqual([]);
    // The same check sees what is not there.
    expect(() => checkShell("npm run nothing")).toThrow("nothing");
    expect(() => checkShell("npx gestaloka-events nothing")).toThrow("nothing");
  });
});

const programs = [".", "cp", "curl", "docker", "git", "node", "pip", "python3", "redis-server", "uvicorn"];

function checkShell(code: string): void {
  for (const line of code.split("\n").map((text) => text.replace(/#.*$/, "").trim()))
    for (const command of line.split(/\s*(?:&&|\|\||[;|&])\s*/).filter((text) => text !== "")) checkCommand(command);
}

function checkCommand(command: string): void {
  const [program, first = "", second = ""] = command.split(/\s+/);
  if (program === "npm" && first === "run") {
    // A line of an example's page may mean that example's own scripts.
    const name = second === "--silent" ? (command.split(/\s+/)[3] ?? "") : second;
    if (scripts[name] === undefined) throw new Error(`no script ${name}`);
  } else if (program === "npx" && first === "gestaloka-events") {
    if (!(second in commands)) throw new Error(`no command ${second}`);
  } else if (program !== "npm" && program !== "npx" && !programs.includes(program as string)) {
    throw new Error(`nobody knows the program ${program}`);
  }
}

describe("the site", () => {
  it("holds every page of docs, in reading order", () => {
    const { projectDocuments } = JSON.parse(read("docs/typedoc.json")) as { projectDocuments: readonly string[] };
    // The pages below one stand in its front matter.
    const childrenOf = (page: string) =>
      [...(/^---\n([\s\S]*?)^---$/m.exec(read(page))?.[1] ?? "").matchAll(/^ {2}- (\S+)$/gm)].map((match) =>
        join(page, "..", match[1] as string),
      );
    const listed = projectDocuments.map((name) => join("docs", name)).flatMap((page) => [page, ...childrenOf(page)]);
    const held = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
    expect(held.filter((page) => !listed.includes(page))).toEqual([]);
  });
});

describe("a link of the documents", () => {
  it("leads to a file that there is, and to a heading that it has", () => {
    const dead = pages.flatMap((page) => {
      const text = read(page).replace(/^```[\s\S]*?^```$/gm, "");
      return [...text.matchAll(/\]\(([^()\s]+)\)|(?:src|href)="([^"]+)"/g)]
        .map((match) => (match[1] ?? match[2]) as string)
        .filter((href) => !/^[a-z]+:/.test(href) && !leads(page, href))
        .map((href) => `${page}: ${href}`);
    });
    expect(dead).toEqual([]);
    expect(leads("docs/errors.md", "security.md#limits")).toBe(true);
    expect(leads("docs/errors.md", "security.md#nothing")).toBe(false);
    expect(leads("docs/errors.md", "nothing.md")).toBe(false);
  });
});

function leads(page: string, href: string): boolean {
  const [path = "", anchor] = href.split("#");
  const target = path === "" ? join(root, page) : join(root, page, "..", decodeURIComponent(path));
  // A folder is a page where the repository is hosted, and none on the site.
  if (!existsSync(target) || (page.startsWith("docs/") && statSync(target).isDirectory())) return false;
  return anchor === undefined || headings(target).has(anchor);
}

function headings(file: string): Set<string> {
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
  return new Set(
    [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map((match) =>
      slug((match[1] as string).replaceAll("`", "")),
    ),
  );
}
