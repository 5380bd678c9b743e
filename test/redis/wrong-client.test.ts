import { ContractError, contract } from "@gestaloka/events";
import { createWorkerEmitter, redisBackend } from "@gestaloka/events/redis";
import { expect, it } from "vitest";

it("refuses at once what is no client that it knows, and says what it takes", () => {
  for (const client of [undefined, null, "redis://127.0.0.1:6379", { url: "redis://127.0.0.1:6379" }]) {
    const make = () => redisBackend({ client: client as never });
    expect(make).toThrow(ContractError);
    expect(make).toThrow(/takes a client of the package redis or ioredis.* \(docs\/errors\.md#backend_invalid\)$/);
  }
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
