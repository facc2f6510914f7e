import { createContext, type JSX, useContext } from "solid-js";
import type { Language } from "../../i18n/translate.ts";
import type { ColorScheme } from "../../ui/color-scheme.ts";

/** What this device remembers without being unlocked. */
export type SavedPreferences = {
  language: Language;
  scheme: ColorScheme;
  save(next: { language?: Language; scheme?: ColorScheme }): void;
};

const PreferencesContext = createContext<SavedPreferences>();

export function usePreferences(): SavedPreferences {
  const preferences = useContext(PreferencesContext);
  if (preferences === undefined) throw new Error("usePreferences needs a PreferencesProvider above it");
  return preferences;
}

export function PreferencesProvider(props: { preferences: SavedPreferences; children: JSX.Element }): JSX.Element {
  return <PreferencesContext.Provider value={props.preferences}>{props.children}</PreferencesContext.Provider>;
}
