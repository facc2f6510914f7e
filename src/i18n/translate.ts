import { createFormat, type Format } from "./format.ts";
import { nb } from "./nb/all.ts";
import type { Placeholder, TextAt, TextPath, Texts, TextTree } from "./texts.ts";

export type Language = "nb" | "nn" | "en";

/** The languages in the order they are offered, each under its own name. */
export const languageNames: Readonly<Record<Language, string>> = { nb: "Bokmål", nn: "Nynorsk", en: "English" };

export type AllTexts = Texts<typeof nb>;

/** A dotted path to one text, such as `"common.state.saved"`. */
export type TextKey = TextPath<typeof nb>;

export type TextValue = string | number;

type Values<Key extends TextKey> = { readonly [Name in Placeholder<TextAt<typeof nb, Key>>]: TextValue };
type ValueArguments<Key extends TextKey> = [Placeholder<TextAt<typeof nb, Key>>] extends [never]
  ? []
  : string extends Placeholder<TextAt<typeof nb, Key>>
    ? [values?: Readonly<Record<string, TextValue>>]
    : [values: Values<Key>];

export interface Translator {
  /** The text for `key`, with every `{name}` replaced. A name without a value stays as it is written, so that it is seen. */
  readonly text: <Key extends TextKey>(key: Key, ...values: ValueArguments<Key>) => string;
  /** One of two texts by `count` (exactly 1, or anything else). `{count}` is filled in, formatted; other names come from `values`. */
  readonly plural: (count: number, oneKey: TextKey, otherKey: TextKey, values?: Readonly<Record<string, TextValue>>) => string;
  readonly format: Format;
}

/** Bokmål is in the first load; the other two are fetched when they are chosen. Rejects if the file cannot be loaded. */
export async function loadTexts(language: Language): Promise<AllTexts> {
  if (language === "nn") return (await import("./nn/all.ts")).nn;
  if (language === "en") return (await import("./en/all.ts")).en;
  return nb;
}

/** The texts that are there without loading anything. */
export const bundledTexts: AllTexts = nb;

/**
 * Binds texts and formats to a language. Both come as functions, read at every call, so that a caller whose functions are reactive gets
 * texts that are reactive.
 */
export function createTranslator(language: () => Language, texts: () => AllTexts): Translator {
  const format = createFormat(language);
  const fill = (key: TextKey, values?: Readonly<Record<string, TextValue>>) => fillPlaceholders(leafAt(texts(), key), values ?? {});
  return {
    text: (key, ...values) => fill(key, values[0]),
    plural: (count, oneKey, otherKey, values) => fill(count === 1 ? oneKey : otherKey, { count: format.number(count), ...values }),
    format,
  };
}

/** Replaces each `{name}` that has a value. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, TextValue>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

// The types rule out an unknown key; should one come from data all the same, it is better seen on the screen than thrown.
function leafAt(texts: AllTexts, key: string): string {
  let node: string | TextTree | undefined = texts;
  for (const part of key.split(".")) node = typeof node === "object" ? node[part] : undefined;
  return typeof node === "string" ? node : key;
}
