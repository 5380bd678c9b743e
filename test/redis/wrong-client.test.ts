import { ContractError, contract } from "@gestaloka/events";
import { createWorkerEmitter, redisBackend } from "@gestaloka/events/redis";
import { memoryBackend } from "@gestaloka/events/server";
import { createClient, createClientPool, createSentinel } from "redis";
import { expect, it } from "vitest";

it("refuses at once what is no client that it knows, and says what it takes", () => {
  const words = [undefined, null, "redis://127.0.0.1:6379", { url: "redis://127.0.0.1:6379" }, createClient];
  const others = [createClientPool(), createSentinel({ name: "main", sentinelRootNodes: [{ host: "::1", port: 1 }] })];
  for (const client of [...words, ...others]) {
    const make = () => redisBackend({ client: client as never });
    expect(make).toThrow(ContractError);
    expect(make).toThrow(/takes a client of the package redis or ioredis.* \(docs\/errors\.md#backend_invalid\)$/);
  }
});

it("refuses an option of another kind, which Redis would refuse at each emit, or nobody would look at", () => {
  const client = createClient();
  for (const [given, what] of [
    [{ log: { keepCount: "1000" } }, "redisBackend.log.keepCount: write a number"],
    [{ answers: 300_000 }, "redisBackend.answers: write an object"],
    [{ timeoutMs: "2s" }, "redisBackend.timeoutMs: write a number"],
    [{ prefix: 7 }, "redisBackend.prefix: write a string"],
    [{ whileAway: "local" }, 'redisBackend.whileAway: write "reject" or "local-only"'],
  ] as const)
    expect(() => redisBackend({ client, ...(given as object) }), what).toThrow(
      expect.objectContaining({ code: "backend_invalid", message: expect.stringContaining(what) }),
    );
});

it("emits from no worker without a contract, or with an option of another kind", () => {
  const backend = memoryBackend();
  for (const given of [{ contract: undefined }, { contract: { default: contract } }, { logger: console.log }])
    expect(() => createWorkerEmitter({ contract, backend, ...(given as object) })).toThrow(
      expect.objectContaining({ code: "contract_invalid" }),
    );
  expect(() => createWorkerEmitter(undefined as never)).toThrow(expect.objectContaining({ code: "backend_invalid" }));
});

it("emits from no worker without a backend, or with a client in its place", () => {
  for (const backend of [undefined, { url: "redis://127.0.0.1:6379" }])
    expect(() => createWorkerEmitter({ contract, backend: backend as never })).toThrow(
      expect.objectContaining({
        code: "backend_invalid",
        message: expect.stringContaining("redisBackend({ client })"),
      }),
    );
});
