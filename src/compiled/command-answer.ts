/**
 * What an acknowledgement carries on the wire. A server without this library answers with nothing, which means that
 * the command was applied.
 */
export type CommandAnswer<TData> =
  | { readonly ok: true; readonly data: TData }
  | {
      readonly ok: false;
      readonly error: { readonly code: string; readonly path?: string; readonly retry_after_ms?: number };
    };
