import type * as Y from "yjs";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { MemberDevice, Role, RoomKind } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import { isWaitingForAcceptance, presentGeneration } from "#protocol/log-rules.ts";
import { type RelayPort, remedyOf } from "#protocol/messages.ts";
import { sessionProofInput } from "#protocol/record.ts";
import { importSigner, sign } from "./crypto/primitives.ts";
import { RoomDocuments } from "./documents/room-documents.ts";
import { createSnapshotStore, type SnapshotStore } from "./documents/snapshot-store.ts";
import { generateLeaf, publicLeaf, type RoomKeys } from "./keys/keyring.ts";
import type { DeviceKeys } from "./keys/vault.ts";
import type { PurgeAsk, RoomChange, Ties } from "./log/changes.ts";
import type { OfferedRoom } from "./log/control-words.ts";
import type { DoubtfulRecord, RoomEvidence } from "./log/findings.ts";
import type { Following } from "./log/following.ts";
import type { RoomMember } from "./log/members.ts";
import type { RoomPurge } from "./log/purges.ts";
import type { OpenedRecord } from "./log/reader.ts";
import type { OfferAnswer } from "./log/record.ts";
import type { RecoveryEvent } from "./log/recovery-events.ts";
import { gatherRowsAfter } from "./log/record-rows.ts";
import type { RoomLogParts, RoomLogStatus } from "./log/room-context.ts";
import { RoomLog } from "./log/room-log.ts";
import { indexDocId } from "./log/rights.ts";
import { readersOf } from "./log/seen.ts";
import { newestRow, readStoredRooms, type StoredRoom } from "./log/stored-rooms.ts";
import { broughtBack, endOf, isReopened, type LogFault, logGenOf, mayDestroy, type RoomEnd } from "./log/room-state.ts";
import type { Writing } from "./log/writings.ts";
import { RoomOverError, TooLargeError } from "./platform/errors.ts";
import type { Clock, RandomBytes } from "./platform/clock.ts";
import { createObservable, type Observable } from "./platform/observable.ts";
import { createSerial } from "./platform/serial.ts";
import type { TabChannel } from "./platform/tab-channel.ts";
import type { LogStore, UploadPermit } from "./storage/log-store.ts";
import { createRoomPresence, type PresenceChannel, type RoomPresence } from "./sync/presence.ts";
import { createPermitKeeper } from "./sync/upload-permit.ts";
import { createSyncLoop, type SyncLoop, type SyncRoom } from "./sync/sync-loop.ts";

