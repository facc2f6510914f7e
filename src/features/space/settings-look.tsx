import { createSignal, type JSX, Show } from "solid-js";
import { type Language, languageNames } from "../../i18n/translate.ts";
import { Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { applyColorScheme, type ColorScheme } from "../../ui/color-scheme.ts";
import { Alert } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { usePreferences } from "./preferences-context.tsx";

const languages: readonly Language[] = ["nb", "nn", "en"];
const schemes = [
  { value: "auto", key: "space.settings.schemeAuto" },
  { value: "light", key: "space.settings.schemeLight" },
  { value: "dark", key: "space.settings.schemeDark" },
] as const satisfies readonly { value: ColorScheme; key: string }[];

/** Language and light or dark: of this device, not of the person. Both take effect at once. */
export function LanguageAndLook(): JSX.Element {
  const { text, language, setLanguage } = useText();
  const preferences = usePreferences();
  const [scheme, setScheme] = createSignal<ColorScheme>(preferences.scheme);
  const [notLoaded, setNotLoaded] = createSignal(false);

  const chooseLanguage = async (chosen: Language) => {
    setNotLoaded(false);
    try {
      await setLanguage(chosen);
      preferences.save({ language: chosen });
    } catch {
      // The texts of another language are a file of their own, which a device that has only just begun may not have yet.
      setNotLoaded(true);
    }
  };
  const chooseScheme = (chosen: ColorScheme) => {
    setScheme(chosen);
    applyColorScheme(chosen);
    preferences.save({ scheme: chosen });
  };

  return (
    <Section heading={text("space.settings.language")}>
      <ChoiceChips
        legend={text("space.settings.language")}
        legendHidden
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
        value={language()}
        onChange={(chosen) => chosen !== undefined && void chooseLanguage(chosen)}
        columns={3}
        required
      />
      <Show when={notLoaded()}>
        <Alert>{text("errors.textsMissing")}</Alert>
      </Show>
      <ChoiceChips
        legend={text("space.settings.scheme")}
        options={schemes.map(({ value, key }) => ({ value, label: text(key) }))}
        value={scheme()}
        onChange={(chosen) => chosen !== undefined && chooseScheme(chosen)}
        columns={3}
        required
      />
    </Section>
  );
}
