import { performance } from "node:perf_hooks";
import { onTestFinished, vi } from "vitest";

/** Both clocks, which run on and are moved ahead by a test until it is over: it need not be done with anything in time. */
export function movableClocks(): { pass(ms: number): void } {
  const [wall, steady] = [Date.now.bind(Date), performance.now.bind(performance)];
  let ahead = 0;
  const spies = [
    vi.spyOn(Date, "now").mockImplementation(() => wall() + ahead),
    vi.spyOn(performance, "now").mockImplementation(() => steady() + ahead),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return {
    pass(ms) {
      ahead += ms;
    },
  };
}

/** As long as a timer of the server's takes that looks what is due, and somewhat longer: a slow machine sees less. */
export const aTick = () => new Promise((resolve) => setTimeout(resolve, 300));
