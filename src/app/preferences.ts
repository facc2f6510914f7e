import type { Language } from "../i18n/translate.ts";
import type { ColorScheme } from "../ui/color-scheme.ts";

/** What this device remembers without being unlocked: nothing of any service or person. */
export type Preferences = {
  language: Language;
  scheme: ColorScheme;
  save(next: { language?: Language; scheme?: ColorScheme }): void;
};

const languageName = "aapen-dor/language";
const schemeName = "aapen-dor/scheme";

/** Storage that is refused (a private window, a policy) costs the memory, never the app. */
export function readPreferences(storage: () => Storage, browserLanguages: readonly string[]): Preferences {
  const read = (name: string): string | null => {
    try {
      return storage().getItem(name);
    } catch {
      return null;
    }
  };
  const stored = read(languageName);
  const scheme = read(schemeName);
  const preferences: Preferences = {
    language: isLanguage(stored) ? stored : languageOf(browserLanguages),
    scheme: scheme === "light" || scheme === "dark" ? scheme : "auto",
    save(next) {
      Object.assign(preferences, next);
      try {
        storage().setItem(languageName, preferences.language);
        storage().setItem(schemeName, preferences.scheme);
      } catch {
        // Remembered for this visit only.
      }
    },
  };
  return preferences;
}

function isLanguage(text: string | null): text is Language {
  return text === "nb" || text === "nn" || text === "en";
}

/** Bokmål unless the browser asks for nynorsk first, or for no Norwegian at all. */
function languageOf(browserLanguages: readonly string[]): Language {
  const wanted = browserLanguages.map((language) => language.toLowerCase().split("-")[0]);
  const norwegian = wanted.find((language) => language === "nn" || language === "nb" || language === "no");
  if (norwegian === "nn") return "nn";
  return norwegian === undefined && wanted[0] === "en" ? "en" : "nb";
}
