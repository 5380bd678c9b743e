import { answerParent } from "../child.js";
import { herd } from "./herd.js";
import { nodes } from "./nodes.js";
import { queue } from "./queue.js";
import { recover } from "./recover.js";
import { reports } from "./reports.js";
import type { SceneOptions } from "./scene.js";
import { stalled } from "./stalled.js";
import { wire } from "./wire.js";

/** Bundled files of processes that one scene alone starts: Socket.IO without the library, and connections to nodes. */
export interface SceneFiles {
  readonly raw: string;
  readonly listeners: string;
}

/** A scene: the clients' side, which starts a server by its bundled file. */
export type Scene = (server: string, options: SceneOptions, files: SceneFiles) => Promise<Record<string, unknown>>;

const scenes: Readonly<Record<string, Scene>> = { recover, herd, stalled, wire, queue, reports, nodes };

interface SceneStart {
  readonly scene: string;
  readonly server: string;
  readonly files: SceneFiles;
  readonly options: SceneOptions;
}

answerParent(async ({ scene, server, files, options }: SceneStart) => (scenes[scene] as Scene)(server, options, files));
