import { createEventServer } from "@gestaloka/events/server";
import type { Server } from "socket.io";
import { contract } from "./contract.js";

const authenticate = ({ auth }: { auth: Record<string, unknown> }) => ({ userId: String(auth.captain) });
export const serveHarbours = (io: Server) => createEventServer(io, { contract, authenticate, authorize: () => true });
