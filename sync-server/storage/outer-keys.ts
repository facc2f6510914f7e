import { createCipheriv, createDecipheriv } from "node:crypto";
import { concatBytes, fromHex, type Bytes } from "#protocol/bytes.ts";
import { purposeBytes } from "#protocol/version.ts";
import type { LogPage, RelayStorage, WriteTx } from "./storage.ts";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const tagAt = 1 + nonceBytes;
const sealedAt = tagAt + tagBytes;

/** What the outer seal adds to each envelope. */
export const outerBytes = sealedAt;

/** The first byte of what is sealed. An envelope begins with «A», and one from before there were outer keys is read as it is. */
const sealedMark = 1;
const envelopeMark = 0x41;

/** How many rooms' keys a process has at hand. */
const keysKept = 5000;
const readingTries = 3;

function sealedUnder(roomId: string, seq: number): Bytes {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(seq));
  return concatBytes(purposeBytes("outer"), fromHex(roomId), number);
}

/** Mark, nonce, tag and ciphertext. A random nonce: a relay restored from its backup gives the same numbers once more under the same key. */
function seal(outerKey: Bytes, nonce: Bytes, roomId: string, seq: number, bytes: Bytes): Bytes {
  const cipher = createCipheriv("aes-256-gcm", outerKey, nonce).setAAD(sealedUnder(roomId, seq));
  const sealed = [cipher.update(bytes), cipher.final()];
  return concatBytes(Uint8Array.of(sealedMark), nonce, cipher.getAuthTag(), ...sealed);
}

/** null when this key does not open it. */
function open(outerKey: Bytes | null, roomId: string, seq: number, bytes: Bytes): Bytes | null {
  if (bytes[0] === envelopeMark) return bytes;
  if (outerKey === null || bytes[0] !== sealedMark || bytes.length < sealedAt) return null;
  const decipher = createDecipheriv("aes-256-gcm", outerKey, bytes.subarray(1, tagAt), { authTagLength: tagBytes })
    .setAAD(sealedUnder(roomId, seq))
    .setAuthTag(bytes.subarray(tagAt, sealedAt));
  const opened = decipher.update(bytes.subarray(sealedAt));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return new Uint8Array(opened);
}

/** The page opened, or null when one of its envelopes does not open. */
function openPage(outerKey: Bytes | null, roomId: string, page: LogPage["page"], maxBytes: number): LogPage["page"] | null {
  const opened: LogPage["page"] = [];
  let sizeBytes = 0;
  for (const entry of page) {
    if ("dropped" in entry) {
      opened.push(entry);
      continue;
    }
    const bytes = open(outerKey, roomId, entry.seq, entry.bytes);
    if (bytes === null) return null;
    sizeBytes += bytes.length;
    if (opened.length > 0 && sizeBytes > maxBytes) break;
    opened.push({ seq: entry.seq, bytes });
  }
  return opened;
}

class OuterSealError extends Error {
  constructor(roomId: string) {
    super(`an envelope of room ${roomId} does not open under the room's outer key`);
    this.name = "OuterSealError";
  }
}

/**
 * Seals every envelope where it lies (AES-256-GCM), each room's under a random key of its own, so that a room is shredded by the end of its key as well
 * as of its bytes: what a disk or a copy still has of them is good for nothing without the key.
 * Room states count the bytes as they are sealed, `outerBytes` more for each envelope.
 */
export function withOuterKeys(storage: RelayStorage, randomBytes: (length: number) => Bytes): RelayStorage {
  const keys = new Map<string, Bytes>();

  const keep = (roomId: string, outerKey: Bytes) => {
    keys.set(roomId, outerKey);
    for (const oldest of keys.keys()) {
      if (keys.size <= keysKept) break;
      keys.delete(oldest);
    }
  };

  const sealing = (tx: WriteTx): WriteTx => ({
    ...tx,
    async appendEnvelopes(roomId, envelopes) {
      // Asked for under the room's lock, never of those at hand: another process may have shredded the room.
      let outerKey = await tx.outerKey(roomId);
      if (outerKey === null) {
        outerKey = randomBytes(keyBytes);
        await tx.insertOuterKey(roomId, outerKey);
      }
      const sealed = [];
      for (const envelope of envelopes) {
        sealed.push({ ...envelope, bytes: seal(outerKey, randomBytes(nonceBytes), roomId, envelope.seq, envelope.bytes) });
      }
      await tx.appendEnvelopes(roomId, sealed);
    },
    async bytesAt(roomId, place) {
      const [[stored], bytes] = [await tx.storedAt(roomId, [place]), await tx.bytesAt(roomId, place)];
      if (!stored || bytes === null) return null;
      const opened = open(await tx.outerKey(roomId), roomId, stored.seq, bytes);
      if (opened === null) throw new OuterSealError(roomId);
      return opened;
    },
  });

  return {
    ...storage,
    write: (work) => storage.write((tx) => work(sealing(tx))),
    async log(roomId, after, { maxBytes, maxEnvelopes }) {
      for (let attempt = 0; attempt < readingTries; attempt++) {
        const log = await storage.log(roomId, after, { maxBytes: maxBytes + maxEnvelopes * outerBytes, maxEnvelopes });
        if (log === null) return null;
        const outerKey = keys.get(roomId) ?? (await storage.outerKey(roomId));
        const page = openPage(outerKey, roomId, log.page, maxBytes);
        if (page !== null) {
          if (outerKey !== null) keep(roomId, outerKey);
          return { ...log, page };
        }
        // The key at hand is from before the room was shredded, or the room was shredded between the two reads.
        keys.delete(roomId);
      }
      throw new OuterSealError(roomId);
    },
  };
}
