/**
 * Trains the anonymity guard's name model and writes src/guard/name-weights.ts. Run by hand, not by the tests:
 *
 *   GUARD_NORNE_DIR=… GUARD_FAKER_DIR=… [GUARD_PROSE_DIR=…] node test/support/train-guard.ts
 *
 * - GUARD_NORNE_DIR: NorNE as `{nob,nno}-{train,dev}.tsv`, token TAB tag, blank line between sentences (annotations CC0).
 * - GUARD_FAKER_DIR: an unpacked @faker-js/faker (name lists by locale and English words).
 * - GUARD_PROSE_DIR: optional, plain-text reports of the field (*.txt), read as text without children's names.
 * - GUARD_HOLD_OUT=1: measure on names that were not trained on (do not ship those weights).
 *
 * Only hashed and quantised weights leave this script; no word or sentence of the corpora does.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { visitFeatures, nameScore, type NameModel } from "../../src/guard/name-model.ts";
import { decodeWeights, encodeWeights, STEP } from "../../src/guard/name-weights-code.ts";
import { tokenize, type Token } from "../../src/guard/tokens.ts";
import { familyNames, givenNames, plainEnglish } from "./guard-name-lists.ts";

/** Chosen on NorNE dev with names held out, under a limit of some 11 kB compressed. */
const BUCKETS = 1 << 15;
const ROUNDS = 24;
const LEARNING_RATE = 0.4;
const L1 = 9;
/** With GUARD_HOLD_OUT=1 every seventh given name is kept from training and used to measure recall of unseen names. */
const HOLD_OUT = process.env.GUARD_HOLD_OUT === "1";
const OUT = process.env.GUARD_OUT ?? join(import.meta.dirname, "../../src/guard/name-weights.ts");

/** One word of a sentence being trained on. */
type Word = { text: string; person: boolean; starts: boolean };
type Sentence = readonly Word[];

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}

