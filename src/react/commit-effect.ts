import { useEffect, useLayoutEffect } from "react";

/** `useLayoutEffect`, so that no event falls between a commit and its effects; React 18 warns of it on a server. */
export const useCommitEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;
