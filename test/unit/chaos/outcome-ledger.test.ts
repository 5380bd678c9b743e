import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { applyOutcomes, OutcomeLedger } from "../../chaos/outcome-ledger.js";
import { dialKind, exactKind, LedgerFile, lowKind, readPublished } from "../../chaos/published-ledger.js";
import { PublishedTail } from "../../chaos/published-tail.js";
import { temporaryDirectory } from "../../support/temporary-directory.js";

const folder = temporaryDirectory().path;

it("knows after a kill which emits are open, in their order, and what of the rest was taken", () => {
  const [publishedFile, outcomeFile] = [join(folder, "published"), join(folder, "outcomes")];
  for (const file of [publishedFile, outcomeFile]) writeFileSync(file, "");
  const published = new LedgerFile(publishedFile);
  for (const number of [1, 2, 3, 4, 5]) published.add((exactKind << 24) | 5, number);
  published.add((lowKind << 24) | 5, 1);
  published.add((exactKind << 24) | 6, 1);
  published.add((dialKind << 24) | 6, 8);
  published.write();
  const tail = new PublishedTail([publishedFile], 8);
  expect(tail.read().exact[5]).toBe(5);
  const before = new OutcomeLedger(publishedFile, outcomeFile);
  before.add(5, 1, "taken");
  before.add(5, 2, "refused");
  before.add(5, 3, "unknown");
  before.add(5, 5, "local");
  before.addFailedValue(6);
  before.write();
  const after = new OutcomeLedger(publishedFile, outcomeFile);
  expect(after.open).toEqual([
    { kind: exactKind, stream: 5, number: 4 },
    { kind: exactKind, stream: 6, number: 1 },
  ]);
  expect(after.counts).toEqual({ taken: 1, refused: 1, unknown: 1, local: 1 });
  expect(after.failedValues).toBe(1);
  after.add(5, 4, "refused");
  after.add(6, 1, "taken");
  after.write();
  const state = readPublished(publishedFile, 8);
  applyOutcomes(state, outcomeFile);
  expect([state.exact[5], state.exact[6], state.total]).toEqual([5, 1, 3]);
  expect([...(state.excused.get(5) ?? [])]).toEqual([2, 3, 4]);
  expect([...(state.refused.get(5) ?? [])]).toEqual([2, 4]);
  published.add((exactKind << 24) | 5, 6);
  published.write();
  expect(tail.read().exact[5]).toBe(6);
});
