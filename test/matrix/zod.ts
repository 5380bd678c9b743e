import { type Check, expectOutput, expectVersion } from "./check.js";

const sockets = { "socket.io": "4", "socket.io-client": "4" };

/** zod as the oldest and the newest that is supported, and none. */
export const zod: readonly Check[] = [
  ...["3.25.76", "4"].map(
    (version): Check => ({
      name: `zod ${version === "4" ? "newest 4" : version}: a contract of one's own, its exchange and its export`,
      packages: { ...sockets, zod: version },
      quick: version !== "4",
      run(project) {
        expectVersion(project, "zod", version);
        expectOutput(project.node("own-contract.mjs"), "exchanged");
      },
    }),
  ),
  {
    name: "no zod: an exchange; only ./schemas, and exports, ask for it",
    packages: sockets,
    quick: true,
    run(project) {
      expectOutput(project.node("exchange.mjs"), "exchanged");
      expectOutput(project.node("without-zod.mjs"), "@gestaloka/events/schemas and its exports ask for zod");
    },
  },
];
