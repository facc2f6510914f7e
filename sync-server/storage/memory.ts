import type { Bytes } from "#protocol/bytes.ts";
import type { ChainHead } from "#protocol/membership.ts";
import type { NumberedEnvelope } from "#protocol/record.ts";
import type {
  EnrolmentCode,
  Invite,
  LogPage,
  NewEnvelope,
  PageBounds,
  RelayStorage,
  RoomState,
  Service,
  Stored,
  WriteTx,
} from "./storage.ts";

type Rows = {
  rooms: RoomState;
  /** By room and number. */
  envelopes: NewEnvelope;
  /** By room, device and counter. */
  places: Stored;
  /** By room and device. */
  heads: ChainHead;
  codes: EnrolmentCode;
  services: Service;
  invites: Invite;
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
  };
}

const key = (...parts: (string | number)[]) => parts.join(" ");

/** What a transaction has changed, laid over what is committed. */
type Layer<Row> = {
  get(rowKey: string): Row | null;
  put(rowKey: string, row: Row): void;
  insert(rowKey: string, row: Row): void;
  remove(rowKey: string): void;
  values(): Iterable<Row>;
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
    *values() {
      for (const rowKey of new Set([...committed.keys(), ...changed.keys()])) {
        const row = get(rowKey);
        if (row !== null) yield row;
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

  const existing = <Row>(layer: Layer<Row>, rowKey: string): Row => {
    const row = layer.get(rowKey);
    if (row === null) throw new Error(`no row ${rowKey}`);
    return row;
  };

  const tx: WriteTx = {
    async lockRoom(roomId) {
      return rooms.get(roomId);
    },
    async insertRoom(roomId, room) {
      rooms.insert(roomId, room);
    },
    async setMembership(roomId, membership) {
      rooms.put(roomId, { ...existing(rooms, roomId), membership });
    },
    async appendEnvelopes(roomId, added) {
      let { headSeq } = existing(rooms, roomId);
      for (const envelope of added) {
        if (envelope.seq !== headSeq + 1) throw new Error(`room ${roomId} has no place for number ${envelope.seq}`);
        headSeq = envelope.seq;
        envelopes.insert(key(roomId, headSeq), envelope);
        places.insert(key(roomId, envelope.deviceId, envelope.ctr), envelope);
      }
      rooms.put(roomId, { ...existing(rooms, roomId), headSeq });
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
      return asked.map(({ deviceId, ctr }) => {
        const stored = places.get(key(roomId, deviceId, ctr));
        return stored && { seq: stored.seq, envelopeId: stored.envelopeId };
      });
    },
    async accsAt(roomId, seqs) {
      const accs = new Map<number, Bytes>();
      for (const seq of seqs) {
        const envelope = envelopes.get(key(roomId, seq));
        if (envelope !== null) accs.set(seq, envelope.acc);
      }
      return accs;
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
      for (const invite of invites.values()) if (invite.roomId === roomId && invite.expiresAt > now) count++;
      return count;
    },
    async sweepInvites(expiredBefore, forgetBefore) {
      for (const invite of invites.values()) {
        if (invite.expiresAt < forgetBefore) invites.remove(invite.inviteId);
        else if (invite.expiresAt < expiredBefore) invites.put(invite.inviteId, { ...invite, slots: {} });
      }
    },
  };
  const layers = [rooms, envelopes, places, heads, codes, services, invites];
  return { tx, commit: () => layers.forEach((layer) => layer.commit()) };
}

/** Keeps everything in memory, for the example service in the page and for tests. «Durable» lasts as long as the object. */
export function createMemoryStorage(): RelayStorage {
  const tables = emptyTables();
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
      const page: NumberedEnvelope[] = [];
      let sizeBytes = 0;
      for (let seq = after + 1; seq <= room.headSeq && page.length < bounds.maxEnvelopes; seq++) {
        const envelope = tables.envelopes.get(key(roomId, seq));
        if (envelope === undefined) throw new Error(`room ${roomId} has lost number ${seq}`);
        sizeBytes += envelope.bytes.length;
        if (page.length > 0 && sizeBytes > bounds.maxBytes) break;
        page.push({ seq, bytes: envelope.bytes });
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
    async isNew() {
      mustBeOpen();
      return tables.codes.size === 0;
    },
    async close() {
      await tail;
      open = false;
    },
  };
}
