/** Names that the language has, and those of parameters. */
const language: readonly string[] = [
  ..."v strict input now name filled id options undefined NaN Infinity Array Number Object Set String".split(" "),
  ..."abstract any arguments async await boolean break case catch class const continue debugger declare default delete".split(
    " ",
  ),
  ..."do else enum eval export extends false finally for from function get if implements import in instanceof".split(
    " ",
  ),
  ..."interface is let new null number of package private protected public return set static string super switch".split(
    " ",
  ),
  ..."symbol this throw true try type typeof unknown var void while with yield".split(" "),
];

/** Names that generated code cannot give to things of its own: those of its imports, its parameters and its language. */
export const runtimeNames: readonly string[] = [
  ..."agrees allKeys array byKind byOption eachItem eachValue finite fits flag further given integer isoTime json keys".split(
    " ",
  ),
  ..."knownKeys literal maybeText member object open openMember own points record standardText reckoned text texts timestamp whole".split(
    " ",
  ),
  ..."Checker Fill KeyFilter compiledContract contract rooms parseRoom".split(" "),
  ...language,
];

/** The same for the code of clients. */
export const shapeNames: readonly string[] = [
  ..."choice clientContract closed either exact finite fits flag integer json list literal maybe nullable oneOf open".split(
    " ",
  ),
  ..."optional ownFields points record text timestamp whole word ClientParts Contract ParsedRoom contract rooms parseRoom parts".split(
    " ",
  ),
  ...language,
];
