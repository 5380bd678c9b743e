import { absent, baseOf, changed, nested, pathOf, payloadsOf, samplesOf, spotsOf } from "./wire-samples.js";
import { commandTable, eventTable, type Kind } from "./wire-table.js";

/** A payload that must reach no handler. */
export interface HostilePayload {
  readonly why: string;
  readonly payload: unknown;
}

/** One of the 39 definitions of the wire. */
export interface WireDefinition {
  readonly direction: "server_to_client" | "client_to_server";
  readonly name: string;
  readonly payload: Kind;
}

export const wireDefinitions: readonly WireDefinition[] = [
  ...Object.entries(eventTable).map(
    ([name, { payload }]) => ({ direction: "server_to_client", name, payload }) as const,
  ),
  ...Object.entries(commandTable).map(
    ([name, { payload }]) => ({ direction: "client_to_server", name, payload }) as const,
  ),
];

/** A payload of each variant that a reader accepts, so that a refusal is known to be the change's fault. */
export function soundPayloads({ payload }: WireDefinition): object[] {
  return Object.values(payloadsOf(payload)).map((fields) => baseOf(fields) as object);
}

/** What a stranger may send in place of a payload; all of it survives JSON, so it can cross a real wire. */
export function hostilePayloads(definition: WireDefinition): HostilePayload[] {
  const whole: HostilePayload[] = [
    null,
    true,
    0,
    "",
    "{}",
    [],
    {},
    [{}],
    soundPayloads(definition),
    "x".repeat(100_000),
  ].map((payload) => ({ why: `${JSON.stringify(payload).slice(0, 20)} for the whole payload`, payload }));
  const changes = Object.values(payloadsOf(definition.payload)).flatMap((fields) => {
    const sound = baseOf(fields) as object;
    const polluted = pollutions.map((keys) => ({
      why: `the keys ${keys}`,
      payload: JSON.parse(JSON.stringify(sound).replace(/\}$/, `,${keys}}`)) as unknown,
    }));
    const spots = [...spotsOf(fields)].flatMap(({ steps, kind, optional }) => {
      const path = pathOf(steps);
      const broken = samplesOf(kind).refused.filter(isJson);
      return [
        ...broken.map((value) => ({ why: `a broken ${kind.is} at ${path}`, payload: changed(sound, steps, value) })),
        ...(optional
          ? []
          : [
              { why: `null at ${path}`, payload: changed(sound, steps, null) },
              ...(typeof steps.at(-1) === "string"
                ? [{ why: `nothing at ${path}`, payload: changed(sound, steps, absent) }]
                : []),
            ]),
        ...(kind.is === "json"
          ? []
          : [{ why: `10,000 levels at ${path}`, payload: changed(sound, steps, nested(10_000)) }]),
      ];
    });
    return [...polluted, ...spots];
  });
  return [...whole, ...changes];
}

const pollutions = [
  '"__proto__":{"admin":true}',
  '"extra":{"__proto__":{"admin":true}}',
  '"extra":[{"__proto__":{"admin":true}}]',
];

/** Whether a value is the same after a trip through JSON. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.values(value).every(isJson);
}
