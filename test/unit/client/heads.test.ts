import { afterEach, expect, it, vi } from "vitest";
import type { Channel } from "../../../src/client/channel.js";
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
    undefined,
    undefined,
    () => performance.now(),
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
