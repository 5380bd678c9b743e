import { ackShapeKey } from "../../src/contract/command.js";
import type { Contract, PayloadChecker } from "../../src/contract/contract.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { shapeOf } from "../../src/contract/define-contract.js";
import type { Derivations } from "../../src/contract/derive.js";
import type { Role } from "../../src/contract/expectation.js";
import type { Shape } from "../../src/contract/shape.js";
import { spoil } from "./misfits.js";
import { mutate, widened } from "./mutations.js";
import { sample, samplePayload } from "./payloads.js";
import { Random } from "./random.js";

/** A contract as it was said, with zod behind it, as it was compiled, and the half of it that a client has. */
export interface Pair {
  readonly source: SourceContract;
  readonly compiled: Contract;
  readonly client: Contract;
}

/** One payload's checkers. */
interface Subject {
  readonly name: string;
  readonly shape: Shape;
  readonly derive: Derivations | undefined;
  readonly source: PayloadChecker;
  readonly compiled: PayloadChecker;
  /** The client's, and the one role in which it judges. */
  readonly client: PayloadChecker;
  readonly clientRole: Role;
  /** zod by itself: no roles, no derivations, no depth. */
  readonly zod: ZodSchema;
}

interface ZodSchema {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: { readonly issues: readonly { readonly code: string }[] };
  };
}

export interface Disagreement {
  readonly subject: string;
  readonly role: Role;
  readonly payload: string;
  readonly source: string;
  readonly compiled: string;
  readonly client: string;
}

export interface Comparison {
  readonly checked: number;
  readonly accepted: number;
  readonly disagreements: number;
  /** The first few. */
  readonly examples: readonly Disagreement[];
}

/** Compares the verdicts, and the words of each refusal, over `count` payloads: valid ones and mutations of them. */
export function compare(
  pairs: readonly Pair[],
  count: number,
  seed: number,
  onProgress: (checked: number) => void = () => undefined,
): Comparison {
  const random = new Random(seed);
  const subjects = pairs.flatMap(subjectsOf);
  const examples: Disagreement[] = [];
  let disagreements = 0;
  let accepted = 0;
  for (let checked = 0; checked < count; checked++) {
    const subject = random.pick(subjects);
    const role: Role = random.chance(0.5) ? "writer" : "reader";
    const sound = subject.derive
      ? samplePayload(subject.shape as never, subject.derive, subject.name, random, role)
      : sample(subject.shape, random, role);
    const payload = random.pick([
      () => sound,
      () => widened(sound, random),
      () => mutate(sound, random),
      () => spoil(sound, random),
    ])();
    const words = (checker: PayloadChecker) => said(checker, payload, role);
    const source = words(subject.source);
    const compiled = words(subject.compiled);
    const client = subject.clientRole === role ? words(subject.client) : source;
    if (source === "accepted") accepted++;
    const alone = zodAlone(subject, payload, role);
    const agreed =
      source === compiled && source === client && (alone === undefined || alone === (compiled === "accepted"));
    if (!agreed && ++disagreements <= 10) {
      examples.push({
        subject: subject.name,
        role,
        payload: shown(payload),
        source: `${source}, by zod alone ${alone}`,
        compiled,
        client,
      });
    }
    if (checked % 10_000 === 0) onProgress(checked);
  }
  return { checked: count, accepted, disagreements, examples };
}

// What a checker says of a payload; one that throws says so, and thereby disagrees.
function said(checker: PayloadChecker, payload: unknown, role: Role): string {
  try {
    const issue = checker.explain(payload, role);
    const words = issue ? `${issue.path}: expected ${issue.expected}, got ${issue.got}` : "accepted";
    return checker.accepts(payload, role) === (issue === undefined) ? words : `${words}, against its own verdict`;
  } catch (error) {
    return `throws ${String(error)}`;
  }
}

// Words of refusals that are none of zod's business: its loose objects take any key and any value.
const beyondZod =
  /expected (no such key|no __proto__ key|at most 32 levels|plain JSON|finite number|the |\w+ - \w+|the same as)/;

// zod's verdict, where it judges the same as a writer's checker does; `undefined` where it does not.
function zodAlone({ zod, source }: Subject, payload: unknown, role: Role): boolean | undefined {
  if (role === "reader") return undefined;
  const issue = source.explain(payload, role);
  const words = issue && `expected ${issue.expected}`;
  // A writer leaves out what may be null to a reader, and writes plain objects only.
  if (words !== undefined && (beyondZod.test(words) || issue?.got === "null" || issue?.got === "object"))
    return undefined;
  const { success, error } = zod.safeParse(payload);
  // How long such a text is, its version says.
  const byLength = words?.endsWith(" characters") ?? error?.issues.every(({ code }) => code === "too_small");
  return byLength && isWide(payload) ? undefined : success;
}

// Whether there is a character in it that is two UTF-16 units.
function isWide(value: unknown): boolean {
  if (typeof value === "string") return /[\u{10000}-\u{10ffff}]/u.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(isWide);
}

function subjectsOf({ source, compiled, client }: Pair): Subject[] {
  const events = source.definition.events.map(
    (event): Subject => ({
      name: event.name,
      shape: shapeOf(event),
      derive: event.derive ?? {},
      source: source.events.get(event.name)?.payload as PayloadChecker,
      compiled: compiled.events.get(event.name)?.payload as PayloadChecker,
      client: client.events.get(event.name)?.payload as PayloadChecker,
      clientRole: "reader",
      zod: event.payload as unknown as ZodSchema,
    }),
  );
  const commands = source.definition.commands.flatMap((command): Subject[] => {
    const [from, to, near] = [source, compiled, client].map((contract) => contract.commands.get(command.name));
    return [
      {
        name: command.name,
        shape: shapeOf(command),
        derive: undefined,
        source: from?.payload as PayloadChecker,
        compiled: to?.payload as PayloadChecker,
        client: near?.payload as PayloadChecker,
        clientRole: "writer",
        zod: command.payload as unknown as ZodSchema,
      },
      {
        name: `${command.name}'s ack`,
        shape: command[ackShapeKey],
        derive: undefined,
        source: from?.ack as PayloadChecker,
        compiled: to?.ack as PayloadChecker,
        client: near?.ack as PayloadChecker,
        clientRole: "reader",
        zod: command.ack as unknown as ZodSchema,
      },
    ];
  });
  return [...events, ...commands];
}

function shown(payload: unknown): string {
  try {
    return (
      JSON.stringify(payload, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value))?.slice(
        0,
        400,
      ) ?? String(payload)
    );
  } catch {
    return "(too deep to show)";
  }
}
