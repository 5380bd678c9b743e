import { ContractError } from "@gestaloka/events";
import { redisBackend } from "@gestaloka/events/redis";
import { expect, it } from "vitest";

it("refuses at once what is no client that it knows, and says what it takes", () => {
  for (const client of [undefined, null, "redis://127.0.0.1:6379", { url: "redis://127.0.0.1:6379" }]) {
    const make = () => redisBackend({ client: client as never });
    expect(make).toThrow(ContractError);
    expect(make).toThrow(/takes a client of the package redis or ioredis.* \(docs\/errors\.md#backend_invalid\)$/);
  }
});
