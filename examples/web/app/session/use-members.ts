import { useEvent, useRoom } from "@gestaloka/events/react";
import { useEffect, useState } from "react";
import { gameRoom } from "./session.js";

/** Who is in the game: those of the last entry, and who came and went since. */
export function useMembers(): readonly string[] {
  const { data } = useRoom(gameRoom);
  const [members, setMembers] = useState<readonly string[]>([]);
  useEffect(() => setMembers(data?.members ?? []), [data]);
  useEvent("game:player_joined", ({ user_id }) =>
    setMembers((before) => [...before.filter((member) => member !== user_id), user_id]),
  );
  useEvent("game:player_left", ({ user_id }) => setMembers((before) => before.filter((member) => member !== user_id)));
  return members;
}
