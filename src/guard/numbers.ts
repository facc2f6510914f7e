import { idnr } from "@navikt/fnrvalidator";
import { candidate, type Candidate } from "./finding.ts";

export type NumberOptions = {
  /** `YYYY-MM-DD`; without it a date counts as a birth date only after a word that says so. */
  readonly today?: string | undefined;
  /** The service's own phone numbers, as they are written: they are advice, not identity. */
  readonly publicPhones?: readonly string[] | undefined;
};

type Group = { readonly digits: string; readonly start: number; readonly end: number; readonly gap: string };

/** Pupils are five and older; a fresher date in a note is an appointment. */
const YOUNGEST_YEARS = 5;
const OLDEST_YEARS = 100;

const MONTHS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    "jan januar january", "feb februar february", "mar mars march", "apr april", "mai may", "jun juni june", "jul juli july", "aug august", "sep sept september",
    "okt oct oktober october", "nov november", "des dec desember december",
  ].flatMap((names, index) => names.split(" ").map((name) => [name, index + 1])),
);

const BIRTH_CUE = /(?:født|fødd|fødselsdato|fødselsdag|bursdag|gebursdag|født den|born|birthday|dob|date of birth|(?:^|[\s(])f\.)[\s:.]*(?:på |den |on |er |is )*$/iu;
const PHONE_CUE = /(?:tlf|telefon|telefonen|mobil|mobilen|mob|mobilnummer|telefonnummer|nummer|ring|phone|call|sms|nr)[\s.:]*(?:er |på |til |to |at )?$/iu;
const AMOUNT_AROUND = /(?:kr|nok|kroner|§)\.?\s*$/iu;

const separators = new Set(["", " ", "\u00a0", "\u202f", "-", "–", "."]);

/** Identity numbers, account numbers, phone numbers, birth dates, number plates and unexplained long numbers. */
export function findNumbers(text: string, options: NumberOptions): Candidate[] {
  const groups = digitGroups(text);
  const publicPhones = new Set((options.publicPhones ?? []).map(bareNumber));
  const found: Candidate[] = [];
  for (let at = 0; at < groups.length; ) {
    const match =
      identityNumber(groups, at) ?? writtenDate(text, groups, at, options.today) ?? accountNumber(groups, at) ?? phone(text, groups, at, publicPhones) ?? longNumber(groups, at);
    if (match === undefined) {
      at++;
      continue;
    }
    const first = groups[at];
    const last = groups[at + match.length - 1];
    if (match.kind !== "none" && first !== undefined && last !== undefined) {
      const plus = match.kind === "phone" && text[first.start - 1] === "+" ? 1 : 0;
      found.push(candidate(match.kind, match.kind === "longNumber" ? "soft" : "hard", match.cue === true ? "cue" : "form", first.start - plus, match.end ?? last.end));
    }
    at += match.length;
  }
  return [...found, ...plates(text)];
}

type Match = {
  readonly kind: "identityNumber" | "accountNumber" | "phone" | "birthDate" | "longNumber" | "none";
  /** Digit groups used. */
  readonly length: number;
  readonly cue?: boolean;
  /** Where the finding ends, when that is not the end of the last group. */
  readonly end?: number;
};

/** Runs of digits with what stands between each and the one before it. Digits inside words (`a1b2`) count too. */
function digitGroups(text: string): Group[] {
  const groups: Group[] = [];
  let end = 0;
  for (const match of text.matchAll(/\d+/g)) {
    // What is longer than a few characters is no separator; cutting keeps this linear.
    groups.push({ digits: match[0], start: match.index, end: match.index + match[0].length, gap: text.slice(Math.max(end, match.index - 4), match.index) });
    end = match.index + match[0].length;
  }
  return groups;
}

/** The digits of the groups from `at` if they are cut as `pattern` says, with one plain separator between them. */
function cutAs(groups: readonly Group[], at: number, pattern: readonly number[]): string | undefined {
  let digits = "";
  for (let i = 0; i < pattern.length; i++) {
    const group = groups[at + i];
    if (group === undefined || group.digits.length !== pattern[i] || (i > 0 && !separators.has(group.gap))) return undefined;
    digits += group.digits;
  }
  return digits;
}

const IDENTITY_CUTS: readonly (readonly number[])[] = [[11], [6, 5], [2, 2, 2, 5], [2, 2, 2, 3, 2], [6, 3, 2], [2, 2, 7]];

function identityNumber(groups: readonly Group[], at: number): Match | undefined {
  for (const cut of IDENTITY_CUTS) {
    const digits = cutAs(groups, at, cut);
    // One wrong digit does not make it anonymous: a plausible date in front is enough where the cut is that of an identity number.
    if (digits !== undefined && (idnr(digits).status === "valid" || (!isAccount(digits) && beginsWithDate(digits)))) return { kind: "identityNumber", length: cut.length };
  }
  // Numbers of persons in the immigration authorities' registers: twelve digits, a year first.
  for (const cut of [[12], [4, 6, 2]]) {
    const digits = cutAs(groups, at, cut);
    if (digits !== undefined && /^(?:19|20)\d\d/.test(digits)) return { kind: "identityNumber", length: cut.length };
  }
  return undefined;
}

/** Day and month, also in D-numbers (day + 40), H-numbers (month + 40) and synthetic numbers (month + 80, + 65). */
function beginsWithDate(digits: string): boolean {
  const day = Number(digits.slice(0, 2)) % 40;
  const month = Number(digits.slice(2, 4));
  const plain = month > 80 ? month - 80 : month > 65 ? month - 65 : month > 40 ? month - 40 : month;
  return day >= 1 && day <= 31 && plain >= 1 && plain <= 12;
}

/** The modulus-11 control digit of Norwegian account numbers. */
function isAccount(digits: string): boolean {
  const weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return digits.length === 11 && (11 - (sum % 11)) % 11 === Number(digits[10]);
}

function accountNumber(groups: readonly Group[], at: number): Match | undefined {
  for (const cut of [[11], [4, 2, 5]]) {
    const digits = cutAs(groups, at, cut);
    if (digits !== undefined && (cut.length > 1 || isAccount(digits))) return { kind: "accountNumber", length: cut.length };
  }
  return undefined;
}

const PHONE_CUTS: readonly (readonly number[])[] = [[8], [3, 2, 3], [2, 2, 2, 2], [4, 4], [3, 5], [5, 3]];

function phone(text: string, groups: readonly Group[], at: number, publicPhones: ReadonlySet<string>): Match | undefined {
  const first = groups[at];
  if (first === undefined) return undefined;
  const before = text.slice(Math.max(0, first.start - 24), first.start);
  const abroad = before.endsWith("+") || (first.digits.startsWith("00") && first.digits.length > 3);
  if (abroad) {
    let digits = first.digits;
    let length = 1;
    for (let next = at + 1; next < groups.length; next++) {
      const group = groups[next];
      if (group === undefined || !separators.has(group.gap) || digits.length + group.digits.length > 15) break;
      digits += group.digits;
      length++;
    }
    if (digits.length >= 8) return publicPhones.has(bareNumber(digits)) ? { kind: "none", length } : { kind: "phone", length };
  }
  if (AMOUNT_AROUND.test(before)) return undefined;
  const cued = PHONE_CUE.test(before);
  // The country code without its plus: 47 912 34 567.
  const skip = first.digits === "47" || first.digits === "0047" ? 1 : 0;
  for (const cut of PHONE_CUTS) {
    const digits = cutAs(groups, at + skip, cut);
    if (digits === undefined || (skip === 1 && !separators.has(groups[at + 1]?.gap ?? "x"))) continue;
    const length = cut.length + skip;
    if (publicPhones.has(digits)) return { kind: "none", length };
    // School years, times of day and lists are cut like numbers too: 2026-2027, 20.30-21.15, 20 25 30 35.
    const inner = groups.slice(at + skip, at + length);
    const uneven = new Set(inner.slice(1).map((group) => group.gap)).size > 1;
    const ascending = cut.length === 4 && inner.every((group, i) => i === 0 || Number(group.digits) > Number(inner[i - 1]?.digits));
    const years = cut[0] === 4 && /^(?:19|20)\d\d(?:19|20)\d\d$/.test(digits);
    const isoDate = cut.length === 1 && /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits);
    if (years || isoDate) continue;
    if (cued || (!uneven && !ascending && /^[2-9]/.test(digits))) return cued ? { kind: "phone", length, cue: true } : { kind: "phone", length };
  }
  return undefined;
}

