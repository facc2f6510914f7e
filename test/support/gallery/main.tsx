import { createSignal, For, Show, type JSX } from "solid-js";
import { render } from "solid-js/web";
import "../../../src/ui/styles/main.css";
import { createColorScheme, type ColorScheme } from "../../../src/ui/color-scheme.ts";
import { TextProvider } from "../../../src/ui/text-provider.tsx";
import { galleryScreens } from "./screens.tsx";

/**
 * The living style guide: `npm run dev`, then /test/support/gallery/. Each picture of the design, built from the components in `src/ui` with
 * invented data. `#02` shows one, `#02/dark` in the dark.
 */
function Gallery(): JSX.Element {
  const [hash, setHash] = createSignal(location.hash.slice(1));
  window.addEventListener("hashchange", () => setHash(location.hash.slice(1)));
  const [, setScheme] = createColorScheme();
  const screen = () => {
    const [id = "", scheme = "auto"] = hash().split("/");
    setScheme(scheme as ColorScheme);
    return galleryScreens[id];
  };
  return (
    <TextProvider>
      <Show when={screen()} fallback={<Index />} keyed>
        {(Screen) => <Screen />}
      </Show>
    </TextProvider>
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
