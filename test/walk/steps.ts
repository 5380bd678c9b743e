/** What a newcomer does with one block of a page: types its commands, or saves it as a file. */
export type Step =
  | { readonly kind: "run"; readonly commands: readonly string[] }
  | { readonly kind: "serve"; readonly command: string; readonly url: string; readonly text: string }
  | { readonly kind: "save"; readonly file: string; readonly content: string }
  | { readonly kind: "compare"; readonly shown: string };

/** The steps under a heading of a page, in the order in which they stand there. */
export function stepsOf(page: string, heading: string): Step[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const blocks = (section.split(/^## /m)[0] as string).matchAll(/^```(\w+)\n([\s\S]*?)^```/gm);
  return [...blocks].map(([, language = "", code = ""]) => {
    if (language === "sh") return commandsOf(code);
    if (language === "console") return { kind: "compare", shown: code };
    const file = /^(?:\/\/|<!--) (\S+)/.exec(code)?.[1];
    if (file === undefined) throw new Error(`a block of ${language} under ${heading} does not say which file it is`);
    return { kind: "save", file, content: code };
  });
}

// What keeps running says in its comment where to look, and for which text.
function commandsOf(code: string): Step {
  const lines = code.trim().split("\n");
  const serving = /^(.* & .*?)\s+# open (\S+): "(.*)"$/.exec(lines[0] as string);
  if (!serving) return { kind: "run", commands: lines };
  const [, command = "", url = "", text = ""] = serving;
  return { kind: "serve", command, url, text };
}
