import { Misuse } from "../exit-code.js";
import { printable } from "../printable.js";

/** What a scenario's file says: players, what they do one after the other, and a load. */
export interface Scenario {
  /** Each player's credential; `{player}` in a text stands for the name, `{env.NAME}` for a variable. */
  readonly players: Readonly<Record<string, object>>;
  readonly steps: readonly Step[];
  readonly load?: Load;
}

/** One thing that one player does or waits for; exactly one of the verbs stands in it. */
export interface Step {
  readonly player: string;
  readonly join?: string;
  readonly leave?: string;
  /** The command to send, with its payload. */
  readonly send?: string;
  /** The code with which what is sent or joined must be refused; it must be applied where none is said. */
  readonly refused?: string;
  /** The app-side name of an event that must come, or have come since the last one of it that was expected. */
  readonly expect?: string;
  /** How long it may take, seconds; 5, and without end for `send`. */
  readonly within?: number;
  /** Of `send` whole; of `expect` the fields that must be these. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** A request that makes the server do something: `POST /api/…`, with the player's token as Bearer. */
  readonly request?: string;
}

/** Many players who each send the same command; `{player}` and `{n}` stand for who it is. */
export interface Load {
  readonly players: number;
  readonly auth: Readonly<Record<string, unknown>>;
  readonly join?: string;
  readonly send: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Commands a second, of all players together. */
  readonly rate: number;
  readonly seconds: number;
}

const verbs = ["join", "leave", "send", "expect", "request"] as const;
const loadKeys = new Set(["players", "join", "send", "rate", "seconds"]);
const stepKeys = new Set<string>([...verbs, "player", "payload", "refused", "within"]);

/** Reads what a YAML or JSON file holds. @throws {Misuse} with the place of what is no scenario. */
export function readScenario(value: unknown, env: Readonly<Record<string, string | undefined>>): Scenario {
  if (!isRecord(value)) throw new Misuse("a scenario has players, steps and load");
  const { players = {}, steps = [], load, ...rest } = value;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) throw new Misuse(`${printable(stray)}: a scenario has players, steps and load`);
  if (!Array.isArray(steps)) throw new Misuse("steps: write a list");
  // It could not fail.
  if (steps.length === 0 && load === undefined) throw new Misuse("a scenario has steps, a load, or both");
  const known = Object.entries(record(players, "players")).map(([name, auth]) => {
    const filled = fillIn(record(auth, `players.${name}`), { player: name }, env);
    return [name, filled] as const;
  });
  return {
    players: Object.fromEntries(known),
    steps: steps.map((step: unknown, i) => readStep(step, `steps[${i}]`, new Map(known))),
    ...(load !== undefined && { load: readLoad(fillIn(record(load, "load"), {}, env)) }),
  };
}

function readStep(value: unknown, place: string, players: ReadonlyMap<string, object>): Step {
  const step = record(value, place);
  const given = verbs.filter((verb) => step[verb] !== undefined);
  const stray = Object.keys(step).find((key) => !stepKeys.has(key));
  if (given.length !== 1 || typeof step[given[0] as string] !== "string" || stray !== undefined)
    throw new Misuse(`${place}: write player, one of ${verbs.join(", ")}, and for send and expect a payload`);
  if (!players.has(String(step.player)))
    throw new Misuse(`${place}: player must be one of ${[...players.keys()].join(", ")}`);
  if (step.refused !== undefined && step.send === undefined && step.join === undefined)
    throw new Misuse(`${place}.refused: it goes with join and send`);
  if (step.payload !== undefined && step.send === undefined && step.expect === undefined)
    throw new Misuse(`${place}.payload: it goes with send and expect`);
  if (step.payload !== undefined) record(step.payload, `${place}.payload`);
  if (step.within !== undefined && !(Number(step.within) > 0))
    throw new Misuse(`${place}.within: write a number above 0`);
  return step as unknown as Step;
}

function readLoad({ auth, payload, ...rest }: Record<string, unknown>): Load {
  const stray = Object.keys(rest).find((key) => !loadKeys.has(key));
  if (stray !== undefined)
    throw new Misuse(`load.${printable(stray)}: a load has auth, payload, ${[...loadKeys].join(", ")}`);
  for (const key of ["players", "rate", "seconds"])
    if (!(Number(rest[key]) > 0)) throw new Misuse(`load.${key}: write a number above 0`);
  if (!Number.isInteger(Number(rest.players))) throw new Misuse("load.players: write a whole number");
  if (typeof rest.send !== "string") throw new Misuse("load.send: name the command");
  const load = {
    ...rest,
    auth: record(auth, "load.auth"),
    payload: record(payload, "load.payload"),
  } as unknown as Load;
  if (commandsOf(load) === 0) throw new Misuse("load: its rate and seconds come to no command");
  return load;
}

/** How many commands a load sends. */
export function commandsOf({ rate, seconds }: Load): number {
  return Math.round(rate * seconds);
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new Misuse(`${printable(place)}: write names and values`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A copy in which `{name}` stands for `words.name`, and `{env.NAME}`, where `env` is given, for a variable of the
 * environment. @throws {Misuse} for a variable that is not set.
 */
export function fillIn<TValue>(
  value: TValue,
  words: Readonly<Record<string, string>>,
  env?: Readonly<Record<string, string | undefined>>,
): TValue {
  const filled = (whole: string, fromEnv: string | undefined, name: string) => {
    if (!fromEnv || !env) return !fromEnv && Object.hasOwn(words, name) ? (words[name] as string) : whole;
    const set = env[name];
    if (set === undefined) throw new Misuse(`${whole}: the environment has no ${name}`);
    return set;
  };
  const text = JSON.stringify(value, (_, held: unknown) =>
    typeof held === "string" ? held.replace(/\{(env\.)?(\w+)\}/g, filled) : held,
  );
  return JSON.parse(text) as TValue;
}
