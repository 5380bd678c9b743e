import { describe, expect, it } from "vitest";
import { connectedEntry, resyncEntry, StreamLedger, unrecoveredEntry } from "../../chaos/handled-ledger.js";
import { type CommandRecord, judgeCommands, judgeEvents, type Started } from "../../chaos/judge.js";
import { boardKind, dialKind, exactKind, PublishedState } from "../../chaos/published-ledger.js";

const clean = {
  lost: 0,
  lostUnannounced: 0,
  duplicated: 0,
  reordered: 0,
  falseRecovered: 0,
  resyncs: {},
  missedWithResync: 0,
  coalescedWrong: 0,
  refusedHandled: 0,
};

/** Judges what one client did with one stream of `published` exact events, of which some were refused or are unknown. */
function judge(
  published: number,
  handle: (ledger: StreamLedger) => void,
  { refused = [], unknown = [] }: { refused?: number[]; unknown?: number[] } = {},
) {
  const state = new PublishedState(1);
  for (let n = 1; n <= published; n++) state.apply({ kind: exactKind, stream: 0, number: n });
  state.excused.set(0, new Set([...refused, ...unknown]));
  state.refused.set(0, new Set(refused));
  const ledger = new StreamLedger(0, 0);
  handle(ledger);
  return judgeEvents(state, [ledger.record()], ["too_old"]);
}

function take(ledger: StreamLedger, ...numbers: number[]): void {
  for (const n of numbers) ledger.takeExact(n);
}

describe("the judge of events", () => {
  it("finds nothing where everything was handled once and in order, over any number of connections", () => {
    const verdict = judge(6, (ledger) => {
      take(ledger, 1, 2, 3);
      ledger.mark(connectedEntry);
      take(ledger, 4, 5, 6);
    });
    expect(verdict).toEqual(clean);
  });

  it("finds a hole, an end that never came, and everything missing", () => {
    expect(judge(6, (ledger) => take(ledger, 1, 2, 4, 5, 6))).toMatchObject({ ...clean, lost: 1, lostUnannounced: 1 });
    expect(judge(6, (ledger) => take(ledger, 1, 2, 3, 4))).toMatchObject({ lost: 2 });
    expect(judge(6, () => {})).toMatchObject({ lost: 6 });
    expect(judge(6, (ledger) => take(ledger, 3, 4, 5, 6))).toMatchObject({ lost: 2 });
  });

  it("counts what was lost for each client that it was for", () => {
    const state = new PublishedState(1);
    state.apply({ kind: exactKind, stream: 0, number: 1 });
    const records = [0, 1].map((client) => new StreamLedger(client, 0).record());
    expect(judgeEvents(state, records, []).lost).toBe(2);
  });

  it("tells what came twice from what came late", () => {
    expect(judge(4, (ledger) => take(ledger, 1, 2, 3, 3, 4))).toMatchObject({ ...clean, duplicated: 1 });
    expect(judge(4, (ledger) => take(ledger, 1, 2, 3, 1, 2, 3, 4))).toMatchObject({ ...clean, duplicated: 3 });
    expect(judge(4, (ledger) => take(ledger, 1, 3, 2, 4))).toMatchObject({
      ...clean,
      reordered: 1,
      lostUnannounced: 1,
    });
  });

  it("excuses a hole that a resync told of, and counts both; the next hole needs a word of its own", () => {
    const told = judge(9, (ledger) => {
      take(ledger, 1, 2);
      ledger.mark(connectedEntry);
      ledger.mark(resyncEntry, 0);
      take(ledger, 5, 6, 8, 9);
    });
    expect(told).toMatchObject({ ...clean, lost: 1, lostUnannounced: 1, missedWithResync: 2, resyncs: { too_old: 1 } });
  });

  it("calls a hole at a connection that told nothing a false recovery", () => {
    const verdict = judge(4, (ledger) => {
      take(ledger, 1);
      ledger.mark(connectedEntry);
      take(ledger, 3, 4);
    });
    expect(verdict).toMatchObject({ lost: 1, falseRecovered: 1 });
  });

  it("counts as lost what only a flag tells of, but not as unannounced", () => {
    const verdict = judge(4, (ledger) => {
      take(ledger, 1);
      ledger.mark(connectedEntry);
      ledger.mark(unrecoveredEntry, 0);
      take(ledger, 3, 4);
    });
    expect(verdict).toMatchObject({ lost: 1, lostUnannounced: 0, falseRecovered: 0, resyncs: { too_old: 1 } });
  });

  it("does not miss what was refused or is unknown, and finds what was refused and came", () => {
    const failed = { refused: [3, 4], unknown: [6] };
    expect(judge(7, (ledger) => take(ledger, 1, 2, 5, 7), failed)).toEqual(clean);
    expect(judge(7, (ledger) => take(ledger, 1, 2, 5, 6, 7), failed)).toEqual(clean);
    expect(judge(7, (ledger) => take(ledger, 1, 2, 3, 5, 7), failed)).toEqual({ ...clean, refusedHandled: 1 });
    expect(judge(7, (ledger) => take(ledger, 1, 5, 7), failed)).toMatchObject({ lost: 1 });
  });

  it("finds a value out of its place, one that went backwards, and one that ended wrong", () => {
    const state = new PublishedState(1);
    for (const number of [1, 2]) state.apply({ kind: exactKind, stream: 0, number });
    state.apply({ kind: dialKind, stream: 0, number: 5 * 8 + 3 });
    state.apply({ kind: boardKind, stream: 0, number: 7 * 8 + 1 });
    const ledger = new StreamLedger(0, 0);
    take(ledger, 1, 2);
    ledger.takeDial(2, 3, 5);
    ledger.takeBoard(1, { k1: 7 });
    ledger.takeBoard(2, { k1: 6 });
    expect(judgeEvents(state, [ledger.record()], [])).toMatchObject({ lost: 0, reordered: 2, coalescedWrong: 1 });
    ledger.takeState([0, 0, 0, 5, 0, 0, 0, 0], [0, 7, 0, 0, 0, 0, 0, 0]);
    expect(judgeEvents(state, [ledger.record()], [])).toMatchObject({ coalescedWrong: 0 });
  });
});

