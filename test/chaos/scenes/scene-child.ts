import { answerParent } from "../child.js";
import { herd } from "./herd.js";
import { nodes } from "./nodes.js";
import { queue } from "./queue.js";
import { recover } from "./recover.js";
import { reports } from "./reports.js";
import type { SceneOptions } from "./scene.js";
import { stalled } from "./stalled.js";

/** A scene: the clients' side, which starts servers by their bundled file; `raw` is that of Socket.IO alone. */
export type Scene = (server: string, options: SceneOptions, raw: string) => Promise<Record<string, unknown>>;

const scenes: Readonly<Record<string, Scene>> = { recover, herd, stalled, queue, reports, nodes };

interface SceneStart {
  readonly scene: string;
  readonly server: string;
  readonly raw: string;
  readonly options: SceneOptions;
}

answerParent(async ({ scene, server, raw, options }: SceneStart) => (scenes[scene] as Scene)(server, options, raw));
