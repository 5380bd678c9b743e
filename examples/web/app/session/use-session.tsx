import { createContext, useContext } from "react";
import type { Session } from "./session.js";

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session of the player who is logged in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a logged-in player");
  return session;
}
