import { createEventClient } from "@gestaloka/events/client";
import { contract } from "./contract.js";

export const connectCaptain = (url: string, captain: string) => createEventClient(url, { contract, auth: { captain } });
