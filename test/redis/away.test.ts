import type { Backend, BackendNode } from "@gestaloka/events/server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { FaultProxy } from "../support/fault-proxy.js";
import { RedisProcess } from "../support/redis-process.js";
import { emissionOf } from "../unit/delivery/samples.js";
import { openBackend } from "./backends.js";
import { until } from "./peers.js";

const room = "quay_q1";

describeRedis("what is emitted while Redis is away", () => {
  let redis: RedisProcess;
  let line: FaultProxy;
  const open: (() => unknown)[] = [];
  beforeEach(async () => {
    redis = await RedisProcess.start();
    line = await FaultProxy.start(redis.port);
  });
  afterEach(async () => {
    redis.signal("SIGCONT");
    await Promise.all(open.splice(0).map((close) => close()));
    await line.close();
    await redis.close();
  });

  /** A server with members of the room, and what it was told for them. */
  async function serverOver(port: number, whileAway: "reject" | "local-only" = "local-only") {
    const told: unknown[] = [];
    const node = {
      deliver: (
        of: string,
        { epoch, seq, payload }: { epoch: string; seq: number; payload: string },
        except?: string,
      ) => told.push([of, epoch, seq, Number(payload), except]),
      stands: (of: string, head: object) => told.push([of, head]),
      failed() {},
    };
    const backend = openBackend("redis", port, { whileAway, timeoutMs: 600 });
    await backend.open(node as unknown as BackendNode);
    open.push(() => backend.close(node as unknown as BackendNode));
    await backend.watch(room);
    return { backend, told };
  }

  const append = (backend: Backend, payload: number, to = room) =>
    Promise.resolve(backend.append(to, emissionOf("tick", payload), 1, undefined));
  const isUp = async (backend: Backend) => Promise.resolve(backend.health()).catch(() => false);

  it("is given to the members here, and the room begins anew for all, told at once to those elsewhere", async () => {
    const [cut, other] = [await serverOver(line.port), await serverOver(redis.port)];
    const { epoch } = await cut.backend.head(room);
    expect(await append(cut.backend, 1)).toBe(1);
    await until(() => cut.told.length === 1 && other.told.length === 1);
    line.set({ accept: "reset" });
    line.cut();
    await until(async () => !(await isUp(cut.backend)));
    expect(await append(cut.backend, 2)).toBeUndefined();
    await cut.backend.publish(room, emissionOf("tick", 3), 1, "c1");
    // Nobody is in it here.
    expect(await append(cut.backend, 4, "quay_q2")).toBeUndefined();
    expect(cut.told.slice(1)).toEqual([
      [room, epoch, 0, 2, undefined],
      [room, epoch, 0, 3, "c1"],
    ]);
    line.clear();
    await until(() => other.told.length === 2);
    const head = await other.backend.head(room);
    expect(head.epoch).not.toBe(epoch);
    expect(other.told.slice(1)).toEqual([[room, { epoch: head.epoch, seq: 0 }]]);
  });

  it("is followed by nothing that is numbered in the epoch before, as soon as Redis answers", async () => {
    const { backend } = await serverOver(redis.port);
    expect(await append(backend, 1)).toBe(1);
    redis.signal("SIGSTOP");
    await expect(append(backend, 2)).rejects.toMatchObject({
      code: "log_unknown",
      appendId: expect.any(String),
      cause: expect.any(Error),
    });
    expect(await append(backend, 3)).toBeUndefined();
    redis.signal("SIGCONT");
    let seq: number | undefined;
    await until(async () => {
      seq = await append(backend, 4);
      return seq !== undefined;
    });
    expect(seq).toBe(1);
  });

  it("is refused where nothing else is said, with no name to repeat it under, as nothing was written", async () => {
    const { backend, told } = await serverOver(redis.port, "reject");
    await redis.kill();
    await until(async () => !(await isUp(backend)));
    const refusal = (emitted: Promise<unknown>) => emitted.catch(({ code, appendId }) => [code, appendId]);
    expect(await refusal(append(backend, 1))).toEqual(["backend_unavailable", undefined]);
    const published = Promise.resolve(backend.publish(room, emissionOf("tick", 2), 1, undefined));
    expect(await refusal(published)).toEqual(["backend_unavailable", undefined]);
    expect(told).toEqual([]);
  });
});
