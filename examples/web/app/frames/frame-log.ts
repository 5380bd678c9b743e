import { checkCommand, checkEvent, contract, type Lane } from "@gestaloka/events";

/** One line of the panel: an event, a command, an answer, or one of the library's own frames. */
export interface Frame {
  readonly id: number;
  /** Unix ms on this machine's clock. */
  readonly at: number;
  readonly direction: "in" | "out";
  readonly kind: "event" | "command" | "answer" | "library";
  readonly name: string;
  readonly lane: Lane | undefined;
  readonly seq: number | undefined;
  /** Emit to arrival of an event; of an answer, how long it took. ms */
  readonly latencyMs: number | undefined;
  /** Whether it is of the contract; `undefined` where the contract does not say. */
  readonly valid: boolean | undefined;
  readonly body: unknown;
}

/** What came and went within one second. */
export interface Second {
  /** Unix s on this machine's clock. */
  readonly second: number;
  readonly events: number;
  readonly commands: number;
}

export interface FrameLog {
  /** The newest first. */
  readonly frames: readonly Frame[];
  /** The last minute's seconds in which something happened, the newest first. */
  readonly seconds: readonly Second[];
  /** How many there were, with those that are no longer kept. */
  readonly total: number;
}

/** So many lines are kept; what is older is forgotten. */
export const keptFrames = 200;

/** So many seconds are kept. */
export const keptSeconds = 60;

interface Envelope {
  readonly seq?: number;
  readonly at?: number;
}

/** Reads what the tapped transports carry; tells its subscribers at most once a drawn frame. */
export class FrameRecorder {
  private log: FrameLog = { frames: [], seconds: [], total: 0 };
  private waiting: Frame[] = [];
  private scheduled = false;
  private count = 0;
  private readonly subscribers = new Set<() => void>();
  private readonly asked = new Map<string, { readonly name: string; readonly at: number }>();

  readonly subscribe = (changed: () => void): (() => void) => {
    this.subscribers.add(changed);
    return () => void this.subscribers.delete(changed);
  };

  readonly getSnapshot = (): FrameLog => this.log;

  /** Takes the text of one Socket.IO packet; acknowledgements of an earlier connection are no answers in this one. */
  record(direction: Frame["direction"], text: string): void {
    const packet = /^([0-6])(?:\/[^,]*,)?(\d*)([\s\S]*)$/.exec(text);
    if (!packet) return;
    const [, type, ack = "", json = ""] = packet;
    if (type === "0" && direction === "in") this.asked.clear();
    if (type === "2") this.readEvent(direction, JSON.parse(json), ack);
    else if (type === "3") this.readAnswer(direction, JSON.parse(json), ack);
  }

  private readEvent(direction: Frame["direction"], args: readonly unknown[], ack: string): void {
    const name = String(args[0]);
    if (direction === "out") {
      if (ack) this.asked.set(ack, { name, at: Date.now() });
      const isCommand = !name.startsWith("$");
      const valid = isCommand ? checkCommand(contract, name, args[1], { as: "writer" }).ok : undefined;
      this.add({ direction, kind: isCommand ? "command" : "library", name, valid, body: args[1] });
      return;
    }
    if (name === "$pack") {
      const envelope = args[1] as Envelope;
      for (const [index, item] of (args[2] as [string, unknown][]).entries())
        this.addEvent(item[0], item[1], { ...envelope, ...(envelope.seq && { seq: envelope.seq + index }) });
    } else if (name.startsWith("$")) this.add({ direction, kind: "library", name, body: args[1] });
    else this.addEvent(name, args[1], (args[2] ?? {}) as Envelope);
  }

  private addEvent(name: string, body: unknown, { seq, at }: Envelope): void {
    const lane = contract.events.get(name)?.lane;
    const valid = checkEvent(contract, name, body, { as: "reader" }).ok;
    const latencyMs = at === undefined ? undefined : Math.max(0, Date.now() - at);
    this.add({ direction: "in", kind: "event", name, lane, seq, latencyMs, valid, body });
  }

  private readAnswer(direction: Frame["direction"], args: readonly unknown[], ack: string): void {
    const asked = this.asked.get(ack);
    this.asked.delete(ack);
    if (!asked) return;
    const latencyMs = Date.now() - asked.at;
    this.add({ direction, kind: "answer", name: asked.name, latencyMs, body: args[0] });
  }

  private add(frame: Pick<Frame, "direction" | "kind" | "name" | "body"> & Partial<Frame>): void {
    this.waiting.push({
      lane: undefined,
      seq: undefined,
      latencyMs: undefined,
      valid: undefined,
      ...frame,
      id: this.count++,
      at: Date.now(),
    });
    if (this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => this.publish(), 50);
  }

  private publish(): void {
    this.scheduled = false;
    const seconds = this.waiting.reduce(counted, this.log.seconds);
    const frames = [...this.waiting.reverse(), ...this.log.frames].slice(0, keptFrames);
    this.waiting = [];
    this.log = { frames, seconds, total: this.count };
    for (const changed of this.subscribers) changed();
  }
}

function counted(seconds: readonly Second[], { at, kind }: Frame): readonly Second[] {
  if (kind !== "event" && kind !== "command") return seconds;
  const second = Math.floor(at / 1_000);
  const [latest, ...earlier] = seconds;
  const isSame = latest?.second === second;
  const { events, commands } = isSame ? latest : { events: 0, commands: 0 };
  const more = { second, events: events + Number(kind === "event"), commands: commands + Number(kind === "command") };
  return [more, ...(isSame ? earlier : seconds)].slice(0, keptSeconds);
}
