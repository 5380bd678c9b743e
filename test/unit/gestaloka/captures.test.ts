import { readFileSync } from "node:fs";
import { checkCommand, checkEvent } from "@gestaloka/events";
import { contract } from "@gestaloka/events/schemas";
import { describe, expect, it } from "vitest";

interface Frame {
  readonly direction: "server_to_client" | "client_to_server";
  readonly event: string;
  readonly args: readonly unknown[];
}

const frames = (name: string): Frame[] =>
  readFileSync(new URL(`../../fixtures/captures/${name}.ndjson`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Frame);

const read = ({ direction, event, args }: Frame) =>
  (direction === "server_to_client" ? checkEvent : checkCommand)(contract, event, args[0], { as: "reader" });

const captured = frames("python-server");
const rejected = frames("python-server-rejected");

describe("what the production server was heard to send and take", () => {
  it("is 38 frames of one argument each, over 29 events and 5 commands", () => {
    const names = (direction: Frame["direction"]) =>
      new Set(captured.filter((frame) => frame.direction === direction).map((frame) => frame.event));
    expect(captured).toHaveLength(38);
    expect(captured.every(({ args }) => args.length === 1)).toBe(true);
    expect(names("server_to_client").size).toBe(29);
    expect(names("client_to_server").size).toBe(5);
  });

  it.each(captured.map((frame, i) => [i + 1, frame.direction, frame.event, frame] as const))(
    "accepts frame %i, %s %s, as a reader",
    (_line, _direction, _event, frame) => {
      const result = read(frame);
      expect(result.ok ? "accepted" : result.error.message).toBe("accepted");
    },
  );

  it("accepts every frame from a writer too, once nulls and older spellings of absence are left out", () => {
    const withoutNulls = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(withoutNulls)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .filter(([, item]) => item !== null)
                .map(([key, item]) => [key, withoutNulls(item)]),
            )
          : value;
    for (const { direction, event, args } of captured) {
      const check = direction === "server_to_client" ? checkEvent : checkCommand;
      // The server's own error events are the one thing it sends without a timestamp.
      const payload = withoutNulls(args[0]) as object;
      const filled = direction === "server_to_client" ? contract.events.get(event)?.fill(payload, 0) : payload;
      const result = check(contract, event, filled, { as: "writer" });
      expect(result.ok ? "accepted" : result.error.message, event).toBe("accepted");
    }
  });

  it("refuses each rejected frame at the field that is missing", () => {
    const refusals = rejected.map((frame) => {
      const result = read(frame);
      return result.ok ? "accepted" : `${frame.event}: ${result.error.code} ${result.error.path} ${result.error.got}`;
    });
    expect(refusals).toEqual([
      "join_game: payload_invalid game_session_id missing",
      "game_action: payload_invalid action missing",
    ]);
  });
});
