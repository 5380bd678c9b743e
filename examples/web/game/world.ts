import type { InputOf } from "@gestaloka/events";
import type { Journal } from "./journal.js";
import { firstScene } from "./story.js";

export type TransactionType = InputOf<"sp_update">["transaction_type"];
export type StoryMessage = InputOf<"message_added">["message"];

/** One change of a balance. */
export interface Booking {
  readonly id: string;
  readonly userId: string;
  readonly at: string;
  readonly change: number;
  readonly balance: number;
  readonly type: TransactionType;
  readonly description: string;
}

/** One thing that a player said. */
export interface Saying {
  readonly user_id: string;
  readonly message: string;
  readonly timestamp: string;
}

export type Entry =
  | { readonly kind: "booking"; readonly booking: Booking }
  | { readonly kind: "day"; readonly userId: string; readonly days: number }
  | { readonly kind: "message"; readonly message: StoryMessage }
  | { readonly kind: "scene"; readonly scene: string }
  | { readonly kind: "saying"; readonly saying: Saying }
  | { readonly kind: "applied"; readonly commandId: string };

/** What a player has before the first booking, in SP. */
export const startBalance = 100;

/** The game as its journal tells it: whatever is read from here was committed before. */
export class World {
  scene = firstScene;
  readonly messages: StoryMessage[] = [];
  readonly chat: Saying[] = [];
  private readonly bookings = new Map<string, Booking[]>();
  private readonly days = new Map<string, number>();
  private readonly applied = new Set<string>();

  constructor(private readonly journal: Journal<Entry>) {
    for (const entry of journal.read()) this.apply(entry);
  }

  commit(...entries: readonly Entry[]): void {
    this.journal.commit(entries);
    for (const entry of entries) this.apply(entry);
  }

  /** The bookings of a player, oldest first. */
  bookingsOf(userId: string): readonly Booking[] {
    return this.bookings.get(userId) ?? [];
  }

  balanceOf(userId: string): number {
    return this.bookingsOf(userId).at(-1)?.balance ?? startBalance;
  }

  daysOf(userId: string): number {
    return this.days.get(userId) ?? 0;
  }

  /** Whether a command was carried out before the process that did it was killed. */
  wasApplied(commandId: string | undefined): boolean {
    return commandId !== undefined && this.applied.has(commandId);
  }

  private apply(entry: Entry): void {
    if (entry.kind === "message") this.messages.push(entry.message);
    else if (entry.kind === "saying") this.chat.push(entry.saying);
    else if (entry.kind === "scene") this.scene = entry.scene;
    else if (entry.kind === "day") this.days.set(entry.userId, entry.days);
    else if (entry.kind === "applied") this.applied.add(entry.commandId);
    else this.bookings.set(entry.booking.userId, [...this.bookingsOf(entry.booking.userId), entry.booking]);
  }
}
