import { createContext, createEffect, createSignal, useContext, type Accessor, type JSX } from "solid-js";
import {
  bundledTexts,
  createTranslator,
  loadTexts,
  type AllTexts,
  type Language,
  type Translator,
} from "../i18n/translate.ts";

export interface TextSource extends Translator {
  readonly language: Accessor<Language>;
  /** Loads the language, then changes all texts at once. Rejects, and keeps the old language, when the texts cannot be loaded. */
  readonly setLanguage: (language: Language) => Promise<void>;
}

export interface TextProviderProps {
  /** What the first screen is shown in. For nn and en give the loaded texts too, so that no screen is shown in bokmål first. */
  readonly language?: Language | undefined;
  readonly texts?: AllTexts | undefined;
  readonly children: JSX.Element;
}

const TextContext = createContext<TextSource>();

/** Gives every component below it texts and formats, and keeps the document's `lang` in step. */
export function TextProvider(props: TextProviderProps): JSX.Element {
  const source = createTextSource(props.language ?? "nb", props.texts ?? bundledTexts);
  createEffect(() => document.documentElement.setAttribute("lang", source.language()));
  return <TextContext.Provider value={source}>{props.children}</TextContext.Provider>;
}

/** Texts in the chosen language. Read `text(…)` in JSX or an effect, not once: the language can change while a page is open. */
export function useText(): TextSource {
  const source = useContext(TextContext);
  if (source === undefined) throw new Error("useText needs a TextProvider above it");
  return source;
}

function createTextSource(language: Language, texts: AllTexts): TextSource {
  const [current, setCurrent] = createSignal({ language, texts });
  const translator = createTranslator(
    () => current().language,
    () => current().texts,
  );
  return {
    ...translator,
    language: () => current().language,
    setLanguage: async (next) => {
      const nextTexts = await loadTexts(next);
      setCurrent({ language: next, texts: nextTexts });
    },
  };
}
