import { describe, expect, it } from "vitest";
import { ReadingPace } from "../../../src/server/reading-pace.js";

describe("the pace of reading", () => {
  it("lets a line rest that sends on in a long turn, until the next, and no other", async () => {
    const said: string[] = [];
    const called = (name: string) =>
      ({
        name: "websocket",
        writable: true,
        socket: { pause: () => said.push(`${name} rests`), resume: () => said.push(`${name} goes on`) },
      }) as const;
    const [eve, ada] = [called("eve"), called("ada")];
    let now = 0;
    const pace = new ReadingPace(() => now);
    pace.took(ada);
    for (; now < 30; now++) pace.took(eve);
    expect(said).toEqual(["eve rests"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(said).toEqual(["eve rests", "eve goes on"]);
    // A turn begins with its first frame, however long ago the last one was.
    now = 1_000;
    for (let frame = 0; frame < 10; frame++) pace.took(eve);
    expect(said).toHaveLength(2);
    now = 1_011;
    pace.took(ada);
    expect(said.at(-1)).toBe("ada rests");
  });
});
