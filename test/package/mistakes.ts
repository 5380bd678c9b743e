/** What a program that its editor looks at is made of: one right beginning, and one mistake a time. */
export interface Sample {
  readonly beginning: string;
  /** What is wrong → the code; `«` and `»` stand around the place that an error has to point at. */
  readonly mistakes: Readonly<Record<string, string>>;
}

const crate = 'ship_id: "s", cargo: "salt", added: 2, manifest: {}';
const command = 'quay_id: "q", ship_id: "s"';

/** The harbour's contract, as `generate` wrote it. */
export const ours: Sample = {
  beginning: `import { CommandError, CommandRefusal, type PayloadOf } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { createEventHooks } from "@gestaloka/events/react";
import { createEventServer } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { contract } from "./contract.gen.js";
const io = new Server();
const client = createEventClient("https://harbour.example", { contract, auth: {} });
const server = createEventServer(io, { contract, authenticate: () => ({ userId: "u" }), authorize: () => true });
const { useEvent, useLatestEvent, useRoom } = createEventHooks(contract);
void [client, server, useEvent, useLatestEvent, useRoom, CommandError, CommandRefusal];
`,
  mistakes: {
    "listens to a misspelt event": 'client.on(«"ship:loadd"», () => {});',
    "listens to what only clients send": 'client.on(«"load_ship"», () => {});',
    "handles another type": 'client.on("ship:loaded", «(payload: string) => void payload»);',
    "reads a field that is not there": 'client.on("ship:loaded", (payload) => void payload.«crate»);',
    "leaves the handler out": '«client.on»("ship:loaded");',
    "emits a misspelt event": `void server.to.quay("q").emit(«"ship_loadd"», { ${crate}, crates: 5 });`,
    "emits what only clients send": `void server.to.quay("q").emit(«"load_ship"», { ${command}, crates: 1 });`,
    "emits without a field": `void server.to.quay("q").emit("ship_loaded", «{ ${crate} }»);`,
    "emits another kind": `void server.to.quay("q").emit("ship_loaded", { ${crate}, «crates: "5"» });`,
    "emits a field too many": `void server.to.quay("q").emit("ship_loaded", { ${crate}, crates: 5, «colour: "red"» });`,
    "emits null for nothing": `void server.to.quay("q").emit("ship_loaded", { ${crate}, crates: 5, «note: null» });`,
    "emits a member that the enum has not":
      'void server.to.quay("q").emit("ship_loaded", { ship_id: "s", «cargo: "sugar"», crates: 5, added: 2, manifest: {} });',
    "sends a misspelt command": `void client.send(«"load_shp"», { ${command}, crates: 1 });`,
    "sends what only servers emit": `void client.send(«"ship_loaded"», { ${crate}, crates: 5 });`,
    "sends without a field": `void client.send("load_ship", «{ ${command} }»);`,
    "sends another kind": `void client.send("load_ship", { ${command}, «crates: "1"» });`,
    "sends no payload": 'void «client.send»("load_ship");',
    "reads what the answer has not":
      'void client.send("load_ship", { quay_id: "q", ship_id: "s", crates: 1 }).then((answer) => answer?.«onboard»);',
    "answers another kind": 'server.handle("load_ship", «async () => ({ on_board: "1" })»);',
    "misspells an option":
      'createEventClient("https://harbour.example", { contract, auth: {}, «autoconnect»: false });',
  },
};

/** Mistakes that only this library's own names allow for. */
export const ownMistakes: Readonly<Record<string, string>> = {
  "forgets to wait": 'void client.send("load_ship", { quay_id: "q", ship_id: "s", crates: 1 }).«on_board»;',
  "emits to another kind of room": `void server.to.sailor("x").emit(«"ship_loaded"», { ${crate}, crates: 5 });`,
  "leaves the room's id out": 'void server.to.«quay»().emit("tide_turned", { level: 1 });',
  "misspells a kind of room": 'void server.to.«quai»("q").emit("tide_turned", { level: 1 });',
  "joins a misspelt room": 'void client.join(«"quai_q"»);',
  "reads of a misspelt room": 'useRoom(«"quai_q"»);',
  "names the payload of a misspelt event": 'export type Loaded = PayloadOf<«"ship_loadd"», typeof contract>;',
  "asks for members of a misspelt room": 'void server.members(«"quai_q"»);',
  "listens to a misspelt room": 'useLatestEvent("ship:loaded", { «room»: "quai_q" });',
  "handles a misspelt command": 'server.handle(«"load_shp"», () => ({ on_board: 1 }));',
  "refuses with a code that the command has not":
    'server.handle("load_ship", (_, { refuse }) => { throw refuse(«"ship_ful"»); });',
  "misspells an option of the server":
    'createEventServer(io, { contract, authenticate: () => ({ userId: "u" }), authorize: () => true, «presenceGraceMS»: 1 });',
};

