import { isDeepStrictEqual } from "node:util";
import type { EventClient } from "../../client/event-client.js";
import type { ContractTypes } from "../../contract/contract-types.js";
import { CommandError } from "../../contract/errors.js";
import { type Recorder, recordEvents } from "../../testing/recorder.js";
import { firstLineOf } from "../first-line.js";
import type { Live } from "../live/live-options.js";
import { connect, createLiveClient, refusalOf } from "../live/open-client.js";
import { timerMs } from "../timer-ms.js";
import type { Step } from "./scenario.js";

/** What came of a step: how long it took, and what was wrong, if anything. */
export interface StepOutcome {
  readonly ms: number;
  readonly problem: string | undefined;
}

/** One player of a scenario, connected. */
export class Player {
  readonly #taken = new Map<string, number>();
  readonly #refusal: Promise<never>;

  private constructor(
    readonly client: EventClient,
    readonly record: Recorder<ContractTypes>,
    private readonly live: Live,
  ) {
    this.#refusal = refusalOf(client);
    // Nobody need be told of it who does not act again.
    this.#refusal.catch(() => {});
  }

  static async enter(live: Live): Promise<Player> {
    const client = await createLiveClient(live);
    const record = recordEvents(client, live.contract);
    await connect(client);
    return new Player(client, record, live);
  }

  /** Does a step; resolves with what was wrong instead of rejecting. */
  async act(step: Step): Promise<StepOutcome> {
    const began = performance.now();
    let problem: string | undefined;
    try {
      problem = await this.#act(step);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.code !== step.refused) problem = `refused: ${error.code}`;
    }
    return { ms: performance.now() - began, problem };
  }

  async #act({
    join,
    leave,
    send,
    expect,
    within = send === undefined ? 5 : Infinity,
    request,
    payload = {},
    refused,
  }: Step): Promise<string | undefined> {
    if (join !== undefined) return (await lateness(this.client.join(join as never), within)) ?? unrefused(refused);
    if (leave !== undefined) return await lateness(this.client.leave(leave as never), within);
    if (send !== undefined) {
      // One that the server put out for good would wait for its answer until it expires.
      const sent = Promise.race([this.client.send(send as never, payload as never), this.#refusal]);
      return (await lateness(sent, within)) ?? unrefused(refused);
    }
    if (request !== undefined) return await this.#request(request, within);
    return expect === undefined ? undefined : await this.#expect(expect, payload, within);
  }

  async #request(request: string, within: number): Promise<string | undefined> {
    const [method = "POST", path = "/"] = request.split(" ");
    const { token } = this.live.auth as { readonly token?: unknown };
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(timerMs(within));
    try {
      const url = new URL(path, this.live.url.replace(/^ws/, "http"));
      const response = await fetch(url, { method, headers, signal });
      await response.arrayBuffer();
      return response.ok ? undefined : `answered ${response.status}`;
    } catch (error) {
      if (signal.aborted) return unanswered(within);
      const { cause } = error as { readonly cause?: { readonly code?: unknown } };
      // What fetch says of a header or a URL that it does not take holds the credential.
      if (!cause) return "cannot be asked: write METHOD /path, with a token that a header may hold";
      return `not answered: ${typeof cause.code === "string" ? cause.code : firstLineOf(cause)}`;
    }
  }

  async #expect(name: string, fields: Readonly<Record<string, unknown>>, within: number): Promise<string | undefined> {
    const came = () =>
      this.record.events.findIndex(
        ({ appName, payload }, at) =>
          appName === name && at >= (this.#taken.get(name) ?? 0) && hasFields(payload, fields),
      );
    const deadline = performance.now() + within * 1_000;
    while (came() < 0) {
      if (performance.now() > deadline) return `did not come within ${within} s${this.#instead(name, fields)}`;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.#taken.set(name, came() + 1);
    return undefined;
  }

  /** What the last event of the name that was not expected before has in those fields, if there is one. */
  #instead(name: string, fields: Readonly<Record<string, unknown>>): string {
    const rest = this.record.events.slice(this.#taken.get(name)).filter(({ appName }) => appName === name);
    const given = rest.at(-1)?.payload as Readonly<Record<string, unknown>> | undefined;
    if (!given) return "";
    const text = JSON.stringify(Object.fromEntries(Object.keys(fields).map((field) => [field, given[field]])));
    return `; the last had ${text.length > 100 ? `${text.slice(0, 99)}…` : text}`;
  }
}

// What was to be refused, and was not.
const unrefused = (refused: string | undefined) =>
  refused === undefined ? undefined : `applied, where ${refused} was expected`;

const unanswered = (within: number) => `not answered within ${within} s`;

/** What is wrong with what was not done in time: a client waits for its server for as long as it takes. */
async function lateness(done: Promise<unknown>, within: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, timerMs(within), unanswered(within));
  });
  return await Promise.race([done.then(() => undefined), over]).finally(() => clearTimeout(timer));
}

function hasFields(payload: unknown, fields: Readonly<Record<string, unknown>>): boolean {
  const given = payload as Readonly<Record<string, unknown>>;
  return Object.entries(fields).every(([name, value]) => isDeepStrictEqual(given[name], value));
}
