import { type BackendNode, memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RoomLog, roomLogLimits } from "../../../src/delivery/room-log.js";
import { AppendIds } from "../../../src/server/append-ids.js";
import { MemoryPresence } from "../../../src/server/memory-presence.js";
import { Revocations } from "../../../src/server/revocations.js";
import { emissionOf, epochOf } from "../delivery/samples.js";

afterEach(() => {
  vi.useRealTimers();
});

it("keeps as much as options say that are an instance's of a class", () => {
  class Limits {
    get answers() {
      return { keepMs: 7 };
    }
  }
  expect(memoryBackend(new Limits()).answerMs).toBe(7);
});

describe("the servers of a backend", () => {
  const serverOf = (heard: string[], name: string) =>
    ({ deliver: (room) => heard.push(`${name} ${room}`) }) as Partial<BackendNode> as BackendNode;

  it("are told until they leave it, whoever else leaves", () => {
    const heard: string[] = [];
    const backend = memoryBackend();
    const [one, two, stranger] = ["one", "two", "stranger"].map((name) => serverOf(heard, name)) as [
      BackendNode,
      BackendNode,
      BackendNode,
    ];
    for (const server of [one, two]) void backend.open(server);
    void backend.close(stranger);
    void backend.publish("r", emissionOf("tick", 1), 0, undefined);
    void backend.close(one);
    void backend.close(one);
    void backend.publish("r", emissionOf("tick", 1), 0, undefined);
    expect(heard).toEqual(["one r", "two r", "two r"]);
  });

  it("have it swept while there is one of them, and again when one comes later", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const backend = memoryBackend();
    void backend.open();
    expect(vi.getTimerCount()).toBe(0);
    const [one, two] = [serverOf([], "one"), serverOf([], "two")];
    for (let times = 0; times < 2; times++) {
      for (const server of [one, two]) void backend.open(server);
      expect(vi.getTimerCount()).toBe(1);
      void backend.close(one);
      expect(vi.getTimerCount()).toBe(1);
      void backend.close(two);
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});

describe("presence", () => {
  it("is by user: the first connection comes, the last one goes", () => {
    const presence = new MemoryPresence();
    expect([presence.enter("r", "ada", "1"), presence.enter("r", "ada", "2"), presence.enter("r", "bob", "3")]).toEqual(
      [true, false, true],
    );
    expect(presence.leave("r", "ada", "1")).toBe(false);
    expect(presence.leave("r", "ada", "2")).toBe(true);
    expect(presence.members("r")).toEqual(["bob"]);
  });

  it("counts a connection once, whatever is said of it twice", () => {
    const presence = new MemoryPresence();
    presence.enter("r", "ada", "1");
    presence.enter("r", "ada", "1");
    presence.enter("r", "ada", "2");
    expect([presence.leave("r", "ada", "9"), presence.leave("r", "ada", "1"), presence.leave("r", "ada", "1")]).toEqual(
      [false, false, false],
    );
    expect(presence.lose("r", "ada", "1")).toBeUndefined();
    expect(presence.leave("r", "ada", "2")).toBe(true);
    expect(presence.leave("r", "ada", "2")).toBe(false);
    for (let times = 0; times < 2; times++) presence.enter("r", "ada", "3");
    expect(presence.leave("r", "ada", "3")).toBe(true);
  });

  it("keeps a user whose last connection was lost until the grace that began then is over", () => {
    const presence = new MemoryPresence();
    presence.enter("r", "ada", "1");
    const first = presence.lose("r", "ada", "1") as number;
    expect(presence.members("r")).toEqual(["ada"]);
    expect(presence.enter("r", "ada", "2")).toBe(false);
    expect(presence.expire("r", "ada", first)).toBe(false);
    const second = presence.lose("r", "ada", "2") as number;
    expect(presence.expire("r", "ada", first)).toBe(false);
    expect(presence.expire("r", "ada", second)).toBe(true);
    expect(presence.members("r")).toEqual([]);
  });
});

describe("revocations", () => {
  const recovery = (after: number, seq: number, epoch = "e") => ({
    recovered: true,
    reason: undefined,
    epoch,
    seq,
    after,
  });

  it("are known for as long as the room has events, and for a day", () => {
    const day = 86_400_000;
    const limits = { ...roomLogLimits, headMs: 2 * day };
    const log = new RoomLog(() => epochOf(1), limits);
    const revocations = new Revocations((room) => log.has(room));
    const recover = (now: number) =>
      revocations.judge(
        "r",
        "ada",
        { epoch: epochOf(1), seq: 0 },
        log.recover("r", { epoch: epochOf(1), seq: 0 }, now),
      );
    log.append("r", emissionOf("tick", 0), 0, 0);
    revocations.add("r", "ada", 0);
    log.append("r", emissionOf("tick", 1), 0, 1);
    revocations.sweep(day);
    expect(recover(day)).toMatchObject({ recovered: false, reason: "replay_denied", seq: 2 });
    log.sweep(4 * day);
    revocations.sweep(4 * day);
    expect(revocations.count("r", "ada")).toBe(0);
  });

  it("deny what was appended before the first entry after them, from then on, to that user alone", () => {
    const revocations = new Revocations(() => false);
    const cursor = { epoch: "e", seq: 5 };
    expect(revocations.judge("r", "ada", cursor, recovery(5, 9))).toMatchObject({ recovered: true });
    revocations.add("r", "ada", 0);
    expect(revocations.count("r", "ada")).toBe(1);
    expect(revocations.judge("r", "ada", cursor, recovery(5, 9))).toEqual({
      recovered: false,
      reason: "replay_denied",
      epoch: "e",
      seq: 9,
      after: 9,
    });
    expect(revocations.judge("r", "bob", cursor, recovery(5, 9))).toMatchObject({ recovered: true });
    expect(revocations.judge("r", "ada", cursor, recovery(5, 12))).toMatchObject({ recovered: false });
    expect(revocations.judge("r", "ada", cursor, recovery(9, 12))).toMatchObject({ recovered: true, after: 9 });
    revocations.add("r", "ada", 0);
    expect(revocations.count("r", "ada")).toBe(2);
    expect(revocations.judge("r", "ada", cursor, recovery(9, 15))).toMatchObject({ recovered: false });
  });

  it("deny nothing of a log that began since, nor what is granted to one who brings no cursor", () => {
    const revocations = new Revocations(() => false);
    revocations.add("r", "ada", 0);
    const granted = { ...recovery(2, 9), recovered: false };
    expect(revocations.judge("r", "ada", undefined, granted)).toEqual(granted);
    expect(revocations.judge("r", "ada", { epoch: "e", seq: 5 }, recovery(5, 9))).toMatchObject({ recovered: false });
    for (const after of [0, 3])
      expect(revocations.judge("r", "ada", { epoch: "f", seq: after }, recovery(after, 6, "f"))).toMatchObject({
        recovered: true,
      });
  });

  it("are forgotten after a day, each by its own last time", () => {
    const revocations = new Revocations(() => false);
    revocations.add("r", "ada", 0);
    revocations.add("r", "bob", 1);
    revocations.add("r", "ada", 2);
    revocations.sweep(86_400_000);
    expect([revocations.count("r", "ada"), revocations.count("r", "bob")]).toEqual([2, 1]);
    revocations.sweep(86_400_001);
    expect([revocations.count("r", "ada"), revocations.count("r", "bob")]).toEqual([2, 0]);
    revocations.sweep(86_400_002);
    expect(revocations.count("r", "ada")).toBe(0);
  });

  it("are 100,000 at most, also of rooms that have events: the oldest are forgotten first", () => {
    const revocations = new Revocations(() => true);
    for (let user = 0; user <= 100_000; user++) revocations.add("r", `user${user}`, 0);
    expect([0, 1, 100_000].map((user) => revocations.count("r", `user${user}`))).toEqual([0, 1, 1]);
    // With a look at the place of each that is gone, minutes.
    for (let user = 100_001; user < 1_000_000; user++) revocations.add("r", `user${user}`, 0);
    expect([899_999, 900_000].map((user) => revocations.count("r", `user${user}`))).toEqual([0, 1]);
    revocations.add("r", "user900000", 0);
    revocations.add("r", "ada", 0);
    expect(["user900000", "user900001", "user900002"].map((user) => revocations.count("r", user))).toEqual([2, 0, 1]);
  });

  it("are all forgotten once all are over, and known again from then on", () => {
    const revocations = new Revocations(() => false);
    for (let day = 0; day < 3; day++) {
      for (const user of ["ada", "bob", "ada"]) revocations.add("r", user, day * 90_000_000);
      expect(["ada", "bob"].map((user) => revocations.count("r", user))).toEqual([2, 1]);
      revocations.sweep((day + 1) * 90_000_000);
      expect(["ada", "bob"].map((user) => revocations.count("r", user))).toEqual([0, 0]);
    }
  });
});

describe("append ids", () => {
  it("are known for 60 s, by room", () => {
    const ids = new AppendIds();
    ids.add("r", "x", 7, 0);
    expect([
      ids.find("r", "x", 59_999),
      ids.find("r", "x", 60_000),
      ids.find("s", "x", 0),
      ids.find("r", "y", 0),
    ]).toEqual([7, undefined, undefined, undefined]);
  });
});
