import { bundleProcesses } from "../bundle.js";
import { startChild } from "../child.js";
import type { Progress } from "../progress.js";

export const sceneNames = ["recover", "herd", "stalled", "wire", "queue", "reports", "nodes", "soak"] as const;

export interface SceneOptions {
  readonly seed: number;
  /** 0 where nothing was said. */
  readonly clients: number;
  readonly minutes: number;
  /** The built file of Centrifugo's engine, where that is what is looked at. */
  readonly engine?: string;
}

/** What is shown of Centrifugo as well. */
const engineScenes = ["recover", "herd", "stalled", "wire"];

/** Runs a scene in a process of its own, which starts the server's; its figures, and whether they are what they must be. */
export async function runScene(name: string, options: SceneOptions, say: Progress): Promise<Record<string, unknown>> {
  if (!(sceneNames as readonly string[]).includes(name))
    throw new Error(`--scene: write one of ${sceneNames.join(", ")}`);
  if (options.engine !== undefined && !engineScenes.includes(name))
    throw new Error(`--scene: with --centrifuge, write one of ${engineScenes.join(", ")}`);
  if (name === "soak") return (await import("../soak.js")).runSoak(options, say);
  const bundle = await bundleProcesses([
    "scenes/scene-child",
    "scenes/scene-server",
    "scenes/engine-server",
    "scenes/raw-node",
    "scenes/listeners-child",
  ]);
  const child = startChild(bundle.file("scenes/scene-child"), ["--expose-gc"]);
  try {
    say(`scene ${name}`);
    const figures = await child.ask<Record<string, unknown>>({
      scene: name,
      options,
      server: bundle.file(options.engine === undefined ? "scenes/scene-server" : "scenes/engine-server"),
      files: { raw: bundle.file("scenes/raw-node"), listeners: bundle.file("scenes/listeners-child") },
    });
    return { scene: name, ...figures, seed: options.seed };
  } finally {
    await child.kill();
    bundle.remove();
  }
}
