import {
  connectedEntry,
  misplacedEntry,
  resyncEntry,
  runEntry,
  type StreamRecord,
  unrecoveredEntry,
} from "./handled-ledger.js";
import { keyCount } from "./layout.js";
import type { PublishedState } from "./published-ledger.js";

/** What a comparison of the two ledgers shows of events. */
export interface EventVerdict {
  /** Exact events that a client was in the room for and never handled, and was not told to have missed. */
  lost: number;
  /** Of these, those that Socket.IO's own `recovered` flag did not cover either. */
  lostUnannounced: number;
  duplicated: number;
  reordered: number;
  /** Holes that opened with a connection whose entry was said to be recovered. */
  falseRecovered: number;
  /** Rooms that were not recovered, and said so, by reason; and the exact events they cost. */
  resyncs: Record<string, number>;
  missedWithResync: number;
  /** Values of a key that ended otherwise than published. */
  coalescedWrong: number;
  /** Events that a client handled although their emit was refused. */
  refusedHandled: number;
}

/** Compares what every client handled with what was published. */
export function judgeEvents(
  published: PublishedState,
  records: readonly StreamRecord[],
  reasons: readonly string[],
): EventVerdict {
  const verdict: EventVerdict = {
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
  for (const record of records) {
    judgeStream(record, published, reasons, verdict);
    verdict.reordered += record.backwards;
    verdict.duplicated += record.lowTwice;
    verdict.coalescedWrong += wrongValues(record, published);
  }
  return verdict;
}

const none: ReadonlySet<number> = new Set();

function judgeStream(
  { stream, entries }: StreamRecord,
  published: PublishedState,
  reasons: readonly string[],
  verdict: EventVerdict,
): void {
  const end = published.exact[stream] as number;
  const excused = published.excused.get(stream) ?? none;
  const refused = published.refused.get(stream) ?? none;
  /** What is missing before `last`, so that what comes late is told from what comes twice. */
  const holes: { from: number; to: number; told: boolean }[] = [];
  let last = 0;
  let told = false;
  let flagged = false;
  let connected = false;

  /** How many of these must have come. */
  const due = (from: number, to: number) => {
    let count = to - from + 1;
    if (excused.size > 0) for (let n = from; n <= to; n++) if (excused.has(n)) count--;
    return count;
  };
  const miss = (to: number) => {
    const count = due(last + 1, to);
    holes.push({ from: last + 1, to, told });
    last = to;
    if (count === 0) return;
    if (told) verdict.missedWithResync += count;
    else {
      verdict.lost += count;
      if (!flagged) verdict.lostUnannounced += count;
      if (connected && !flagged) verdict.falseRecovered++;
    }
  };
  const repeat = (from: number, to: number) => {
    for (let n = from; n <= to; n++) {
      const hole = holes.find((each) => each.from <= n && n <= each.to);
      if (!hole) {
        verdict.duplicated++;
        continue;
      }
      verdict.reordered++;
      if (excused.has(n)) continue;
      if (hole.told) verdict.missedWithResync--;
      else verdict.lost--;
      holes.splice(holes.indexOf(hole), 1, { ...hole, to: n - 1 }, { ...hole, from: n + 1 });
    }
  };

  for (let at = 0; at < entries.length; at += 3) {
    const [kind, first, second] = entries.subarray(at, at + 3) as unknown as [number, number, number];
    if (kind === connectedEntry) {
      connected = true;
      flagged = false;
    } else if (kind === unrecoveredEntry) {
      flagged = true;
      count(verdict.resyncs, reasons[first] as string);
    } else if (kind === resyncEntry) {
      told = true;
      count(verdict.resyncs, reasons[first] as string);
    } else if (kind === misplacedEntry) {
      // It says how far the stream was: what lies before that was missed, and that it may only be after a resync.
      if (first < last || (!told && due(last + 1, first) > 0)) verdict.reordered++;
      else if (first > last) miss(first);
      told = false;
    } else if (kind === runEntry) {
      if (first > last + 1) miss(first - 1);
      if (first <= last) repeat(first, Math.min(second, last));
      for (const n of refused) if (first <= n && n <= second) verdict.refusedHandled++;
      last = Math.max(last, second);
      told = connected = flagged = false;
    }
  }
  if (end > last) miss(end);
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function wrongValues({ stream, dial, board }: StreamRecord, published: PublishedState): number {
  let wrong = 0;
  for (let key = 0; key < keyCount; key++) {
    if (dial[key] !== published.dial[stream * keyCount + key]) wrong++;
    if (board[key] !== published.board[stream * keyCount + key]) wrong++;
  }
  return wrong;
}

/** A client's commands as it saw them: by number, from 1. */
export interface CommandRecord {
  readonly client: number;
  /** 0 no answer, 1 applied, 2 expired, 3 otherwise refused. */
  readonly answers: Uint8Array;
  /** How many servers had been killed when the answer came. */
  readonly answeredIn: Uint8Array;
}

/** What a comparison shows of commands. */
export interface CommandVerdict {
  commands: number;
  /** Said to be applied and never were, or without any answer. */
  commandsLost: number;
  /** Handled again although the server that had handled them lived, or had answered them before it was killed. */
  commandsDuplicated: number;
  /** Handled again because no answer had come before the kill. */
  commandsReapplied: number;
  /** Commands of one client that were started in another order than sent. */
  commandsReordered: number;
  commandsExpired: number;
  commandsRefused: number;
}

/** One start of a handler, in their order. */
export interface Started {
  readonly client: number;
  readonly k: number;
  readonly server: number;
}

/**
 * Compares what every client sent with what handlers were started with. `endedBy` says which kill ended a server, counted
 * from 1; where nothing is said, servers follow each other.
 */
export function judgeCommands(
  started: Iterable<Started>,
  records: readonly CommandRecord[],
  endedBy: (server: number) => number | undefined = (server) => server + 1,
): CommandVerdict {
  const verdict: CommandVerdict = {
    commands: 0,
    commandsLost: 0,
    commandsDuplicated: 0,
    commandsReapplied: 0,
    commandsReordered: 0,
    commandsExpired: 0,
    commandsRefused: 0,
  };
  const byClient = new Map(records.map((record) => [record.client, record]));
  /** Server of the first start, plus 1. */
  const firsts = new Map(records.map(({ client, answers }) => [client, new Uint8Array(answers.length)]));
  const lastStarted = new Map<number, number>();
  for (const { client, k, server } of started) {
    const seen = firsts.get(client) as Uint8Array;
    const before = seen[k] as number;
    if (before > 0) {
      const { answers, answeredIn } = byClient.get(client) as CommandRecord;
      const kill = endedBy(before - 1);
      const open = kill !== undefined && (answers[k] !== 1 || (answeredIn[k] as number) >= kill);
      if (before - 1 === server || !open) verdict.commandsDuplicated++;
      else verdict.commandsReapplied++;
    } else {
      if (k < (lastStarted.get(client) ?? 0)) verdict.commandsReordered++;
      lastStarted.set(client, k);
    }
    seen[k] = server + 1;
  }
  for (const { client, answers } of records) {
    const seen = firsts.get(client) as Uint8Array;
    for (let k = 1; k < answers.length; k++) {
      verdict.commands++;
      if (answers[k] === 2) verdict.commandsExpired++;
      if (answers[k] === 3) verdict.commandsRefused++;
      if (answers[k] === 0 || (answers[k] === 1 && seen[k] === 0)) verdict.commandsLost++;
    }
  }
  return verdict;
}
