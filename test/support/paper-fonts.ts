import { readFile } from "node:fs/promises";
import { createFontShelf } from "../../src/paper/pdf/fonts.ts";

/** The fonts of the papers, read from the packages that Vite would serve them from. */
export const paperFonts = createFontShelf(async (url) => new Uint8Array(await readFile(`node_modules/${url.split("/node_modules/")[1]}`)));
