import { type Check, expectVersion } from "./check.js";

const oldest = { jose: "5.0.0", "fast-check": "3.22.0", vitest: "3.2.0" };

/** The oldest that tokens are judged, and applications tested, with. */
export const oldestPeers: readonly Check[] = [
  {
    name: "the oldest jose, fast-check and vitest: a token, payloads, matchers and fake time",
    packages: { "socket.io": "4", "socket.io-client": "4", zod: "4", ...oldest },
    run(project) {
      for (const [name, version] of Object.entries(oldest)) expectVersion(project, name, version);
      project.node("node_modules/vitest/vitest.mjs", "run", "oldest-peers.spec.mjs");
    },
  },
];
