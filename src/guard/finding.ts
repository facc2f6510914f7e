/** What a passage of a note gives away. */
export type FindingKind =
  // hard by nature
  | "identityNumber"
  | "phone"
  | "email"
  | "accountNumber"
  | "licencePlate"
  | "link"
  | "handle"
  | "address"
  | "birthDate"
  | "fullName"
  // hard when it is almost surely a name, else soft
  | "givenName"
  // soft by nature
  | "initials"
  | "longNumber"
  | "age"
  | "classLabel"
  | "sibling"
  | "schoolName"
  | "origin"
  | "sex"
  | "workplace"
  | "rareTrait";

/** `hard` must be changed or marked as a mistake before the note can be saved; `soft` is a hint. */
export type Severity = "hard" | "soft";

/** What made the guard think so, for a sentence the user can check: each has a text under `guard.reason`. */
export type FindingReason =
  /** The form alone decides: digits, an @, a number after a street. */
  | "form"
  /** A word before it says so: «heter», «mor til», «født». */
  | "cue"
  /** Capital letters where Norwegian has none. */
  | "capital"
  /** Spelt and placed as names are. */
  | "spelling"
  /** The word itself is on a short list. */
  | "word";

export type Finding = {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly reason: FindingReason;
  /** UTF-16 offsets into the text; `end` is exclusive and greater than `start`. */
  readonly start: number;
  readonly end: number;
  /** What a dismissal remembers: the same words found again later in the text have the same key. Contains the user's words. */
  readonly key: string;
  /** False for what is never anything else: identity numbers, phone numbers, e-mail addresses. */
  readonly dismissible: boolean;
};

/** A finding before it has a key and before overlaps are settled. */
export type Candidate = Omit<Finding, "key" | "dismissible">;

export function candidate(kind: FindingKind, severity: Severity, reason: FindingReason, start: number, end: number): Candidate {
  return { kind, severity, reason, start, end };
}

/** Whether anything in the note must be changed or marked as a mistake before it may be sealed. */
export function hasHard(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "hard");
}
