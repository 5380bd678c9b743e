import { startGameServer } from "./game-server.js";

/** A game server in a process of its own, so that it can be killed: says its port to its parent, and ends with it. */
const options = JSON.parse(process.argv[2] ?? "{}");
const server = await startGameServer(options);
process.on("disconnect", () => process.exit());
process.on("SIGTERM", () => void server.close().then(() => process.exit()));
// Ctrl-C reaches the whole group; the parent ends this one in its own time.
process.on("SIGINT", () => {});
process.send?.({ port: server.port });
