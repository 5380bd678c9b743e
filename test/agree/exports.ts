import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import type { Issue } from "../../src/contract/errors.js";
import type { Role } from "../../src/contract/expectation.js";
import { Definitions, payloadForm } from "../../src/export/json-schema.js";
import type { NotExpressed } from "../../src/export/not-expressed.js";
import { pythonModule } from "../../src/export/python/module.js";
import { toSnapshot } from "../../src/export/snapshot.js";
import { type Judged, judgedOf, judgedOfSnapshot, randomContract } from "./judged.js";
import { mutate } from "./mutations.js";
import { samplePayload } from "./payloads.js";
import { type PythonCase, PythonJudge } from "./python-judge.js";
import { Random } from "./random.js";

/** What a run compared, and where the exports disagree with the contract's own checkers. */
export interface Agreement {
  readonly payloads: number;
  readonly accepted: number;
  readonly refused: number;
  readonly disagreements: readonly string[];
  /** How many of them zod was asked too, by itself. */
  readonly byZod: number;
  /** Refused by a rule that the JSON Schema lists as not expressed, and accepted by the schema. */
  readonly notExpressed: number;
}

const ROLES = ["writer", "reader"] as const;
const BATCH = 500;
const SHOWN = 5;
const PROGRESS = 10_000;

/** How many payloads, of which seed, and how many events of random shape beside the contracts' own. */
export interface RunOptions {
  readonly count: number;
  readonly seed: number;
  readonly randomEvents: number;
  readonly onProgress?: (checked: number) => void;
}

interface Case {
  readonly judged: Judged;
  readonly role: Role;
  readonly value: unknown;
  readonly text: string;
}

/** Payloads without end: valid ones of a writer or reader, and mutated ones. Each is what its JSON text says. */
function* cases(contracts: readonly SourceContract[], { seed, randomEvents }: RunOptions): Generator<Case> {
  const random = new Random(seed);
  const real = contracts.map((contract, i) => judgedOf(contract, i));
  const all = [...real, judgedOfSnapshot(randomContract(seed, randomEvents), contracts.length)];
  for (;;) {
    const judged = random.pick(random.pick(all));
    const made = samplePayload(judged.shape, judged.derive, judged.name, random, random.pick(ROLES));
    const text = JSON.stringify(random.chance(0.6) ? mutate(structuredClone(made), random) : made);
    yield { judged, role: random.pick(ROLES), value: JSON.parse(text), text };
  }
}

/** Compares the exported JSON Schemas, compiled by ajv, with the contract's checkers, and with zod asked by itself. */
export function agreeWithJsonSchema(contracts: readonly SourceContract[], options: RunOptions): Agreement {
  const forms = new Map<string, { readonly validate: ValidateFunction; readonly notes: readonly NotExpressed[] }>();
  const formOf = ({ contract, kind, name, derive, shape }: Judged, role: Role) => {
    const key = `${contract} ${kind} ${name} ${role}`;
    const found = forms.get(key);
    if (found) return found;
    const definitions = new Definitions();
    const schema = payloadForm({ name, summary: name, derive, shape }, definitions.place(role));
    // Otherwise ajv takes what every object inherits, such as `toString`, for a field of that name.
    const validate = new Ajv2020({ strict: false, ownProperties: true }).compile({
      ...schema,
      $defs: definitions.taken(),
    });
    const form = { validate, notes: (schema["x-not-expressed"] ?? []) as NotExpressed[] };
    forms.set(key, form);
    return form;
  };
  const tally = new Tally();
  for (const each of take(cases(contracts, options), options.count)) {
    const { validate, notes } = formOf(each.judged, each.role);
    const issue = each.judged.explain(each.value, each.role);
    const accepted = validate(each.value);
    if (accepted && issue && notes.some((note) => covers(note.path, issue.path))) tally.notExpressed++;
    else if (accepted !== (issue === undefined))
      tally.disagree(each, issue?.path ?? "accepted", accepted ? "accepted" : "refused");
    const zod = zodVerdict(each, issue);
    if (zod !== undefined) tally.byZod++;
    if (zod !== undefined && zod !== (issue === undefined))
      tally.disagree(each, issue ? `${issue.path} ${issue.expected}` : "accepted", `by zod ${zod}`);
    if (tally.count(issue === undefined) % PROGRESS === 0) options.onProgress?.(tally.checked);
  }
  return tally.result();
}

