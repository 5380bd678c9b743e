import { type Check, expectOutput, expectVersion } from "./check.js";

/** The hooks, rendered in a document against a real server. */
export const react: readonly Check[] = ["18", "19"].map((version) => ({
  name: `React ${version}: the hooks render, on a server and in a page, and follow events`,
  packages: {
    react: version,
    "react-dom": version,
    "@tanstack/react-query": "5",
    jsdom: "28",
    "socket.io": "4",
    "socket.io-client": "4",
  },
  quick: version === "19",
  run(project) {
    expectVersion(project, "react", version);
    expectVersion(project, "react-dom", version);
    expectOutput(project.node("react.mjs"), "rendered");
  },
}));
