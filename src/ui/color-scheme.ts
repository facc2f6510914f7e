/** `auto` follows the device. */
export type ColorScheme = "auto" | "light" | "dark";

/** Puts the choice on the document's root, where the theme looks for it. Where it is stored is the caller's matter. */
export function applyColorScheme(scheme: ColorScheme): void {
  document.documentElement.dataset["colorScheme"] = scheme;
}