/** One room as the app sees it. */
export type Room = {
  readonly roomId: string;
  readonly kind: RoomKind;
  /** What the app wrote when the room was made: which school, which year. */
  readonly label: string;
  readonly role: Role;
  readonly genesis: string;
  readonly deviceId: string;
  /** This device, as the room's log names it or is to name it. */
  readonly ownMember: MemberDevice;
  /** @param docId 34 hexadecimal digits */
  open(docId: string): Promise<Y.Doc>;
  onReplaced(docId: string, listener: (doc: Y.Doc) => void): Promise<() => void>;
  /** Durable when it resolves; when it rejects nothing has changed. */
  edit(docIds: readonly string[], change: (...docs: Y.Doc[]) => void): Promise<void>;
  /**
   * Writes something small beside the next saving in this room, in the same envelope: it costs no upload of its own. An empty `edit` writes it by itself.
   * Until then it is in memory alone. @param written called when it is on disk
   */
  writeAlong(docId: string, change: (doc: Y.Doc) => void, written: () => void): void;
  members(): Promise<RoomMember[]>;
  /** Who wrote in a document, and when, in the order of the log. */
  writings(docId: string): Promise<Writing[]>;
  /** This person's word that what a document held up to now may be destroyed for good, for a colleague's device to do. SPEC.md [Z3]. */
  askPurge(docId: string): Promise<PurgeAsk>;
  /** Whether a colleague's word is for what the log has now; else it must be asked anew. */
  isPurgeAsked(docId: string, ask: PurgeAsk): Promise<boolean>;
  /** What was destroyed for good here, the newest first, and on whose disks it may still be. */
  purges(): Promise<RoomPurge[]>;
  /** The last day that a closed room is kept, `YYYY-MM-DD`: nothing is written in it any more. Null while it is open. */
  keptUntil(): string | null;
  /** Whether a device is in the room, or was; null where it never was as far as the log has been read. */
  standing(deviceId: string): "present" | "past" | null;
  /** No key of the room is here yet: this device waits to be let in. */
  readonly isAwaited: boolean;
  /** The rooms that follow this one, as its consultants have told. SPEC.md [O1]. */
  offers(): Promise<readonly OfferedRoom[]>;
  /** What the devices that are in this room have answered to that. */
  answers(): Promise<readonly Following[]>;
  /** Answers with the keys that this device has for rooms it has joined: said with the next heartbeat of this one. To be told again until the answers have come back; none where nothing is left to say. */
  answer(joined: readonly Room[]): void;
  /** When the recovery code was used and replaced, the newest first. */
  recoveryEvents(): Promise<RecoveryEvent[]>;
  /** The last counter of a device before a time in ms, by that device's own clock: its fence, when it was lost then. */
  lastCounterBefore(deviceId: string, timeMs: number): Promise<number>;
  /** What removed devices wrote that nobody vouches for, in the order of the log. */
  doubtful(): Promise<DoubtfulRecord[]>;
  /** The log's newest generation: of a restored relay it is the time of the restore, in seconds since 1970. */
  logGen(): number;
  /** Devices that were removed and that a restored relay has brought back: nothing is sent here until they are removed again. SPEC.md [G8]. */
  broughtBack(): readonly string[];
  /** The devices that have written since the relay was restored, by their ids in this room. */
  devicesSinceRestore(): Promise<string[]>;
  /** Ids, numbers, sizes and times for whoever looks into a fault. Never content. */
  evidence(): Promise<RoomEvidence>;
  /** Where the others are in a document, while they are online. To be closed with the page; locking ends it too. @param docId 34 hexadecimal digits */
  presence(docId: string): PresenceChannel;
};

export type RoomAttention = {
  roomId: string;
  kind: RoomKind;
  label: string;
  fault: LogFault | null;
  quarantined: number;
  /** Envelopes that are being given back to a relay that was restored. */
  lost: number;
  /** A relay was restored, and no consultant has accepted that yet. */
  restored: boolean;
  /** A restore has brought back somebody who was removed: what is written waits until that is done again. SPEC.md [G8]. */
  reopened: boolean;
  /** This profile was set back, or there are two of it. */
  setBack: boolean;
};

/** A room that is none of this device's any more, and holds what nobody else has. */
export type LeftRoom = Pick<Room, "roomId" | "kind" | "label" | "open"> & {
  why: RoomEnd;
  /** Savings that reached nobody, the oldest first. */
  unsent(): Promise<OpenedRecord[]>;
  /** The room with its keys is gone from this device. */
  forget(): Promise<void>;
};

export type SpaceStatus = {
  /** Savings under way: not yet on disk. */
  saving: number;
  /** Savings on disk that the relay has not. */
  unsent: number;
  /** Of the newest saving of one's own that is in a log: how many of the colleagues in its room have read it. Null while there is none, or something newer is on its way. */
  lastSaved: { readers: number; colleagues: number } | null;
  /** Rooms whose log is at fault or that hold records this device cannot read. */
  attention: readonly RoomAttention[];
};

