import { Misuse } from "../exit-code.js";

type Client = typeof import("../../client/event-client.js");
type Dial = typeof import("../../client/dial.js");

/** Loads the client. @throws {Misuse} where socket.io-client, which only commands that connect need, is not installed. */
export async function loadClient(): Promise<Client & Dial> {
  try {
    return { ...(await import("../../client/event-client.js")), ...(await import("../../client/dial.js")) };
  } catch (error) {
    throw asMisuse(error);
  }
}

/** A missing peer as the user's affair; any other error as it is. */
export function asMisuse(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const isMissing = code === "ERR_MODULE_NOT_FOUND" && message.includes("'socket.io-client'");
  return isMissing
    ? new Misuse("this needs socket.io-client, which is not installed: npm install socket.io-client")
    : error;
}
