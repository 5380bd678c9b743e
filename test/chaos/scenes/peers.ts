import type { Child } from "../child.js";
import type { SceneServerStart } from "./scene-server.js";
import { openLibraryVisitor, openVisitors, startSceneServer, type Visitor } from "./visitor.js";

/** The two ends that a scene puts through something: the library's, or Centrifugo's. */
export interface Peers {
  start(options: Omit<SceneServerStart, "do">): Promise<{ server: Child; url: string }>;
  /** Opens a client that goes to an arena, and is in its own seat. */
  open(url: string, userId: string, arena: string): Promise<Visitor>;
  openMany(url: string, count: number, arenaOf: (index: number) => string): Promise<Visitor[]>;
}

/** `engine`: the built file of Centrifugo's, where that is what is looked at. */
export async function peersOf(file: string, engine: string | undefined): Promise<Peers> {
  const open = engine === undefined ? openLibraryVisitor : (await import("./engine-visitor.js")).openEngineVisitor;
  return {
    start: (options) => startSceneServer(file, engine === undefined ? options : { ...options, engine }),
    open,
    openMany: (url, count, arenaOf) => openVisitors(url, count, arenaOf, open),
  };
}
