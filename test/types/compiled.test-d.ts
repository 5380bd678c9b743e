import type {
  AckOf,
  AppEvents,
  ClientToServerEvents,
  CommandOf,
  contract,
  GameActionAck,
  GameActionCommand,
  InputOf,
  PayloadOf,
  Room,
  ServerToClientEvents,
  SpUpdateInput,
  SpUpdatePayload,
  TransactionType,
  TypesOf,
} from "@gestaloka/events";
import { rooms } from "@gestaloka/events";
import type { contract as source } from "@gestaloka/events/schemas";
import { SPEventEmitter } from "@gestaloka/events/server";
import { expectTypeOf, test } from "vitest";
import type { contract as harbour } from "../fixtures/contract.js";

type Compiled = TypesOf<typeof contract>;
type Inferred = TypesOf<typeof source>;

/** `true` where two columns say the same of every name, else the names that differ. */
type Differing<TColumn, TOther> = {
  [TName in keyof TColumn | keyof TOther]: TName extends keyof TColumn & keyof TOther
    ? [TColumn[TName], TOther[TName]] extends [TOther[TName], TColumn[TName]]
      ? true
      : TName
    : TName;
}[keyof TColumn | keyof TOther];

test("what is written says the same as what zod infers, in every column", () => {
  expectTypeOf<Differing<Compiled["events"], Inferred["events"]>>().toEqualTypeOf<true>();
  expectTypeOf<Differing<Compiled["inputs"], Inferred["inputs"]>>().toEqualTypeOf<true>();
  expectTypeOf<Differing<Compiled["appEvents"], Inferred["appEvents"]>>().toEqualTypeOf<true>();
  expectTypeOf<Differing<Compiled["commands"], Inferred["commands"]>>().toEqualTypeOf<true>();
  expectTypeOf<Differing<Compiled["commandInputs"], Inferred["commandInputs"]>>().toEqualTypeOf<true>();
  expectTypeOf<Differing<Compiled["acks"], Inferred["acks"]>>().toEqualTypeOf<true>();
  expectTypeOf<Differing<Compiled["ackInputs"], Inferred["ackInputs"]>>().toEqualTypeOf<true>();
  expectTypeOf<Compiled["audiences"]>().toEqualTypeOf<Inferred["audiences"]>();
  expectTypeOf<Compiled["refusals"]>().toEqualTypeOf<Inferred["refusals"]>();
  expectTypeOf<Compiled["rooms"]>().toEqualTypeOf<Inferred["rooms"]>();
  expectTypeOf<Compiled["joins"]>().toEqualTypeOf<Inferred["joins"]>();
  expectTypeOf<Compiled["membership"]>().toEqualTypeOf<Inferred["membership"]>();
  expectTypeOf<Compiled["unrecovered"]>().toEqualTypeOf<Inferred["unrecovered"]>();
});

test("a payload, an input, a command and an acknowledgement are found by name, in this contract or another", () => {
  expectTypeOf<PayloadOf<"sp_update">>().toEqualTypeOf<SpUpdatePayload>();
  expectTypeOf<InputOf<"sp_update">>().toEqualTypeOf<SpUpdateInput>();
  expectTypeOf<CommandOf<"game_action">>().toEqualTypeOf<GameActionCommand>();
  expectTypeOf<AckOf<"game_action">>().toEqualTypeOf<GameActionAck>();
  expectTypeOf<PayloadOf<"gull_seen", typeof harbour>>().toEqualTypeOf<{ count: number }>();
  // @ts-expect-error there is no such event
  expectTypeOf<PayloadOf<"sp_updat">>().toBeNever();
  // @ts-expect-error the other contract has no such event
  expectTypeOf<PayloadOf<"sp_update", typeof harbour>>().toBeNever();
});

test("readers live with new members of open enums and with null, writers do not give them", () => {
  expectTypeOf<SpUpdatePayload["transaction_type"]>().toEqualTypeOf<TransactionType | (string & {})>();
  expectTypeOf<SpUpdateInput["transaction_type"]>().toEqualTypeOf<TransactionType>();
  expectTypeOf<SpUpdatePayload["metadata"]>().toEqualTypeOf<{ [key: string]: unknown } | null | undefined>();
  expectTypeOf<SpUpdateInput["metadata"]>().toEqualTypeOf<object | undefined>();
});

test("Socket.IO's maps hold functions, the application's hold payloads", () => {
  expectTypeOf<ServerToClientEvents["sp_update"]>().toEqualTypeOf<(payload: SpUpdatePayload) => void>();
  expectTypeOf<Parameters<ClientToServerEvents["game_action"]>[0]>().toEqualTypeOf<GameActionCommand>();
  expectTypeOf<AppEvents["sp:update"]>().toEqualTypeOf<SpUpdatePayload>();
});

test("rooms are named by their kind", () => {
  expectTypeOf(rooms.game("g")).toEqualTypeOf<`game_${string}`>();
  expectTypeOf<Room>().toEqualTypeOf<`user_${string}` | `game_${string}`>();
});

test("an emitter takes an input and options, and gives a result", () => {
  const emitter = new SPEventEmitter({} as never);
  expectTypeOf(emitter.emitSpUpdate).parameter(1).toEqualTypeOf<SpUpdateInput>();
  // @ts-expect-error a writer knows its members
  emitter.emitSpUpdate("u", { current_sp: 1, amount_changed: 1, transaction_type: "freeAction", description: "" });
});
