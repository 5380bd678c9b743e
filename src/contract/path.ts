/** The steps to a value: field names and array positions. */
export type Path = readonly (string | number)[];

// A key may come from a stranger: its name is cut, and written so that it fits on one line of a log.
const KEY_LENGTH = 64;

/** Puts a step before the rest of a path: `npc` before `skills[3]`; a key that is no identifier is quoted and cut. */
export function stepBefore(rest: string, step: string | number): string {
  const here =
    typeof step === "number"
      ? `[${step}]`
      : /^[A-Za-z_$][\w$]{0,63}$/.test(step)
        ? step
        : `[${JSON.stringify(step.slice(0, KEY_LENGTH)).replace(/[\u007f-\u009f\u2028\u2029]/g, "?")}]`;
  return here + rest.replace(/^(?=[^[])/, ".");
}

/** Writes a path as `npc.skills[3]`; a key that is no identifier is quoted, escaped and cut to 64 characters. */
export function formatPath(path: Path): string {
  return path.reduceRight(stepBefore, "");
}