describe("the judge of commands", () => {
  const record = (answers: number[], answeredIn: number[] = answers.map(() => 0)): CommandRecord => ({
    client: 0,
    answers: Uint8Array.from([0, ...answers]),
    answeredIn: Uint8Array.from([0, ...answeredIn]),
  });
  const started = (...ks: [k: number, server: number][]): Started[] =>
    ks.map(([k, server]) => ({ client: 0, k, server }));

  it("finds nothing where each was started once, in order, and answered", () => {
    const verdict = judgeCommands(started([1, 0], [2, 0], [3, 0]), [record([1, 1, 1])]);
    expect(verdict).toMatchObject({ commands: 3, commandsLost: 0, commandsDuplicated: 0, commandsReordered: 0 });
  });

  it("finds one that is silent, and one that was answered and never started", () => {
    expect(judgeCommands(started([1, 0]), [record([1, 0])])).toMatchObject({ commandsLost: 1 });
    expect(judgeCommands(started([1, 0]), [record([1, 1])])).toMatchObject({ commandsLost: 1 });
    expect(judgeCommands(started([1, 0]), [record([1, 2])])).toMatchObject({ commandsLost: 0, commandsExpired: 1 });
  });

  it("tells one that was started twice from one that a killed server had not answered", () => {
    expect(judgeCommands(started([1, 0], [1, 0]), [record([1])])).toMatchObject({ commandsDuplicated: 1 });
    expect(judgeCommands(started([1, 0], [1, 1]), [record([1], [1])])).toMatchObject({
      commandsDuplicated: 0,
      commandsReapplied: 1,
    });
    expect(judgeCommands(started([1, 0], [1, 1]), [record([1], [0])])).toMatchObject({ commandsDuplicated: 1 });
  });

  it("takes no kill of another server for an excuse, where several live at once", () => {
    const second = started([1, 0], [1, 1]);
    const kills = (server: number) => (server === 0 ? 3 : undefined);
    expect(judgeCommands(second, [record([1], [3])], kills)).toMatchObject({ commandsReapplied: 1 });
    expect(judgeCommands(second, [record([1], [2])], kills)).toMatchObject({ commandsDuplicated: 1 });
    expect(judgeCommands(second, [record([1], [3])], () => undefined)).toMatchObject({ commandsDuplicated: 1 });
  });

  it("finds another order", () => {
    expect(judgeCommands(started([2, 0], [1, 0]), [record([1, 1])])).toMatchObject({ commandsReordered: 1 });
  });
});
