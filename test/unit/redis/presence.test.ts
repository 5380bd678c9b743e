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
