/** A value whose fields are about to be judged; it may be anything. */
export type Fields = { readonly [field: string]: unknown };
