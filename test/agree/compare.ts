import { ackShapeKey } from "../../src/contract/command.js";
import type { Contract, PayloadChecker } from "../../src/contract/contract.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { shapeOf } from "../../src/contract/define-contract.js";
import type { Derivations } from "../../src/contract/derive.js";
import type { Role } from "../../src/contract/expectation.js";
import type { Shape } from "../../src/contract/shape.js";
import { mutate } from "./mutations.js";
import { sample, samplePayload } from "./payloads.js";
import { Random } from "./random.js";

/** A contract as it was said, with zod behind it, and as it was compiled. */
export interface Pair {
  readonly source: SourceContract;
  readonly compiled: Contract;
}

/** One payload's two checkers. */
interface Subject {
  readonly name: string;
  readonly shape: Shape;
  readonly derive: Derivations | undefined;
  readonly source: PayloadChecker;
  readonly compiled: PayloadChecker;
}

export interface Disagreement {
  readonly subject: string;
  readonly role: Role;
  readonly payload: string;
  readonly source: string;
  readonly compiled: string;
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
    const payload = random.chance(0.3) ? sound : mutate(sound, random);
    const words = (checker: PayloadChecker) => {
      const issue = checker.explain(payload, role);
      const said = issue ? `${issue.path}: expected ${issue.expected}, got ${issue.got}` : "accepted";
      return checker.accepts(payload, role) === (issue === undefined) ? said : `${said}, against its own verdict`;
    };
    const source = words(subject.source);
    const compiled = words(subject.compiled);
    if (source === "accepted") accepted++;
    if (source !== compiled && ++disagreements <= 10) {
      examples.push({ subject: subject.name, role, payload: shown(payload), source, compiled });
    }
    if (checked % 10_000 === 0) onProgress(checked);
  }
  return { checked: count, accepted, disagreements, examples };
}

function subjectsOf({ source, compiled }: Pair): Subject[] {
  const events = source.definition.events.map(
    (event): Subject => ({
      name: event.name,
      shape: shapeOf(event),
      derive: event.derive ?? {},
      source: source.events.get(event.name)?.payload as PayloadChecker,
      compiled: compiled.events.get(event.name)?.payload as PayloadChecker,
    }),
  );
  const commands = source.definition.commands.flatMap((command): Subject[] => {
    const [from, to] = [source.commands.get(command.name), compiled.commands.get(command.name)];
    return [
      {
        name: command.name,
        shape: shapeOf(command),
        derive: undefined,
        source: from?.payload as PayloadChecker,
        compiled: to?.payload as PayloadChecker,
      },
      {
        name: `${command.name}'s ack`,
        shape: command[ackShapeKey],
        derive: undefined,
        source: from?.ack as PayloadChecker,
        compiled: to?.ack as PayloadChecker,
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
