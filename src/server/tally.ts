import { addLatency, createLatencies, type Latencies } from "../delivery/latency.js";
import { attempt } from "./attempt.js";
import { type CounterName, counters, type GaugeName, type HistogramName, histograms, type Metrics } from "./metrics.js";

interface Cell {
  readonly event: string;
  readonly reason: string;
  value: number;
}

interface Measured {
  readonly event: string;
  readonly lane: string;
  latencies: Latencies;
}

/** How long counts are added up before a sink that is not read is told, ms. */
const tellMs = 250;

/** Adds up what is counted and measured, so that an emit costs an addition, and tells the sink now and then. */
export class Tally {
  private readonly counted = mapsOf<CounterName, Cell[]>(counters);
  private readonly measured = mapsOf<HistogramName, Measured>(histograms);
  private readonly gauges = new Map<GaugeName, { readonly read: () => number; told: number }>();
  private readonly detach: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly sink: Metrics) {
    this.detach = sink.attach?.(this.tell);
  }

  /** `event` may be a name as JSON text, as stored events have it. */
  count(counter: CounterName, by: number, event: string, reason: string): void {
    const cells = this.counted[counter].get(event);
    // An event has one lane, and a command a handful of codes.
    let index = 0;
    if (cells) while (index < cells.length && (cells[index] as Cell).reason !== reason) index++;
    const cell = cells?.[index];
    if (cell) cell.value += by;
    else this.begin(counter, event, { event: nameOf(event), reason, value: by });
    if (this.timer === undefined) this.wait();
  }

  /** Takes measurements; see {@link Metrics.observe}. */
  observe(histogram: HistogramName, ms: number, times: number, event: string, lane: string): void {
    const known = this.measured[histogram];
    let measured = known.get(event);
    if (!measured) {
      measured = { event, lane, latencies: createLatencies() };
      known.set(event, measured);
    }
    addLatency(measured.latencies, ms, times);
    if (this.timer === undefined) this.wait();
  }

  /** Reads a gauge whenever the sink is told. */
  gauge(name: GaugeName, read: () => number): void {
    this.gauges.set(name, { read, told: 0 });
  }

  /** Tells the sink what was added up since. */
  readonly tell = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { sink } = this;
    for (const counter in this.counted) {
      for (const cells of this.counted[counter as CounterName].values())
        for (const cell of cells) {
          const by = cell.value;
          cell.value = 0;
          if (by > 0) attempt(() => sink.count(counter as CounterName, by, cell.event, cell.reason));
        }
    }
    for (const histogram in this.measured)
      for (const measured of this.measured[histogram as HistogramName].values())
        this.tellMeasured(histogram as HistogramName, measured);
    for (const [name, gauge] of this.gauges) {
      const now = gauge.read();
      const by = now - gauge.told;
      gauge.told = now;
      if (by !== 0) attempt(() => sink.change?.(name, by));
      // It falls where nothing is counted.
      if (now !== 0) this.wait();
    }
  };

  /** Tells the rest: gauges are back where they were before. */
  close(): void {
    for (const gauge of this.gauges.values()) Object.assign(gauge, { read: () => 0 });
    this.tell();
    attempt(() => this.detach?.());
  }

  private tellMeasured(histogram: HistogramName, measured: Measured): void {
    const { event, lane, latencies } = measured;
    if (latencies.counts.length === 0) return;
    measured.latencies = createLatencies();
    latencies.counts.forEach((times, bucket) => {
      const ms = (latencies.sums[bucket] as number) / times;
      attempt(() => this.sink.observe?.(histogram, ms, times, event, lane));
    });
  }

  private begin(counter: CounterName, event: string, cell: Cell): void {
    const cells = this.counted[counter].get(event);
    if (cells) cells.push(cell);
    else this.counted[counter].set(event, [cell]);
  }

  // A sink that is read asks for it instead.
  private wait(): void {
    if (this.detach === undefined) this.timer ??= setTimeout(this.tell, tellMs).unref();
  }
}

function nameOf(event: string): string {
  return event.startsWith('"') ? event.slice(1, -1) : event;
}

function mapsOf<TName extends string, TValue>(names: Record<TName, unknown>): Record<TName, Map<string, TValue>> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, new Map()])) as Record<TName, Map<string, TValue>>;
}
