/**
 * For tests: generated payloads, a server and its clients in memory, matchers, fake time, and a record of what arrived.
 *
 * @module
 */
export { connected } from "../testing/connected.js";
export { type ExpectOptions, expectEvent } from "../testing/expect-event.js";
export { type FakeTime, type FakeTimers, fakeTime } from "../testing/fake-time.js";
export { type EventMatchers, eventMatchers, type MatcherResult } from "../testing/matchers.js";
export { type MemoryLink, memoryLink } from "../testing/memory-link.js";
export { createMemoryServer, type MemoryServer, type MemoryServerOptions } from "../testing/memory-server.js";
export { ackPayloads, commandPayloads, eventPayloads } from "../testing/payloads.js";
export type { RecordedEvent } from "../testing/recorded-event.js";
export { type Recorder, recordEvents } from "../testing/recorder.js";
