import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnswerLimits, Answers } from "../../../src/delivery/answers.js";
import { holds, holdsAsync } from "./property.js";

const limits: AnswerLimits = { keepMs: 1_000, maxCount: 6, maxPerUser: 4, maxBytes: 2_000 };
const roomy: AnswerLimits = { keepMs: 1_000, maxCount: 1_000, maxPerUser: 1_000, maxBytes: 1e9 };

const steps = fc.array(
  fc.record({
    do: fc.constantFrom("send", "send", "send", "finish", "finish", "abandon"),
    user: fc.constantFrom("u", "v", "u v"),
    id: fc.constantFrom("1", "2", "v 1", "3", "4", "5"),
    bytes: fc.nat(300),
    after: fc.oneof(fc.constant(0), fc.nat(400)),
  }),
  { maxLength: 150, size: "max" },
);

describe("kept answers", () => {
  it("let a command run once while its answer is kept, and tell it to everyone who asked", () =>
    holdsAsync(
      fc.asyncProperty(steps, async (list) => {
        const answers = new Answers(roomy);
        const known = new Map<string, { answer?: string; at: number; waiting: number[] }>();
        let told: unknown[] = [];
        let now = 0;
        for (const [step, { do: what, user, id, bytes, after }] of list.entries()) {
          now += after;
          const key = JSON.stringify([user, id]);
          const before = known.get(key);
          const over = before?.answer !== undefined && before.at <= now - roomy.keepMs;
          if (what === "send") {
            const verdict = answers.begin(user, id, now);
            if (!before || over) {
              expect(verdict).toEqual({ do: "run" });
              known.set(key, { at: 0, waiting: [] });
            } else if (before.answer === undefined) {
              expect(verdict.do).toBe("wait");
              if (verdict.do === "wait") void verdict.answer.then((answer) => told.push([step, answer]));
              before.waiting.push(step);
            } else expect(verdict).toEqual({ do: "answer", answer: before.answer });
          } else if (before && before.answer === undefined) {
            const answer = what === "finish" ? key : undefined;
            if (what === "finish") answers.finish(user, id, key, bytes, now);
            else answers.abandon(user, id);
            await Promise.resolve();
            expect(told).toEqual(before.waiting.map((asked) => [asked, answer]));
            told = [];
            if (what === "finish") known.set(key, { answer: key, at: now, waiting: [] });
            else known.delete(key);
          } else if (before && !over) {
            answers.finish(user, id, "another", bytes, now);
            answers.abandon(user, id);
          }
        }
        expect(told).toEqual([]);
        expect(answers.evicted).toBe(0);
        answers.sweep(now + roomy.keepMs);
        expect([answers.count, answers.bytes]).toEqual([0, 0]);
      }),
    ));

  it("stay within their bounds, and count what leaves before its time", () => {
    holds(
      fc.property(steps, (list) => {
        const answers = new Answers(limits);
        const kept = new Set<string>();
        let finished = 0;
        for (const { user, id, bytes } of list) {
          if (answers.begin(user, id, 0).do !== "run") continue;
          answers.finish(user, id, "answer", bytes, 0);
          finished++;
          expect(answers.count).toBeLessThanOrEqual(limits.maxCount);
          expect(answers.bytes).toBeLessThanOrEqual(limits.maxBytes);
          expect(answers.count + answers.evicted).toBe(finished);
          kept.add(user);
        }
        answers.sweep(limits.keepMs);
        expect([answers.count, answers.bytes]).toEqual([0, 0]);
        expect((answers as unknown as { users: Map<string, unknown> }).users.size).toBe(0);
      }),
    );
  });

  it("are as many as their bounds say, and as many bytes", () => {
    const answers = new Answers({ ...limits, maxBytes: 6 * 300 });
    for (let id = 0; id < limits.maxCount; id++) {
      answers.begin(id % 2 ? "u" : "v", String(id), 0);
      answers.finish(id % 2 ? "u" : "v", String(id), "answer", 100, 0);
    }
    expect([answers.count, answers.bytes, answers.evicted]).toEqual([6, 1_800, 0]);
  });

  it("are bounded by their texts, with what each takes beside it", () => {
    const answers = new Answers(limits);
    for (const id of ["1", "2"]) {
      answers.begin("u", id, 0);
      answers.finish("u", id, "answer", 900, 0);
    }
    // Each fits alone, and both do not.
    expect([answers.count, answers.evicted, answers.begin("u", "1", 0).do]).toEqual([1, 1, "run"]);
  });

  it("of one user leave in the order in which they were given, not asked for", () => {
    const answers = new Answers(limits);
    for (const id of ["a", "b", "c", "d"]) answers.begin("u", id, 0);
    for (const id of ["b", "a", "c", "d"]) answers.finish("u", id, id, 5, 0);
    answers.begin("u", "e", 0);
    answers.finish("u", "e", "e", 5, 0);
    expect(answers.begin("u", "a", 0).do).toBe("answer");
    expect(answers.begin("u", "b", 0).do).toBe("run");
  });

  it("lose the oldest first, and one user's flood costs only that user", () => {
    const answers = new Answers(limits);
    const send = (user: string, id: number) => answers.begin(user, String(id), 0).do;
    send("quiet", 1);
    answers.finish("quiet", "1", "quiet's", 5, 0);
    send("loud", 0);
    for (let id = 1; id <= 20; id++) {
      expect(send("loud", id)).toBe("run");
      answers.finish("loud", String(id), "loud's", 5, 0);
    }
    expect(send("quiet", 1)).toBe("answer");
    expect(send("loud", 0)).toBe("wait");
    expect([18, 19, 20].map((id) => send("loud", id))).toEqual(["answer", "answer", "answer"]);
    expect(send("loud", 17)).toBe("run");
    expect(answers.evicted).toBe(17);
  });
});
