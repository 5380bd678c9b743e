import { defineEvent, derive, jsonObject, jsonValue, openEnum, type TypesOf } from "@gestaloka/events";
import type { contract } from "@gestaloka/events/schemas";
import { expectTypeOf, test } from "vitest";
import * as z from "zod/v4";
import type { EventInputOf } from "../../src/contract/infer-types.js";

type Types = TypesOf<typeof contract>;
type Events = Types["events"];
type Inputs = Types["inputs"];
type Difficulty = "easy" | "medium" | "hard";

test("an open enum stays open to readers and closed to writers behind nullish and describe", () => {
  type Read = NonNullable<Events["npc_encounter"]["choices"]>[number]["difficulty"];
  expectTypeOf<Read>().toEqualTypeOf<Difficulty | (string & {}) | null | undefined>();
  type Written = NonNullable<Inputs["npc_encounter"]["choices"]>[number]["difficulty"];
  expectTypeOf<Written>().toEqualTypeOf<Difficulty | undefined>();

  const sky = openEnum(z.enum(["clear", "cloudy"]));
  expectTypeOf(sky.describe("The sky")._zod.output).toEqualTypeOf<"clear" | "cloudy" | (string & {})>();
  expectTypeOf(sky.meta({ id: "Sky" })._zod.output).toEqualTypeOf<"clear" | "cloudy" | (string & {})>();
  expectTypeOf(sky.optional().describe("The sky")._zod.input).toEqualTypeOf<"clear" | "cloudy" | undefined>();
  expectTypeOf(sky.nullable()._zod.output).toEqualTypeOf<"clear" | "cloudy" | (string & {}) | null>();
});

test("a list made by .array() holds what its items are, behind its bounds, too", () => {
  const skies = openEnum(z.enum(["clear", "cloudy"])).array();
  expectTypeOf(skies._zod.output).toEqualTypeOf<("clear" | "cloudy" | (string & {}))[]>();
  expectTypeOf(skies.min(1).max(3)._zod.output).toEqualTypeOf<("clear" | "cloudy" | (string & {}))[]>();
  expectTypeOf(skies.max(3).nullish()._zod.input).toEqualTypeOf<("clear" | "cloudy")[] | null | undefined>();
  expectTypeOf(jsonObject(z.looseObject({})).array().length(2)._zod.input).toEqualTypeOf<object[]>();
  expectTypeOf(jsonValue(z.json()).array().nonempty()._zod.output).toEqualTypeOf<unknown[]>();
  expectTypeOf(skies).toExtend<z.ZodType>();
});

test("an open object takes an application's interface from a writer, and no text", () => {
  interface Weather {
    readonly wind: number;
  }
  const weather: Weather = { wind: 3 };
  const update: Inputs["state_update"] = { update: weather };
  const literal: Inputs["state_update"] = { update: { anything: 1 } };
  // @ts-expect-error an open object is an object
  const text: Inputs["state_update"] = { update: "fog" };
  expectTypeOf<Events["state_update"]["update"]>().toEqualTypeOf<{ [key: string]: unknown }>();
  expectTypeOf([update, literal, text]).toBeArray();
});

test("an open object's known fields are held to their types, beside any other", () => {
  const started: Inputs["game_started"] = {
    game_session_id: "session-1",
    initial_state: { currentScene: "広場", chapter: 1, worldState: { weather: "fog" } },
  };
  const wrong: Inputs["game_started"] = {
    game_session_id: "session-1",
    // @ts-expect-error a known field keeps its type
    initial_state: { currentScene: 1 },
  };
  interface State {
    readonly currentScene: string;
    readonly chapter: number;
  }
  const state: State = { currentScene: "広場", chapter: 1 };
  const own: Inputs["game_started"] = { game_session_id: "session-1", initial_state: state };
  expectTypeOf<Events["game_started"]["initial_state"]["currentScene"]>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf([started, wrong, own]).toBeArray();
});

test("a payload that is an open object itself is held to its known fields, beside any other", () => {
  const event = {
    appName: "box:came",
    audience: "quay",
    lane: "normal",
    recover: false,
    summary: "A box came.",
    since: "1.0.0",
    examples: { valid: [{ id: "b", copy: "b" }], invalid: [{ path: "id", payload: {} }] },
  } as const;
  const box = jsonObject(z.looseObject({ id: z.string(), copy: z.string() }));
  const came = defineEvent({ ...event, name: "box_came", payload: box });
  const derived = defineEvent({ ...event, name: "box_derived", payload: box, derive: { copy: derive.copy("id") } });
  const bag = defineEvent({
    ...event,
    name: "bag_came",
    payload: jsonObject(z.looseObject({})),
    examples: { valid: [{}], invalid: [{ path: "", payload: 1 }] },
  });
  interface Box {
    readonly id: string;
    readonly copy: string;
  }
  const own: Box = { id: "b", copy: "b" };
  const taken: EventInputOf<typeof came>[] = [own, { id: "b", copy: "b", more: 1 }];
  const filled: EventInputOf<typeof derived>[] = [own, { id: "b", more: 1 }];
  const bags: EventInputOf<typeof bag>[] = [own, { more: 1 }];
  // @ts-expect-error a known field keeps its type
  const wrong: EventInputOf<typeof came> = { id: 1, copy: "b", more: 1 };
  // @ts-expect-error a known field is not derived
  const missing: EventInputOf<typeof derived> = { copy: "b", more: 1 };
  // @ts-expect-error a derived field keeps its type
  const other: EventInputOf<typeof derived> = { id: "b", copy: 1, more: 1 };
  // @ts-expect-error an open object is an object
  const text: EventInputOf<typeof bag> = "bag";
  expectTypeOf([taken, filled, bags, wrong, missing, other, text]).toBeArray();
});

test("any JSON is unknown to a reader and anything to a writer", () => {
  type Reward = NonNullable<Events["npc_action_result"]["rewards"]>[number];
  expectTypeOf<Reward["item"]>().toEqualTypeOf<unknown>();
  expectTypeOf(jsonValue(z.json()).optional()._zod.input).toEqualTypeOf<unknown>();
});

test("writers leave a nullish field out", () => {
  expectTypeOf<Inputs["purchase_failed"]["error"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Events["purchase_failed"]["error"]>().toEqualTypeOf<string | null | undefined>();
  // @ts-expect-error null is for readers
  const nothing: Inputs["purchase_failed"] = { purchase_id: "p", status: "failed", sp_amount: 1, error: null };
  expectTypeOf(nothing).toBeObject();
});

test("a marked schema still goes wherever zod takes one", () => {
  const box = jsonObject(z.looseObject({ size: z.number().optional() }));
  const sky = openEnum(z.enum(["clear", "cloudy"]));
  const event = defineEvent({
    name: "boxes_came",
    appName: "boxes:came",
    audience: "quay",
    payload: z.object({ boxes: z.array(box), by_sky: z.record(z.string(), sky.nullable()), last: box.nullish() }),
    lane: "normal",
    recover: false,
    summary: "Boxes came.",
    since: "1.0.0",
    examples: {
      valid: [{ boxes: [{ size: 1, colour: "red" }], by_sky: { a: null } }],
      invalid: [{ path: "boxes", payload: {} }],
    },
  });
  expectTypeOf(event.payload._zod.output.by_sky).toEqualTypeOf<
    Record<string, "clear" | "cloudy" | (string & {}) | null>
  >();
});
