import { afterEach, expect, it, vi } from "vitest";
import { readAnswer } from "../../../src/client/answer.js";
import type { Channel } from "../../../src/client/channel.js";
import type { DeliveryReport } from "../../../src/client/delivery-report.js";
import { compareHeads } from "../../../src/client/heads.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it.each([
  [0, 15_000],
  [0.5, 30_000],
  [0.999, 44_970],
])("compares every 30 s, and by a draw of %d after %i ms", (drawn, ms) => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(drawn);
  const request = vi.fn<Channel["request"]>();
  const places = [{ room: "quay_q", epoch: "AAAAAAAAAAA", seq: 1 }];
  const { stop } = compareHeads(
    { request } as unknown as Channel,
    () => places,
    () => {},
    { attempt: (run) => run(), report: undefined, clock: () => performance.now() },
  );
  vi.advanceTimersByTime(ms - 1);
  expect(request).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(request).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(ms);
  expect(request).toHaveBeenCalledTimes(2);
  expect(request.mock.calls[0]?.slice(0, 2)).toEqual(["$heads", [{ cursors: places, stats: {} }]]);
  stop();
});

/** What a client with this report asks, of no room, as the clock goes on. */
function compareNothing(report: object | undefined, headsIntervalMs = 30_000) {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const request = vi.fn<Channel["request"]>();
  const compared = vi.fn();
  const heads = compareHeads({ request } as unknown as Channel, () => [], compared, {
    attempt: (run) => run(),
    report: report as DeliveryReport | undefined,
    clock: () => performance.now(),
    headsIntervalMs,
  });
  return { request, compared, ...heads };
}

it("asks about no room only where it measures, and then within the first second", () => {
  const idle = compareNothing(undefined);
  vi.advanceTimersByTime(60_000);
  expect(idle.request).not.toHaveBeenCalled();
  idle.stop();
  for (const [intervalMs, first] of [
    [30_000, 1_000],
    [400, 400],
  ] as const) {
    const { request, stop } = compareNothing({ take: () => ({}) }, intervalMs);
    vi.advanceTimersByTime(first - 1);
    expect(request).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(request).toHaveBeenCalledTimes(1);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(request).toHaveBeenCalledTimes(1);
  }
});

it.each([2 ** 32, 1e15, Number.POSITIVE_INFINITY])("asks no sooner where it is to ask every %d ms", (intervalMs) => {
  const { request, stop } = compareNothing({ take: () => ({}) }, intervalMs);
  vi.advanceTimersByTime(1_000);
  // Whoever measures needs one round trip soon.
  expect(request).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(9_000);
  expect(request).toHaveBeenCalledTimes(1);
  stop();
});

it.each([0, Number.NaN])(
  "asks every 30 s where an interval of %d, as of a variable that is not set, says nothing",
  (intervalMs) => {
    const { request, stop } = compareNothing({ take: () => ({}) }, intervalMs);
    vi.advanceTimersByTime(31_000);
    expect(request).toHaveBeenCalledTimes(2);
    stop();
  },
);

it("asks within 200 ms before its time, and compares nothing where no answer came or an empty one", () => {
  const { request, compared, soon, stop } = compareNothing({ take: () => ({}), answered() {} });
  soon();
  vi.advanceTimersByTime(199);
  expect(request).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  const answered = request.mock.calls[0]?.[2];
  answered?.(readAnswer(undefined, "closed"));
  expect(compared).not.toHaveBeenCalled();
  answered?.(readAnswer(null));
  expect(compared.mock.calls).toEqual([[undefined]]);
  stop();
});
