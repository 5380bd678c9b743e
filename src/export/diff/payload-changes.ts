import { type Shape, wordless } from "../../contract/shape.js";
import { canonical } from "../fingerprint.js";
import { type Finding, finding, type Subject } from "./finding.js";
import { join } from "./inclusion.js";

/**
 * Lists what changed between two payloads, whether or not it breaks: new and removed fields, new members of open enums.
 */
export function payloadChanges(subject: Subject, before: Shape, after: Shape): Finding[] {
  const found: Finding[] = [];
  if (before === after || canonical(before) === canonical(after)) return found;
  walk(before, after, "");
  if (found.length === 0 && canonical(wordless(before)) !== canonical(wordless(after))) {
    found.push(finding("PAYLOAD_CHANGED", subject, ""));
  }
  return found;

  function walk(old: Shape, now: Shape, path: string): void {
    if (isOpen(old) && now.kind === "object" && !now.open) {
      const message = `the free keys of ${path === "" ? "the payload" : path} are gone, and a program may have used them`;
      found.push(finding("FIELD_REMOVED", subject, join(path, "*"), message));
    }
    if (old.kind === "nullable") walk(old.inner, now, path);
    else if (now.kind === "nullable") walk(old, now.inner, path);
    else if (old.kind === "array" && now.kind === "array") {
      walk(old.items, now.items, `${path}[]`);
    } else if (old.kind === "record" && now.kind === "record") {
      walk(old.values, now.values, `${path}.*`);
    } else if (old.kind === "enum" && now.kind === "enum") {
      const added = now.values.filter((value) => !old.values.includes(value));
      if (old.open && added.length > 0) {
        found.push(finding("ENUM_VALUE_ADDED", subject, path, `${path} has new members: ${added.join(", ")}`));
      }
    } else if (old.kind === "object" && now.kind === "object") {
      for (const field of now.fields) {
        const same = old.fields.find((candidate) => candidate.name === field.name);
        const here = join(path, field.name);
        if (same) walk(same.shape, field.shape, here);
        else found.push(finding("FIELD_ADDED", subject, here, `${here} is new`));
      }
      for (const field of old.fields) {
        if (now.fields.some((candidate) => candidate.name === field.name)) continue;
        const here = join(path, field.name);
        found.push(finding("FIELD_REMOVED", subject, here, `${here} is gone, and a program may have used it`));
      }
    } else if (old.kind === "choice" && now.kind === "choice" && old.discriminator === now.discriminator) {
      const known = new Map(old.options.map((option) => [toldBy(option, old.discriminator), option]));
      for (const option of now.options) {
        const same = known.get(toldBy(option, now.discriminator));
        if (same) walk(same, option, path);
      }
    }
  }
}

function isOpen(shape: Shape): boolean {
  return shape.kind === "record" || (shape.kind === "object" && shape.open);
}

function toldBy(shape: Shape, discriminator: string): string {
  const field =
    shape.kind === "object" ? shape.fields.find((candidate) => candidate.name === discriminator) : undefined;
  return canonical(wordless(field?.shape ?? shape));
}
