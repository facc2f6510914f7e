import type { Answer, PushAnswer, Refusal } from "#protocol/messages.ts";
import { limits } from "#protocol/limits.ts";
import { encodePush } from "#protocol/record.ts";
import { type PushByToken, uploadSealed } from "../engine/log/upload.ts";
import { systemClock } from "../engine/platform/clock.ts";
import { RelayUnreachableError } from "../engine/platform/errors.ts";
import { openTabChannel } from "../engine/platform/tab-channel.ts";
import { openPlainUploadStore } from "../engine/storage/plain-upload-store.ts";
import { serviceDatabase, unlockedLock } from "./upload-words.ts";

/** Beyond the time that the bytes take on the slowest network. SPEC.md [R11]. */
const patienceMs = 30_000;

/**
 * What the service worker does while the app is locked or closed. An unlocked tab sends for itself, and folds what it sends: it is not got ahead of.
 * @returns false when it may be tried again by itself
 */
export async function uploadWhileLocked(): Promise<boolean> {
  return navigator.locks.request(unlockedLock, { ifAvailable: true }, async (lock) => lock !== null && upload());
}

async function upload(): Promise<boolean> {
  const store = await openPlainUploadStore(serviceDatabase, indexedDB, IDBKeyRange);
  if (store === null) return true;
  const tabs = openTabChannel(serviceDatabase);
  try {
    return await uploadSealed({ store, push, now: systemClock.now(), committed: (roomId) => tabs.announce(roomId) });
  } finally {
    tabs.close();
    store.close();
  }
}

const push: PushByToken = async (token, roomId, envelopes) => {
  const body = encodePush(envelopes);
  const headers = { authorization: `Push ${token}`, "content-type": "application/octet-stream" };
  let said: unknown;
  try {
    const signal = AbortSignal.timeout(patienceMs + (body.length / limits.slowestBytesPerSecond) * 1000);
    const response = await fetch(`${location.origin}/v1/rooms/${roomId}/push`, { method: "POST", headers, body, signal, cache: "no-store" });
    said = await response.json();
  } catch (cause) {
    throw new RelayUnreachableError("no answer", { cause });
  }
  const answer = readAnswer(said);
  if (answer === null) throw new RelayUnreachableError("no answer of the relay's");
  return answer;
};

/** By hand: a library for it would be larger than all else that the worker has. */
function readAnswer(said: unknown): Answer<PushAnswer> | null {
  if (typeof said !== "object" || said === null) return null;
  const { seqs, refused, refusal } = said as Record<string, unknown>;
  if (isRefusal(refusal)) return { ok: false, refusal };
  if (!Array.isArray(seqs) || !seqs.every(Number.isSafeInteger) || !(refused === null || isRefusal(refused))) return null;
  return { ok: true, value: { seqs: seqs as number[], refused } };
}

function isRefusal(said: unknown): said is Refusal {
  return typeof said === "object" && said !== null && typeof (said as { type?: unknown }).type === "string";
}
