import { fileURLToPath } from "node:url";
import { JsonLineProcess } from "../support/json-line-process.js";
import { PlainServer } from "../support/python-process.js";

const script = fileURLToPath(new URL("gestaloka_server.py", import.meta.url));
const moduleFile = fileURLToPath(new URL("../../docs/contract/gestaloka_events.py", import.meta.url));

/** What an emitter of the module returned. */
export interface EmitterResult {
  readonly ok: boolean;
  readonly error: string | null;
  readonly issues: readonly (readonly [path: string, expected: string, got: string])[];
}

/** `gestaloka_server.py` running: python-socketio with the exported module. */
export class ModuleServer extends PlainServer {
  /** Calls `Class.method` with keyword arguments. */
  async emitter(
    name: string,
    keywords: Readonly<Record<string, unknown>>,
    options: { readonly nonFinite?: boolean } = {},
  ): Promise<EmitterResult> {
    const [cls, method] = name.split(".");
    const fields = { cls, method, arguments: keywords, non_finite: options.nonFinite ?? false };
    return (await this.process.command("emitter", fields)) as EmitterResult;
  }

  /** Fills, checks and emits an event to one connection; gives the issues of one that was not emitted. */
  async emitToSocket(event: string, payload: object, sid: string): Promise<EmitterResult["issues"]> {
    return (await this.process.command("emit_to_socket", { event, payload, sid })) as EmitterResult["issues"];
  }

  /** The module's verdict. */
  async validate(event: string, payload: unknown, options: object = {}): Promise<EmitterResult["issues"]> {
    return (await this.process.command("validate", { event, payload, ...options })) as EmitterResult["issues"];
  }

  /** Forgets the commands that arrived so far. */
  async forgetJudged(): Promise<void> {
    await this.process.command("forget_judged");
  }

  /** Every command that arrived, with the module's verdict as a reader. */
  async judgedCommands(): Promise<readonly (readonly [string, EmitterResult["issues"]])[]> {
    return (await this.process.command("judged_commands")) as readonly (readonly [string, EmitterResult["issues"]])[];
  }
}

/** Starts it on a free port; `server` are options of python-socketio's `AsyncServer`. */
export async function startModuleServer(server: object = {}): Promise<ModuleServer> {
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const options = JSON.stringify({ server, module: moduleFile });
  return new ModuleServer(
    await JsonLineProcess.start(python, [script, options], {
      env: { PYTHONDONTWRITEBYTECODE: "1", PYTHONIOENCODING: "utf-8" },
    }),
  );
}
