import { type Accessor, createResource, createSignal, type JSX } from "solid-js";
import { createTranslator, type Language, languageNames, loadTexts, type Translator } from "../i18n/translate.ts";
import { ChoiceChips } from "./chip-group.tsx";
import { type TextSource, useText } from "./text-provider.tsx";

const languages = Object.keys(languageNames) as Language[];

/** Texts and formats in one language that does not change. */
export type LanguageWords = Translator & { readonly language: Language };

/** The page's words, in the language it has now. */
export function wordsNow(source: TextSource): LanguageWords {
  return { ...source, language: source.language() };
}

export type LanguageChoice = {
  /** The page's own, until another one is chosen. */
  readonly language: Accessor<Language>;
  readonly choose: (language: Language) => void;
  /** Undefined until the first is loaded; while another one loads, the one before. */
  readonly words: Accessor<LanguageWords | undefined>;
};

/** The language of something on the page that is handed to somebody else. */
export function createLanguageChoice(): LanguageChoice {
  const { language: own } = useText();
  const [chosen, setChosen] = createSignal<Language>();
  const language = () => chosen() ?? own();
  const [loaded] = createResource(language, async (one): Promise<LanguageWords> => {
    const texts = await loadTexts(one);
    return {
      language: one,
      ...createTranslator(
        () => one,
        () => texts,
      ),
    };
  });
  return { language, choose: (one) => setChosen(one), words: () => loaded.latest };
}

/** Each language under its own name. */
export function LanguageChips(props: { readonly legend: string; readonly choice: LanguageChoice }): JSX.Element {
  return (
    <ChoiceChips<Language>
      legend={props.legend}
      options={languages.map((value) => ({ value, label: languageNames[value] }))}
      value={props.choice.language()}
      onChange={(value) => value !== undefined && props.choice.choose(value)}
      columns={3}
      phoneColumns={3}
      required
    />
  );
}
