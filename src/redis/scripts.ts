import { abandonScript, beginScript, finishScript } from "./command-scripts.js";
import { beginAnewScript, emitScript, headScript, readScript, recoverScript, revokeScript } from "./log-scripts.js";
import { liveScript, orderScript, renewScript } from "./peer-scripts.js";
import {
  closeScript,
  enterScript,
  leaveScript,
  membersScript,
  renewPresenceScript,
  restoreScript,
} from "./presence-scripts.js";
import type { Script } from "./script.js";

/** Every script: a server is told of all of them as soon as it is connected. */
export const scripts: readonly Script[] = [
  emitScript,
  beginAnewScript,
  headScript,
  recoverScript,
  readScript,
  revokeScript,
  beginScript,
  finishScript,
  abandonScript,
  renewScript,
  orderScript,
  liveScript,
  enterScript,
  leaveScript,
  membersScript,
  renewPresenceScript,
  restoreScript,
  closeScript,
];
