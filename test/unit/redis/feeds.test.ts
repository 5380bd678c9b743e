import { expect, it, vi } from "vitest";
import type { Driver } from "../../../src/redis/driver.js";
import { Feeds } from "../../../src/redis/feeds.js";
import { toKeys } from "../../../src/redis/keys.js";
import type { RoomStore } from "../../../src/redis/room-store.js";
import { epochOf } from "../delivery/samples.js";

function feedsOf(driver: Partial<Driver>, store: Pick<RoomStore, "head">, failed: (error: unknown) => void): Feeds {
  const host = { deliver() {}, read: async () => undefined, stands() {} };
  return new Feeds(driver as Driver, toKeys("t"), store as RoomStore, async () => {}, host, failed);
}

it("compares every room though one cannot be, and that one alone again", async () => {
  const driver = { listening: true, subscribe: async () => {} };
  const asked: string[] = [];
  let away = "";
  const store = {
    async head(room: string) {
      if (room === away) throw new Error("away");
      asked.push(room);
      return { epoch: epochOf(1), seq: 0 };
    },
  };
  const caught: unknown[] = [];
  const feeds = feedsOf(driver, store, (error) => caught.push(error));
  // More than are asked about at once.
  const rooms = Array.from({ length: 1_200 }, (_, at) => `quay_${at}`);
  for (const room of rooms) await feeds.watch(room);
  asked.length = 0;
  away = "quay_0";
  await feeds.compare("lost");
  expect(asked).toEqual(rooms.slice(1));
  expect(caught).toEqual([new Error("away")]);
  asked.length = 0;
  away = "";
  feeds.tick();
  feeds.tick();
  await vi.waitFor(() => expect(asked).toEqual(["quay_0"]));
});

it("subscribes again to rooms that were left out as the connection was cut once more", async () => {
  const subscribed = new Set<string>();
  let isCut = false;
  const driver = {
    listening: true,
    async subscribe(channel: string) {
      if (isCut) throw new Error("cut");
      subscribed.add(channel);
    },
  };
  const store = { head: async () => ({ epoch: epochOf(1), seq: 0 }) };
  const feeds = feedsOf(driver, store, () => {});
  for (const room of ["quay_q1", "quay_q2"]) await feeds.watch(room);
  subscribed.clear();
  feeds.forgotten();
  isCut = true;
  await expect(feeds.resume()).rejects.toThrow("cut");
  isCut = false;
  feeds.tick();
  expect([...subscribed]).toEqual(["t:room:quay_q1", "t:room:quay_q2"]);
});

it("does not subscribe again to a room that was left while others were subscribed to again", async () => {
  const subscribed = new Set<string>();
  const driver = {
    listening: true,
    async subscribe(channel: string) {
      subscribed.add(channel);
    },
    async unsubscribe(channel: string) {
      subscribed.delete(channel);
    },
  };
  const store = { head: async () => ({ epoch: epochOf(1), seq: 0 }) };
  const feeds = feedsOf(driver, store, () => {});
  // More than are subscribed to at once.
  const rooms = Array.from({ length: 600 }, (_, at) => `quay_${at}`);
  for (const room of rooms) await feeds.watch(room);
  feeds.forgotten();
  subscribed.clear();
  const resumed = feeds.resume();
  feeds.unwatch("quay_599");
  await resumed;
  expect(subscribed.size).toBe(599);
  expect(subscribed.has("t:room:quay_599")).toBe(false);
});
