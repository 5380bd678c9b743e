import { answerParent } from "../child.js";
import { herd } from "./herd.js";
import { nodes } from "./nodes.js";
import { queue } from "./queue.js";
import { recover } from "./recover.js";
import { reports } from "./reports.js";
import type { SceneOptions } from "./scene.js";
import { stalled } from "./stalled.js";

/** A scene: the clients' side, which starts a server by its bundled file. */
export type Scene = (server: string, options: SceneOptions) => Promise<Record<string, unknown>>;

const scenes: Readonly<Record<string, Scene>> = { recover, herd, stalled, queue, reports, nodes };

answerParent(async ({ scene, server, options }: { scene: string; server: string; options: SceneOptions }) =>
  (scenes[scene] as Scene)(server, options),
);
