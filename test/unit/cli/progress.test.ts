import { describe, expect, it } from "vitest";
import { Progress } from "../../../src/cli/progress.js";

function watched(isTTY: boolean, total: number | undefined) {
  const written: string[] = [];
  let now = 0;
  const progress = new Progress({ isTTY, write: (text) => written.push(text) }, total, () => now);
  const at = (time: number, bytes: number) => {
    now = time;
    progress.at(bytes);
  };
  return { written, at, progress };
}

describe("Progress", () => {
  it("shows how far a run of more than a second got, five times a second, and takes it away at the end", () => {
    const { written, at, progress } = watched(true, 200e6);
    at(999, 10e6);
    expect(written).toEqual([]);
    at(1_000, 50e6);
    at(1_100, 60e6);
    at(1_200, 100e6);
    progress.end();
    expect(written).toEqual(["\r\u001b[2K25 % of 200 MB", "\r\u001b[2K50 % of 200 MB", "\r\u001b[2K"]);
  });
  it("shows megabytes where the whole is not known", () => {
    const { written, at } = watched(true, undefined);
    at(2_000, 1_234e6);
    expect(written).toEqual(["\r\u001b[2K1,234 MB"]);
  });
  it("shows nothing where nobody watches, or nothing took long", () => {
    const unwatched = watched(false, 100);
    unwatched.at(5_000, 50);
    unwatched.progress.end();
    const short = watched(true, 100);
    short.at(10, 50);
    short.progress.end();
    expect([...unwatched.written, ...short.written]).toEqual([]);
  });
});