export type Space = {
  readonly status: Observable<SpaceStatus>;
  readonly sync: SyncLoop;
  /** All rooms of this device; a new array whenever one comes, goes, lets this device in, or has it in another role. */
  readonly rooms: Observable<readonly Room[]>;
  /** Rooms that are over for this device and hold something that was never sent. Those that hold nothing are forgotten, once it is sure that they are over. */
  readonly left: Observable<readonly LeftRoom[]>;
  /** A new room with this device as its one member; works offline. A service room is its own service. */
  createRoom(room: {
    kind: RoomKind;
    /** Room id of the service room; for a service room, the id it is to have. */
    serviceId: string;
    label: string;
    name: string;
    recovery: MemberDevice | null;
  }): Promise<Room>;
  /** Takes up a room that someone has added, or will add, this device to. One that this device has already is given back as it is, with the keys that it has. */
  joinRoom(room: Pick<RoomKeys, "roomId" | "kind" | "label" | "role" | "memberId" | "genesis">, leaf: Leaf): Promise<Room>;
  /** Adds someone's device. Online only. @returns false when it is not in the log @throws {RelayUnreachableError} */
  addMember(roomId: string, member: MemberDevice, name: string, ties?: Ties): Promise<boolean>;
  /** Changes who is in a room, or what the room is. Online only. @returns false when it is not in the log: the relay did not take it, or does not show it @throws {RelayUnreachableError} */
  change(roomId: string, change: RoomChange): Promise<boolean>;
  /**
   * Destroys for good what was written in a document up to where another person has asked for it; what the document holds now stays. Online only.
   * @returns false when the relay did not take it, or this device has not read so far @throws {RelayUnreachableError | TooLargeError}
   */
  purge(roomId: string, docId: string, ask: PurgeAsk, reason: string): Promise<boolean>;
  /** The newest time that another device has told of in any room and that is not ahead of this one's clock, in ms; 0 where none has. A second clock, where a wrong one would do harm. */
  heardAt(): number;
  /** Puts what has been read into snapshots, ends sync, and forgets everything in memory. */
  close(): Promise<void>;
};

type Leaf = Awaited<ReturnType<typeof generateLeaf>>;

type OpenRoom = Room & { log: RoomLog; others: RoomPresence; documents(): Promise<RoomDocuments>; peek(): Promise<RoomDocuments> | null };

const changeTries = 3;

/** How often it is looked whether a room's last day is over, while the device stays unlocked. */
const lastDayMs = 60 * 60_000;

/** How often it is looked whether another tab has written what it told nobody of. */
const untoldMs = 5 * 60_000;

/** What opening needs of the disk, sealed as it lies there. */
export type SpaceReading = { snapshots: SnapshotStore; stored: Promise<StoredRoom[]> };

/** How long what was read ahead is held for the first screens; what they do not ask for is mostly the rooms of earlier years. */
const holdAheadMs = 30_000;

/** Begins to read it: no key is needed for that, and the disk is idle while a passphrase is stretched. */
export function readAhead(store: LogStore): SpaceReading {
  const snapshots = createSnapshotStore(store);
  const stored = readStoredRooms(store);
  // Whoever waits for it is told; before that there is nobody to tell.
  stored.catch(() => undefined);
  snapshots.readAhead(indexDocId);
  return { snapshots, stored };
}

/**
 * Everything that exists only while the device is unlocked: its rooms, their documents, and sync.
 * @throws {UnreadableError} when a stored key or state was changed; nothing is overwritten then
 */
