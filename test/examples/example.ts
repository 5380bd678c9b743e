import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/** One of the examples, copied out of the repository, beside the packages that its manifest names and no others. */
export class Example {
  readonly folder = mkdtempSync(join(tmpdir(), "gestaloka-events-example-"));
  readonly manifest: Manifest;
  readonly #processes: ExampleProcess[] = [];

  constructor(name: string) {
    const source = join(root, "examples", name);
    cpSync(source, this.folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
    this.manifest = manifestOf(this.folder);
    const { dependencies, devDependencies } = this.manifest;
    for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) this.#link(dependency);
  }

  /** Runs a script of the manifest to its end, with what follows it on the command line. @throws when it fails */
  run(script: string, args: readonly string[] = []): string {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", `${this.#command(script)} "$@"`, script, ...args], {
      cwd: this.folder,
      env: this.#environment({}),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts a script of the manifest, with what follows it on the command line. */
  start(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): ExampleProcess {
    const child = spawn("sh", ["-c", `exec ${this.#command(script)} "$@"`, script, ...args], {
      cwd: this.folder,
      env: this.#environment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const started = new ExampleProcess(child);
    this.#processes.push(started);
    return started;
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.end()));
    rmSync(this.folder, { recursive: true });
  }

  #command(script: string): string {
    const command = this.manifest.scripts[script];
    if (command === undefined) throw new Error(`the example has no script ${script}`);
    return command;
  }

  #environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const path = `${join(this.folder, "node_modules/.bin")}:${process.env.PATH}`;
    return { ...process.env, NODE_ENV: undefined, PORT: "0", ...env, PATH: path };
  }

  #link(dependency: string): void {
    const home = dependency === "@gestaloka/events" ? root : join(root, "node_modules", dependency);
    if (!existsSync(home)) throw new Error(`${dependency} is not installed`);
    const place = join(this.folder, "node_modules", dependency);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(home, place, "dir");
    const { bin = {} } = manifestOf(home);
    const programs = typeof bin === "string" ? { [dependency.split("/").at(-1) as string]: bin } : bin;
    mkdirSync(join(this.folder, "node_modules/.bin"), { recursive: true });
    for (const [name, file] of Object.entries(programs))
      symlinkSync(join(home, file), join(this.folder, "node_modules/.bin", name));
  }
}

/** A running script, and what it has written. */
export class ExampleProcess {
  output = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "close");
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        child.emit("output");
      });
  }

  /** The first match among what it has written, or will write. */
  async said(pattern: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(withinMs);
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      const gone = this.#ended.then(() => Promise.reject(new Error(`It ended, having written:\n${this.output}`)));
      await Promise.race([once(this.#child, "output", { signal: late }), gone]).catch((error: Error) => {
        if (!pattern.test(this.output)) throw new Error(`${error.message}: no ${pattern} in:\n${this.output}`);
      });
    }
  }

  /** Where it listens, by its own word. */
  async url(): Promise<string> {
    return (await this.said(/http:\/\/127\.0\.0\.1:\d+/))[0];
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#ended;
    clearTimeout(timer);
  }
}
