import { bundlers } from "./bundlers.js";
import type { Check } from "./check.js";
import { copies } from "./copies.js";
import { examples } from "./examples.js";
import { modules } from "./modules.js";
import { oldestPeers } from "./oldest.js";
import { react } from "./react.js";
import { sockets } from "./sockets.js";
import { typescript } from "./typescript.js";
import { zod } from "./zod.js";

/** The whole matrix. */
export const checks: readonly Check[] = [
  ...modules,
  ...bundlers,
  ...typescript,
  ...react,
  ...sockets,
  ...zod,
  ...oldestPeers,
  ...copies,
  ...examples,
];
