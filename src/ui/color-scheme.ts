import { createEffect, createSignal, type Accessor } from "solid-js";

/** `auto` follows the device. */
export type ColorScheme = "auto" | "light" | "dark";

/** Keeps `data-color-scheme` on the document's root in step with the choice. Where the choice is stored is the caller's matter. */
export function createColorScheme(initial: ColorScheme = "auto"): [Accessor<ColorScheme>, (scheme: ColorScheme) => void] {
  const [scheme, setScheme] = createSignal<ColorScheme>(initial);
  createEffect(() => {
    document.documentElement.dataset["colorScheme"] = scheme();
  });
  return [scheme, setScheme];
}
