import { type PaperFact, plain } from "../../paper/paper.ts";

/**
 * Why a field has no line of its own. `identity`: an id by which records point to each other; what it points to is told. `elsewhere`: it stands in a
 * heading, or with another field.
 */
export type NotTold = "identity" | "elsewhere";

/** How a field is told of: what it is called, and its value in words. Nothing is said of what is empty. */
export type Told<Value, One> = { readonly label: string; readonly value: (value: Value, record: One) => string };

/** Every field of a record, in the order it is told. A field that a schema gets does not compile until it stands here. */
export type ToldFields<One> = { readonly [Field in keyof One]-?: Told<NonNullable<One[Field]>, One> | NotTold };

/** What is held in a record, line by line. A question that nobody has answered is not held. */
export function factsOf<One extends object>(record: One, told: ToldFields<One>): PaperFact[] {
  return (Object.keys(told) as (keyof One)[]).flatMap((field) => {
    const [how, value] = [told[field], record[field]];
    if (how === "identity" || how === "elsewhere" || value === undefined || value === null) return [];
    return fact(how.label, how.value(value, record));
  });
}

/** One line, or none for what is empty. */
export function fact(label: string, value: string): PaperFact[] {
  return value.trim() === "" ? [] : [{ label, value: plain(value) }];
}

/** Facts as one value, such as those of a record within another: a line for each. */
export function linesOf(facts: readonly PaperFact[]): string {
  return facts.map(({ label, value }) => `${label}: ${value.map((run) => run.text).join("")}`).join("\n");
}
