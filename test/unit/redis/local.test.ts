import { expect, it, vi } from "vitest";
import { ContractError } from "../../../src/contract/errors.js";
import type { Link } from "../../../src/redis/link.js";
import { LocalEmits } from "../../../src/redis/local-emits.js";
import { LocalServers } from "../../../src/redis/local-servers.js";
import type { RoomStore } from "../../../src/redis/room-store.js";
import type { BackendNode } from "../../../src/server/backend.js";
import { emissionOf, epochOf, storedOf } from "../delivery/samples.js";

it("lets those rooms begin anew that were emitted to here alone, as soon as Redis is there, until it was told", async () => {
  const link = { up: false };
  const begun: string[] = [];
  let refuses = true;
  const store = {
    async beginAnew(room: string) {
      begun.push(room);
      if (refuses) throw new Error("away");
    },
  };
  const local = new LocalEmits("local-only", link as Link, store as unknown as RoomStore);
  for (const room of ["quay_q1", "quay_q2"]) local.add(room);
  local.endAll();
  local.end("quay_q1");
  expect(begun).toEqual([]);
  link.up = true;
  local.end("quay_q3");
  local.end("quay_q1");
  await new Promise((resolve) => setImmediate(resolve));
  refuses = false;
  local.endAll();
  local.endAll();
  expect(begun).toEqual(["quay_q1", "quay_q2", "quay_q1"]);
});

it("takes note of so many rooms, and no more, and emits here alone what is sure to be nowhere else", () => {
  const local = new LocalEmits("local-only", { up: false } as Link, {} as RoomStore);
  for (let each = 0; each < 100_000; each++) if (!local.add(`quay_${each}`)) throw new Error(`${each} are too many`);
  expect([local.add("quay_100000"), local.add("quay_0")]).toEqual([false, true]);
  const errors = [new ContractError("backend_unavailable", ""), new ContractError("log_unknown", ""), new Error("")];
  expect(errors.map((error) => local.allows(error))).toEqual([true, false, false]);
  const refusing = new LocalEmits("reject", { up: false } as Link, {} as RoomStore);
  expect(errors.map((error) => refusing.allows(error))).toEqual([false, false, false]);
});

it("tells every server of the process, and of who went and came one alone that has the room", () => {
  const told: string[] = [];
  const servers = new LocalServers();
  const nodeOf = (name: string, has: boolean) => {
    const tell = (what: string) => () => {
      told.push(`${name} ${what}`);
      return has;
    };
    const names = ["deliver", "revoked", "stands", "gone", "came", "disconnectUser", "evict", "failed"];
    return Object.fromEntries(names.map((what) => [what, tell(what)])) as unknown as BackendNode;
  };
  const [first, second, third] = [nodeOf("first", false), nodeOf("second", true), nodeOf("third", true)];
  for (const node of [first, second, third]) servers.add(node);
  const say = (...words: [() => void, ...string[]]) => {
    words[0]();
    expect(told.splice(0)).toEqual(words.slice(1));
  };
  const all = (what: string) => ["first", "second", "third"].map((name) => `${name} ${what}`);
  say(() => servers.deliver("quay_q1", storedOf(epochOf(1), 1, emissionOf("tick", 1)), undefined), ...all("deliver"));
  say(() => servers.stands("quay_q1", { epoch: epochOf(1), seq: 1 }), ...all("stands"));
  say(() => servers.obey(["revoked", "quay_q1", "ada"]), ...all("revoked"));
  say(() => servers.obey(["disconnect", "ada", "revoked"]), ...all("disconnectUser"));
  say(() => servers.obey(["evict", "ada", "tab", "socket"]), ...all("evict"));
  say(() => servers.obey(["not of this version"]));
  say(() => servers.gone("quay_q1", "ada"), "first gone", "second gone");
  say(() => servers.came("quay_q1", "ada"), "first came", "second came");
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  say(() => servers.failed(new Error("away")), ...all("failed"));
  say(() => servers.failed(new Error("away")));
  now.mockReturnValue(1_000);
  servers.remove(first);
  servers.remove(first);
  say(() => servers.failed(new Error("away")), "second failed", "third failed");
  now.mockRestore();
});
