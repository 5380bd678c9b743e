import { type Context, createElement, type ReactElement, type ReactNode, useEffect, useState } from "react";
import type { AnyClient } from "./any-client.js";
import { useLatest } from "./latest.js";
import { createShared } from "./shared.js";

/** `true`: no provider; none: one that has no client yet, also by `ready && client` where no types are checked. */
export type ClientContext = Context<AnyClient | true | null | undefined>;

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
  const latest = useLatest(create);
  const [made, setMade] = useState<AnyClient>();
  const [{ use }] = useState(() =>
    createShared(() => {
      const own = latest.current?.();
      setMade(own);
      return [() => own?.close()];
    }),
  );
  // Another function in another render is no reason for a new connection.
  const take = create && use;
  // No layout effect: a page that is suspended takes those back, and has not gone.
  useEffect(() => take?.(0), [take]);
  return createElement(context.Provider, { value: create ? made : client }, children);
}
