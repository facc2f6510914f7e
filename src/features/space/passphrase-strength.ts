export type PassphraseStrength = "short" | "weak" | "good" | "strong";

/** The least that is taken: four ordinary words, or twelve characters nobody guesses. */
export const leastPassphraseLength = 12;

export function isLongEnough(passphrase: string): boolean {
  return passphrase.trim().length >= leastPassphraseLength;
}

const sequences = ["abcdefghijklmnopqrstuvwxyzæøå", "0123456789", "qwertyuiopå", "asdfghjkløæ", "zxcvbnm"];
const common = /pass(ord|word|frase)|velkommen|barnevern|åpen ?dør|hemmelig|sommer|vinter|12345|qwert/giu;

/**
 * A hint, not a judgement: counts what is not repeated, a run of the keyboard or a well-known word, so that length by itself is not praised.
 * Four different words are good; five, or four with something odd among them, are strong.
 */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const normal = passphrase.normalize("NFKC").trim();
  if (normal.length < leastPassphraseLength) return "short";
  const words = new Set(normal.toLowerCase().replaceAll(common, " ").split(/[\s\-_.,]+/u).filter((word) => word.length > 2 && !isRun(word)));
  const letters = new Set(Array.from(words).join("")).size;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d\s]/u].filter((kind) => kind.test(normal)).length;
  const bits = Math.max(words.size * 11, (letters >= 8 ? Array.from(words).join("").length : letters) * 2.5 + kinds * 4);
  if (bits >= 55) return "strong";
  return bits >= 40 ? "good" : "weak";
}

function isRun(word: string): boolean {
  return new Set(word).size <= 2 || sequences.some((sequence) => sequence.includes(word));
}
