import { describe, expect, it } from "vitest";
import { Reports } from "../../../src/server/reports.js";
import { Rights } from "../../../src/server/rights.js";
import { contract } from "../../fixtures/contract.js";

const ada = { userId: "ada" };
const actions = ["enter", "replay", "send"] as const;

/** Rights by what an application answers, whatever that is; without an answer, those where nobody is asked. */
function rightsBy(answer?: (request: unknown) => unknown) {
  const told: unknown[] = [];
  const rights = new Rights(
    contract,
    answer as never,
    new Reports(undefined, undefined, (error, context) => void told.push([error, context])),
    60_000,
  );
  const room = (name: string) => rights.named(name) ?? expect.unreachable(name);
  return { rights, told, own: room("sailor_ada"), foreign: room("sailor_bob"), quay: room("quay_7"), room };
}

describe("what a user may", () => {
  it("is to be in the room of their own without being asked for, and nobody else's, whatever the application says", () => {
    const { rights, own, foreign } = rightsBy(() => true);
    for (const action of ["enter", "replay"] as const)
      expect([rights.ask(ada, action, own), rights.ask(ada, action, foreign)]).toEqual([true, false]);
  });

  it("is asked of the application for every command, of one's own room too", () => {
    const asked: unknown[] = [];
    const { rights, own, quay } = rightsBy((request) => asked.push(request) < 0);
    expect([rights.ask(ada, "send", own, "whistle"), rights.ask(ada, "enter", quay)]).toEqual([false, false]);
    expect(asked).toEqual([
      { user: ada, action: "send", room: "sailor_ada", kind: "sailor", id: "ada", command: "whistle" },
      { user: ada, action: "enter", room: "quay_7", kind: "quay", id: "7" },
    ]);
  });

  it("is their own room alone where there is no application to ask", () => {
    const { rights, own, foreign, room } = rightsBy();
    for (const action of actions)
      expect([own, foreign, room("quay_ada")].map((each) => rights.ask(ada, action, each))).toEqual([
        true,
        false,
        false,
      ]);
  });

  it.each([
    [true, true],
    [{ history: 1 }, { history: 1 }],
    [{ history: 3.7 }, { history: 3 }],
    [{ history: -1 }, { history: 0 }],
    [{ history: Number.NaN }, { history: 0 }],
    [false, false],
    [undefined, false],
    [null, false],
    [1, false],
    ["yes", false],
    [{}, false],
    [{ history: "3" }, false],
  ])("is what a plain yes or a history says, at once or later: %j", async (given, judged) => {
    const { rights, quay } = rightsBy(() => given);
    expect(rights.ask(ada, "enter", quay)).toEqual(judged);
    const later = rightsBy(async () => given);
    expect(await later.rights.ask(ada, "enter", quay)).toEqual(judged);
  });

  it("is told of once where the application answers what is no verdict", async () => {
    for (const answer of [() => undefined, async () => ({ id: 1 })]) {
      const { rights, told, quay } = rightsBy(answer);
      for (let i = 0; i < 2; i++) await rights.ask(ada, "enter", quay);
      const error = expect.objectContaining({ message: expect.stringContaining("return true, false or { history }") });
      expect(told).toEqual([[error, { during: "authorize", room: "quay_7", userId: "ada" }]]);
    }
    const { rights, told, quay } = rightsBy(() => false);
    rights.ask(ada, "enter", quay);
    expect(told).toEqual([]);
  });

  it("is nothing where the question fails, and the application is told", async () => {
    const failure = new Error("no database");
    const fail = () => {
      throw failure;
    };
    for (const answer of [fail, async () => fail()]) {
      const { rights, told, quay } = rightsBy(answer);
      expect(await rights.ask(ada, "send", quay, "load_ship")).toBe(false);
      expect(told).toEqual([[failure, { during: "authorize", room: "quay_7", userId: "ada" }]]);
    }
  });

  it("keeps no process from its end where the question is never answered", () => {
    const { rights, quay } = rightsBy(() => new Promise(() => {}));
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    void rights.ask(ada, "enter", quay);
    expect(timers()).toBe(before);
  });

  it("is nothing in what is no room of this contract's", () => {
    const { rights } = rightsBy(() => true);
    for (const name of ["", "quay_", "Quay_7", "pier_7", 7, null, undefined, ["quay_7"], { name: "quay_7" }])
      expect(rights.named(name)).toBeUndefined();
  });
});
