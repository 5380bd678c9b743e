import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type * as typescript from "typescript";

const require = createRequire(import.meta.url);
const root = resolve(import.meta.dirname, "../..");

/** One error as an editor shows it. */
export interface Shown {
  readonly text: string;
  readonly at: number;
}

/** What an editor knows of a folder, by TypeScript's language service. */
export class Editor {
  private readonly ts: typeof typescript;
  private readonly service: typescript.LanguageService;
  private readonly file: string;
  private text = "";
  private version = 0;

  constructor(compiler: string, folder: string) {
    const ts = require(compiler) as typeof typescript;
    const file = join(folder, "main.ts");
    const options: typescript.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
      // zod-sockets is typed with zod 3.
      paths: { zod: [join(root, "node_modules/zod-3.25/index.d.ts")] },
    };
    const read = (path: string) =>
      path === file ? this.text : existsSync(path) ? readFileSync(path, "utf8") : undefined;
    // Asked for again with every program, and each is some 300 files.
    const snapshots = new Map<string, typescript.IScriptSnapshot>();
    this.ts = ts;
    this.file = file;
    this.service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [file],
      getScriptVersion: (path) => (path === file ? String(this.version) : "0"),
      getScriptSnapshot(path) {
        const known = snapshots.get(path);
        const text = known ? undefined : read(path);
        if (text === undefined) return known;
        const snapshot = ts.ScriptSnapshot.fromString(text);
        if (path !== file) snapshots.set(path, snapshot);
        return snapshot;
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => path === file || ts.sys.fileExists(path),
      readFile: read,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      ...(ts.sys.realpath ? { realpath: ts.sys.realpath } : {}),
    });
  }

  /** Types a whole program. */
  write(text: string): void {
    this.text = text;
    this.version++;
  }

  /** The errors of the program. */
  errors(): readonly Shown[] {
    const { service, ts, file } = this;
    return [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)].map((shown) => ({
      text: ts.flattenDiagnosticMessageText(shown.messageText, "\n"),
      at: shown.start ?? 0,
    }));
  }

  /** The names that are offered behind a piece of the program. */
  offered(before: string): readonly string[] {
    return (
      this.service.getCompletionsAtPosition(this.file, this.after(before), {})?.entries.map(({ name }) => name) ?? []
    );
  }

  /** What is shown at the end of a piece of the program: the type, and the docstring under it. */
  hovered(before: string): string {
    const { service, ts } = this;
    const info = service.getQuickInfoAtPosition(this.file, this.after(before) - 1);
    return [info?.displayParts, info?.documentation].map((parts) => ts.displayPartsToString(parts)).join("\n");
  }

  /** The line that one lands on from the end of a piece of the program. */
  defined(before: string): string {
    const [place] = this.service.getDefinitionAtPosition(this.file, this.after(before) - 1) ?? [];
    if (!place) return "";
    const text = readFileSync(place.fileName, "utf8");
    const start = text.lastIndexOf("\n", place.textSpan.start) + 1;
    return text.slice(start, text.indexOf("\n", start)).trim();
  }

  private after(before: string): number {
    const at = this.text.lastIndexOf(before);
    if (at < 0) throw new Error(`the program has no ${before}`);
    return at + before.length;
  }
}
