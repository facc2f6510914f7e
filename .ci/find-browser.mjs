import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A Chromium to test in: `CHROMIUM_PATH`, else one on the PATH, else null (then Playwright's own is used). */
export function findBrowser(env = process.env) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  }
  return null;
}
