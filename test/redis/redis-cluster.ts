import { RedisProcess } from "../support/redis-process.js";

/** A cluster of two servers, each with half of the slots. `command` speaks to both, one after the other; `kill` and `start` to one. */
export async function startCluster() {
  const servers = await Promise.all([0, 1].map(() => RedisProcess.start("--cluster-enabled", "yes")));
  const [one, other] = servers as [RedisProcess, RedisProcess];
  await one.command("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
  await other.command("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
  await one.command("CLUSTER", "MEET", "127.0.0.1", String(other.port));
  for (const server of servers) {
    while (!(await server.command("CLUSTER", "INFO")).includes("cluster_state:ok"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    while (!(await server.command("CLUSTER", "INFO")).includes("cluster_known_nodes:2"))
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port: one.port,
    async command(...words: string[]) {
      const replies = [];
      for (const server of servers) replies.push(await server.command(...words));
      return replies.join("");
    },
    kill: () => other.kill(),
    start: () => other.start(),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
