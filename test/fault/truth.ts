import type { Bytes } from "#protocol/bytes.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { decodeInside } from "../../src/engine/log/record.ts";
import type { RecordRow } from "../../src/engine/storage/log-store.ts";
import { insideOf } from "./cheap-padding.ts";

// What is really in the bytes: in a world nothing is hidden from who looks at them.

/** The document that quotes a refused envelope. SPEC.md [G7]. */
const quotes = "ff".repeat(17);
const tagBytes = 16;
const editName = /@\d{5}/g;

/** How an edit of a world is named in its document. */
export function nameOfEdit(number: number): string {
  return `@${String(number).padStart(5, "0")}`;
}

/** Which edits an envelope holds. */
export function editsIn(bytes: Bytes): string[] {
  const parsed = parseEnvelope(bytes);
  if (!parsed.ok || parsed.envelope.type !== "update") return [];
  const { items } = decodeInside(insideOf(parsed.envelope.sealed.subarray(0, -tagBytes)));
  return items.flatMap(({ docId, update }) => (docId === quotes ? editsIn(update) : (Buffer.from(update).toString("latin1").match(editName) ?? [])));
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
    let edits = read.get(envelopeId);
    if (edits === undefined) {
      edits = editsIn(bytes);
      read.set(envelopeId, edits);
    }
    for (const edit of edits) found.add(edit);
  }
  return found;
}
