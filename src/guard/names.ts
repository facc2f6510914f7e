import { candidate, type Candidate } from "./finding.ts";
import { nameScore, type NameModel } from "./name-model.ts";
import type { Token } from "./tokens.ts";
import {
  BEFORE_MONTHS,
  CODE_COLOURS,
  COUNTRIES,
  KNOWN_CAPITALS,
  LINK_HEADS,
  LINK_WORDS,
  MONTH_NAMES,
  NAMING_CUES,
  PARTICLES,
  PLAIN_WORDS,
  ROLE_CUES,
  SUBJECT_VERBS,
  WORDLIKE_NAMES,
} from "./words.ts";

/**
 * Log-odds above which a word is shown (`soft`) or stops the note (`hard`). A capital inside a sentence is strong evidence in Norwegian and
 * needs little spelling; a capital that opens a sentence is none; a lower-case word must look very much like a name. Chosen on one half of
 * the invented notes (notes.test-data.ts).
 */
const THRESHOLDS = {
  inside: { soft: -4.5, hard: 0.3 },
  opening: { soft: -1, hard: 1.2 },
  lower: { soft: -0.6, hard: 1.5 },
} as const;

/** «Solvang skole», «Downs syndrom»: the word before names a place or a thing, whatever it looks like. */
const NAMED_THINGS = /^(?:(?:barne|ungdoms)?(?:skole|skule|barnehage)|vgs|kommune|bydel|sykehus|sjukehus|senter|kirke|kyrkje|school|kindergarten|syndrome?|syndromet)$/;

const OTHER_ALPHABET = /[^\p{Script=Latin}\p{Script=Inherited}\p{Script=Common}]/u;

const NAMING_BONUS = 5;
const ROLE_BONUS = 2;
const VERB_BONUS = 1;
const WORDLIKE_BONUS = 3;

type Verdict = { readonly score: number; readonly severity: "hard" | "soft"; readonly reason: "cue" | "capital" | "spelling" };

/** Persons' names, alone (`givenName`) or two and more words in a row (`fullName`). */
export function findNames(tokens: readonly Token[], model: NameModel): Candidate[] {
  const shouting = isShouting(tokens);
  const verdicts = tokens.map((_, at) => judge(tokens, at, model, shouting));
  const found: Candidate[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const verdict = verdicts[at];
    if (verdict === undefined) continue;
    let first = at;
    let last = at;
    const best = { ...verdict };
    let words = 1;
    // A capital word just before is the given name of a surname that was recognised.
    const before = tokens[at - 1];
    if (before !== undefined && canJoin(tokens, at - 1, shouting) && verdicts[at - 1] === undefined && !before.opens && found.at(-1)?.end !== before.end) {
      first = at - 1;
      words++;
    }
    for (let next = at + 1; next < tokens.length; next++) {
      const token = tokens[next];
      if (token === undefined || token.kind !== "word" || token.opens) break;
      // Particles count only when a part of a name follows; a look-ahead of three keeps this linear.
      if (PARTICLES.has(token.word) && next - last <= 3) continue;
      const own = verdicts[next];
      const placeAsSurname = token.shape === "capital" && nameScore(model, tokens, next) > 0;
      if (own === undefined && !canJoin(tokens, next, shouting) && !placeAsSurname) break;
      if (own !== undefined && own.score > best.score) Object.assign(best, own);
      last = next;
      words++;
    }
    const from = tokens[first];
    const to = tokens[last];
    if (from === undefined || to === undefined) continue;
    if (words === 1 && NAMED_THINGS.test(tokens[last + 1]?.word ?? "")) continue;
    if (words > 1) found.push(candidate("fullName", best.score > 0 || best.severity === "hard" ? "hard" : "soft", best.reason, from.start, to.end));
    else found.push(candidate("givenName", best.severity, best.reason, from.start, to.end));
    at = last;
  }
  return found;
}

/** Whether the note is written in capitals, so that they say nothing. */
function isShouting(tokens: readonly Token[]): boolean {
  let upper = 0;
  let lower = 0;
  for (const token of tokens) {
    if (token.kind !== "word" || token.end - token.start < 4) continue;
    if (token.shape === "upper") upper++;
    else lower++;
  }
  return upper >= 3 && upper > lower;
}

