import { inflateSync } from "node:zlib";

/** An element of the structure: its text in reading order, or its children. */
export type PdfElement = { type: string; text: string; children: PdfElement[]; scope?: string };

/** What a screen reader or an archive gets out of a PDF. */
export type ReadPdf = {
  title: string;
  language: string;
  isMarked: boolean;
  showsTitle: boolean;
  structure: PdfElement;
  /** By page: what is read, in the order it was drawn, and what is only seen. */
  pages: { tags: string[]; read: string; onlySeen: string }[];
};

type Content = { tag: string; mcid: number | null; text: string };

/**
 * Reads the PDFs that we write: objects as they stand, streams deflated, composite fonts with a ToUnicode map. Not a reader for any PDF.
 * Strings are one character for each byte.
 */
export function readPdf(bytes: Uint8Array): ReadPdf {
  const file = Buffer.from(bytes).toString("latin1");
  const objects = new Map<string, string>();
  for (const [, id = "", body = ""] of file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id, body);
  const object = (id: string | undefined) => objects.get(id ?? "") ?? "";
  const refs = (text: string) => Array.from(text.matchAll(/(\d+) 0 R/g), ([, id]) => id!);
  const ref = (text: string, key: string) => object(new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1]);
  const stream = (body: string) => inflateSync(Buffer.from(/stream\n([\s\S]*)\nendstream/.exec(body)?.[1] ?? "", "latin1")).toString("latin1");

  const root = ref(file, "Root");
  const info = ref(file, "Info");
  const pageIds = refs(/\/Kids \[([^\]]*)\]/.exec(ref(root, "Pages"))?.[1] ?? "");
  const contents = new Map(
    pageIds.map((id) => {
      const fonts = new Map<string, Map<string, string>>();
      for (const [, name = "", font = ""] of ref(object(id), "Resources").matchAll(/\/(F\d+) (\d+) 0 R/g)) {
        fonts.set(name, lettersOf(stream(ref(object(font), "ToUnicode"))));
      }
      return [id, contentsOf(stream(ref(object(id), "Contents")), fonts)] as const;
    }),
  );

  const elementAt = (id: string): PdfElement => {
    const body = object(id);
    const kids = keyed(body, "K");
    const page = /\/Pg (\d+) 0 R/.exec(body.replace(kids, ""))?.[1] ?? "";
    const element: PdfElement = { type: /\/S \/(\w+)/.exec(body)?.[1] ?? "", text: "", children: [] };
    const scope = /\/Scope \/(\w+)/.exec(body)?.[1];
    if (scope !== undefined) element.scope = scope;
    const textOf = (on: string, mcid: string) => contents.get(on)?.find((part) => part.mcid === Number(mcid))?.text ?? "";
    for (const [whole, child, inner, number] of kids.matchAll(/(\d+) 0 R|<<([\s\S]*?)>>|(\d+)/g)) {
      if (child !== undefined) element.children.push(elementAt(child));
      else if (inner !== undefined) element.text += textOf(/\/Pg (\d+)/.exec(inner)?.[1] ?? page, /\/MCID (\d+)/.exec(whole)?.[1] ?? "");
      else element.text += textOf(page, number ?? "");
    }
    return element;
  };

  return {
    title: stringOf(ref(info, "Title")),
    language: /\/Lang \((.*?)\)/.exec(root)?.[1] ?? "",
    isMarked: /\/Marked true/.test(ref(root, "MarkInfo")),
    showsTitle: /\/DisplayDocTitle true/.test(ref(root, "ViewerPreferences")),
    structure: elementAt(refs(keyed(ref(root, "StructTreeRoot"), "K"))[0] ?? ""),
    pages: Array.from(contents.values(), (parts) => ({
      tags: parts.map(({ tag }) => tag),
      read: parts.flatMap(({ tag, text }) => (tag === "Artifact" ? [] : [text])).join("\n"),
      onlySeen: parts.flatMap(({ tag, text }) => (tag === "Artifact" && text !== "" ? [text] : [])).join("\n"),
    })),
  };
}

/** The array under a key, with what is nested in it. */
function keyed(body: string, key: string): string {
  const start = body.indexOf(`/${key} [`);
  if (start < 0) return "";
  let depth = 0;
  for (let at = start; at < body.length; at++) {
    if (body[at] === "[") depth += 1;
    if (body[at] === "]" && --depth === 0) return body.slice(start + key.length + 3, at);
  }
  return "";
}

/** The letters of each glyph, by its four hexadecimal digits. */
function lettersOf(map: string): Map<string, string> {
  const letters = new Map<string, string>();
  for (const [, first = "", list = ""] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    let glyph = Number.parseInt(first, 16);
    for (const [, codes = ""] of list.matchAll(/<([0-9a-f ]*)>/g)) {
      const units = codes.match(/[0-9a-f]{4}/g) ?? [];
      letters.set((glyph++).toString(16).padStart(4, "0"), String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    }
  }
  return letters;
}

function contentsOf(stream: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): Content[] {
  const parts: Content[] = [];
  let font: ReadonlyMap<string, string> | undefined;
  const operators = /\/(\w+) <<([^>]*)>> BDC|\/(\w+) BMC|EMC|\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g;
  for (const [, tag, properties = "", bare, fontName, shown] of stream.matchAll(operators)) {
    const mcid = /\/MCID (\d+)/.exec(properties)?.[1];
    if (tag !== undefined || bare !== undefined) parts.push({ tag: tag ?? bare ?? "", mcid: mcid === undefined ? null : Number(mcid), text: "" });
    if (fontName !== undefined) font = fonts.get(fontName);
    const last = parts.at(-1);
    if (shown !== undefined && last !== undefined) {
      const letters = (shown.match(/<[0-9a-f]*>/g) ?? []).flatMap((hex) => hex.match(/[0-9a-f]{4}/g) ?? []).map((glyph) => font?.get(glyph) ?? "?");
      // Glyphs lie from left to right in the file, whatever way they are read.
      last.text += letters.some((letter) => /[\u0590-\u08ff]/.test(letter)) ? letters.reverse().join("") : letters.join("");
    }
  }
  return parts;
}

/** PDF strings are UTF-16 with a mark in front where Latin letters are not enough. */
function stringOf(body: string): string {
  const raw = body.trim().replace(/^\(|\)$/g, "").replace(/\\([\\()])/g, "$1");
  if (!raw.startsWith("\xfe\xff")) return raw;
  return Buffer.from(raw.slice(2), "latin1").swap16().toString("utf16le");
}
