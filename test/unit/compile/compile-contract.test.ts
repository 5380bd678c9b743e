import {
  type Derivation,
  defineContract,
  defineEvent,
  derive,
  jsonObject,
  room,
  type SourceContract,
} from "@gestaloka/events";
import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { compileContract } from "../../../src/compile/compile-contract.js";
import { shapeKey } from "../../../src/contract/event.js";
import { contract as compiled } from "../../../src/gestaloka/contract.gen.js";
import { compiledNow } from "../../agree/compiled-pairs.js";

interface Said {
  readonly name?: string;
  readonly payload?: z.ZodObject;
  readonly emitter?: string;
  readonly audience?: string;
  readonly valid?: object;
  readonly derive?: Readonly<Record<string, Derivation>>;
  readonly deprecated?: string;
}

function event({
  name = "bell_rung",
  payload = z.object({ times: z.int() }),
  valid = { times: 1 },
  ...said
}: Said = {}) {
  return defineEvent({
    audience: "tower",
    ...said,
    name,
    appName: name.replace("_", ":"),
    payload,
    lane: "normal",
    recover: false,
    summary: "A bell was rung.",
    since: "1.0.0",
    examples: { valid: [valid], invalid: [{ path: "", payload: [] }] },
  });
}

function contractOf(...events: ReturnType<typeof event>[]): SourceContract {
  return defineContract({
    name: "bells",
    version: "1.2.3",
    events,
    commands: [],
    rooms: { tower: room("tower_{tower_id}", {}) },
  }) as unknown as SourceContract;
}

const fileOf = (contract: SourceContract, path: string) =>
  compileContract(contract).files.find((file) => file.path === path)?.text ?? "";

