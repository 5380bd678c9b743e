import { defineCommand, defineContract, defineEvent, room } from "@gestaloka/events";
import * as z from "zod/v4";

const sailed = defineEvent({
  name: "ship_sailed",
  appName: "ship:sailed",
  audience: "harbour",
  payload: z.object({ ship: z.string() }),
  lane: "critical",
  recover: true,
  summary: "A ship left the harbour.",
  since: "1.0.0",
  examples: { valid: [{ ship: "Argo" }], invalid: [{ path: "ship", payload: {} }] },
});
const paid = defineEvent({
  ...sailed,
  name: "coins_paid",
  appName: "coins:paid",
  audience: "captain",
  payload: z.object({ coins: z.int().min(1) }),
  summary: "A captain was paid, in coins.",
  examples: { valid: [{ coins: 5 }], invalid: [{ path: "coins", payload: { coins: 0 } }] },
});
const dock = defineCommand({
  name: "dock",
  room: "harbour",
  payload: z.object({ harbour_id: z.string().min(1).max(64) }),
  ack: z.object({}),
  offline: "reject",
  summary: "Enters a harbour.",
  since: "1.0.0",
  examples: { valid: [{ harbour_id: "h1" }], invalid: [{ path: "harbour_id", payload: {} }] },
});
const undock = defineCommand({ ...dock, name: "undock", summary: "Leaves a harbour." });

export const contract = defineContract({
  name: "harbours",
  version: "1.0.0",
  events: [sailed, paid],
  commands: [dock, undock],
  rooms: {
    captain: room("captain_{captain_id}", { enter: "authenticated" }),
    harbour: room("harbour_{harbour_id}", { join: "dock", leave: "undock" }),
  },
});
export default contract;
