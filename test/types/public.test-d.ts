import {
  type AckOf,
  type AppEvents,
  type CommandOf,
  type ContractTypes,
  type contract,
  type InputOf,
  type PayloadOf,
  rooms,
} from "@gestaloka/events";
import type { ClientOptions, EventClient, EventHandler, LocalEvents, SendOptions } from "@gestaloka/events/client";
import type { JwtOptions } from "@gestaloka/events/jwt";
import type { RedisBackendOptions, WorkerEmitterOptions } from "@gestaloka/events/redis";
import type {
  AuthenticatedUser,
  EmitOptions,
  EventServer,
  EventServerOptions,
  MemoryBackendOptions,
  SafeServerOptions,
  ServerLimits,
  SPEventEmitter,
} from "@gestaloka/events/server";
import { expectTypeOf, test } from "vitest";

type Types = NonNullable<(typeof contract)["~types"]>;
declare const server: EventServer<Types>;
declare const client: EventClient<Types>;
declare const sp: SPEventEmitter;
declare const change: InputOf<"sp_update">;

// Compiled and never run: what is tested is what the compiler takes and refuses.
void function uses(): void {
  void server.to
    .user("u")
    .emit("sp_update", { current_sp: 1, amount_changed: 1, transaction_type: "purchase", description: "" });
  // @ts-expect-error SP events go to a user, not to a game
  void server.to.game("g").emit("sp_update", change);
  // @ts-expect-error a writer sends members of an open enum only
  void sp.emitSpUpdate("u", { current_sp: 1, amount_changed: 1, transaction_type: "gift", description: "" });
  // @ts-expect-error current_sp is not derived
  void sp.emitSpUpdate("u", { amount_changed: 1, transaction_type: "purchase", description: "" });
  void server.to.game("g").except("u").emit("player_joined", { user_id: "u" });
  // @ts-expect-error a recovered event leaves nobody out
  void server.to.game("g").except("u").emit("narrative_update", { narrative_type: "general", narrative: "" });
  // @ts-expect-error no event has this name
  client.on("sp:updated", () => undefined);
  // @ts-expect-error the wire name is not the name that a client listens to
  client.on("sp_update", () => undefined);
  // @ts-expect-error rooms are joined by join, so that they are entered again
  void client.send("join_game", { game_session_id: "s" });
  // @ts-expect-error a user's room is entered on authentication
  void client.join(rooms.user("u"));
  server.handle("game_action", (command) => {
    expectTypeOf(command.action).toEqualTypeOf<string>();
  });
  server.handle("game_action", (_, { refuse }) => {
    // @ts-expect-error the command declares no such refusal
    throw refuse("sp_insuficient");
  });
  // @ts-expect-error an event is no command
  server.handle("sp_update", () => undefined);
};

// What an application writes around the library, for any of its names.
type Sendable = Exclude<keyof Types["commands"], Types["membership"]>;
void {
  on: <TName extends keyof AppEvents>(name: TName, handler: (payload: AppEvents[TName]) => void) =>
    client.on(name, handler),
  onAny: <TName extends keyof (AppEvents & LocalEvents)>(
    name: TName,
    handler: EventHandler<(AppEvents & LocalEvents)[TName]>,
  ) => client.on(name, handler),
  next: <TTypes extends ContractTypes, TName extends keyof TTypes["appEvents"] & string>(
    client: EventClient<TTypes>,
    name: TName,
  ) => new Promise<TTypes["appEvents"][TName]>((resolve) => client.once(name, resolve)),
  send: <TName extends Sendable>(
    name: TName,
    payload: Types["commandInputs"][TName],
  ): Promise<AckOf<TName> | undefined> => client.send(name, payload),
  emit: <TName extends Types["audiences"]["game"]>(name: TName, input: Types["inputs"][TName]) =>
    server.to.game("g").emit(name, input),
  handle: <TName extends Sendable>(name: TName, handler: (command: CommandOf<TName>) => Types["ackInputs"][TName]) =>
    server.handle(name, (command) => handler(command)),
};

test("payloads are typed for readers and for writers", () => {
  expectTypeOf<PayloadOf<"sp_update">["current_sp"]>().toEqualTypeOf<number>();
  expectTypeOf<InputOf<"sp_update">["timestamp"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<CommandOf<"game_action">["action"]>().toEqualTypeOf<string>();
  expectTypeOf<AckOf<"join_game">["members"]>().toEqualTypeOf<string[]>();
});

// biome-ignore lint/complexity/noBannedTypes: what may be nothing at all has no required key.
type Unsaid<T> = { [K in keyof T as {} extends Pick<T, K> ? K : never]: undefined };

test("an option that may be left out may be undefined, as what a program has not", () => {
  expectTypeOf<Unsaid<ClientOptions>>().toExtend<Partial<ClientOptions>>();
  expectTypeOf<Unsaid<SendOptions>>().toExtend<SendOptions>();
  expectTypeOf<Unsaid<EventServerOptions<ContractTypes, AuthenticatedUser>>>().toExtend<
    Partial<EventServerOptions<ContractTypes, AuthenticatedUser>>
  >();
  expectTypeOf<Unsaid<ServerLimits>>().toExtend<ServerLimits>();
  expectTypeOf<Unsaid<SafeServerOptions>>().toExtend<Partial<SafeServerOptions>>();
  expectTypeOf<Unsaid<MemoryBackendOptions>>().toExtend<MemoryBackendOptions>();
  expectTypeOf<Unsaid<RedisBackendOptions>>().toExtend<Partial<RedisBackendOptions>>();
  expectTypeOf<Unsaid<WorkerEmitterOptions<ContractTypes>>>().toExtend<Partial<WorkerEmitterOptions<ContractTypes>>>();
  expectTypeOf<Unsaid<EmitOptions>>().toExtend<EmitOptions>();
  expectTypeOf<Unsaid<JwtOptions>>().toExtend<Partial<JwtOptions>>();
});