describe("compileContract", () => {
  it("says of what is deprecated what to use instead, where an editor reads it", () => {
    const contract = contractOf(event({ emitter: "BellEmitter.emitBellRung", deprecated: "Use chimed." }));
    for (const path of ["types.gen.ts", "emitters.gen.ts"]) {
      expect(fileOf(contract, path)).toContain("@deprecated Use chimed.");
      expect(fileOf(contractOf(event({ emitter: "BellEmitter.emitBellRung" })), path)).not.toContain("@deprecated");
    }
  });
  it("imports what it needs from the package by its name", () => {
    const contract = contractOf(event({ emitter: "BellEmitter.emitBellRung" }));
    expect(fileOf(contract, "contract.gen.ts")).toContain('from "@gestaloka/events/compiled";');
    expect(fileOf(contract, "client.gen.ts")).toContain('from "@gestaloka/events/shapes";');
    expect(fileOf(contract, "emitters.gen.ts")).toContain('from "@gestaloka/events/server";');
    expect(fileOf(contract, "emitters.gen.ts")).toContain("emitBellRung(towerId: string, input: BellRungInput,");
  });

  it("imports none but types from its own files: whether a value is at ./x, ./x.js or ./x.ts, programs disagree", () => {
    const { files } = compileContract(contractOf(event({ emitter: "BellEmitter.emitBellRung" })));
    const imports = files.flatMap(({ text }) => text.match(/^import[^;]*"\.[^;]*;/gm) ?? []);
    expect(imports.length).toBeGreaterThan(0);
    for (const line of imports) expect(line).toMatch(/^import type /);
  });

  it("writes no file of emitters where no event names one", () => {
    expect(compileContract(contractOf(event())).files.map(({ path }) => path)).toEqual([
      "types.gen.ts",
      "contract.gen.ts",
      "client.gen.ts",
    ]);
  });

  it("refuses a kind that it cannot write a checker for, and names event and path", () => {
    const contract = contractOf(
      event({ payload: z.object({ bell: z.object({ tones: z.array(z.int()) }) }), valid: { bell: { tones: [] } } }),
    );
    const shape = contract.definition.events[0]?.[shapeKey] as unknown as {
      fields: { shape: { fields: { shape: { items: object } }[] } }[];
    };
    const tones = shape.fields[0]?.shape.fields[0]?.shape as { items: object };
    tones.items = { kind: "quaternion" };
    expect(() => compileContract(contract)).toThrow(
      "[@gestaloka/events] bell_rung: payload.bell.tones[]: no checker can be written for the kind quaternion",
    );
  });

  it("refuses emitters with names that no class or method can have", () => {
    expect(() => compileContract(contractOf(event({ emitter: "B.constructor" })))).toThrow(
      "cannot be called constructor",
    );
    for (const taken of ["BellsTypes", "BellRungInput", "EmitOptions", "EmitResult", "EmitTarget", "Promise"])
      expect(() => compileContract(contractOf(event({ emitter: `${taken}.ring` })))).toThrow(
        `a class cannot be called ${taken}; name another one`,
      );
  });

  it("refuses a contract that is compiled already", () => {
    expect(() => compileContract(compiled as unknown as SourceContract)).toThrow("a compiled contract has no schemas");
  });

  it("gives a type's name once, whoever asks for it", () => {
    const contract = contractOf(
      event({
        payload: z.object({ times: z.enum(["one", "two"]).meta({ id: "BellRungPayload" }) }),
        valid: { times: "one" },
      }),
      event({ name: "bell__rung" }),
    );
    const { types } = compileContract(contract);
    expect(new Set(types).size).toBe(types.length);
    expect(types).toContain("BellRungPayload2");
  });

  it("gives what fills a field and what judges one two names, though both would have the same", () => {
    const price = { price: z.object({ amount: z.int() }) };
    const contract = contractOf(
      event({ name: "fill", payload: z.object(price), valid: { price: { amount: 1 } } }),
      event({
        payload: z.object({ times: z.int(), price: z.int() }),
        valid: { times: 1 },
        derive: { price: derive.copy("times") },
      }),
    );
    const declared = [...fileOf(contract, "contract.gen.ts").matchAll(/const (\w+)/g)].map(([, name]) => name);
    expect(declared).toEqual(expect.arrayContaining(["fillPrice", "fillPrice2"]));
    expect(new Set(declared).size).toBe(declared.length);
  });

  it("fills in a standard text to the letter: its line ends, the blanks before them, and what means something in code", async () => {
    const payload = z.object({ times: z.int(), label: z.string() });
    const label = derive.template('Rung  \r\n{times} \n\t`times` \\n \\{times} "\u2028');
    const { source, compiled } = await compiledNow(
      contractOf(event({ payload, valid: { times: 1 }, derive: { label } })),
    );
    const filled = [source, compiled].map(({ events }) => events.get("bell_rung")?.fill({ times: 3 }, 0));
    expect(filled[0]).toEqual({ times: 3, label: 'Rung  \r\n3 \n\t`times` \\n \\3 "\u2028' });
    expect(filled[1]).toEqual(filled[0]);
  });

  it("writes names that are words of the language, or of every object, as what they are", () => {
    const text = fileOf(
      contractOf(
        event({
          payload: z.object({ class: z.string(), "a-b": z.string().optional(), toString: z.string() }),
          valid: { class: "x", toString: "y" },
        }),
      ),
      "contract.gen.ts",
    );
    expect(text).toContain("text(v.class)");
    expect(text).toContain('text(v["a-b"])');
    expect(text).toContain('text(own(v, "toString"))');
  });

  it("writes a list of lists as one that TypeScript takes, from either end", () => {
    const payload = z.object({ grid: z.array(z.array(z.int())), words: z.array(z.array(z.string().nullable())) });
    const text = fileOf(contractOf(event({ payload, valid: { grid: [[1]], words: [] } })), "types.gen.ts");
    expect(text).toContain("grid: number[][];");
    expect(text).toContain("grid: readonly (readonly number[])[];");
    expect(text).toContain("words: (string | null)[][];");
    expect(text).toContain("words: readonly (readonly (string | null)[])[];");
  });

  it("lets a writer give further keys of a payload, or of a choice's option, that is open itself", () => {
    const open = jsonObject(z.looseObject({ id: z.string() }));
    const option = jsonObject(z.looseObject({ kind: z.literal("bell"), id: z.string() }));
    const text = fileOf(
      contractOf(
        event({ payload: open as never, valid: { id: "b" } }),
        event({ name: "bag_rung", payload: jsonObject(z.looseObject({})) as never, valid: {} }),
        event({
          name: "choice_rung",
          payload: z.discriminatedUnion("kind", [option]) as never,
          valid: { kind: "bell", id: "b" },
        }),
      ),
      "types.gen.ts",
    ).replace(/\s+/g, " ");
    expect(text).toContain(
      "export type BellRungInput = BellRungInputFields | (BellRungInputFields & { readonly [key: string]: unknown });",
    );
    expect(text).toContain("export type BagRungInput = object;");
    expect(text).toContain(
      "export type ChoiceRungInput = ChoiceRungBellInput | (ChoiceRungBellInput & { readonly [key: string]: unknown });",
    );
  });

  it("lets a field be left out where it is derived, and not where the same option stands without", () => {
    const buy = z.object({ kind: z.literal("buy"), id: z.string(), copy: z.string(), list: z.array(z.string()) });
    const payload = z.discriminatedUnion("kind", [buy.meta({ id: "Buy" })]) as never;
    const valid = { kind: "buy", id: "b", copy: "b", list: [] };
    const contract = contractOf(
      event({ payload, valid, derive: { copy: derive.copy("id") } }),
      event({ name: "other_rung", payload, valid }),
    );
    const text = fileOf(contract, "types.gen.ts");
    expect(text).toMatch(/interface BuyInput \{[^}]*copy\?: string/);
    expect(text).toMatch(/interface BuyInput2 \{[^}]*copy: string/);
    expect(text).toContain("export type BellRungInput = BuyInput;");
    expect(text).toContain("export type OtherRungInput = BuyInput2;");
  });

  it("escapes what would end a comment", () => {
    const text = fileOf(
      contractOf(event({ payload: z.object({ times: z.int().describe("Ends */ the comment") }) })),
      "types.gen.ts",
    );
    expect(text).toContain("Ends * / the comment");
  });
});
