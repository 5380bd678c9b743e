import { type Check, expectVersion, peers, subpaths } from "./check.js";

const versions = ["5.9", "6.0", "7.0"];
const resolutions = { bundler: "ESNext", node16: "Node16" } as const;

/** Every subpath's types, read by each compiler as an ESM and as a CommonJS module. */
export const typescript: readonly Check[] = versions.flatMap((version) =>
  Object.entries(resolutions).map(
    ([moduleResolution, module]): Check => ({
      name: `TypeScript ${version}, moduleResolution ${moduleResolution}: every subpath, and a program that uses it`,
      packages: { ...peers, typescript: version, "@types/node": "20", "@types/react": "19" },
      quick: version === "7.0" && moduleResolution === "node16",
      run(project) {
        expectVersion(project, "typescript", version);
        const everything = subpaths
          .map((path, i) => `import * as all${i} from "${path}";\nexport { all${i} };\n`)
          .join("");
        project.write("types/all.ts", everything);
        project.write("types/all.cts", everything);
        // What it marks as wrong has to be wrong, so a type that became `any` is an error here.
        project.run("cp", "consumer.ts", "types");
        // Declarations are judged, too, by the compiler that needs only seconds for those of every peer.
        const compilerOptions = { ...options, skipLibCheck: version !== "7.0", moduleResolution, module };
        project.write("types/tsconfig.json", JSON.stringify({ compilerOptions }));
        project.node("node_modules/typescript/bin/tsc", "-p", "types");
      },
    }),
  ),
);

const options = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: "ES2022",
  lib: ["ES2022", "DOM"],
  types: ["node"],
  jsx: "react-jsx",
};
