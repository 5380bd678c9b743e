import { cpSync, existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Check } from "./check.js";
import { manifest, manifestOf } from "./project.js";

const folder = resolve(import.meta.dirname, "../../examples");

/** The examples in TypeScript, with what their manifests ask for from the registry, as whoever copies one has them. */
export const examples: readonly Check[] = readdirSync(folder)
  .filter((name) => ["package.json", "tsconfig.json"].every((file) => existsSync(join(folder, name, file))))
  .map((name) => {
    const { dependencies, devDependencies } = manifestOf(join(folder, name));
    const { [manifest.name]: _, ...packages } = { ...dependencies, ...devDependencies };
    return {
      name: `example ${name}: what its manifest asks for is installed, and it compiles`,
      packages,
      run(project) {
        const isOwn = (path: string) => !path.includes("node_modules");
        cpSync(join(folder, name), join(project.folder, name), { recursive: true, filter: isOwn });
        project.node("node_modules/typescript/bin/tsc", "-p", name);
      },
    };
  });
