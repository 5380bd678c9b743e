/** What is put through a storm: the library, or one of the others that the harness knows for comparison. */
export type Stack = "library" | "stock" | "centrifuge";
