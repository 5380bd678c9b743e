export * as main from "@gestaloka/events";
export * as client from "@gestaloka/events/client";
export * as server from "@gestaloka/events/server";
