import { hash } from "node:crypto";
import { type Bytes, fromBase64Url, toHex } from "#protocol/bytes.ts";
import { type ControlBody, parseControlBody } from "#protocol/control.ts";
import { type Envelope, envelopeIdInput, parseEnvelope } from "#protocol/record.ts";
import { decodeInside, quotedKeyBytes } from "../../src/engine/log/record.ts";
import type { RecordRow } from "../../src/engine/storage/log-store.ts";
import { insideOf } from "./cheap-padding.ts";

// What is really in the bytes: in a world nothing is hidden from who looks at them.

/** The document that quotes a refused envelope. SPEC.md [G7]. */
const quotes = "ff".repeat(17);
const tagBytes = 16;
const editName = /@\d{5}/g;
export const secretName = /#\d{5}/;

/** How an edit of a world is named in its document. */
export function nameOfEdit(number: number): string {
  return `@${String(number).padStart(5, "0")}`;
}

/** What the edit writes into the text, where it may be cut in pieces: no piece looks like a part of a name, behind whatever byte. */
export function wordOfEdit(name: string): string {
  return name.replace("@", "~").replace(/\d/g, (digit) => "abcdefghij"[Number(digit)] as string);
}

/** What was written by mistake, and is taken out again. */
export function nameOfSecret(number: number): string {
  return `#${String(number).padStart(5, "0")}`;
}

/** Which edits an envelope holds. */
function editsIn(bytes: Bytes): string[] {
  return updatesIn(bytes).flatMap((update) => Buffer.from(update).toString("latin1").match(editName) ?? []);
}

/** Which secrets lie in an envelope. */
export function secretsIn(bytes: Bytes): string[] {
  return updatesIn(bytes).flatMap((update) => secretsInBytes(update));
}

/** In whatever has not been deflated. */
export function secretsInBytes(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString("latin1").match(new RegExp(secretName, "g")) ?? [];
}

/** The updates of documents that are in an envelope, quoted ones and those that a purge carries on among them. */
function updatesIn(bytes: Bytes): Uint8Array[] {
  const parsed = parseEnvelope(bytes);
  if (!parsed.ok) return [];
  const { envelope } = parsed;
  const inside = () => insideOf(envelope.sealed.subarray(0, -tagBytes));
  if (envelope.type === "update") return decodeInside(inside()).items.flatMap(({ docId, update }) => (docId === quotes ? updatesIn(update.slice(quotedKeyBytes)) : [update]));
  if (envelope.type !== "control") return [];
  const { states = [] } = JSON.parse(Buffer.from(inside()).toString()) as { states?: { update: string }[] };
  return states.map(({ update }) => fromBase64Url(update));
}

/** What stands in an envelope for all to read. */
export type Facts = { id: string; deviceId: string; envelope: Envelope; control: ControlBody | null };

const knownFacts = new WeakMap<Bytes, Facts>();

/** @throws for what is no envelope: no relay takes that */
export function factsIn(bytes: Bytes): Facts {
  let facts = knownFacts.get(bytes);
  if (facts === undefined) {
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok) throw new Error("no envelope");
    const { envelope } = parsed;
    const control = envelope.type === "control" ? parseControlBody(envelope.clear) : null;
    facts = { id: hash("sha256", envelopeIdInput(bytes), "hex"), deviceId: toHex(envelope.deviceId), envelope, control: control?.ok ? control.body : null };
    knownFacts.set(bytes, facts);
  }
  return facts;
}

/** The envelope that is quoted in this one. */
export function quotedIn(bytes: Bytes): Facts | null {
  const { envelope } = factsIn(bytes);
  if (envelope.type !== "update") return null;
  const [item] = decodeInside(insideOf(envelope.sealed.subarray(0, -tagBytes))).items;
  return item?.docId === quotes ? factsIn(item.update.slice(quotedKeyBytes)) : null;
}

const known = new WeakMap<Bytes, string[]>();

/** The same for bytes that stay the same object. */
export function editsInStored(bytes: Bytes): string[] {
  let edits = known.get(bytes);
  if (edits === undefined) {
    edits = editsIn(bytes);
    known.set(bytes, edits);
  }
  return edits;
}

/** The edits in the rows of a disk. @param read remembers them by envelope id */
export function editsInRows(rows: readonly RecordRow[], read: Map<string, string[]>): Set<string> {
  const found = new Set<string>();
  for (const { envelopeId, bytes } of rows) {
    // Purged here, and maybe on no other disk yet.
    if (bytes.length === 0) continue;
    let edits = read.get(envelopeId);
    if (edits === undefined) {
      edits = editsIn(bytes);
      read.set(envelopeId, edits);
    }
    for (const edit of edits) found.add(edit);
  }
  return found;
}
