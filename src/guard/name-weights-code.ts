import type { NameModel } from "./name-model.ts";

/** Log-odds between two neighbouring letters. */
export const STEP = 0.4;
/** Letters on each side of zero: a weight lies within ± STEP × SPAN. */
const SPAN = 12;
/** The letter of weight zero; the letters around it are printable ASCII without quote or backslash. */
const ZERO = "H".charCodeAt(0);

/** One letter per weight after a first number (the bias) and a space; the compressor of the web server does the rest. */
export function encodeWeights(model: NameModel): string {
  const letters = Array.from(model.weights, (weight) => {
    const step = Math.max(-SPAN, Math.min(SPAN, Math.round(weight / STEP)));
    return String.fromCharCode(ZERO + step);
  });
  return `${model.bias.toFixed(3)} ${letters.join("")}`;
}

/** The inverse of {@link encodeWeights}, but for what was rounded off. */
export function decodeWeights(encoded: string): NameModel {
  const gap = encoded.indexOf(" ");
  const weights = new Float32Array(encoded.length - gap - 1);
  for (let at = 0; at < weights.length; at++) weights[at] = (encoded.charCodeAt(gap + 1 + at) - ZERO) * STEP;
  return { weights, bias: Number(encoded.slice(0, gap)) };
}
