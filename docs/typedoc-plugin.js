import { Converter, ReflectionKind } from "typedoc";

/** Calls pages and modules by the names that readers know, and misses no docstring of a public name. */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const text = document.content.map((part) => part.text).join("");
    document.name = /^# (.+)$/m.exec(text)?.[1] ?? document.name;
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module))
      module.name = module.name.replace(/^src\/entry/, "@gestaloka/events");
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    // No host is this package's, so that there is none to link its sources to.
    for (const { sources = [] } of Object.values(project.reflections)) for (const source of sources) delete source.url;
    for (const module of project.getReflectionsByKind(ReflectionKind.Module))
      for (const name of [module, ...module.children].flatMap((found) => [found, ...membersOf(found)]))
        if (!isSaid(name)) app.logger.warn(`${name.getFullName()} has no docstring`);
  });
}

// What others made, of which the library says no more than what it uses; and a definition's keys, said there.
const saidElsewhere =
  /^(?:IoRedisClient|NodeRedisClient|NodeRedisCluster|FakeTimers|TraceLog|PacketSource|(?:Event|Command|Room)Snapshot)$/;

/** The members of an interface or a class; a payload's say what they are in the contract's own words, or by their names. */
function membersOf({ name, kind, children = [], sources = [] }) {
  if (kind !== ReflectionKind.Interface && kind !== ReflectionKind.Class) return [];
  if (saidElsewhere.test(name) || sources.some(({ fileName }) => fileName.endsWith("types.gen.ts"))) return [];
  return children.filter(({ kind: ofMember }) => ofMember !== ReflectionKind.Constructor);
}

/** Whether a name has a docstring. A schema says what it is by its own name and fields. */
function isSaid(reflection) {
  const { name, kind, signatures = [] } = reflection;
  if (kind === ReflectionKind.Reference || name.endsWith("Schema")) return true;
  return [reflection, ...signatures].some((said) => said.hasComment());
}
