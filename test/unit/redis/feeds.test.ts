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

/** A Redis whose every answer waits for the test, with what it was asked. */
function slowRedis() {
  const asked: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const stands: string[] = [];
  const caught: unknown[] = [];
  const driver = { listening: true };
  let epoch = 1;
  const ask = <TAnswer>(question: string, answer: () => TAnswer) => {
    asked.push(question);
    return new Promise<TAnswer>((resolve, reject) => {
      answers.push((error) => (error ? reject(error) : resolve(answer())));
    });
  };
  const standing = () => ({ epoch: epochOf(epoch), seq: 0 });
  const store = {
    head: (room: string) => ask(`head ${room}`, standing),
    knownHead: (room: string) => ask(`known head ${room}`, standing),
  };
  const feeds = new Feeds(
    {
      get listening() {
        return driver.listening;
      },
      subscribe: (channel: string) => ask(`subscribe ${channel}`, () => undefined),
      unsubscribe: async (channel: string) => void asked.push(`unsubscribe ${channel}`),
    } as Driver,
    toKeys("t"),
    store as unknown as RoomStore,
    () => ask("open", () => undefined),
    {
      deliver() {},
      read: async () => undefined,
      stands: (room, head) => stands.push(`${room} ${head.epoch}`),
    },
    (error) => caught.push(error),
  );
  return {
    feeds,
    driver,
    asked,
    stands,
    caught,
    beginAnew: () => JSON.stringify([epochOf(++epoch), 0]),
    /** Answers everything, and what is asked then. */
    async rest() {
      do {
        for (const answer of answers.splice(0)) answer();
        await new Promise((resolve) => setImmediate(resolve));
      } while (answers.length > 0);
    },
    async answerOne(error?: Error) {
      answers.shift()?.(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
    /** What was asked since the last time. */
    said: () => asked.splice(0),
  };
}

it("hears a room before it asks where that stands, for all that watch it, and until the last of them leaves", async () => {
  const { feeds, rest, said } = slowRedis();
  const started = feeds.watch("quay_q1");
  expect(feeds.watch("quay_q1")).toBe(started);
  await rest();
  expect(said()).toEqual(["open", "subscribe t:room:quay_q1", "head quay_q1"]);
  expect(feeds.watch("quay_q1")).toBeUndefined();
  for (let leaving = 0; leaving < 2; leaving++) feeds.unwatch("quay_q1");
  expect([said(), feeds.get("quay_q1")]).toEqual([[], expect.anything()]);
  for (let leaving = 0; leaving < 2; leaving++) feeds.unwatch("quay_q1");
  expect([said(), feeds.get("quay_q1")]).toEqual([["unsubscribe t:room:quay_q1"], undefined]);
});

it("asks for no room that was left before it could, and for none where messages do not come", async () => {
  const { feeds, driver, rest, said } = slowRedis();
  const left = feeds.watch("quay_q1");
  feeds.unwatch("quay_q1");
  await rest();
  await left;
  expect(said()).toEqual(["open", "unsubscribe t:room:quay_q1"]);
  driver.listening = false;
  const refused = [feeds.watch("quay_q2"), feeds.watch("quay_q2")].map((each) =>
    expect(each).rejects.toMatchObject({ code: "backend_unavailable" }),
  );
  await rest();
  await Promise.all(refused);
  expect(said()).toEqual(["open"]);
  feeds.forgotten();
  feeds.tick();
  expect(said()).toEqual([]);
});

it("compares a room that is said to have begun anew, as it was left", async () => {
  const { feeds, stands, beginAnew, rest, said } = slowRedis();
  void feeds.watch("quay_q1");
  await rest();
  said();
  feeds.receive("quay_q2", beginAnew());
  feeds.receive("quay_q1", "not of this library");
  expect(said()).toEqual([]);
  feeds.receive("quay_q1", JSON.stringify([epochOf(2), 0]));
  await rest();
  expect(said()).toEqual(["known head quay_q1"]);
  expect(stands).toEqual([`quay_q1 ${epochOf(2)}`]);
});

it("hears and compares every room anew when messages come again, once", async () => {
  const { feeds, rest, said } = slowRedis();
  void feeds.watch("quay_q1");
  await rest();
  said();
  feeds.forgotten();
  const resumed = feeds.resume();
  await rest();
  await resumed;
  expect(said()).toEqual(["subscribe t:room:quay_q1", "head quay_q1"]);
  feeds.tick();
  const again = feeds.resume();
  await rest();
  await again;
  expect(said()).toEqual(["head quay_q1"]);
});

it("compares again what was compared while more was lost, and no more than that", async () => {
  const { feeds, stands, beginAnew, rest, answerOne, said } = slowRedis();
  void feeds.watch("quay_q1");
  await rest();
  said();
  const compared = feeds.compare("on their way");
  void feeds.compare("on their way");
  await rest();
  await compared;
  expect(said()).toEqual(["known head quay_q1"]);
  const first = feeds.compare("on their way");
  void feeds.compare("lost");
  await answerOne();
  expect(said()).toEqual(["known head quay_q1", "head quay_q1"]);
  beginAnew();
  await rest();
  await first;
  expect([said(), stands]).toEqual([[], [`quay_q1 ${epochOf(2)}`]]);
});

it("compares one that could not be again once it is done with the others, alone", async () => {
  const { feeds, stands, caught, beginAnew, rest, answerOne, said } = slowRedis();
  for (const room of ["quay_q1", "quay_q2"]) void feeds.watch(room);
  await rest();
  said();
  const compared = feeds.compare("lost");
  await answerOne(new Error("away"));
  feeds.tick();
  await rest();
  await compared;
  expect(said()).toEqual(["head quay_q1", "head quay_q2"]);
  expect([caught, stands]).toEqual([[new Error("away")], []]);
  beginAnew();
  feeds.tick();
  feeds.tick();
  await rest();
  expect([said(), stands]).toEqual([["head quay_q1"], [`quay_q1 ${epochOf(2)}`]]);
  feeds.tick();
  expect(said()).toEqual([]);
});

it("compares no room that was left and asked for again with where it stood before", async () => {
  const { feeds, stands, beginAnew, rest, said } = slowRedis();
  void feeds.watch("quay_q1");
  await rest();
  const compared = feeds.compare("lost");
  feeds.unwatch("quay_q1");
  beginAnew();
  void feeds.watch("quay_q1");
  await rest();
  await compared;
  expect(stands).toEqual([]);
  said();
  await feeds.compare("lost", ["quay_q2"]);
  expect(said()).toEqual([]);
});
