import { createEffect, createSignal, For, Show, type JSX } from "solid-js";
import { render } from "solid-js/web";
import "../../../src/ui/styles/main.css";
import { applyColorScheme, type ColorScheme } from "../../../src/ui/color-scheme.ts";
import { languageNames, type Language } from "../../../src/i18n/translate.ts";
import { TextProvider, useText } from "../../../src/ui/text-provider.tsx";
import { galleryScreens } from "./screens.tsx";

/**
 * The living style guide: `npm run dev`, then /test/support/gallery/. Each picture of the design, built from the components in `src/ui` with
 * invented data. `#02` shows one, `#02/dark` in the dark, `#02/auto/nn` with what the components say themselves in Nynorsk.
 */
function Gallery(): JSX.Element {
  return (
    <TextProvider>
      <Chosen />
    </TextProvider>
  );
}

function Chosen(): JSX.Element {
  const { setLanguage } = useText();
  const [hash, setHash] = createSignal(location.hash.slice(1));
  window.addEventListener("hashchange", () => setHash(location.hash.slice(1)));
  const screen = () => galleryScreens[hash().split("/")[0] ?? ""];
  createEffect(() => {
    const [, scheme = "auto", language = "nb"] = hash().split("/");
    applyColorScheme(scheme as ColorScheme);
    if (language in languageNames) void setLanguage(language as Language);
  });
  return (
    <Show when={screen()} fallback={<Index />} keyed>
      {(Screen) => <Screen />}
    </Show>
  );
}

function Index(): JSX.Element {
  return (
    <main style={{ padding: "2rem" }}>
      <h1 class="voice">Stilprøver</h1>
      <ul>
        <For each={Object.keys(galleryScreens)}>
          {(id) => (
            <li>
              <a class="link" href={`#${id}`}>
                {id}
              </a>{" "}
              <a class="link" href={`#${id}/dark`}>
                {id} mørk
              </a>
            </li>
          )}
        </For>
      </ul>
    </main>
  );
}

const root = document.getElementById("root");
if (root !== null) render(() => <Gallery />, root);
