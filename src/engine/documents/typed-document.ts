import * as Y from "yjs";
import { type Bytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import type { Clock } from "../platform/clock.ts";
import { createObservable, type Observable } from "../platform/observable.ts";
import { createSerial } from "../platform/serial.ts";
import type { DraftStore } from "../storage/draft-store.ts";

/** What this needs of a room. */
export type TypingRoom = {
  readonly roomId: string;
  open(docId: string): Promise<Y.Doc>;
  onReplaced(docId: string, listener: (doc: Y.Doc) => void): Promise<() => void>;
  edit(docIds: readonly string[], change: (...docs: Y.Doc[]) => void): Promise<void>;
};

export type TypedStatus = {
  /** Whether everything typed so far is on this device's disk, as a draft or in the log. */
  onDisk: boolean;
  /** When the disk took something last, in ms; null before the first time. */
  savedAt: number | null;
  /** Whether something typed is not in the room's log yet. */
  unsealed: boolean;
  /** What the disk refused last, else null. What was typed is kept, here and in the draft, and tried again. */
  failure: unknown;
};

/**
 * A document that is typed in, as minutes are: no «Lagre», nothing lost, and no envelope for each key.
 * What is typed is in a sealed draft on disk within half a second, and becomes one envelope when the hand rests. SPEC.md [W9].
 */
export type TypedDocument = {
  /** What an editor binds to. What colleagues write arrives here by itself. Everything that changes it from here counts as typed. */
  readonly doc: Y.Doc;
  readonly status: Observable<TypedStatus>;
  /** Somebody else is in the same document: what is typed reaches them within a second. */
  setCompany(isThere: boolean): void;
  /** Puts what was typed into the room's log now; durable when it resolves, and never rejects: see `status`. */
  seal(): Promise<void>;
  /** Seals, and ends the document. May be called twice. */
  close(): Promise<void>;
};

/** At most this much typing is lost when the device dies. */
const draftAfterMs = 400;
const sealAfterRestMs = 10_000;
const sealAfterMs = 30_000;
const sealInCompanyMs = 500;
const sealAtBytes = 4 * 1024;
/** After the disk has refused. */
const tryAgainMs = 10_000;

/** The origin of what came from the room: an undo passes it by, and it goes nowhere from here. */
const fromRoom = Symbol("room");

const draftPrefix = "typed/";

export async function openTypedDocument(parts: { room: TypingRoom; docId: string; drafts: DraftStore; clock: Clock }): Promise<TypedDocument> {
  const { room, docId, drafts, clock } = parts;
  // What was typed here before, and did not get further than its draft, is part of what is shown. If the disk refuses, one can still write.
  const failure = await sealLeftTyping([room], drafts).then(
    () => null,
    (error: unknown) => error,
  );
  const doc = new Y.Doc();
  // Several tabs may type in the same document, each with a draft of its own.
  const draftId = `${draftPrefix}${room.roomId}/${docId}/${doc.clientID}`;
  const status = createObservable<TypedStatus>({ onDisk: true, savedAt: null, unsealed: false, failure });
  const inTurn = createSerial();
  let pending: Bytes[] = [];
  let pendingBytes = 0;
  let isDraftStale = false;
  let inCompany = false;
  let firstUnsealedAt = 0;
  let cancelDraft: (() => void) | null = null;
  let cancelSeal: (() => void) | null = null;
  let stopFollowing = () => {};
  let closing: Promise<void> | null = null;

  const follow = (source: Y.Doc) => {
    stopFollowing();
    const take = (update: Uint8Array) => Y.applyUpdateV2(doc, update, fromRoom);
    take(Y.encodeStateAsUpdateV2(source, Y.encodeStateVector(doc)));
    source.on("updateV2", take);
    stopFollowing = () => source.off("updateV2", take);
  };
  const stopReplacing = await room.onReplaced(docId, follow);
  follow(await room.open(docId));
  doc.on("updateV2", (update: Uint8Array, origin: unknown) => {
    if (origin !== fromRoom) keep(update as Bytes);
  });

  function keep(update: Bytes): void {
    const now = clock.now();
    if (pending.length === 0) firstUnsealedAt = now;
    pending.push(update);
    pendingBytes += update.length;
    isDraftStale = true;
    const { onDisk, unsealed } = status.get();
    if (onDisk || !unsealed) status.set({ ...status.get(), onDisk: false, unsealed: true });
    // Counted from the first key that is not on disk: who types without a pause loses no more than others.
    cancelDraft ??= clock.after(draftAfterMs, () => void inTurn(saveDraft));
    if (pendingBytes >= sealAtBytes) sealIn(0);
    else sealIn(inCompany ? sealInCompanyMs : Math.min(sealAfterRestMs, firstUnsealedAt + sealAfterMs - now));
  }

  function sealIn(delayMs: number): void {
    // In company it is counted from the first key as well: a colleague must not wait for a pause.
    if (inCompany && cancelSeal !== null && delayMs > 0) return;
    cancelSeal?.();
    cancelSeal = clock.after(Math.max(0, delayMs), () => void seal());
  }

  async function saveDraft(): Promise<void> {
    cancelDraft?.();
    cancelDraft = null;
    if (!isDraftStale) return;
    isDraftStale = false;
    try {
      if (pending.length === 0) await drafts.remove(draftId);
      else {
        pending = [Y.mergeUpdatesV2(pending) as Bytes];
        await drafts.save(draftId, toBase64Url(pending[0] as Bytes));
      }
      status.set({ ...status.get(), onDisk: !isDraftStale, savedAt: clock.now(), failure: null });
    } catch (failure) {
      isDraftStale = true;
      status.set({ ...status.get(), failure });
      cancelDraft ??= clock.after(tryAgainMs, () => void inTurn(saveDraft));
    }
  }

  function seal(): Promise<void> {
    cancelSeal?.();
    cancelSeal = null;
    return inTurn(async () => {
      if (pending.length === 0) return saveDraft();
      const sealing = pending;
      pending = [];
      pendingBytes = 0;
      try {
        await room.edit([docId], (target) => sealing.forEach((update) => target !== undefined && Y.applyUpdateV2(target, update)));
        isDraftStale = true;
        status.set({ ...status.get(), unsealed: pending.length > 0, failure: null });
      } catch (failure) {
        pending = [...sealing, ...pending];
        pendingBytes = pending.reduce((sum, { length }) => sum + length, 0);
        status.set({ ...status.get(), failure });
        cancelSeal ??= clock.after(tryAgainMs, () => void seal());
      }
      // In the log or not: the draft holds what is not.
      await saveDraft();
    });
  }

  return {
    doc,
    status,
    setCompany(isThere) {
      if (isThere === inCompany) return;
      inCompany = isThere;
      if (isThere && pending.length > 0) sealIn(0);
    },
    seal,
    close() {
      closing ??= seal().then(() => {
        cancelDraft?.();
        cancelSeal?.();
        stopFollowing();
        stopReplacing();
        doc.destroy();
      });
      return closing;
    },
  };
}

/**
 * Puts what was typed before the device died into its rooms' logs: to be run when the device is unlocked, before anything new is typed.
 * What belongs to a room that is not here stays where it is. Sealing twice does no harm.
 * @returns how many drafts it brought in
 * @throws what the first draft was refused with that could not be brought in; it stays, and the others are in
 */
export async function sealLeftTyping(rooms: readonly TypingRoom[], drafts: DraftStore): Promise<number> {
  let broughtIn = 0;
  const failures: unknown[] = [];
  for (const { draftId } of await drafts.list()) {
    if (!draftId.startsWith(draftPrefix)) continue;
    const [roomId, docId] = draftId.slice(draftPrefix.length).split("/");
    const room = rooms.find((candidate) => candidate.roomId === roomId);
    if (room === undefined || docId === undefined) continue;
    try {
      const stored = await drafts.load(draftId);
      if (typeof stored !== "string") continue;
      const update = fromBase64Url(stored);
      await room.edit([docId], (doc) => doc !== undefined && Y.applyUpdateV2(doc, update));
      // Somebody may be typing in it at this moment, here or in another tab: what they saved since is not in the log.
      if ((await drafts.load(draftId)) === stored) await drafts.remove(draftId);
      broughtIn++;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return broughtIn;
}
