import { candidate, type Candidate } from "./finding.ts";
import type { Token } from "./tokens.ts";
import { words } from "./words.ts";

const STREET_ENDINGS =
  /^(?<stem>.{2,}?)(?:veien|vegen|veg|vei|gata|gaten|gate|gt|plassen|plass|alléen|allé|alleen|stien|sti|bakken|bakke|svingen|sving|tunet|tun|haugen|haug|kroken|krok|løkka|løkken|kleiva|brinken|brygga|brygge|torget|torg|terrasse|terrassen|høgda|jordet|skogen|street|road|avenue|lane)$/u;
const STREET_WORDS = words("vei vegen veien veg gate gata gaten plass allé alle terrasse terrassen ring ringen street road avenue lane");
/** Everyday compounds with the same endings, and words that merely end so. */
const NOT_STREETS =
  /^(?:skole|skule|hjem|heim|om|gang|sykkel|arbeids|bil|retts|opp|inn|ut|under|mot|gjennom|av|for|til|lære|sjø|løype|natur|barnehage|arbeidsplass|lekeplass|leke|spille|syke|sjuke|fotball|parkerings|fritids|utdannings|hoved|gå|fort|motor|mellom|hel|an|kart|plass|første|siste|alle|fa|fami|kirke|sommer|skog|tids)?(?:veien|vegen|vei|veg|gata|gaten|gate|plassen|plass|alle|stien|sti|lien|lia|bakken|bakke|tun|ringen|haug|torget|tunet|toppen|skogen|engen|jordet|løkka)$/u;
const LIVES_CUES = words("bor bur bodde budde flyttet flytta flytter adresse adressen adressa lives living moved address");
const MEASURES = words("dager dagar dag uker veker uke veke ganger gonger gang timer timar time minutter minutt måneder månader måned år prosent elever elevar barn km meter kroner kr stk av og days weeks hours times minutes");

/** Streets with a house number (`hard`), and where somebody lives without one (`soft`). */
export function findAddresses(text: string, tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.kind !== "word" || !isStreet(tokens, at)) continue;
    const cued = livesBefore(tokens, at);
    const capital = token.shape !== "lower" || isStreetWordAfterName(tokens, at);
    if (!cued && !capital) continue;
    const from = tokens[isStreetWordAfterName(tokens, at) ? firstOfStreet(tokens, at) : at] ?? token;
    const house = houseNumber(text, tokens, at + 1);
    if (house !== undefined) found.push(candidate("address", "hard", cued ? "cue" : "form", from.start, house));
    else if (!token.word.endsWith("gt") && (cued || (!token.opens && token.shape === "capital"))) {
      found.push(candidate("address", "soft", cued ? "cue" : "word", from.start, token.end));
    }
  }
  // A post code with its place: 0581 Oslo.
  for (const match of text.matchAll(/(?<![\p{Nd}.,-])\d{4} {1,2}\p{Lu}[\p{L}-]{2,30}/gu)) {
    const year = /^(?:19|20)\d\d/.test(match[0]);
    if (!year) found.push(candidate("address", "soft", "form", match.index, match.index + match[0].length));
  }
  for (const match of text.matchAll(/(?<![\p{L}\p{Nd}])(?:H0\d0\d|(?:leilighet|leilegheit|oppgang|blokk|flat|apartment) (?:nr\.? ?)?[\p{Lu}\p{Nd}]\d{0,4})(?![\p{L}\p{Nd}])/gu)) {
    found.push(candidate("address", "soft", "cue", match.index, match.index + match[0].length));
  }
  return found;
}

function isStreet(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  if (isStreetWordAfterName(tokens, at)) return true;
  return !NOT_STREETS.test(token.word) && STREET_ENDINGS.test(token.word);
}

/** «Ole Vigs gate», «Tiurveien» being one word: the street word stands alone after a capital word. */
function isStreetWordAfterName(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (token === undefined || !STREET_WORDS.has(token.word)) return false;
  return before?.kind === "word" && before.shape === "capital" && (!before.opens || before.word.endsWith("s")) && tokens[at + 1]?.kind === "number";
}

/** «Ole Vigs gate» begins at «Ole». */
function firstOfStreet(tokens: readonly Token[], at: number): number {
  let first = at - 1;
  for (let back = at - 2; back >= 0 && back >= at - 3; back--) {
    const token = tokens[back];
    if (token?.kind !== "word" || token.shape !== "capital" || LIVES_CUES.has(token.word) || tokens[back + 1]?.opens === true) break;
    first = back;
  }
  return first;
}

function livesBefore(tokens: readonly Token[], at: number): boolean {
  for (let back = at - 1; back >= 0 && back >= at - 4; back--) {
    const token = tokens[back];
    if (token === undefined || token.kind === "break" || token.word === ".") return false;
    if (LIVES_CUES.has(token.word)) return true;
  }
  return false;
}

/** Where a house number (with a letter) after the street ends, unless the number counts something. */
function houseNumber(text: string, tokens: readonly Token[], at: number): number | undefined {
  const skip = tokens[at]?.word === "nr" || tokens[at]?.word === "nummer" ? (tokens[at + 1]?.word === "." ? 2 : 1) : 0;
  const number = tokens[at + skip];
  if (number === undefined || number.kind !== "number" || number.word.length > 3) return undefined;
  const next = tokens[at + skip + 1];
  if (next?.kind === "word" && MEASURES.has(next.word)) return undefined;
  const letter = next?.kind === "word" && next.end - next.start === 1 && next.start - number.end <= 1 && /[A-Ha-h]/.test(text.slice(next.start, next.end));
  return letter && next !== undefined ? next.end : number.end;
}
