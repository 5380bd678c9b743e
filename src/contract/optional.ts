/** Options of which each may be left out, or be `undefined`, as of a variable that is not set: it says nothing either. */
export type Optional<TOptions> = { readonly [TName in keyof TOptions]?: TOptions[TName] | undefined };