/** mulberry32: the same weights come out of every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function readTagged(path: string): Sentence[] {
  return readFileSync(path, "utf8")
    .split(/\n\s*\n/)
    .map((block) =>
      block
        .split("\n")
        .filter((line) => line.includes("\t"))
        .map((line) => {
          const [text = "", tag = "O"] = line.split("\t");
          return { text, person: tag.endsWith("-PER"), starts: tag === "B-PER" };
        }),
    )
    .filter((sentence) => sentence.length > 0);
}

function readProse(directory: string): Sentence[] {
  const sentences: Sentence[] = [];
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".txt"))) {
    const text = readFileSync(join(directory, file), "utf8").replaceAll(/-\n(?=\p{Ll})/gu, "").replaceAll("\n", " ");
    for (const part of text.split(/(?<=[.!?:•])\s+/)) {
      const words = part.match(/[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\p{Nd}+|[^\s]/gu) ?? [];
      // Cited authors would be learned as "not a name"; two capitals in a row are left out to be safe.
      const pair = words.some((word, at) => at > 1 && /^\p{Lu}\p{Ll}/u.test(word) && /^\p{Lu}\p{Ll}/u.test(words[at - 1] ?? ""));
      if (words.length > 2 && words.length < 80 && !pair) sentences.push(words.map((word) => ({ text: word, person: false, starts: false })));
    }
  }
  return sentences;
}

const CYRILLIC: Readonly<Record<string, string>> = {
  а: "a", б: "b", в: "v", г: "h", ґ: "g", д: "d", е: "e", є: "ie", ж: "zh", з: "z", и: "y", і: "i", ї: "i", й: "i", к: "k", л: "l", м: "m", н: "n", о: "o", п: "p",
  р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ь: "", ю: "iu", я: "ia", "'": "", "’": "", "ʼ": "", ы: "y", э: "e", ъ: "", ё: "io",
};

function romanised(name: string): string {
  return Array.from(name.toLowerCase(), (letter) => CYRILLIC[letter] ?? letter).join("");
}

type Lists = { given: string[][]; family: string[][] };

/** Name lists by origin: our own first, then the locales of the public package that are written in Latin or Cyrillic letters. */
async function readNames(fakerDirectory: string): Promise<Lists & { words: string[] }> {
  const locale = async (name: string) => {
    const module = await import(pathToFileURL(join(fakerDirectory, "dist/locale", `${name}.js`)).href);
    return module.faker.rawDefinitions;
  };
  const flat = (group: unknown): string[] =>
    [...new Set(Object.values((group ?? {}) as Record<string, string[]>).flat())]
      .map(romanised)
      .filter((name) => /^[\p{Script=Latin}'’-]{2,}$/u.test(name));
  const given: string[][] = [];
  const family: string[][] = [];
  for (const [origin, names] of Object.entries(givenNames)) {
    const copies = origin === "norwegian" ? 4 : origin === "sami" || origin === "other" ? 1 : 2;
    for (let i = 0; i < copies; i++) given.push([...names]);
  }
  for (const [origin, names] of Object.entries(familyNames)) for (let i = 0; i < (origin === "norwegian" ? 1 : 2); i++) family.push([...names]);
  for (const name of ["nb_NO", "sv", "da", "fi", "de", "en", "en_IN", "en_NG", "es", "fr", "fr_SN", "pl", "uk", "tr", "ro", "sr_RS_latin", "ku_kmr_latin", "lv", "pt_BR", "nl", "az", "uz_UZ_latin", "yo_NG"]) {
    const person = (await locale(name)).person;
    given.push(flat(person.first_name));
    const last = flat(person.last_name);
    if (last.length > 0) family.push(last);
  }
  const english = (await locale("en")).word as Record<string, string[]>;
  const dictionary = Object.values(english).flat().filter((word) => /^[a-z]{2,}$/.test(word));
  // Half of the English read is the commonest words, as in any text.
  const words = [...dictionary, ...Array.from(dictionary, (_, at) => plainEnglish[at % plainEnglish.length] ?? "the")];
  return { given, family, words };
}

const capitalised = (word: string): string => word.replaceAll(/(?<=^|['’-])\p{Ll}/gu, (letter) => letter.toUpperCase());

/** Nouns a first name can stand in for: it puts names where a school's notes have them. */
const ROLES = new Set("eleven barnet gutten guten jenta jenten ungdommen barn elevar elever læreren læraren mannen kvinnen moren faren kvinna venen vennen sønnen datteren dottera".split(" "));
const ROLES_OWN = new Set("elevens barnets guttens jentas ungdommens".split(" "));

type Kit = { random: () => number; names: Lists };

function pick<T>(kit: Kit, items: readonly T[]): T {
  const item = items[Math.floor(kit.random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const newGiven = (kit: Kit): string => capitalised(pick(kit, pick(kit, kit.names.given)));
const newFamily = (kit: Kit): string => capitalised(pick(kit, pick(kit, kit.names.family)));

function renamed(kit: Kit, sentence: Sentence): Word[] {
  const out: Word[] = [];
  for (let at = 0; at < sentence.length; ) {
    const word = sentence[at];
    if (word === undefined) break;
    if (!word.person) {
      const lower = word.text.toLowerCase();
      if (ROLES.has(lower) && kit.random() < 0.3) out.push({ text: newGiven(kit), person: true, starts: true });
      else if (ROLES_OWN.has(lower) && kit.random() < 0.5) out.push({ text: `${newGiven(kit)}s`, person: true, starts: true });
      else out.push(word);
      at++;
      continue;
    }
    let end = at + 1;
    while (end < sentence.length && sentence[end]?.person === true && sentence[end]?.starts !== true) end++;
    const chance = kit.random();
    if (chance < 0.25) out.push(...sentence.slice(at, end));
    else {
      out.push({ text: newGiven(kit), person: true, starts: true });
      if (end - at > 1 && chance > 0.75) out.push({ text: newFamily(kit), person: true, starts: false });
    }
    at = end;
  }
  return out;
}

/** Cuts the front off, as hasty notes do, so that any kind of word comes first and bears a capital it does not deserve. */
function clipped(kit: Kit, words: Word[]): Word[] {
  const chance = kit.random();
  if (chance < 0.4) return words;
  const firstName = words.findIndex((word) => word.person);
  const from = chance < 0.6 && firstName > 0 ? firstName : Math.floor(kit.random() * words.length);
  const [first, ...rest] = words.slice(from);
  return first === undefined ? words : [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}

function recased(kit: Kit, words: Word[]): Word[] {
  const chance = kit.random();
  if (chance < 0.3) return words.map((word) => ({ ...word, text: word.text.toLowerCase() }));
  if (chance < 0.36) return words.map((word) => ({ ...word, text: word.text.toUpperCase() }));
  if (chance < 0.42) return words.map((word) => (word.person ? { ...word, text: word.text.toLowerCase() } : word));
  return words;
}

/** The words as the guard will see them, each with its answer. */
function observed(words: readonly Word[]): { tokens: Token[]; person: boolean[] } {
  const text = words.map((word) => word.text).join(" ");
  const tokens = tokenize(text);
  const person: boolean[] = [];
  let at = 0;
  let end = words[0]?.text.length ?? 0;
  for (const token of tokens) {
    while (token.start >= end + 1 && at < words.length - 1) {
      at++;
      end += 1 + (words[at]?.text.length ?? 0);
    }
    person.push(words[at]?.person === true && token.kind === "word");
  }
  return { tokens, person };
}

/** Follow-the-regularised-leader: logistic regression whose rare and useless weights end as exact zeros. */
function learner(buckets: number, alpha: number, l1: number) {
  const beta = 1;
  const l2 = 1;
  const z = new Float64Array(buckets + 1);
  const n = new Float64Array(buckets + 1);
  const weight = (at: number): number => {
    const value = z[at] ?? 0;
    if (at < buckets && Math.abs(value) <= l1) return 0;
    const shrunk = at === buckets ? value : value - Math.sign(value) * l1;
    return -shrunk / ((beta + Math.sqrt(n[at] ?? 0)) / alpha + l2);
  };
  const active: number[] = [];
  return {
    learn(tokens: readonly Token[], index: number, person: boolean): void {
      active.length = 0;
      active.push(buckets);
      visitFeatures(tokens, index, buckets - 1, (bucket) => active.push(bucket));
      let sum = 0;
      for (const at of active) sum += weight(at);
      const gradient = 1 / (1 + Math.exp(-sum)) - (person ? 1 : 0);
      for (const at of active) {
        const before = n[at] ?? 0;
        const after = before + gradient * gradient;
        const sigma = (Math.sqrt(after) - Math.sqrt(before)) / alpha;
        z[at] = (z[at] ?? 0) + gradient - sigma * weight(at);
        n[at] = after;
      }
    },
    model(): NameModel {
      return { weights: Float32Array.from({ length: buckets }, (_, at) => weight(at)), bias: weight(buckets) };
    },
  };
}

function report(label: string, model: NameModel, sentences: readonly Sentence[]): void {
  const scored: { score: number; person: boolean }[] = [];
  for (const sentence of sentences) {
    const { tokens, person } = observed(sentence);
    tokens.forEach((token, at) => {
      if (token.kind === "word") scored.push({ score: nameScore(model, tokens, at), person: person[at] === true });
    });
  }
  const all = scored.filter((item) => item.person).length;
  const line = [-1, 0, 1, 2, 3].map((threshold) => {
    const said = scored.filter((item) => item.score > threshold);
    const right = said.filter((item) => item.person).length;
    return `>${threshold}: P ${(right / said.length).toFixed(3)} R ${(right / all).toFixed(3)}`;
  });
  console.log(`${label}: ${all} person words; ${line.join(" | ")}`);
}

async function main(): Promise<void> {
  const norne = required("GUARD_NORNE_DIR");
  const { words: englishWords, ...names } = await readNames(required("GUARD_FAKER_DIR"));
  const random = seeded(20260817);
  const isHeldOut = (name: string): boolean => name.split("").reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 7 === 0;
  const heldOut = names.given.map((group) => group.filter(isHeldOut)).filter((group) => group.length > 0);
  if (HOLD_OUT) names.given = names.given.map((group) => group.filter((name) => !isHeldOut(name))).filter((group) => group.length > 0);
  const kit: Kit = { random, names };
  const tagged = ["nob", "nno"].flatMap((form) => readTagged(join(norne, `${form}-train.tsv`)));
  const prose = process.env.GUARD_PROSE_DIR === undefined ? [] : readProse(process.env.GUARD_PROSE_DIR);
  console.log(`${tagged.length} tagged sentences, ${prose.length} sentences of prose, ${names.given.flat().length} given names`);
  const learning = learner(BUCKETS, LEARNING_RATE, L1);
  for (let round = 0; round < ROUNDS; round++) {
    const sentences: Sentence[] = [...tagged, ...prose, ...prose];
    for (let i = 0; i < 4000; i++) sentences.push(Array.from({ length: 6 }, () => ({ text: pick(kit, englishWords), person: false, starts: false })));
    for (let i = sentences.length - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1));
      [sentences[i], sentences[other]] = [sentences[other] as Sentence, sentences[i] as Sentence];
    }
    for (const sentence of sentences) {
      const { tokens, person } = observed(recased(kit, clipped(kit, renamed(kit, sentence))));
      tokens.forEach((token, at) => {
        if (token.kind === "word") learning.learn(tokens, at, person[at] === true);
      });
    }
  }
  const exact = learning.model();
  const encoded = encodeWeights(exact);
  const used = decodeWeights(encoded);
  const dev = ["nob", "nno"].flatMap((form) => readTagged(join(norne, `${form}-dev.tsv`)));
  report("dev, exact", exact, dev);
  report("dev, quantised", used, dev);
  report("dev, lower case", used, dev.map((sentence) => sentence.map((word) => ({ ...word, text: word.text.toLowerCase() }))));
  const measured: Kit = { random: seeded(7), names: { given: heldOut, family: names.family } };
  const renamedDev = dev.filter((sentence) => sentence.some((word) => word.person)).map((sentence) => renamed(measured, sentence));
  report(HOLD_OUT ? "dev, unseen names" : "dev, other names", used, renamedDev);
  report("  lower case", used, renamedDev.map((sentence) => sentence.map((word) => ({ ...word, text: word.text.toLowerCase() }))));
  writeFileSync(
    OUT,
    `// Generated by test/support/train-guard.ts: hashed, quantised weights, one letter each. Holds no word of any corpus.\nexport const encodedWeights =\n  ${JSON.stringify(encoded)};\n`,
  );
  const nonZero = used.weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0);
  console.log(`${nonZero} of ${BUCKETS} weights, step ${STEP}, ${brotliCompressSync(encoded).length} bytes brotli`);
}

await main();