const peerMistakes = (emit: string, answer: string) => ({
  "listens to a misspelt event": 'client.on(«"ship_loadd"», () => {});',
  "listens to what only clients send": 'client.on(«"load_ship"», () => {});',
  "handles another type": 'client.on("ship_loaded", «(payload: string) => void payload»);',
  "reads a field that is not there": 'client.on("ship_loaded", (payload) => void payload.«crate»);',
  "leaves the handler out": '«client.on»("ship_loaded");',
  "emits a misspelt event": `void ${emit}(«"ship_loadd"», { ${crate}, crates: 5 });`,
  "emits what only clients send": `void ${emit}(«"load_ship"», { ${command}, crates: 1 });`,
  "emits without a field": `void ${emit}("ship_loaded", «{ ${crate} }»);`,
  "emits another kind": `void ${emit}("ship_loaded", { ${crate}, «crates: "5"» });`,
  "emits a field too many": `void ${emit}("ship_loaded", { ${crate}, crates: 5, «colour: "red"» });`,
  "emits null for nothing": `void ${emit}("ship_loaded", { ${crate}, crates: 5, «note: null» });`,
  "emits a member that the enum has not": `void ${emit}("ship_loaded", { ship_id: "s", «cargo: "sugar"», crates: 5, added: 2, manifest: {} });`,
  "sends a misspelt command": `client.emit(«"load_shp"», { ${command}, crates: 1 }, () => {});`,
  "sends what only servers emit": `client.emit(«"ship_loaded"», { ${crate}, crates: 5 });`,
  "sends without a field": `client.emit("load_ship", «{ ${command} }», () => {});`,
  "sends another kind": `client.emit("load_ship", { ${command}, «crates: "1"» }, () => {});`,
  "sends no payload": '«client.emit»("load_ship");',
  "reads what the answer has not":
    'client.emit("load_ship", { quay_id: "q", ship_id: "s", crates: 1 }, (answer) => answer.«onboard»);',
  "answers another kind": answer,
  "misspells an option": 'io("https://harbour.example", { «autoconnect»: false });',
});

/** zod-sockets: its server's types are inferred, its client's as its `Integration` prints them. */
export const zodSockets: Sample = {
  beginning: `import { io, type Socket as SocketBase } from "socket.io-client";
import { z } from "zod";
import { ActionsFactory, createSimpleConfig } from "zod-sockets";
const config = createSimpleConfig({
  emission: {
    ship_loaded: { schema: z.tuple([z.object({ ship_id: z.string(), cargo: z.enum(["salt", "tea", "silk"]), crates: z.number(), added: z.number(), note: z.string().optional(), manifest: z.object({ captain: z.string().optional() }) })]) },
    tide_turned: { schema: z.tuple([z.object({ level: z.number() })]) },
    gull_seen: { schema: z.tuple([z.object({ count: z.number() })]) },
  },
});
const factory = new ActionsFactory(config);
declare const context: Parameters<NonNullable<(typeof config)["namespaces"]["/"]["hooks"]["onConnection"]>>[0];
const quay = context.withRooms("quay_q");
interface Emission {
  ship_loaded: (p1: { ship_id: string; cargo: "salt" | "tea" | "silk"; crates: number; added: number; note?: string | undefined; manifest: { captain?: string | undefined } }) => void;
  tide_turned: (p1: { level: number }) => void;
  gull_seen: (p1: { count: number }) => void;
}
interface Actions {
  load_ship: (p1: { quay_id: string; ship_id: string; crates: number; sailor_id?: string | undefined }, cb2: (p1: { on_board: number }) => void) => void;
  whistle: (p1: { quay_id: string; tune: string }, cb2: (p1: {}) => void) => void;
}
const client: SocketBase<Emission, Actions> = io("/");
void [client, factory, quay];
`,
  mistakes: peerMistakes(
    "quay.broadcast",
    'factory.build({ event: "load_ship", input: z.tuple([z.object({})]), output: z.tuple([z.object({ on_board: z.number() })]), handler: «async () => [{ on_board: "1" }]» });',
  ),
};

/** Socket.IO with interfaces by hand. */
export const socketIo: Sample = {
  beginning: `import { Server } from "socket.io";
import { io, type Socket } from "socket.io-client";
interface ShipLoaded { ship_id: string; cargo: "salt" | "tea" | "silk"; crates: number; added: number; note?: string | undefined; manifest: { captain?: string | undefined } }
interface LoadShip { quay_id: string; ship_id: string; crates: number; sailor_id?: string | undefined }
interface ServerToClient {
  ship_loaded: (payload: ShipLoaded) => void;
  tide_turned: (payload: { level: number }) => void;
  gull_seen: (payload: { count: number }) => void;
}
interface ClientToServer {
  load_ship: (command: LoadShip, answer: (data: { on_board: number }) => void) => void;
  whistle: (command: { quay_id: string; tune: string }, answer: (data: object) => void) => void;
}
const server = new Server<ClientToServer, ServerToClient>();
const client: Socket<ServerToClient, ClientToServer> = io("https://harbour.example");
void [server, client];
`,
  mistakes: peerMistakes(
    'server.to("quay_q").emit',
    'server.on("connection", (socket) => socket.on("load_ship", (_, answer) => answer({ «on_board»: "1" })));',
  ),
};
