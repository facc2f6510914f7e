/**
 * A text section is a plain nested object of strings. Bokmål is the contract: it is written `as const`, and the two other languages are typed
 * `Texts<typeof section>`, so a missing or misspelt key does not compile. Placeholders are written `{name}`.
 */
export interface TextTree {
  readonly [key: string]: string | TextTree;
}

/** The same keys as `T`, with any string at the leaves. */
export type Texts<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Texts<T[Key]> };

/** Every dotted path to a leaf of `T`: `"state.saved"`. */
export type TextPath<T> = {
  [Key in keyof T & string]: T[Key] extends string ? Key : `${Key}.${TextPath<T[Key]>}`;
}[keyof T & string];

/** The leaf that a dotted path names. */
export type TextAt<T, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? TextAt<T[Head], Rest>
    : never
  : Path extends keyof T
    ? T[Path]
    : never;

/** The names in braces in a text: `"Innen {date}"` gives `"date"`. A leaf that is not `as const` gives any name. */
export type Placeholder<Text> = Text extends string
  ? string extends Text
    ? string
    : Text extends `${string}{${infer Name}}${infer Rest}`
      ? Name | Placeholder<Rest>
      : never
  : never;
