import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Language, type TextKey, texts } from "./texts.js";

/** Says a text in the chosen language; `{name}` in it is filled from `values`. */
export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

interface LanguageState {
  readonly language: Language;
  readonly say: Say;
  choose(language: Language): void;
}

const storageKey = "gestaloka-demo/language";
const Context = createContext<LanguageState | undefined>(undefined);

function initialLanguage(): Language {
  const kept = localStorage.getItem(storageKey);
  if (kept === "ja" || kept === "en") return kept;
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

/** The language of the page: the browser's at first, then whatever was chosen last. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = texts[language].title;
  }, [language]);
  const state = useMemo<LanguageState>(
    () => ({
      language,
      say: (key, values = {}) => texts[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")),
      choose(chosen) {
        localStorage.setItem(storageKey, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <Context value={state}>{children}</Context>;
}

export function useLanguage(): LanguageState {
  const state = useContext(Context);
  if (!state) throw new Error("useLanguage needs a LanguageProvider above it");
  return state;
}
