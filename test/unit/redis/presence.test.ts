import { expect, it } from "vitest";
import { toKeys } from "../../../src/redis/keys.js";
import type { Link } from "../../../src/redis/link.js";
import { Presence } from "../../../src/redis/presence.js";
import { enterScript } from "../../../src/redis/presence-scripts.js";

it("answers for the users in every room of a cluster, though a server of it that has others does not answer", async () => {
  const keys = toKeys("t");
  const answered = new Set<string | undefined>();
  const run: Link["run"] = async (script, [present]) => {
    if (script === enterScript) return 1;
    if (present === keys.presence("quay_0")[0]) throw new Error("away");
    answered.add(present);
    return [1];
  };
  const presence = new Presence({ run } as Link, keys, "server", 30_000, { gone() {}, came() {} });
  // More than are asked about at once.
  const rooms = Array.from({ length: 1_200 }, (_, at) => `quay_${at}`);
  for (const room of rooms) await presence.enter(room, "ada", "socket");
  await expect(presence.renew()).rejects.toThrow("away");
  expect(answered).toEqual(new Set(rooms.slice(1).map((room) => keys.presence(room)[0])));
});

it("lets no connection in before it is known whether the one that it is counted in with is, whatever came before", async () => {
  const answers: { resolve(found: number): void; reject(error: Error): void }[] = [];
  const run: Link["run"] = (script) =>
    script === enterScript ? new Promise((resolve, reject) => answers.push({ resolve, reject })) : Promise.resolve(1);
  const presence = new Presence({ run } as Link, toKeys("t"), "server", 30_000, { gone() {}, came() {} });
  const first = presence.enter("quay", "ada", "c1");
  await presence.leave("quay", "ada", "c1");
  const second = presence.enter("quay", "ada", "c2");
  answers[0]?.resolve(1);
  expect(await first).toBe(true);
  const third = presence.enter("quay", "ada", "c3");
  answers[1]?.reject(new Error("away"));
  expect((await Promise.allSettled([second, third])).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

it("says of nobody that they went who came again while it could not be told that they did, and it is known twice", async () => {
  const answers: { resolve(found: unknown): void; reject(error: Error): void }[] = [];
  const gone: string[] = [];
  const run: Link["run"] = () => new Promise((resolve, reject) => answers.push({ resolve, reject }));
  const telling = { gone: (_: string, userId: string) => void gone.push(userId), came() {} };
  const presence = new Presence({ run } as Link, toKeys("t"), "server", 30_000, telling);
  const away = new Error("away");
  /** Answers its questions by their order. */
  const answer = async (at: number, found: unknown) => {
    if (found === away) answers[at]?.reject(away);
    else answers[at]?.resolve(found);
    await new Promise(setImmediate);
  };
  const first = presence.enter("quay", "ada", "c1");
  await answer(0, 1);
  expect(await first).toBe(true);
  const left = [presence.leave("quay", "ada", "c1")];
  const second = presence.enter("quay", "ada", "c2");
  left.push(presence.leave("quay", "ada", "c2"));
  const lost = Promise.allSettled(left);
  await answer(1, away);
  const third = presence.enter("quay", "ada", "c3");
  await answer(2, 0);
  await answer(3, away);
  await answer(4, 1);
  expect([await second, await third]).toEqual([false, false]);
  expect((await lost).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const fourth = presence.leave("quay", "ada", "c3");
  await answer(5, 1);
  expect(await fourth).toBe(true);
  // Told already.
  const renewed = presence.renew();
  await answer(6, []);
  await renewed;
  expect([answers.length, gone]).toEqual([7, []]);
});
