import {
  checkAck,
  checkCommand,
  checkEvent,
  defineCommand,
  defineContract,
  defineEvent,
  room,
} from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";

const sailed = defineEvent({
  name: "ship_sailed",
  appName: "ship:sailed",
  audience: "quay",
  payload: z.object({ ship: z.string() }),
  lane: "normal",
  recover: true,
  summary: "A ship left.",
  since: "1.0.0",
  examples: { valid: [{ ship: "Argo" }], invalid: [{ path: "ship", payload: {} }] },
});
const dock = defineCommand({
  name: "dock",
  room: "quay",
  payload: z.object({ quay_id: z.string() }),
  ack: z.object({}),
  offline: "drop",
  summary: "Comes to a quay.",
  since: "1.0.0",
  examples: { valid: [{ quay_id: "q" }], invalid: [{ path: "quay_id", payload: {} }] },
});

describe("a definition made from another one", () => {
  const paid = defineEvent({
    ...sailed,
    name: "coins_paid",
    appName: "coins:paid",
    payload: z.object({ coins: z.int() }),
    examples: { valid: [{ coins: 5 }], invalid: [{ path: "coins", payload: {} }] },
  });
  const load = defineCommand({
    ...dock,
    name: "load",
    payload: z.object({ quay_id: z.string(), crates: z.int() }),
    ack: z.object({ on_board: z.int() }),
    examples: { valid: [{ quay_id: "q", crates: 1 }], invalid: [{ path: "crates", payload: { quay_id: "q" } }] },
  });
  const contract = defineContract({
    name: "harbour",
    version: "1.0.0",
    events: [sailed, paid],
    commands: [dock, load],
    rooms: { quay: room("quay_{quay_id}", {}) },
  });

  it("is judged by its own schemas, not by those it was made from", () => {
    for (const as of ["writer", "reader"] as const) {
      expect(checkEvent(contract, "coins_paid", { coins: 5 }, { as })).toEqual({ ok: true });
      expect(checkEvent(contract, "coins_paid", { ship: "Argo" }, { as }).ok).toBe(false);
      expect(checkEvent(contract, "ship_sailed", { ship: "Argo" }, { as })).toEqual({ ok: true });
      expect(checkCommand(contract, "load", { quay_id: "q", crates: 1 }, { as })).toEqual({ ok: true });
      expect(checkCommand(contract, "load", { quay_id: "q" }, { as }).ok).toBe(false);
      expect(checkAck(contract, "load", { on_board: 1 }, { as })).toEqual({ ok: true });
      expect(checkAck(contract, "load", {}, { as }).ok).toBe(false);
    }
    expect(contract.commands.get("load")?.known({ quay_id: "q", crates: 1, more: 1 })).toEqual({
      quay_id: "q",
      crates: 1,
    });
  });
});
