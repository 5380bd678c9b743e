import { afterAll, onTestFinished } from "vitest";
import { type PlainServer, startPlainServer } from "./python-process.js";

/** Today's server for one test of a file after the other: to start Python for each takes longer than most of them. */
export function sharedPlainServer(): () => Promise<PlainServer> {
  let started: Promise<PlainServer> | undefined;
  afterAll(async () => (await started)?.stop());
  return async () => {
    started ??= startPlainServer();
    const server = await started;
    onTestFinished(() => server.reset());
    return server;
  };
}
