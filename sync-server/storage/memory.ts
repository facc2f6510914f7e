import type { Bytes } from "#protocol/bytes.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import {
  encodeGen,
  newestGenOf,
  newestGenSetting,
  newRoom,
  type EnrolmentCode,
  type Invite,
  type LogPage,
  type NewEnvelope,
  type PageBounds,
  type Place,
  type PushToken,
  type RecoveryBundle,
  type RelayStorage,
  type RoomState,
  type Service,
  type StoredSession,
  type WriteTx,
} from "./storage.ts";

/** Without `bytes` where they are dropped. */
type EnvelopeRow = Omit<NewEnvelope, "bytes"> & { bytes: Bytes | null };

type Rows = {
  rooms: RoomState;
  /** By room and number. */
  envelopes: EnvelopeRow;
  /** The number, by room, device and counter. */
  places: number;
  /** By room and device. */
  heads: ChainHead;
  codes: EnrolmentCode;
  services: Service;
  invites: Invite;
  outerKeys: Bytes;
  sessions: StoredSession;
  pushTokens: PushToken;
  settings: Bytes;
  bundles: RecoveryBundle;
};

type Tables = { [Name in keyof Rows]: Map<string, Rows[Name]> };

function emptyTables(): Tables {
  return {
    rooms: new Map(),
    envelopes: new Map(),
    places: new Map(),
    heads: new Map(),
    codes: new Map(),
    services: new Map(),
    invites: new Map(),
    outerKeys: new Map(),
    sessions: new Map(),
    pushTokens: new Map(),
    settings: new Map(),
    bundles: new Map(),
  };
}

const key = (...parts: (string | number)[]) => parts.join(" ");

/** What a transaction has changed, laid over what is committed. */
type Layer<Row> = {
  get(rowKey: string): Row | null;
  put(rowKey: string, row: Row): void;
  insert(rowKey: string, row: Row): void;
  remove(rowKey: string): void;
  entries(): Iterable<[string, Row]>;
  commit(): void;
};

function layerOver<Row>(committed: Map<string, Row>): Layer<Row> {
  const changed = new Map<string, Row | null>();
  const get = (rowKey: string) => {
    const row = changed.get(rowKey);
    return row === undefined ? (committed.get(rowKey) ?? null) : row;
  };
  return {
    get,
    put: (rowKey, row) => void changed.set(rowKey, row),
    insert: (rowKey, row) => {
      if (get(rowKey) !== null) throw new Error(`row ${rowKey} is there already`);
      changed.set(rowKey, row);
    },
    remove: (rowKey) => void changed.set(rowKey, null),
    *entries() {
      for (const rowKey of new Set([...committed.keys(), ...changed.keys()])) {
        const row = get(rowKey);
        if (row !== null) yield [rowKey, row];
      }
    },
    commit: () => {
      for (const [rowKey, row] of changed) {
        if (row === null) committed.delete(rowKey);
        else committed.set(rowKey, row);
      }
    },
  };
}

