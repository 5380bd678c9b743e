import type { TypesOf } from "@gestaloka/events";
import { expectTypeOf, test } from "vitest";
import type { contract } from "../fixtures/contract.js";

type Types = TypesOf<typeof contract>;

test("an uncompiled contract infers its types", () => {
  expectTypeOf<Types["events"]["ship_loaded"]["crates"]>().toEqualTypeOf<number>();
  expectTypeOf<Types["events"]["ship_loaded"]["cargo"]>().toEqualTypeOf<"salt" | "tea" | "silk" | (string & {})>();
  expectTypeOf<Types["inputs"]["ship_loaded"]["cargo"]>().toEqualTypeOf<"salt" | "tea" | "silk">();
  expectTypeOf<Types["inputs"]["ship_loaded"]["timestamp"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Types["appEvents"]["ship:loaded"]["ship_id"]>().toEqualTypeOf<string>();
  expectTypeOf<Types["audiences"]["sailor"]>().toEqualTypeOf<"letter_came">();
  expectTypeOf<Types["refusals"]["load_ship"]>().toEqualTypeOf<"ship_full">();
  expectTypeOf<Types["joins"]>().toEqualTypeOf<{ readonly quay: "dock" }>();
  expectTypeOf<Types["membership"]>().toEqualTypeOf<"dock" | "undock">();
  expectTypeOf<Types["rooms"]["quay"]>().toEqualTypeOf<`quay_${string}`>();
  expectTypeOf(null as unknown as ReturnType<typeof contract.rooms.quay>).toEqualTypeOf<`quay_${string}`>();
});