/** A capital word that may be the other half of a name although it was not recognised itself. */
function canJoin(tokens: readonly Token[], at: number, shouting: boolean): boolean {
  const token = tokens[at];
  if (token === undefined || token.kind !== "word" || shouting) return false;
  return (token.shape === "capital" || token.shape === "mixed") && !KNOWN_CAPITALS.has(token.word) && !PLAIN_WORDS.has(token.word);
}

function judge(tokens: readonly Token[], at: number, model: NameModel, shouting: boolean): Verdict | undefined {
  const token = tokens[at];
  if (token === undefined || token.kind !== "word" || token.word.length < 2 || token.shape === "initial" || token.shape === "compound") return undefined;
  // Another alphabet in a Norwegian note is a name that was pasted in.
  if (OTHER_ALPHABET.test(token.word)) return { score: 1, severity: "hard", reason: "spelling" };
  const capital = (token.shape === "capital" || token.shape === "mixed") && !shouting;
  if (token.shape === "upper" && !shouting && token.word.length < 4) return undefined;

  const before = previousWord(tokens, at);
  const named = before !== undefined && NAMING_CUES.has(before.word);
  if (PLAIN_WORDS.has(token.word) && !(capital && !token.opens)) return undefined;
  if ((KNOWN_CAPITALS.has(token.word) || COUNTRIES.has(token.word)) && !(named && capital)) return undefined;
  if (isInCaseCode(tokens, at)) return undefined;
  if (MONTH_NAMES.has(token.word) && isMonth(tokens, at)) return undefined;

  let score = nameScore(model, tokens, at);
  let reason: Verdict["reason"] = capital && !token.opens ? "capital" : "spelling";
  const after = tokens[at + 1];
  const verbFollows = after?.kind === "word" && SUBJECT_VERBS.has(after.word);
  if (named) {
    score += NAMING_BONUS;
    reason = "cue";
  } else if (before !== undefined && isRoleBefore(tokens, at, before)) {
    score += ROLE_BONUS;
    reason = "cue";
  }
  if (capital && verbFollows) score += VERB_BONUS;
  if (capital && WORDLIKE_NAMES.has(token.word) && (verbFollows || !token.opens)) score += WORDLIKE_BONUS;

  if (!capital && token.opens && verbFollows) score += VERB_BONUS;

  const threshold = capital ? (token.opens ? THRESHOLDS.opening : THRESHOLDS.inside) : THRESHOLDS.lower;
  if (score < threshold.soft) return undefined;
  return { score, severity: score >= threshold.hard ? "hard" : "soft", reason };
}

/** The word before, past a comma, colon or quotation mark, but not past the end of a sentence. */
function previousWord(tokens: readonly Token[], at: number): Token | undefined {
  for (let back = at - 1; back >= 0 && back >= at - 3; back--) {
    const token = tokens[back];
    if (token === undefined || token.kind === "break") return undefined;
    if (token.kind === "word") return token;
    if (token.kind === "number" || !/[,:«"“”'(]/.test(token.word)) return undefined;
  }
  return undefined;
}

function isRoleBefore(tokens: readonly Token[], at: number, before: Token): boolean {
  if (ROLE_CUES.has(before.word)) return true;
  if (!LINK_WORDS.has(before.word)) return false;
  const head = tokens[at - 2];
  return head?.kind === "word" && LINK_HEADS.has(head.word);
}

/** The colour or the animal of «Grønn salamander 12». */
function isInCaseCode(tokens: readonly Token[], at: number): boolean {
  const colour = CODE_COLOURS.has(tokens[at]?.word ?? "") ? at : at - 1;
  return CODE_COLOURS.has(tokens[colour]?.word ?? "") && tokens[colour + 1]?.kind === "word" && tokens[colour + 2]?.kind === "number";
}

function isMonth(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return tokens[at]?.opens === true;
  return before.kind === "number" || before.word === "." || BEFORE_MONTHS.has(before.word) || tokens[at + 1]?.kind === "number";
}
