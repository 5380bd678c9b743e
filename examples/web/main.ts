import { serveWebDemo } from "./host/serve.js";

console.log("Building the page …");
const demo = await serveWebDemo({ port: Number(process.env.PORT ?? 3210) });
console.log(`Open ${demo.url} in two windows, and log in as another player in each. Ctrl-C ends it.`);
const end = () => void demo.close().then(() => process.exit());
process.once("SIGINT", end);
process.once("SIGTERM", end);
