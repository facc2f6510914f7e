/** In characters, without the ending: short enough for every disk and archive. */
const longest = 80;

const spelledOut: Readonly<Record<string, string>> = { æ: "ae", ø: "o", ß: "ss", ð: "d", þ: "th", đ: "d", ł: "l" };

/**
 * A file name that every system takes, without an ending: small letters a–z, figures and single hyphens, at most 80. A text with none of them is `papir`.
 * @param text such as «M-482-KTM, Granly skole»
 */
export function safeFileName(text: string): string {
  const letters = text
    .toLowerCase()
    .replace(/[æøßðþđł]/g, (letter) => spelledOut[letter] ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "");
  const name = letters.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "").slice(0, longest).replace(/-$/, "");
  return name === "" ? "papir" : name;
}
