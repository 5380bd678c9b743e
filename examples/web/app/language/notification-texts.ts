import type { NotificationPayload } from "@gestaloka/events";
import type { Say } from "./language.js";

/** A notification in the page's language; what the game says is Japanese, and this game says three things. */
export function notificationTexts(notification: NotificationPayload, say: Say): { title: string; text: string } {
  if (notification.type === "achievement") return { title: say("achievementTitle"), text: say("achievementText") };
  if (notification.type === "friend_request") {
    const { name } = notification.from_user;
    return { title: say("friendTitle"), text: say("friendText", { name: say(name === "alice" ? "alice" : "bob") }) };
  }
  return { title: say("systemTitle"), text: say("systemText") };
}
