import type { NotificationPayload, PayloadOf, SpUpdatePayload } from "@gestaloka/events";
import type { ConnectionSnapshot, EventClient } from "@gestaloka/events/client";
import {
  createEventHooks,
  EventsProvider,
  type GestalokaClient,
  type SPBalanceEvent,
  useConnection,
  useEvent,
  useGameSession,
  useLatestEvent,
  useNotifications,
  useRoom,
  useSPBalanceSummary,
} from "@gestaloka/events/react";
import { createElement } from "react";
import { expectTypeOf, test } from "vitest";
import { contract as harbour } from "../fixtures/contract.js";
import type { HarbourTypes } from "../support/harbour-server.js";

declare const client: GestalokaClient;
declare const harbourClient: EventClient<HarbourTypes>;

// Compiled and never run: what is tested is what the compiler takes and refuses.
void function uses(): void {
  useEvent("sp:update", (payload, meta) => {
    expectTypeOf(payload).toEqualTypeOf<SpUpdatePayload>();
    expectTypeOf(meta.replayed).toEqualTypeOf<boolean>();
  });
  useEvent("ws:resync", ({ room, reason }) => {
    expectTypeOf([room, reason]).toEqualTypeOf<string[]>();
  });
  // @ts-expect-error no event has this name
  useEvent("sp:updated", () => undefined);
  // @ts-expect-error the wire name is not the name that a client listens to
  useEvent("sp_update", () => undefined);
  expectTypeOf(useLatestEvent("game:narrative_update")).toEqualTypeOf<PayloadOf<"narrative_update"> | undefined>();
  useLatestEvent("game:narrative_update", { room: "game_s" });
  // @ts-expect-error no room is called so
  useLatestEvent("game:narrative_update", { room: "party_s" });
  expectTypeOf(useConnection()).toEqualTypeOf<ConnectionSnapshot>();
  expectTypeOf(useRoom("game_s").data).toEqualTypeOf<{ game_session_id: string; members: string[] } | undefined>();
  // @ts-expect-error a user's room is entered on authentication
  useRoom("user_u");

  createElement(EventsProvider, { client });
  createElement(EventsProvider, { create: () => client });
  // @ts-expect-error a client of another contract
  createElement(EventsProvider, { client: harbourClient });
  // @ts-expect-error one of the two
  createElement(EventsProvider, { client, create: () => client });

  // What an application may have or not is passed on as it is.
  const none = undefined;
  useGameSession("s", { queryFn: async () => ({ turn: 1 }), queryKey: none, apply: none });
  useSPBalanceSummary({ queryFn: async () => ({ current_sp: 1 }), queryKey: none, apply: none, toast: none });
  const { data } = useSPBalanceSummary({
    queryFn: async () => ({ current_sp: 1, daily: "" }),
    apply(balance, event) {
      expectTypeOf(balance).toEqualTypeOf<{ current_sp: number; daily: string }>();
      expectTypeOf(event).toEqualTypeOf<SPBalanceEvent>();
      return event.type === "sp_daily_recovery" ? { ...balance, current_sp: event.balance_after } : balance;
    },
    toast: ({ title, variant }) => {
      expectTypeOf(title).toEqualTypeOf<string>();
      expectTypeOf(variant).toEqualTypeOf<"default" | "destructive">();
    },
  });
  expectTypeOf(data).toEqualTypeOf<{ current_sp: number; daily: string } | undefined>();
  // @ts-expect-error a balance has current_sp
  useSPBalanceSummary({ queryFn: async () => ({ sp: 1 }) });

  const game = useGameSession("s", { queryFn: async () => ({ scene: "gate", turn: 1 }) });
  expectTypeOf(game.state).toEqualTypeOf<{ scene: string; turn: number } | undefined>();
  expectTypeOf(game.messages[0]?.id).toEqualTypeOf<string | undefined>();
  void game.send("game_action", { action: "look" }).then(({ state }) => {
    expectTypeOf(state).toEqualTypeOf<"pending" | "applied" | "refused" | "expired">();
  });
  void game.send("npc_action", { npc_id: "n", action: "talk" });
  // @ts-expect-error the session says which game it is
  void game.send("game_action", { action: "look", game_session_id: "s" });
  // @ts-expect-error rooms are joined by join
  void game.send("join_game", {});
  expectTypeOf(useNotifications().items[0]).toExtend<(NotificationPayload & { id: string }) | undefined>();
};

void function usesOfAnotherContract(): void {
  const hooks = createEventHooks(harbour);
  hooks.useEvent("gull:seen", ({ count }) => {
    expectTypeOf(count).toEqualTypeOf<number>();
  });
  // @ts-expect-error an event of another contract
  hooks.useEvent("sp:update", () => undefined);
  expectTypeOf(hooks.useRoom("quay_q").data?.members).toEqualTypeOf<string[] | undefined>();
  createElement(hooks.EventsProvider, { client: harbourClient });
};

test("a client of one contract is no client of another", () => {
  expectTypeOf<EventClient<HarbourTypes>>().not.toExtend<GestalokaClient>();
});
