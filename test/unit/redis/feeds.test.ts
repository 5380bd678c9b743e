import { expect, it } from "vitest";
import type { Driver } from "../../../src/redis/driver.js";
import { Feeds } from "../../../src/redis/feeds.js";
import { toKeys } from "../../../src/redis/keys.js";
import type { RoomStore } from "../../../src/redis/room-store.js";
import { epochOf } from "../delivery/samples.js";

it("subscribes again to rooms that were left out as the connection was cut once more", async () => {
  const subscribed = new Set<string>();
  let isCut = false;
  const driver = {
    listening: true,
    async subscribe(channel: string) {
      if (isCut) throw new Error("cut");
      subscribed.add(channel);
    },
  } as unknown as Driver;
  const store = { head: async () => ({ epoch: epochOf(1), seq: 0 }) } as unknown as RoomStore;
  const feeds = new Feeds(driver, toKeys("t"), store, async () => {}, {
    deliver() {},
    read: async () => undefined,
    stands() {},
    failed() {},
  });
  for (const room of ["quay_q1", "quay_q2"]) await feeds.watch(room);
  subscribed.clear();
  feeds.forgotten();
  isCut = true;
  await expect(feeds.resume()).rejects.toThrow("cut");
  isCut = false;
  feeds.tick();
  expect([...subscribed]).toEqual(["t:room:quay_q1", "t:room:quay_q2"]);
});
