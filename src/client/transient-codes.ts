/** Codes of refusals that pass by themselves: what was refused is asked for again. After any other it would be refused again. */
export const transientCodes: readonly string[] = [
  "backend_unavailable",
  "closed",
  "credential_expired",
  // Meant for an older connection of this client: one that is told so while it is in use met the late eviction of one before.
  "evicted",
  "internal",
  "rate_limited",
  "server_closing",
  "slow_consumer",
  "timeout",
];
