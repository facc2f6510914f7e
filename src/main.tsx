import * as z from "zod/mini";
import { render } from "solid-js/web";
import { App } from "./app/app.tsx";
import { readPreferences } from "./app/preferences.ts";
import { registerServiceWorker } from "./app/update.ts";
import { loadTexts } from "./i18n/translate.ts";
import { TextProvider } from "./ui/text-provider.tsx";
import { applyColorScheme } from "./ui/color-scheme.ts";
import "./ui/styles/main.css";

// The content security policy forbids the code that zod would otherwise generate.
z.config({ jitless: true });

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");

const preferences = readPreferences(() => localStorage, navigator.languages);
applyColorScheme(preferences.scheme);
const texts = await loadTexts(preferences.language);
const update = registerServiceWorker();

render(
  () => (
    <TextProvider language={preferences.language} texts={texts}>
      <App preferences={preferences} update={update} />
    </TextProvider>
  ),
  root,
);
// See public/boot.js.
sessionStorage.removeItem("boot");
