import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/**
 * A directory that goes away after the tests of the file, and writes files by their relative names. In `parent` it finds
 * the packages that are installed there.
 */
export function temporaryDirectory(parent = tmpdir()): {
  readonly path: string;
  write(name: string, content: string | Buffer): string;
} {
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "events-test-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}
