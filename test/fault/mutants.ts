import type { SourceEdit } from "./loader.ts";

/** One rule of SPEC.md switched off: the worlds must notice. */
export type Mutant = { rule: string; what: string; edits: readonly SourceEdit[] };

export const mutants: readonly Mutant[] = [];