function openTransaction(tables: Tables): { tx: WriteTx; commit: () => void } {
  const rooms = layerOver(tables.rooms);
  const envelopes = layerOver(tables.envelopes);
  const places = layerOver(tables.places);
  const heads = layerOver(tables.heads);
  const codes = layerOver(tables.codes);
  const services = layerOver(tables.services);
  const invites = layerOver(tables.invites);
  const outerKeys = layerOver(tables.outerKeys);
  const sessions = layerOver(tables.sessions);
  const pushTokens = layerOver(tables.pushTokens);
  const settings = layerOver(tables.settings);
  const bundles = layerOver(tables.bundles);

  const existing = <Row>(layer: Layer<Row>, rowKey: string): Row => {
    const row = layer.get(rowKey);
    if (row === null) throw new Error(`no row ${rowKey}`);
    return row;
  };

  const stored = (roomId: string, { deviceId, ctr }: Place): EnvelopeRow | null => {
    const seq = places.get(key(roomId, deviceId, ctr));
    return seq === null ? null : existing(envelopes, key(roomId, seq));
  };

  const restoredGen = async (): Promise<number> => {
    const ofRooms = Array.from(rooms.entries(), ([, { logGen }]) => logGen);
    return newestGenOf(settings.get(newestGenSetting), ofRooms.length === 0 ? null : Math.max(...ofRooms));
  };

  const drop = (roomId: string, seq: number) => {
    const envelope = existing(envelopes, key(roomId, seq));
    if (envelope.bytes === null) return;
    const room = existing(rooms, roomId);
    rooms.put(roomId, { ...room, storedBytes: room.storedBytes - envelope.bytes.length });
    envelopes.put(key(roomId, seq), { ...envelope, bytes: null });
  };

  const tx: WriteTx = {
    async lockRoom(roomId) {
      return rooms.get(roomId);
    },
    async lockRooms(roomIds) {
      const found = new Map<string, RoomState>();
      for (const roomId of roomIds) {
        const room = rooms.get(roomId);
        if (room !== null) found.set(roomId, room);
      }
      return found;
    },
    async insertRoom(roomId, membership, generations) {
      rooms.insert(roomId, newRoom(membership, generations));
    },
    async setMembership(roomId, membership) {
      rooms.put(roomId, { ...existing(rooms, roomId), membership });
    },
    async appendEnvelopes(roomId, added) {
      let { headSeq, storedBytes } = existing(rooms, roomId);
      for (const envelope of added) {
        if (envelope.seq !== headSeq + 1) throw new Error(`room ${roomId} has no place for number ${envelope.seq}`);
        headSeq = envelope.seq;
        envelopes.insert(key(roomId, headSeq), envelope);
        places.insert(key(roomId, envelope.deviceId, envelope.ctr), headSeq);
        storedBytes += envelope.bytes.length;
      }
      rooms.put(roomId, { ...existing(rooms, roomId), headSeq, storedBytes });
    },
    async chainHeads(roomId, deviceIds) {
      const found = new Map<string, ChainHead>();
      for (const deviceId of deviceIds) {
        const head = heads.get(key(roomId, deviceId));
        if (head !== null) found.set(deviceId, head);
      }
      return found;
    },
    async setChainHeads(roomId, moved) {
      for (const [deviceId, head] of moved) heads.put(key(roomId, deviceId), head);
    },
    async storedAt(roomId, asked) {
      return asked.map((place) => {
        const envelope = stored(roomId, place);
        return envelope && { seq: envelope.seq, envelopeId: envelope.envelopeId };
      });
    },
    async bytesAt(roomId, place) {
      return stored(roomId, place)?.bytes ?? null;
    },
    async accsAt(roomId, seqs) {
      const accs = new Map<number, Bytes>();
      for (const seq of seqs) {
        const envelope = envelopes.get(key(roomId, seq));
        if (envelope !== null) accs.set(seq, envelope.acc);
      }
      return accs;
    },
    async dropBytes(roomId, seqs) {
      for (const seq of seqs) drop(roomId, seq);
    },
    async shredRoom(roomId) {
      const { headSeq } = existing(rooms, roomId);
      for (let seq = 1; seq <= headSeq; seq++) drop(roomId, seq);
      outerKeys.remove(roomId);
    },
    async beginGeneration(atLeast) {
      let count = 0;
      settings.put(newestGenSetting, encodeGen(Math.max((await restoredGen()) + 1, atLeast)));
      for (const [roomId, room] of rooms.entries()) {
        const logGen = Math.max(room.logGen + 1, atLeast);
        rooms.put(roomId, { ...room, logGen, generations: [...room.generations, { logGen, fromSeq: room.headSeq }] });
        count++;
      }
      for (const [tokenHash] of sessions.entries()) sessions.remove(tokenHash);
      return count;
    },
    restoredGen,
    async outerKey(roomId) {
      return outerKeys.get(roomId);
    },
    async insertOuterKey(roomId, outerKey) {
      existing(rooms, roomId);
      outerKeys.insert(roomId, outerKey);
    },
    async insertSession(tokenHash, session) {
      sessions.insert(tokenHash, session);
    },
    async insertPushToken(token) {
      pushTokens.insert(token.tokenHash, token);
    },
    async endPushTokens(roomId, deviceId) {
      for (const [tokenHash, token] of pushTokens.entries()) {
        const left = token.rooms.filter((room) => room.roomId !== roomId || room.deviceId !== deviceId);
        if (left.length > 0) pushTokens.put(tokenHash, { ...token, rooms: left });
        else pushTokens.remove(tokenHash);
      }
    },
    async sweepSessions(now) {
      for (const [tokenHash, { expiresAt }] of sessions.entries()) if (expiresAt <= now) sessions.remove(tokenHash);
      for (const [tokenHash, { expiresAt }] of pushTokens.entries()) if (expiresAt <= now) pushTokens.remove(tokenHash);
    },
    async settle(name, value) {
      const known = settings.get(name);
      if (known !== null) return known;
      settings.insert(name, value);
      return value;
    },
    async putRecoveryBundle(bundle) {
      const known = bundles.get(bundle.lookupId);
      if (known !== null && known.serviceId !== bundle.serviceId) throw new Error("the bundle is another service's");
      bundles.put(bundle.lookupId, bundle);
    },
    async dropRecoveryBundle(lookupId) {
      bundles.remove(lookupId);
    },
    async countRecoveryBundles(serviceId) {
      return Array.from(bundles.entries()).filter(([, bundle]) => bundle.serviceId === serviceId).length;
    },
    async insertCode(codeHash) {
      codes.insert(codeHash, { usedBy: null });
    },
    async lockCode(codeHash) {
      return codes.get(codeHash);
    },
    async useCode(codeHash, serviceId) {
      existing(codes, codeHash);
      codes.put(codeHash, { usedBy: serviceId });
    },
    async service(serviceId) {
      return services.get(serviceId);
    },
    async insertService(serviceId, service) {
      services.insert(serviceId, service);
    },
    async lockInvite(inviteId) {
      return invites.get(inviteId);
    },
    async insertInvite(invite) {
      invites.insert(invite.inviteId, invite);
    },
    async writeInviteSlot(inviteId, slot, body, claim) {
      const invite = existing(invites, inviteId);
      if (invite.slots[slot] !== undefined) throw new Error(`slot ${slot} of ${inviteId} is written`);
      invites.put(inviteId, { ...invite, claim: claim ?? invite.claim, slots: { ...invite.slots, [slot]: body } });
    },
    async countInvites(roomId, now) {
      let count = 0;
      for (const [, invite] of invites.entries()) if (invite.roomId === roomId && invite.expiresAt > now) count++;
      return count;
    },
    async sweepInvites(expiredBefore, forgetBefore) {
      for (const [, invite] of invites.entries()) {
        if (invite.expiresAt < forgetBefore) invites.remove(invite.inviteId);
        else if (invite.expiresAt < expiredBefore) invites.put(invite.inviteId, { ...invite, slots: {} });
      }
    },
  };
  const layers = [rooms, envelopes, places, heads, codes, services, invites, outerKeys, sessions, pushTokens, settings, bundles];
  return { tx, commit: () => layers.forEach((layer) => layer.commit()) };
}

