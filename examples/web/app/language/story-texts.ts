import { type Scene, story, type Text } from "../../game/story.js";
import type { Language } from "./texts.js";

const scenes: Readonly<Record<string, Scene>> = story;
const choices = new Map<string, Text>(
  Object.values(scenes).flatMap((scene) => scene.choices.map(({ id, text }) => [id, text] as const)),
);

/** The name of a scene's place. */
export function placeText(scene: string, language: Language): string | undefined {
  return scenes[scene]?.place[language];
}

/** What a choice reads as; `undefined` for an action in a player's own words. */
export function choiceText(id: string, language: Language): string | undefined {
  return choices.get(id)?.[language];
}
