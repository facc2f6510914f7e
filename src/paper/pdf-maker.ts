import type { Paper } from "./paper.ts";
import type { FontShelf } from "./pdf/fonts.ts";
import type { PaperPdf } from "./pdf/paper-pdf.ts";

export type PdfMaker = {
  /**
   * Fetches the library and the fonts that a paper needs, and runs them on a few letters, so that the paper is ready soon after it is asked for. To be
   * called where somebody is about to need one. Fails silently: the same fault comes from `make`, where somebody waits for an answer.
   */
  readonly prepare: (paper: Paper) => Promise<void>;
  /** See `paperPdf`. @throws when the library or a font cannot be fetched */
  readonly make: (paper: Paper, madeAt: Date) => Promise<PaperPdf>;
};

/** The door to the PDFs: everything behind it is fetched when the first is made. One for the life of the app, which keeps the fonts. */
export function createPdfMaker(fetchFont: (url: string) => Promise<Uint8Array<ArrayBuffer>>): PdfMaker {
  let shelf: FontShelf | null = null;
  const load = async () => {
    const [{ createFontShelf }, library] = await Promise.all([import("./pdf/fonts.ts"), import("./pdf/paper-pdf.ts")]);
    shelf ??= createFontShelf(fetchFont);
    return { ...library, shelf };
  };
  return {
    make: async (paper, madeAt) => {
      const { paperPdf, shelf } = await load();
      return paperPdf(paper, madeAt, shelf);
    },
    prepare: async (paper) => {
      try {
        const { paperPdf, sampleOf, shelf } = await load();
        await paperPdf(sampleOf(paper), new Date(0), shelf);
      } catch {
        // Said by `make`.
      }
    },
  };
}

/** Fonts from where the app itself came from, or from what the service worker has kept of it. @throws when neither has it */
export async function fetchFont(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`a font was not found: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
