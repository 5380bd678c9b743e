import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const modules = resolve(import.meta.dirname, "../../../node_modules");
const run = promisify(execFile);

export interface BuiltEngine {
  readonly file: string;
  readonly versions: { readonly engine: string; readonly go: string; readonly client: string };
}

/** Builds the server beside this file with the Go of this machine. */
export async function buildEngine(): Promise<BuiltEngine> {
  const file = join(modules, ".cache/centrifuge-server");
  mkdirSync(join(modules, ".cache"), { recursive: true });
  const cwd = import.meta.dirname;
  try {
    await run("go", ["build", "-o", file, "."], { cwd });
    const [, engine = ""] = /centrifuge (v\S+)/.exec(readFileSync(join(cwd, "go.mod"), "utf8")) ?? [];
    const { version } = JSON.parse(readFileSync(join(modules, "centrifuge/package.json"), "utf8")) as {
      version: string;
    };
    return { file, versions: { engine, go: (await run("go", ["env", "GOVERSION"])).stdout.trim(), client: version } };
  } catch (error) {
    const { code, stderr = "" } = error as { code?: string | number; stderr?: string };
    throw new Error(
      code === "ENOENT"
        ? "--centrifuge: there is no Go; install 1.25 or newer, in Debian golang-1.26-go of trixie-backports, and put its bin into PATH"
        : `--centrifuge: Centrifugo's engine was not built; it takes Go 1.25 or newer, and its modules as test/chaos/centrifuge/go.mod names them from a Go module proxy\n${stderr}`,
    );
  }
}
