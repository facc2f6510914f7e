import { codePointsOf, unwrapWoff } from "./font-file.ts";
import { type FontPair, fontPairs, type FontUrl } from "./font-list.ts";
import { isInvisible, replacement } from "../letters.ts";

/** One font file, ready to be drawn with. */
export type Face = { readonly name: FontUrl; readonly bytes: Uint8Array; readonly covers: ReadonlySet<number> };

/** Which face a letter is drawn with, given the face before it; null when no font has it. */
export type FaceChoice = (letter: string, isBold: boolean, before: Face | null) => Face | null;

export type FontShelf = {
  /** Fetches the fonts that some letters need and no others. Faces are then chosen for these letters alone. */
  readonly facesFor: (letters: { readonly regular: string; readonly bold: string }) => Promise<FaceChoice>;
};

/**
 * The fonts of all papers, each fetched once.
 * @param fetchFont gives the WOFF file at a URL of `font-list.ts`; where it fails, the paper is not made, and the next one tries again
 */
export function createFontShelf(fetchFont: (url: FontUrl) => Promise<Uint8Array<ArrayBuffer>>): FontShelf {
  const faces = new Map<FontUrl, Promise<Face>>();
  const faceAt = (url: FontUrl): Promise<Face> => {
    const known = faces.get(url);
    if (known !== undefined) return known;
    const face = loadFace(url, fetchFont);
    faces.set(url, face);
    face.catch(() => faces.delete(url));
    return face;
  };

  /** By code point, the first face that has it. */
  const cover = async (letters: string, weight: "regular" | "bold"): Promise<Map<number, Face>> => {
    const found = new Map<number, Face>();
    let waiting = Array.from(new Set(` ${letters}`), codePointOf);
    const fetchFrom = async (pair: FontPair) => {
      if (!waiting.some(pair.isFor)) return;
      const face = await faceAt(pair[weight]);
      for (const codePoint of waiting) if (face.covers.has(codePoint)) found.set(codePoint, face);
      waiting = waiting.filter((codePoint) => !found.has(codePoint));
    };
    for (const pair of fontPairs) await fetchFrom(pair);
    // The replacement character is asked for only when something is to be replaced.
    if (waiting.some((codePoint) => !isInvisible(String.fromCodePoint(codePoint)))) {
      waiting = [codePointOf(replacement)];
      for (const pair of fontPairs) await fetchFrom(pair);
    }
    return found;
  };

  return {
    facesFor: async ({ regular, bold }) => {
      const [regularFaces, boldFaces] = await Promise.all([cover(regular, "regular"), cover(bold, "bold")]);
      return (letter, isBold, before) => {
        const codePoint = codePointOf(letter);
        const face = (isBold ? boldFaces : regularFaces).get(codePoint) ?? null;
        // Spaces, joiners and accents go with the word they stand in.
        return before !== null && before !== face && followsOthers(letter) && before.covers.has(codePoint) ? before : face;
      };
    },
  };
}

function followsOthers(letter: string): boolean {
  return /^[\p{White_Space}\p{M}\p{Default_Ignorable_Code_Point}]$/u.test(letter);
}

function codePointOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}

async function loadFace(url: FontUrl, fetchFont: (url: FontUrl) => Promise<Uint8Array<ArrayBuffer>>): Promise<Face> {
  const bytes = await unwrapWoff(await fetchFont(url));
  return { name: url, bytes, covers: codePointsOf(bytes) };
}
