import { AdmissionPace } from "./admission-pace.js";
import { refused } from "./answer.js";
import type { Connection } from "./connection.js";
import type { Heads } from "./heads.js";
import type { Membership } from "./membership.js";
import type { Paging } from "./paging.js";
import type { Refreshing } from "./refreshing.js";

/** What the library does with a frame of its own; the answer is written as it is. */
export type FrameHandler = (connection: Connection, body: unknown, answer: (value: object) => void) => void;

/** What answers the frames of the library, by their names on the wire. */
export function createLibraryFrames(
  membership: Membership,
  paging: Paging,
  heads: Heads,
  refreshing: Refreshing,
): ReadonlyMap<string, FrameHandler> {
  const entering = new AdmissionPace();
  return new Map<string, FrameHandler>([
    [
      "$enter",
      (connection, body, answer) => {
        if (connection.isFull("rooms")) return answer(refused("rate_limited"));
        void connection.inOrder("rooms", async () => {
          await entering.turn();
          return membership.enter(connection, body, answer);
        });
      },
    ],
    ["$page", (connection, body, answer) => void paging.answer(connection, body, answer)],
    ["$heads", (connection, body, answer) => answer(heads.answer(connection, body))],
    ["$auth", (connection, body, answer) => void refreshing.answer(connection, body, answer)],
  ]);
}
