import { type Derivations, derivationOf } from "../../contract/derive.js";
import { discriminatorsOf, type FieldShape, objectsOf, type PayloadShape } from "../../contract/shape.js";
import type { ContractSnapshot, EventSnapshot, RoomSnapshot } from "../snapshot.js";
import { annotation, optional } from "./annotation.js";
import { pyDocstring, pyList, pyLiteral, pyString, pyTuple } from "./literal.js";
import { saidOf } from "./models.js";
import { argumentNames, methodNames } from "./names.js";
import type { Plan } from "./plan.js";

/** Writes the emitter classes that the events name, each with its methods. */
export function emitterClasses(snapshot: ContractSnapshot, plan: Plan): string[] {
  const rooms = new Map(snapshot.rooms.map((room) => [room.kind, room]));
  const classes = new Map<string, Map<string, EventSnapshot>>();
  for (const event of snapshot.events) {
    if (event.emitter === undefined || !rooms.has(event.audience)) continue;
    const [name, method] = event.emitter.split(".") as [string, string];
    classes.set(name, (classes.get(name) ?? new Map()).set(method, event));
  }
  return [...classes].map(([name, events]) => {
    const names = methodNames([...events.keys()]);
    const methods = [...events].flatMap(([method, event]) =>
      emitterMethods(event, names.get(method) as string, rooms.get(event.audience) as RoomSnapshot, plan),
    );
    return [
      `class ${plan.emitterOf(name)}(_Emitter):`,
      pyDocstring("Emits checked events. A failure is logged and returned, and never raised.", "    "),
      "",
      methods.join("\n\n"),
    ].join("\n");
  });
}

interface Method {
  readonly name: string;
  readonly event: EventSnapshot;
  readonly room: RoomSnapshot;
  /** The argument that stands for a name on the wire. */
  argument(wire: string): string;
}

function emitterMethods(event: EventSnapshot, name: string, room: RoomSnapshot, plan: Plan): string[] {
  const parameters = parametersOf(event.payload, event.derive, plan);
  const names = argumentNames([room.parameter, ...parameters.map(({ wire }) => wire), ownKeys]);
  const method: Method = { name, event, room, argument: (wire) => names.get(wire) as string };
  const isOpen = objectsOf(event.payload).some(({ open }) => open);
  const whole = emitterMethod(method, parameters, isOpen, true);
  const choice = event.payload;
  // One overload alone is none.
  if (choice.kind === "object" || choice.options.length === 1) return [whole];
  // A type checker tells the options apart by their literal; at run time one method serves all.
  const overloads = choice.options.map((option) =>
    emitterMethod(method, parametersOf(option, event.derive, plan), option.open, false),
  );
  return [...overloads, whole];
}

interface Parameter {
  readonly wire: string;
  readonly type: string;
  readonly optional: boolean;
}

function parametersOf(shape: PayloadShape, derive: Derivations, plan: Plan): Parameter[] {
  // The event's own name is no argument: there is one value it may have.
  const isGiven = (name: string) => derive[name]?.kind !== "event_name";
  if (shape.kind === "object") {
    return shape.fields.filter((field) => isGiven(field.name)).map((field) => parameter(field, derive, plan));
  }
  const names = [...new Set(shape.options.flatMap((option) => option.fields.map((field) => field.name)))].filter(
    isGiven,
  );
  return names.map((name) => {
    const found = shape.options.map((option) => option.fields.find((field) => field.name === name));
    const fields = found.filter((field): field is FieldShape => field !== undefined);
    const types = [...new Set(fields.map((field) => annotation(field.shape, plan, "argument")))];
    const type =
      name === shape.discriminator
        ? `Literal[${shape.options
            .flatMap((option) => discriminatorsOf(shape, option))
            .map(pyLiteral)
            .join(", ")}]`
        : types.length === 1
          ? (types[0] as string)
          : `Union[${types.join(", ")}]`;
    const everywhere = fields.length === found.length && fields.every((field) => !field.optional);
    return { wire: name, type, optional: !everywhere || derivationOf(derive, name) !== undefined };
  });
}

function parameter(field: FieldShape, derive: Derivations, plan: Plan): Parameter {
  return {
    wire: field.name,
    type: annotation(field.shape, plan, "argument"),
    optional: field.optional || derivationOf(derive, field.name) !== undefined,
  };
}

function emitterMethod(method: Method, parameters: readonly Parameter[], open: boolean, withBody: boolean): string {
  const { name, event, room, argument } = method;
  const roomArgument = argument(room.parameter);
  const required = parameters.filter((each) => !each.optional && each.wire !== room.parameter);
  const optionals = parameters.filter((each) => each.optional && each.wire !== room.parameter);
  const signature = [
    `        ${roomArgument}: str,`,
    ...required.map(({ wire, type }) => `        ${argument(wire)}: ${type},`),
    ...optionals.map(({ wire, type }) => `        ${argument(wire)}: ${optional(type)} = None,`),
  ];
  // An open payload has keys of the application's own beside those that it names.
  const more = open ? [`**${argument(ownKeys)}`] : [];
  signature.push(...more.map((rest) => `        ${rest}: Any,`));
  const head = [`    async def ${name}(`, "        self,", "        *,", ...signature];
  if (!withBody) return ["    @overload", ...head, "    ) -> EmitResult: ..."].join("\n");
  const carried = parameters.some((each) => each.wire === room.parameter) ? [room.parameter] : [];
  const given = [...carried, ...required.map(({ wire }) => wire)];
  return [
    "    @_emits",
    ...head,
    "    ) -> EmitResult:",
    pyDocstring(`${saidOf(event)} To the room ${room.prefix}{${room.parameter}}.`, "        "),
    "        return await self._emit(",
    `            ${pyString(event.name)},`,
    `            (${pyString(room.prefix)}, ${roomArgument}),`,
    mapping(given, argument, ...more),
    mapping(
      optionals.map(({ wire }) => wire),
      argument,
    ),
    `            ${pyTuple(event.logFields.map(pyString))},`,
    "        )",
  ].join("\n");
}

function mapping(fields: readonly string[], argument: Method["argument"], ...more: readonly string[]): string {
  const entries = fields.map((wire) => `${pyString(wire)}: ${argument(wire)}`);
  return pyList("            ", "{", [...entries, ...more], "},");
}

/** Stands for the application's own keys among the names of fields. */
const ownKeys = "**more";
