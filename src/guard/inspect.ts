import { findAddresses } from "./address.ts";
import { findContacts } from "./contact.ts";
import type { Candidate, Finding, FindingKind } from "./finding.ts";
import { findHints } from "./hints.ts";
import { decodeWeights } from "./name-weights-code.ts";
import { encodedWeights } from "./name-weights.ts";
import { findNames } from "./names.ts";
import { findNumbers } from "./numbers.ts";
import { tokenize } from "./tokens.ts";

export type InspectOptions = {
  /** `YYYY-MM-DD`. With it a full date five years back or more is taken for a birth date; without it only after «født» and the like. */
  readonly today?: string;
  /** Keys of findings that the user has marked as mistakes. Findings that cannot be dismissed are given all the same. */
  readonly dismissed?: ReadonlySet<string>;
  /** The service's own phone numbers, as written in its settings: they may stand in a note. */
  readonly publicPhones?: readonly string[];
};

/** Of two findings that overlap the hard one is kept, and of two alike the one whose kind stands first. */
const PRECEDENCE: readonly FindingKind[] = [
  "identityNumber", "email", "link", "handle", "birthDate", "phone", "accountNumber", "licencePlate", "address", "schoolName", "fullName", "givenName", "sibling",
  "classLabel", "age", "workplace", "rareTrait", "origin", "initials", "sex", "longNumber",
];

const NEVER_ANYTHING_ELSE: ReadonlySet<FindingKind> = new Set<FindingKind>(["identityNumber", "phone", "email"]);

// Decoding takes a millisecond: once, when the first note is read.
const model = decodeWeights(encodedWeights);

/**
 * Reads a note for what could tell who it is about. Synchronous and linear in the length of the text; never throws; remembers nothing.
 * @returns findings in the order of the text, without overlap, without those dismissed
 */
export function inspect(text: string, options: InspectOptions = {}): Finding[] {
  const tokens = tokenize(text);
  const names = findNames(tokens, model);
  const candidates = [...names, ...findNumbers(text, options), ...findContacts(text), ...findAddresses(text, tokens), ...findHints(text, tokens, names)];
  return withoutOverlap(candidates)
    .map((item) => ({ ...item, key: keyOf(text, item), dismissible: !NEVER_ANYTHING_ELSE.has(item.kind) }))
    .filter((finding) => !(finding.dismissible && options.dismissed?.has(finding.key) === true));
}

function keyOf(text: string, item: Candidate): string {
  const group = item.kind === "fullName" || item.kind === "givenName" ? "name" : item.kind;
  return `${group}:${text.slice(item.start, item.end).normalize("NFC").toLowerCase().replaceAll(/\s+/g, " ")}`;
}

function withoutOverlap(candidates: readonly Candidate[]): Candidate[] {
  const inOrder = candidates.toSorted((a, b) => a.start - b.start);
  let settled: Candidate[] = [];
  // Group by group: each is in the order of the text, so every overlap is found by walking two lists once.
  for (const severity of ["hard", "soft"]) {
    for (const kind of PRECEDENCE) settled = merged(settled, inOrder.filter((item) => item.severity === severity && item.kind === kind));
  }
  return settled;
}

/** `first` whole, and those of `second` that touch none of it; both sorted by start. */
function merged(first: readonly Candidate[], second: readonly Candidate[]): Candidate[] {
  const out: Candidate[] = [];
  let at = 0;
  for (const item of second) {
    while (at < first.length && (first[at]?.end ?? 0) <= item.start) {
      const passed = first[at++];
      if (passed !== undefined) out.push(passed);
    }
    const blocker = first[at];
    const free = blocker === undefined || blocker.start >= item.end;
    if (free && (out.at(-1)?.end ?? 0) <= item.start) out.push(item);
  }
  out.push(...first.slice(at));
  return out;
}
