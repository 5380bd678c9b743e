/** How much of a name from outside is shown. */
const NAME_LENGTH = 64;

const plain = /^[\x20-\x7e]*$/;

/** A text on one line that cannot steer a terminal: control, format and separator characters are escaped. */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/** A stranger's name of an event: printable, and cut to 64 characters. */
export function printableName(name: string): string {
  return name.length <= NAME_LENGTH ? printable(name) : `${printable(name.slice(0, NAME_LENGTH))}…`;
}

/** JSON that cannot steer a terminal either: of what does, JSON itself escapes the oldest alone. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
