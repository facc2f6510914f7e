import type { Shape, Token } from "./tokens.ts";

/**
 * A linear model of "this word is a person's name here": hashed character n-grams of the word, its neighbours and its capital letters, one
 * small weight each. It knows no list: a name it has never seen is recognised by how it is spelt and where it stands.
 * The weights are trained by test/support/train-guard.ts.
 */
export type NameModel = {
  /** One weight per bucket; the length is a power of two. */
  readonly weights: Float32Array;
  readonly bias: number;
};

const LONGEST_GRAM = 5;
const CASE: Readonly<Record<Shape, number>> = { lower: 1, capital: 2, upper: 3, mixed: 4, initial: 5, compound: 6 };
const FNV_PRIME = 0x01000193;

function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash;
}

function spread(hash: number, mask: number): number {
  let mixed = hash ^ (hash >>> 15);
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  mixed ^= mixed >>> 13;
  return mixed & mask;
}

/**
 * Calls `visit` with the bucket of each feature of the word at `index`. Training and use share it, so a change here makes the weights
 * worthless: train again.
 * @param mask number of buckets minus one
 */
export function visitFeatures(tokens: readonly Token[], index: number, mask: number, visit: (bucket: number) => void): void {
  const token = tokens[index];
  if (token === undefined) return;
  const word = token.word.length > 24 ? token.word.slice(0, 24) : token.word;
  const marked = `^${word}$`;
  for (let from = 0; from < marked.length; from++) {
    let hash = 0x811c9dc5;
    for (let length = 1; length <= LONGEST_GRAM && from + length <= marked.length; length++) {
      hash = Math.imul(hash ^ marked.charCodeAt(from + length - 1), FNV_PRIME);
      if (length > 1) visit(spread(hash, mask));
    }
  }
  visit(spread(hashText(0x1234567, word), mask));

  const shape = CASE[token.shape] * 2 + (token.opens ? 1 : 0);
  visit(spread(Math.imul(0x51ab0e + shape, FNV_PRIME), mask));

  const before = neighbour(tokens, index - 1);
  const after = neighbour(tokens, index + 1);
  const before2 = before === EDGE ? EDGE : neighbour(tokens, index - 2);
  visit(spread(hashText(0x2222222, before), mask));
  visit(spread(hashText(0x2222222 + shape * 0x101, before), mask));
  visit(spread(hashText(0x3333333, after), mask));
  visit(spread(hashText(hashText(0x4444444, before2), `_${before}`), mask));
  const shapes = shape * 64 + caseAt(tokens, index - 1) * 8 + caseAt(tokens, index + 1);
  visit(spread(Math.imul(0x6789ab + shapes, FNV_PRIME), mask));
}

const EDGE = "|";

function neighbour(tokens: readonly Token[], index: number): string {
  const token = tokens[index];
  if (token === undefined || token.kind === "break") return EDGE;
  return token.kind === "number" ? "0" : token.word;
}

function caseAt(tokens: readonly Token[], index: number): number {
  const token = tokens[index];
  if (token === undefined || token.kind === "break") return 0;
  return token.kind === "word" ? CASE[token.shape] : 7;
}

/** Log-odds that the word at `index` is (part of) a person's name. Zero means even odds on the training mix, not a threshold. */
export function nameScore(model: NameModel, tokens: readonly Token[], index: number): number {
  let sum = model.bias;
  const mask = model.weights.length - 1;
  visitFeatures(tokens, index, mask, (bucket) => {
    sum += model.weights[bucket] ?? 0;
  });
  return sum;
}
