import { contract } from "@gestaloka/events";
import { contract as browserContract } from "@gestaloka/events/browser";
import { eventMatchers } from "@gestaloka/events/testing";
import { describe, expect, expectTypeOf, it } from "vitest";

expect.extend(eventMatchers(contract));

const update = {
  type: "sp_update",
  current_sp: 150,
  amount_changed: 50,
  balance_before: 100,
  balance_after: 150,
  transaction_type: "purchase",
  description: "SP",
  timestamp: "2026-11-24T05:30:19Z",
};

describe("the matchers", () => {
  it("tell valid payloads of events, commands and acknowledgements from others", () => {
    expect(update).toBeValidEvent("sp_update");
    expect({ ...update, transaction_type: "gift" }).not.toBeValidEvent("sp_update");
    expect({ ...update, transaction_type: "gift" }).toBeValidEvent("sp_update", { as: "reader" });
    expect({ game_session_id: "g", action: "look" }).toBeValidCommand("game_action");
    expect({ game_session_id: "g" }).not.toBeValidCommand("game_action");
    expect({ game_session_id: "g", members: ["alice"] }).toBeValidAck("join_game");
    expect({}).not.toBeValidAck("join_game");
  });

  it("fail with the path and the kinds, or with what should not have been", () => {
    expect(() => expect({ ...update, current_sp: "150" }).toBeValidEvent("sp_update")).toThrow(
      /payload\.current_sp: expected integer, at least 0, got string/,
    );
    expect(() => expect(update).toBeValidEvent("sp_updates")).toThrow(/unknown_event/);
    expect(() => expect(update).not.toBeValidEvent("sp_update")).toThrow(
      "expected a payload that is none of the event sp_update",
    );
  });

  it("fail for a name that the contract lacks, also where it is said what should not be", () => {
    expect(() => expect({}).not.toBeValidEvent("sp_updates")).toThrow(/unknown_event/);
    expect(() => expect({}).not.toBeValidCommand("game_actions")).toThrow(/unknown_command/);
    expect(() => expect({}).not.toBeValidAck("join_games")).toThrow(/unknown_command/);
  });

  it("fail where a browser's contract cannot judge, also where it is said what should not be", () => {
    const { toBeValidEvent } = eventMatchers(browserContract);
    expect(() => toBeValidEvent({}, "sp_update")).toThrow(/expected the whole contract for a writer/);
    expect(toBeValidEvent(update, "sp_update", { as: "reader" }).pass).toBe(true);
    expect(toBeValidEvent({}, "sp_update", { as: "reader" }).pass).toBe(false);
  });

  it("are typed, also where an asymmetric matcher stands", () => {
    expectTypeOf(expect(update).toBeValidEvent).parameter(0).toEqualTypeOf<string>();
    expect({ payload: update }).toEqual({ payload: expect.toBeValidEvent("sp_update") });
  });
});