export async function openSpace(parts: {
  store: LogStore;
  deviceKeys: DeviceKeys;
  relay: RelayPort;
  clock: Clock;
  random: RandomBytes;
  chance: () => number;
  tabs: TabChannel;
  /** What was read while the passphrase was stretched. */
  ahead?: SpaceReading;
  /** What lets this device make rooms at the relay, once the app knows it. */
  serviceToken: () => Uint8Array | null;
}): Promise<Space> {
  const { store, deviceKeys, relay, clock, random, tabs } = parts;
  const status = createObservable<SpaceStatus>({ saving: 0, unsent: 0, lastSaved: null, attention: [] });
  const opened = new Map<string, OpenRoom>();
  const rooms = createObservable<readonly Room[]>([]);
  const left = createObservable<readonly LeftRoom[]>([]);
  /** One room after another, so that none is taken up twice. */
  const taking = createSerial();
  let sync: SyncLoop | null = null;

  const { snapshots, stored } = parts.ahead ?? readAhead(store);
  const rowsAfter = gatherRowsAfter(store);
  await Promise.all((await stored).map((room) => adopt((logParts) => RoomLog.load(logParts, room))));
  publish();
  const stopHolding = clock.after(holdAheadMs, () => snapshots.release());
  let stopLooking = clock.after(lastDayMs, lookForLastDay);
  /** The newest row when all rooms were last read. */
  let readThrough = (await stored)[0]?.throughLocal ?? 0;
  let stopCatchingUp = () => {};
  tabs.onAnnounced((roomId) => {
    // What could not be read now is read with the next word of that tab, or when it is looked for.
    readOn(roomId).catch(() => undefined);
    sync?.wake();
  });
  sync = createSyncLoop({
    relay,
    clock,
    random: parts.chance,
    serviceToken: parts.serviceToken,
    rooms: () => Array.from(opened.values()).filter((room) => endOfRoom(room) === null).map(syncRoom),
  });
  const running = sync;
  const keepPermit = createPermitKeeper({ store, relay, clock, session: () => running.session(), rooms: uploadRooms });
  running.status.subscribe(({ reached }) => {
    if (reached === true) void keepPermit();
  });
  catchUpWithTabs();

  return {
    status,
    sync: running,
    rooms,
    left,
    async createRoom({ kind, serviceId, label, name, recovery }) {
      const leaf = await generateLeaf();
      const roomId = kind === "service" ? serviceId : toHex(random(16));
      const words = { name, ...(await ownTies()) };
      const room = await adopt((logParts) => RoomLog.create(logParts, { kind, roomId, serviceId, label, ...words }, leaf, recovery));
      publish();
      running.wake();
      return room;
    },
    joinRoom: (room, leaf) =>
      taking(async () => {
        const known = opened.get(room.roomId);
        if (known !== undefined) return known;
        const joined = await adopt((logParts) => RoomLog.join(logParts, { ...room, ...leaf })).catch(async (error: unknown) => {
          // Another tab may have been quicker: its keys count, which it may have told to others.
          const taken = await takeUp(room.roomId);
          if (taken === null) throw error;
          return taken;
        });
        publish();
        running.wake();
        return joined;
      }),
    addMember: (roomId, member, name, ties) => changeRoom(roomId, { action: "addMember", member, name, ...(ties && { ties }) }),
    change: changeRoom,
    async purge(roomId, docId, ask, reason) {
      const room = opened.get(roomId);
      const asked = await room?.log.askedPurge(docId, ask);
      if (room === undefined || !asked) return false;
      const { dropped, documents: touching, touched } = asked;
      if (dropped.length > limits.purgedEnvelopes) throw new TooLargeError(`${dropped.length} envelopes`);
      const documents = await room.documents();
      const states = await Promise.all(touching.map(async (one) => ({ ...one, update: await documents.stateOf(one.docId) })));
      return changeRoom(roomId, { action: "purge", docId, ask, dropped, touched, states, reason });
    },
    heardAt,
    async close() {
      running.close();
      tabs.close();
      stopHolding();
      stopLooking();
      stopCatchingUp();
      await taking(async () => {});
      for (const { others } of opened.values()) others.close();
      // A room that cannot be read must not keep the others, and their keys, in memory.
      await Promise.allSettled(Array.from(opened.values(), async (room) => (await room.peek())?.close()));
      opened.clear();
    },
  };

  /** A room that another tab has made or joined. */
  async function takeUp(roomId: string): Promise<OpenRoom | null> {
    const found = opened.has(roomId) ? undefined : (await readStoredRooms(store)).find(({ keyRow }) => keyRow.roomId === roomId);
    if (found === undefined) return null;
    const room = await adopt((logParts) => RoomLog.load(logParts, found));
    publish();
    return room;
  }

  async function changeRoom(roomId: string, change: RoomChange): Promise<boolean> {
    const room = opened.get(roomId);
    if (room === undefined) return false;
    // A saving of this device, or a colleague's record, may come first to the relay: then it is made anew.
    for (let tries = 1; ; tries++) {
      const session = await running.session();
      let mayChange = true;
      const changed = await room.log.change(change, async (envelope) => {
        const answer = await relay.control(session, roomId, envelope);
        if (!answer.ok) {
          const isOver = answer.refusal.type === "sessionExpired";
          const isBehind = remedyOf(answer.refusal) === "catchUp";
          if (isOver) running.endSession(session);
          if (isBehind) running.noteBehind(roomId);
          mayChange = isOver || isBehind;
          return false;
        }
        running.noteHead(roomId, answer.value.seq);
        mayChange = false;
        // An ack is the relay's word alone. SPEC.md [C8].
        await running.settle();
        return room.log.hasInLog(envelope);
      });
      running.wake();
      if (changed || !mayChange || tries === changeTries) return changed;
      await running.settle();
    }
  }

  async function adopt(make: (logParts: RoomLogParts) => Promise<RoomLog>): Promise<OpenRoom> {
    let documents: Promise<RoomDocuments> | null = null;
    const log = await make({
      store,
      deviceKeys,
      clock,
      random,
      rowsAfter,
      opened: (records) => {
        documents?.then((loaded) => loaded.apply(records)).catch(() => (documents = null));
      },
      purged: () => {
        documents?.then((loaded) => loaded.rereadLog()).catch(() => (documents = null));
      },
      committed: (roomId) => tabs.announce(roomId),
    });
    const load = () => {
      if (documents === null) {
        documents = RoomDocuments.load(snapshots, deviceKeys, log);
        // What the disk refused once is asked for again.
        documents.catch(() => (documents = null));
      }
      return documents;
    };
    const { keys } = log;
    const along: { docId: string; change: (doc: Y.Doc) => void; written: () => void }[] = [];
    const others = createRoomPresence({
      clock,
      seal: (inside) => log.sealPresence(inside),
      unseal: (envelope) => log.openPresence(envelope),
      post: async (seal) => sync?.sendPresence(keys.roomId, seal),
    });
    const room: OpenRoom = {
      roomId: keys.roomId,
      kind: keys.kind,
      label: keys.label,
      get role() {
        return log.status.get().state.membership?.devices[keys.deviceId]?.role ?? keys.role;
      },
      get genesis() {
        return keys.genesis;
      },
      deviceId: keys.deviceId,
      get ownMember() {
        return { memberId: keys.memberId, role: room.role, deviceId: keys.deviceId, leaf: publicLeaf(keys) };
      },
      log,
      others,
      documents: load,
      peek: () => documents,
      open: async (docId) => (await load()).open(docId),
      onReplaced: async (docId, listener) => (await load()).onReplaced(docId, listener),
      async edit(docIds, change) {
        status.set({ ...status.get(), saving: status.get().saving + 1 });
        try {
          const beside = along.splice(0);
          await (await load())
            .edit([...docIds, ...beside.map(({ docId }) => docId)], (...docs) => {
              change(...docs.slice(0, docIds.length));
              beside.forEach((one, index) => {
                const doc = docs[docIds.length + index];
                if (doc !== undefined) one.change(doc);
              });
            })
            .catch((error: unknown) => {
              along.unshift(...beside);
              throw error;
            });
          for (const { written } of beside) written();
        } finally {
          status.set({ ...status.get(), saving: status.get().saving - 1 });
        }
        sync?.wake();
      },
      writeAlong: (docId, beside, written) => along.push({ docId, change: beside, written }),
      members: () => log.members(),
      writings: (docId) => log.writings(docId),
      askPurge: (docId) => log.askPurge(docId),
      isPurgeAsked: async (docId, ask) => (await log.askedPurge(docId, ask)) !== null,
      purges: () => log.purges(),
      keptUntil: () => log.status.get().state.membership?.keepUntil ?? null,
      standing: (deviceId) => log.standing(deviceId),
      get isAwaited() {
        return Object.keys(log.keys.secrets).length === 0;
      },
      offers: () => log.offers(),
      answers: () => log.answers(),
      answer(joined) {
        log.answer(joined.flatMap(({ roomId }) => answerFor(roomId)));
        if (log.owesHeartbeat()) sync?.wake();
      },
      recoveryEvents: () => log.recoveryEvents(),
      lastCounterBefore: (deviceId, timeMs) => log.lastCounterBefore(deviceId, timeMs),
      doubtful: () => log.doubtful(),
      logGen: () => logGenOf(log.status.get().state),
      broughtBack: () => broughtBack(log.status.get().state),
      devicesSinceRestore: () => log.devicesSince(logGenOf(log.status.get().state)),
      evidence: () => log.evidence(),
      presence: (docId) => others.open(docId),
    };
    opened.set(keys.roomId, room);
    const standing = () => `${room.role} ${endOfRoom(room)} ${room.isAwaited}`;
    let published = standing();
    log.status.subscribe(() => {
      summarise();
      if (standing() === published) return;
      published = standing();
      publish();
    });
    summarise();
    return room;
  }

  /** What this device and its person are known by in the rooms that it has already; nothing for the first one. */
  async function ownTies(): Promise<Ties | null> {
    for (const { deviceId, log } of opened.values()) {
      const own = (await log.members()).find((member) => member.deviceId === deviceId);
      // Where nobody has told of it yet, it is not in the room yet either.
      if (own?.addedAt != null) return { person: own.person, device: own.device };
    }
    return null;
  }

  /** Reads what another tab has written in a room, which may be new here. */
  async function readOn(roomId: string): Promise<void> {
    const known = opened.get(roomId);
    try {
      await (known === undefined ? taking(() => takeUp(roomId)) : known.log.refresh());
    } catch (error) {
      if (!(error instanceof RoomOverError)) throw error;
      drop(roomId);
    }
  }

  /** What another tab wrote while the passphrase was stretched here, or just before it was killed, it announced to nobody here. It would lie unsent. */
  function catchUpWithTabs(): void {
    stopCatchingUp = clock.after(untoldMs, catchUpWithTabs);
    readUntold().catch(() => undefined);
  }

  async function readUntold(): Promise<void> {
    const newest = await newestRow(store);
    if (newest === readThrough) return;
    await Promise.all(Array.from(opened.keys(), readOn));
    readThrough = newest;
    running.wake();
  }

  function answerFor(roomId: string): OfferAnswer[] {
    const keys = opened.get(roomId)?.log.keys;
    return keys === undefined ? [] : [{ roomId, memberId: keys.memberId, sign: keys.sign.publicKey, kem: keys.kem.publicKey }];
  }

  function publish(): void {
    const all = Array.from(opened.values()).sort((a, b) => (a.roomId < b.roomId ? -1 : 1));
    const { here = [], over = [] } = Object.groupBy(all, (room) => (endOfRoom(room) === null ? "here" : "over"));
    rooms.set(here);
    left.set(over.filter((room) => room.log.status.get().unsent > 0).map(leftRoom));
    const clocks = { now: clock.now(), heardAt: heardAt() };
    for (const room of all) {
      const { state, unsent } = room.log.status.get();
      const end = endOfRoom(room);
      const isForgotten = end !== null && unsent === 0 && mayDestroy(state, end, clocks);
      (isForgotten ? forget(room) : room.log.noteLastDay(end === "expired")).catch(() => undefined);
    }
  }

  /** A device that is never online destroys what is over by itself, and a clock may come right. SPEC.md [Z1]. */
  function lookForLastDay(): void {
    const isHere = new Set(rooms.get().map(({ roomId }) => roomId));
    const isAsShown = Array.from(opened.values()).every((room) => isHere.has(room.roomId) === (endOfRoom(room) === null) && endOfRoom(room) !== "expired");
    if (!isAsShown) publish();
    stopLooking = clock.after(lastDayMs, lookForLastDay);
  }

  /** One that is ahead of this device's clock bears out nothing. */
  function heardAt(): number {
    const now = clock.now();
    const times = Array.from(opened.values(), ({ log, deviceId }) =>
      Object.entries(log.status.get().state.seen.devices).flatMap(([id, { at }]) => (id === deviceId || at === null || at > now ? [] : [at])),
    );
    return Math.max(0, ...times.flat());
  }

  function endOfRoom({ log }: OpenRoom): RoomEnd | null {
    return endOf(log.status.get().state, log.keys.deviceId, new Date(clock.now()).toISOString().slice(0, 10));
  }

  /** Where it may be sent while the device is locked: rooms in which there is nothing to decide. SPEC.md [U3]. */
  function uploadRooms(): UploadPermit["rooms"] {
    const sure = Array.from(opened.values()).filter((room) => endOfRoom(room) === null);
    return Object.fromEntries(
      sure.flatMap(({ roomId, deviceId, log }) => {
        const { state, lost } = log.status.get();
        if (state.membership?.devices[deviceId] === undefined || state.fault !== null || lost > 0 || isReopened(state)) return [];
        return [[roomId, { logGen: logGenOf(state), epoch: state.membership.epoch }]];
      }),
    );
  }

  function leftRoom(room: OpenRoom): LeftRoom {
    const { roomId, kind, label, open, log } = room;
    return { roomId, kind, label, open, why: endOfRoom(room) ?? "removed", unsent: () => log.unsent(), forget: () => forget(room) };
  }

  async function forget({ roomId, log, others, peek }: OpenRoom): Promise<void> {
    others.close();
    await (await peek())?.close();
    await log.forget();
    drop(roomId);
  }

  function drop(roomId: string): void {
    opened.delete(roomId);
    summarise();
    publish();
  }

  function summarise(): void {
    const all = Array.from(opened.values(), ({ log, roomId, kind, label }) => ({ roomId, kind, label, memberId: log.keys.memberId, ...log.status.get() }));
    status.set({
      ...status.get(),
      unsent: all.reduce((sum, room) => sum + room.unsent, 0),
      lastSaved: lastSavedIn(all),
      attention: all
        .map(({ roomId, kind, label, quarantined, lost, setBack, state }) => {
          const restored = isWaitingForAcceptance(state.membership, presentGeneration(state.generations));
          return { roomId, kind, label, quarantined, lost, setBack, restored, reopened: isReopened(state), fault: state.fault };
        })
        .filter(({ quarantined, lost, setBack, restored, reopened, fault }) => quarantined > 0 || lost > 0 || setBack || restored || reopened || fault !== null),
    });
  }

  function lastSavedIn(all: readonly (RoomLogStatus & { memberId: string })[]): SpaceStatus["lastSaved"] {
    if (all.some(({ unsent, unconfirmed }) => unsent > 0 || unconfirmed > 0)) return null;
    const newest = all.toSorted((a, b) => (b.state.seen.saved?.at ?? 0) - (a.state.seen.saved?.at ?? 0))[0];
    if (newest === undefined || newest.state.seen.saved === null || newest.state.membership === null) return null;
    return readersOf(newest.state.seen, newest.state.membership, newest.memberId, newest.state.seen.saved.seq);
  }

  function syncRoom({ roomId, log, others }: OpenRoom): SyncRoom {
    const { keys } = log;
    return {
      roomId,
      deviceId: keys.deviceId,
      position() {
        const { state } = log.status.get();
        return { seq: state.seq, logGen: logGenOf(state), frozen: state.fault !== null };
      },
      unsent: () => log.status.get().unsent,
      unconfirmed: () => log.status.get().unconfirmed,
      async signSession(challenge) {
        return sign(await importSigner(keys.sign.privateKey), sessionProofInput(challenge, fromHex(roomId), fromHex(keys.deviceId)));
      },
      pendingGenesis: () => log.pendingGenesis(),
      genesisInLog: () => log.genesisInLog(),
      receive: (page, logGen) => log.receive(page, logGen),
      noteEnd: () => log.noteEnd(),
      receivePresence: (envelope) => others.receive(envelope),
      noteRollback: (told) => log.noteRollback(told),
      takeUnsent: () => log.takeUnsent(),
      acked: (envelopes) => log.acked(envelopes),
      owesHeartbeat: () => log.owesHeartbeat(),
      takeHeartbeat: () => log.takeHeartbeat(),
      owed: () => log.owed(),
      sendAgain: (owed) => log.sendAgain(owed),
      believesReuse: (refusal) => log.believesReuse(refusal),
      adopt: (told, askedIn) => log.adopt(told, askedIn),
      lost: () => log.status.get().lost,
      takeLost: () => log.takeLost(),
      giveUpLost: (envelope, refusal) => log.giveUpLost(envelope, refusal),
    };
  }
}
