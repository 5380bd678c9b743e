import type { SourceContract } from "@gestaloka/events";
import { createMemoryServer } from "@gestaloka/events/testing";
import { type Game, toContract } from "./game.js";

/** Whether whoever is deployed notices a change. */
export interface Trial {
  readonly holds: boolean;
  /** The first thing that no longer happens; empty where all does. */
  readonly missing: string;
}

/** One side of a meeting: its contract, and what of the game it sends and listens to. */
interface Side {
  readonly contract: SourceContract;
  readonly game: Game;
}

/**
 * Tries a change with real servers and clients: clients of before at the new server, and new ones with what may wait from
 * before, events in a log and commands in a queue. What happened among equals has to happen still.
 */
export async function tryChange(before: Game, after: Game): Promise<Trial> {
  const old: Side = { contract: toContract(before, "1.0.0"), game: before };
  const now: Side = { contract: toContract(after, "1.1.0"), game: after };
  const [oldKept, nowKept] = [kept(old), kept(now)];
  const missing = [
    ...lacking(await meet(old, old), await meet(now, old)),
    ...lacking(await meet(nowKept, nowKept), await meet(oldKept, nowKept)),
  ];
  return { holds: missing.length === 0, missing: missing[0] ?? "" };
}

function lacking(happened: readonly string[], happens: readonly string[]): string[] {
  return happened.filter((line) => !happens.includes(line));
}

/** What of a game outlives a page or a server. */
function kept({ contract, game }: Side): Side {
  const those = <TParts>(all: { readonly [name: string]: TParts }, isKept: (parts: TParts) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([, parts]) => isKept(parts)));
  const events = those(game.events, ({ recover }) => recover);
  const commands = those(game.commands, ({ offline }) => offline === "queue");
  return { contract, game: { ...game, events, commands } };
}

// The contracts are made at run time: what their types would say of names is not known here.
type AnyServer = ReturnType<typeof createMemoryServer>;
type Rooms = { table(id: string): string };
type Targets = { readonly [kind: string]: (id: string) => { emit(name: string, event: object): Promise<unknown> } };

/** A server emits all its samples, two clients listen, and send all of theirs; gives what went well, a line each. */
async function meet(serving: Side, asking: Side): Promise<string[]> {
  const happened = new Set<string>();
  const failed = new Set<string>();
  const host: AnyServer = createMemoryServer({ contract: serving.contract as never });
  try {
    for (const [name, { answer }] of Object.entries(serving.game.commands))
      host.server.handle(name as never, () => answer as never);
    const players = await Promise.all(
      ["ada", "bob"].map(async (userId) => {
        const player = await host.connect(userId, {
          contract: asking.contract as never,
          onInvalid: ({ event }) => failed.add(`${event} reaches ${userId}`),
          onUnknown: (name) => failed.add(`${name} reaches ${userId}`),
        });
        for (const name of Object.keys(asking.game.events))
          player.on(name.replace("_", ":") as never, () => happened.add(`${name} reaches ${userId}`));
        await settled(
          player.join((asking.contract.rooms as unknown as Rooms).table("t") as never),
          `${userId} sits at the table`,
        );
        return { userId, player };
      }),
    );
    const to = host.server.to as unknown as Targets;
    for (const [name, { audience, samples }] of Object.entries(serving.game.events)) {
      for (const sample of samples) await to[audience]?.(audience === "table" ? "t" : "ada").emit(name, sample);
    }
    // Answers come after every event that was emitted before, since one socket carries both.
    for (const { userId, player } of players) {
      for (const [name, { samples }] of Object.entries(asking.game.commands)) {
        for (const sample of samples)
          await settled(player.send(name as never, sample as never), `${userId} may ${name}`);
      }
    }
  } finally {
    await host.close();
  }
  return [...happened].filter((line) => !failed.has(line));

  function settled(work: Promise<unknown>, line: string): Promise<unknown> {
    return work.then(
      () => happened.add(line),
      () => failed.add(line),
    );
  }
}
