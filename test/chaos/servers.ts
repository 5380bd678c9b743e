import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle } from "./bundle.js";
import { type Child, startChild } from "./child.js";
import { type Layout, streamCount } from "./layout.js";
import type { ServerStart, ServerStats } from "./server-child.js";
import { stormLog } from "./storm-log.js";

/** One server after the other, on the same port. */
export class Servers {
  number = -1;
  readonly publishedFile: string;
  readonly startedFile: string;
  private port = 0;
  private child: Child | undefined;

  constructor(
    private readonly bundle: Bundle,
    private readonly layout: Layout,
    private readonly seed: number,
    private readonly stock: boolean,
    folder: string,
    private readonly execArgv: readonly string[] = [],
  ) {
    this.publishedFile = join(folder, "published");
    this.startedFile = join(folder, "started");
    for (const file of [this.publishedFile, this.startedFile]) writeFileSync(file, "");
  }

  get streams(): number {
    return streamCount(this.layout);
  }

  async start(port: number): Promise<number> {
    this.number++;
    this.child = startChild(this.bundle.file("server-child"), this.execArgv);
    const { layout, seed, stock, number, publishedFile, startedFile, streams } = this;
    const options: ServerStart = {
      stock,
      layout,
      streams,
      port,
      seed,
      number,
      publishedFile,
      startedFile,
      log: stormLog,
    };
    this.port = await this.child.ask<number>({ do: "start", ...options });
    return this.port;
  }

  ask(request: object): Promise<ServerStats> {
    return (this.child as Child).ask<ServerStats>(request);
  }

  stop(): Promise<void> | undefined {
    return this.child?.kill();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start(this.port);
  }
}
