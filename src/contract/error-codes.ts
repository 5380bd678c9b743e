/** Every stable code that an error, a refusal or a close of this library carries. Codes are never renamed. */
export const errorCodes = [
  // saying a contract
  "event_invalid",
  "command_invalid",
  "contract_invalid",
  "schema_unsupported",
  "example_invalid",
  // checking
  "unknown_event",
  "unknown_command",
  "payload_invalid",
  "room_invalid",
  // connecting
  "unauthenticated",
  "credential_expired",
  "version_mismatch",
  "insecure_url",
  "sticky_session",
  "connection_failed",
  "refused",
  "unsafe_server_options",
  "debug_refused",
  "provider_missing",
  "backend_invalid",
  // commands
  "identity_mismatch",
  "forbidden",
  "already_handled",
  "not_handled",
  "internal",
  "timeout",
  "expired",
  "offline",
  "queue_full",
  "payload_too_large",
  "rate_limited",
  "invalid_frames",
  "closed",
  // delivery
  "slow_consumer",
  "server_closing",
  "evicted",
  "revoked",
  "backend_unavailable",
  "log_unknown",
] as const;

/** One of {@link errorCodes}; a command's own refusal codes come beside them. */
export type ErrorCode = (typeof errorCodes)[number];