export type MemoryStorage = RelayStorage & {
  /** A backup: a storage of its own with what is committed in this one. */
  copy(): MemoryStorage;
};

/** Keeps everything in memory, for the example service in the page and for tests. «Durable» lasts as long as the object. */
export function createMemoryStorage(): MemoryStorage {
  return storageOf(emptyTables());
}

function storageOf(tables: Tables): MemoryStorage {
  let tail: Promise<unknown> = Promise.resolve();
  let open = true;

  const mustBeOpen = () => {
    if (!open) throw new Error("the storage is closed");
  };

  return {
    write(work) {
      const run = async () => {
        mustBeOpen();
        const { tx, commit } = openTransaction(tables);
        const result = await work(tx);
        commit();
        return result;
      };
      const written = tail.then(run, run);
      tail = written.catch(() => undefined);
      return written;
    },
    async rooms(roomIds) {
      mustBeOpen();
      const found = new Map<string, RoomState>();
      for (const roomId of roomIds) {
        const room = tables.rooms.get(roomId);
        if (room !== undefined) found.set(roomId, room);
      }
      return found;
    },
    async log(roomId, after, bounds: PageBounds): Promise<LogPage | null> {
      mustBeOpen();
      const room = tables.rooms.get(roomId);
      if (room === undefined) return null;
      const page: LogPage["page"] = [];
      let sizeBytes = 0;
      for (let seq = after + 1; seq <= room.headSeq && page.length < bounds.maxEnvelopes; seq++) {
        const envelope = tables.envelopes.get(key(roomId, seq));
        if (envelope === undefined) throw new Error(`room ${roomId} has lost number ${seq}`);
        const { bytes, envelopeId, deviceId, ctr } = envelope;
        sizeBytes += bytes?.length ?? 0;
        if (page.length > 0 && sizeBytes > bounds.maxBytes) break;
        page.push(bytes === null ? { seq, dropped: { envelopeId, deviceId, ctr } } : { seq, bytes });
      }
      return { logGen: room.logGen, headSeq: room.headSeq, page };
    },
    async invite(inviteId) {
      mustBeOpen();
      return tables.invites.get(inviteId) ?? null;
    },
    async service(serviceId) {
      mustBeOpen();
      return tables.services.get(serviceId) ?? null;
    },
    async outerKey(roomId) {
      mustBeOpen();
      return tables.outerKeys.get(roomId) ?? null;
    },
    async session(tokenHash) {
      mustBeOpen();
      return tables.sessions.get(tokenHash) ?? null;
    },
    async pushToken(tokenHash) {
      mustBeOpen();
      return tables.pushTokens.get(tokenHash) ?? null;
    },
    async recoveryBundle(lookupId) {
      mustBeOpen();
      return tables.bundles.get(lookupId) ?? null;
    },
    async serviceBytes(serviceId) {
      mustBeOpen();
      let sizeBytes = 0;
      for (const { membership, storedBytes } of tables.rooms.values()) if (membership.serviceId === serviceId) sizeBytes += storedBytes;
      return sizeBytes;
    },
    async setting(name) {
      mustBeOpen();
      return tables.settings.get(name) ?? null;
    },
    async isNew() {
      mustBeOpen();
      return tables.codes.size === 0;
    },
    // Rows are replaced and never changed, so that both may hold the same ones.
    copy: () => storageOf(Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, new Map<string, unknown>(rows)])) as Tables),
    async close() {
      await tail;
      open = false;
    },
  };
}