/** Compares the exported Python module with the contract's checkers, to the words of the first issue. */
export async function agreeWithPython(contracts: readonly SourceContract[], options: RunOptions): Promise<Agreement> {
  const snapshots = [...contracts.map(toSnapshot), randomContract(options.seed, options.randomEvents)];
  const python = new PythonJudge(snapshots.map(pythonModule));
  const tally = new Tally();
  try {
    const source = cases(contracts, options);
    for (let left = options.count; left > 0; left -= BATCH) {
      const batch = [...take(source, Math.min(BATCH, left))];
      const verdicts = await python.judge(
        batch.map(({ judged, role, value }): PythonCase => [judged.contract, judged.kind, judged.name, role, value]),
      );
      for (const [i, each] of batch.entries()) {
        const issue = each.judged.explain(each.value, each.role);
        const verdict = verdicts[i];
        const said = issue ? [issue.path, issue.expected, issue.got].join(" | ") : "accepted";
        const theirs = verdict ? verdict.join(" | ") : "accepted";
        // JavaScript moves keys that look like positions to the front, so which issue is first may differ there.
        const same = /"\d+":/.test(each.text) ? (said === "accepted") === (theirs === "accepted") : said === theirs;
        if (!same) tally.disagree(each, said, theirs);
        if (tally.count(issue === undefined) % PROGRESS === 0) options.onProgress?.(tally.checked);
      }
    }
  } finally {
    python.close();
  }
  return tally.result();
}

function* take<TItem>(items: Generator<TItem>, count: number): Generator<TItem> {
  for (let i = 0; i < count; i++) yield items.next().value as TItem;
}

/** Whether a noted path, as `items[].code` or `map.*`, is that of an issue. */
function covers(noted: string, found: string): boolean {
  const pattern = noted
    .replace(/[$()+?^{|}\\]/g, "\\$&")
    .replaceAll("[]", "\\[\\d+\\]")
    .replaceAll(".*", '(?:\\.[^.[]+|\\["(?:[^"\\\\]|\\\\.)*"\\])')
    .replace(/\.(?=[a-z])/g, "\\.");
  return new RegExp(`^${pattern}$`).test(found);
}

// What zod leaves to the contract: roles, derivations, and the keys and values of open objects.
const beyondZod =
  /^(no such key|no __proto__ key|at most 32 levels|plain JSON|finite number|the sum of|the same as|\w+ - \w+)/;

/** zod's own verdict, where its schema says all that the contract says of this payload; `undefined` elsewhere. */
function zodVerdict({ judged: { zod }, role, value }: Case, issue: Issue | undefined): boolean | undefined {
  if (!zod) return undefined;
  // A writer leaves out what may be null to a reader, and its derived name of the event is a constant.
  if (issue && (beyondZod.test(issue.expected) || (role === "writer" && issue.got === "null"))) return undefined;
  const { success, error } = zod.safeParse(value);
  // An open enum is zod's enum: its unknown members are a reader's to accept.
  if (!issue && role === "reader" && error?.issues.every(({ code }) => code === "invalid_value")) return undefined;
  return success;
}

class Tally {
  #accepted = 0;
  #refused = 0;
  #disagreements: string[] = [];
  notExpressed = 0;
  byZod = 0;

  get checked(): number {
    return this.#accepted + this.#refused;
  }

  count(accepted: boolean): number {
    if (accepted) this.#accepted++;
    else this.#refused++;
    return this.checked;
  }

  disagree({ judged, role, text }: Case, ours: string, theirs: string): void {
    this.#disagreements.push(
      `${judged.kind} ${judged.name} as ${role}: contract ${ours}, export ${theirs}: ${text.slice(0, 400)} ${JSON.stringify(judged.shape).slice(0, 400)}`,
    );
  }

  result(): Agreement {
    return {
      payloads: this.checked,
      accepted: this.#accepted,
      refused: this.#refused,
      disagreements: this.#disagreements,
      notExpressed: this.notExpressed,
      byZod: this.byZod,
    };
  }
}

/** One line of figures, and the first disagreements. */
export function agreementWords(title: string, agreement: Agreement): string {
  const { payloads, accepted, refused, notExpressed, byZod, disagreements } = agreement;
  const unsaid = notExpressed === 0 ? "" : `, ${notExpressed} of them by rules listed as not expressed`;
  const asked = byZod === 0 ? "" : `; zod alone asked of ${byZod}`;
  const line = `${title}: ${payloads} payloads (${accepted} valid, ${refused} invalid${unsaid}${asked}), ${disagreements.length} disagreements`;
  return [line, ...disagreements.slice(0, SHOWN)].join("\n");
}