function bareNumber(number: string): string {
  return number.replace(/\D/g, "").replace(/^(?:00)?47(?=\d{8}$)/, "");
}

function longNumber(groups: readonly Group[], at: number): Match | undefined {
  return (groups[at]?.digits.length ?? 0) >= 9 ? { kind: "longNumber", length: 1 } : undefined;
}

function writtenDate(text: string, groups: readonly Group[], at: number, today: string | undefined): Match | undefined {
  const first = groups[at];
  if (first === undefined) return undefined;
  const second = groups[at + 1];
  const third = groups[at + 2];
  const cue = BIRTH_CUE.test(text.slice(Math.max(0, first.start - 28), first.start));
  const verdict = (day: number, month: number, year: string | undefined, length: number, end?: number): Match | undefined => {
    if (day < 1 || day > 31 || month < 1 || month > 12) return undefined;
    if (!cue && (year === undefined || !isBirthYearsAgo(today, fullYear(year, today), month, day))) return undefined;
    return { kind: "birthDate", length, ...(cue ? { cue } : {}), ...(end === undefined ? {} : { end }) };
  };
  const dotted = (group: Group | undefined): boolean => group !== undefined && /^(?:\. ?|\/|-| )$/.test(group.gap);
  if (first.digits.length === 4 && /^(?:19|20)/.test(first.digits) && second?.gap === "-" && third?.gap === "-") {
    return verdict(Number(third.digits), Number(second.digits), first.digits, 3);
  }
  if (first.digits.length === 8 || (first.digits.length === 6 && cue)) {
    return verdict(Number(first.digits.slice(0, 2)), Number(first.digits.slice(2, 4)), first.digits.slice(4), 1);
  }
  if (first.digits.length > 2) return undefined;
  if (second !== undefined && second.digits.length <= 2 && dotted(second)) {
    if (third !== undefined && dotted(third) && (third.digits.length === 4 || third.digits.length === 2) && second.gap.trim() !== "") {
      return verdict(Number(first.digits), Number(second.digits), third.digits, 3);
    }
    return cue && second.gap.trim() !== "" ? verdict(Number(first.digits), Number(second.digits), undefined, 2) : undefined;
  }
  const named = /^(?:\. ?| |st |nd |rd |th )(?:of )?([a-zæøå]{3,9})\.?,? ?/iu.exec(text.slice(first.end, first.end + 24));
  const month = named === null ? undefined : MONTHS[named[1]?.toLowerCase() ?? ""];
  if (named === null || month === undefined) return undefined;
  const afterMonth = first.end + named[0].length;
  if (second !== undefined && second.start === afterMonth && second.digits.length === 4) return verdict(Number(first.digits), month, second.digits, 2);
  return cue ? verdict(Number(first.digits), month, undefined, 1, first.end + named[0].trimEnd().length) : undefined;
}

function fullYear(digits: string, today: string | undefined): number {
  if (digits.length === 4) return Number(digits);
  const current = today === undefined ? 99 : Number(today.slice(2, 4));
  return Number(digits) + (Number(digits) <= current ? 2000 : 1900);
}

function isBirthYearsAgo(today: string | undefined, year: number, month: number, day: number): boolean {
  if (today === undefined) return false;
  const [nowYear = 0, nowMonth = 0, nowDay = 0] = today.split("-").map(Number);
  const years = nowYear - year - (month > nowMonth || (month === nowMonth && day > nowDay) ? 1 : 0);
  return years >= YOUNGEST_YEARS && years <= OLDEST_YEARS;
}

function plates(text: string): Candidate[] {
  return [...text.matchAll(/(?<![\p{L}\p{Nd}])[A-HJ-NPR-Z]{2} ?[1-9]\d{4}(?![\p{L}\p{Nd}])/gu)].map((match) =>
    candidate("licencePlate", "hard", "form", match.index, match.index + match[0].length),
  );
}
