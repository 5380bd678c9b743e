import { type Context, createElement, type ReactElement, type ReactNode, useRef, useState } from "react";
import type { AnyClient } from "./any-client.js";
import { useCommitEffect } from "./commit-effect.js";

/** `undefined`: no provider; `null`: one that has no client yet. */
export type ClientContext = Context<AnyClient | null | undefined>;

/** A client of the application's, or the means to make one. */
export type ProvidedClient<TClient> =
  | {
      /** The application's own: never connected and never closed here. None while there is nobody to connect for. */
      readonly client: TClient | null | undefined;
      readonly create?: undefined;
    }
  | {
      /** Called once the provider is on the page, never on a server; what it gives is closed when the provider goes. */
      readonly create: () => TClient;
      readonly client?: undefined;
    };

/** The component of a context: gives its children the client. */
export function useProvider(
  context: ClientContext,
  { client, create, children }: ProvidedClient<AnyClient> & { readonly children?: ReactNode },
): ReactElement {
  const [made, setMade] = useState<AnyClient | null>(null);
  const kept = useRef<AnyClient | null>(null);
  const closing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const creates = create !== undefined;
  // Another function in another render is no reason for a new connection
  useCommitEffect(() => {
    if (!create) return;
    clearTimeout(closing.current);
    kept.current ??= create();
    setMade(kept.current);
    return () => {
      // StrictMode and hot reload take it off the page and put it back in the same turn: that keeps the connection.
      closing.current = setTimeout(() => {
        kept.current?.close();
        kept.current = null;
      });
    };
  }, [creates]);
  return createElement(context.Provider, { value: (creates ? made : client) ?? null }, children);
}
