import cluster from "node:cluster";
import { createServer } from "node:http";
import { setupMaster as keepSessions } from "@socket.io/sticky";

const { PORT = "3000", NODES = "2" } = process.env;

const http = createServer();
// The requests of one session go to the worker that opened it, which a client that polls needs.
keepSessions(http, { loadBalancingMethod: "round-robin" });
cluster.setupPrimary({ serialization: "advanced" });

let closing = false;
for (let node = 0; node < Number(NODES); node++) cluster.fork();
// One that died is replaced; its clients have gone on at another meanwhile.
cluster.on("exit", () => {
  if (!closing) cluster.fork();
});

let ready = 0;
cluster.on("message", (_worker, message) => {
  if (message !== "ready" || ++ready !== Number(NODES)) return;
  http.listen(Number(PORT), "127.0.0.1", () => {
    console.log(`Listening on http://127.0.0.1:${http.address().port} with ${NODES} nodes`);
  });
});

process.once("SIGTERM", () => {
  closing = true;
  http.close();
  for (const worker of Object.values(cluster.workers ?? {})) worker?.kill("SIGTERM");
});
