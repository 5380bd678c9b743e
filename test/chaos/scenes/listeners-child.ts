import { performance } from "node:perf_hooks";
import { answerParent } from "../child.js";
import { openListener } from "./listener.js";

export type ListenersRequest =
  /** Opens `count` listeners by turns at `urls`, and keeps what they measure under `name`. */
  | {
      readonly do: "open";
      readonly name: string;
      readonly urls: readonly string[];
      readonly count: number;
      readonly arena?: string;
    }
  /** How many events they were given. */
  | { readonly do: "taken"; readonly name: string }
  /** How late each event was, ms. */
  | { readonly do: "latencies"; readonly name: string }
  /** The processor time that this process used, ms. */
  | { readonly do: "cpu" };

const byName = new Map<string, number[]>();

async function open({ name, urls, count, arena }: ListenersRequest & { readonly do: "open" }): Promise<void> {
  const latencies: number[] = [];
  byName.set(name, latencies);
  const onEvent = (sentAt: number) => {
    latencies.push(performance.timeOrigin + performance.now() - sentAt);
  };
  // A few at a time.
  for (let index = 0; index < count; index += 50) {
    const some = Array.from({ length: Math.min(50, count - index) }, (_, more) => index + more);
    await Promise.all(
      some.map((at) => openListener(urls[at % urls.length] as string, `${process.pid}-${at}`, arena, onEvent)),
    );
  }
}

answerParent(async (request: ListenersRequest) => {
  if (request.do === "open") return open(request);
  if (request.do === "cpu") return process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000;
  const latencies = byName.get(request.name) ?? [];
  return request.do === "taken" ? latencies.length : latencies;
});
