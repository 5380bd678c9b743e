import { RedisProcess } from "../support/redis-process.js";

/**
 * A cluster of two servers, each with half of the slots. `command` speaks to both, one after the other; `kill` and `start` to
 * one, whose place another takes with `takeOver`, when it is killed for good.
 */
export async function startCluster() {
  const settings = ["--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"];
  const servers = await Promise.all([0, 1].map(() => RedisProcess.start("--cluster-enabled", "yes")));
  const [one, other] = servers as [RedisProcess, RedisProcess];
  await one.command("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
  await other.command("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
  await one.command("CLUSTER", "MEET", "127.0.0.1", String(other.port));
  for (const server of servers) {
    while (!(await server.command("CLUSTER", "INFO")).includes("cluster_state:ok")) await soon();
    while (!(await server.command("CLUSTER", "INFO")).includes("cluster_known_nodes:2")) await soon();
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
    async takeOver() {
      const next = await RedisProcess.start(...settings);
      servers.push(next);
      await next.command("CLUSTER", "MEET", "127.0.0.1", String(one.port));
      const id = await idOf(other);
      while (!(await next.command("CLUSTER", "NODES")).includes(id)) await soon();
      while (!(await next.command("CLUSTER", "REPLICATE", id)).startsWith("+OK")) await soon();
      while (!(await next.command("INFO", "replication")).includes("master_link_status:up")) await soon();
      await other.kill();
      await next.command("CLUSTER", "FAILOVER", "TAKEOVER");
    },
    /** Moves everything that is kept where this key is to the other server. */
    async moveSlot(key: string) {
      const slot = (await one.command("CLUSTER", "KEYSLOT", key)).slice(1).trim();
      const [from, to] = (await one.command("CLUSTER", "COUNTKEYSINSLOT", slot)).startsWith(":0")
        ? [other, one]
        : [one, other];
      await to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", await idOf(from));
      await from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", await idOf(to));
      const keys = (await from.command("CLUSTER", "GETKEYSINSLOT", slot, "100")).split("\r\n");
      for (const kept of keys.filter((line) => line.includes("{")))
        await from.command("MIGRATE", "127.0.0.1", String(to.port), kept, "0", "1000");
      for (const server of [to, from]) await server.command("CLUSTER", "SETSLOT", slot, "NODE", await idOf(to));
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

async function idOf(server: RedisProcess): Promise<string> {
  return (await server.command("CLUSTER", "MYID")).split("\r\n")[1] as string;
}
