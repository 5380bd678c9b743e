import { EventsProvider } from "@gestaloka/events/react";
import { useComputedColorScheme } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Toaster } from "sonner";
import { Game } from "./game.js";
import { useLanguage } from "./language/language.js";
import { LogIn } from "./log-in.js";
import type { Player } from "./session/control.js";
import { rememberPlayer } from "./session/remembered-player.js";
import { openSession, type Session } from "./session/session.js";
import { SessionContext } from "./session/use-session.js";

/** Either the choice of a player, or that player's game. */
export function App({ restored }: { readonly restored: Session | undefined }) {
  const [session, setSession] = useState(restored);
  const { say } = useLanguage();
  const scheme = useComputedColorScheme("light");

  // Below, everything listens by now: nothing is missed.
  useEffect(() => session?.client.connect(), [session]);

  async function logIn(player: Player): Promise<void> {
    const opened = await openSession(player);
    rememberPlayer(player);
    setSession(opened);
  }

  function logOut(): void {
    session?.close();
    rememberPlayer(undefined);
    setSession(undefined);
  }

  return (
    <>
      {session ? (
        <SessionContext value={session}>
          <QueryClientProvider client={session.queries}>
            <EventsProvider key={session.player} client={session.client}>
              <Game onLogOut={logOut} />
            </EventsProvider>
          </QueryClientProvider>
        </SessionContext>
      ) : (
        <LogIn onLogIn={logIn} />
      )}
      <Toaster
        theme={scheme}
        containerAriaLabel={say("notifications")}
        position="bottom-right"
        visibleToasts={3}
        offset={20}
      />
    </>
  );
}
