import { StorageError } from "../../src/engine/platform/errors.ts";
import type {
  CheckpointRow,
  ClientRow,
  EvidenceRow,
  LogStore,
  LogTable,
  NewRecordRow,
  OwnHeadRow,
  RecordRow,
  RoomKeyRow,
  RoomRow,
  SnapshotRow,
  UploadPermit,
  WriteTx,
} from "../../src/engine/storage/log-store.ts";

type Rows = {
  records: RecordRow;
  rooms: RoomRow;
  ownHeads: OwnHeadRow;
  roomKeys: RoomKeyRow;
  clients: ClientRow;
  evidence: EvidenceRow;
  snapshots: SnapshotRow;
  checkpoints: CheckpointRow;
  meta: UploadPermit;
};

type Key = string | number;
type Tables = { [Name in LogTable]: Map<Key, Rows[Name]> };
/** What lies on the disk. `locals` are those of the records by envelope id, `index` those by what `placesOf` tells. */
type Committed = { tables: Tables; locals: Map<Key, number>; index: Map<string, Set<number>>; lastLocal: number; lastEvidence: number };

/** A profile's disk in memory. Nothing on it waits for more than microtasks, so that a run is the same each time. */
export type MemoryDisk = {
  /** The disk as one tab has it. */
  open(): LogStore;
  /** What is committed in a table, records by local, the others by key. */
  rows<Name extends LogTable>(table: Name): Rows[Name][];
  /** A disk of its own with what is committed on this one: a backup, which is put back by opening on it. */
  clone(): MemoryDisk;
};

export function createMemoryDisk(): MemoryDisk {
  return diskOf({
    tables: {
      records: new Map(),
      rooms: new Map(),
      ownHeads: new Map(),
      roomKeys: new Map(),
      clients: new Map(),
      evidence: new Map(),
      snapshots: new Map(),
      checkpoints: new Map(),
      meta: new Map(),
    },
    locals: new Map(),
    index: new Map(),
    lastLocal: 0,
    lastEvidence: 0,
  });
}

type UnderWay = { tables: readonly LogTable[]; writes: boolean; ended: Promise<void> };

function diskOf(committed: Committed): MemoryDisk {
  const underWay = new Set<UnderWay>();

  async function run<T>(tables: readonly LogTable[], writes: boolean, work: (tx: WriteTx) => Promise<T>): Promise<T> {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const before = Array.from(underWay).filter((other) => (writes || other.writes) && other.tables.some((table) => tables.includes(table)));
    const own = { tables, writes, ended };
    underWay.add(own);
    const turn = Promise.all(before.map((other) => other.ended));
    const transaction = createTransaction(committed, tables, writes, turn);
    try {
      const result = await Promise.race([work(transaction.tx), transaction.waitsForSomethingElse]);
      transaction.commit();
      return result;
    } finally {
      transaction.end();
      underWay.delete(own);
      end();
    }
  }

  return {
    open: () => ({
      read: (tables, work) => run(tables, false, work),
      write: (tables, work) => run(tables, true, work),
    }),
    rows: (table) => sortedByKey(committed.tables[table]).map(copyOf),
    clone: () =>
      diskOf({
        ...committed,
        tables: Object.fromEntries(Object.entries(committed.tables).map(([name, rows]) => [name, new Map<Key, unknown>(rows)])) as Tables,
        locals: new Map(committed.locals),
        index: new Map(Array.from(committed.index, ([place, found]) => [place, new Set(found)])),
      }),
  };
}

/** Between two requests nothing of ours takes as many turns. */
const idleTurnsMax = 200;

/** @param turn resolves when the disk answers it: as in IndexedDB the work runs at once, and its requests wait */
function createTransaction(committed: Committed, tables: readonly LogTable[], writes: boolean, turn: Promise<unknown>) {
  const layers = new Map<LogTable, Layer<unknown>>();
  const locals = layerOver(committed.locals);
  const added = { rows: 0, evidence: 0 };
  let hasEnded = false;
  let idleTurns = 0;

  /** A table for one request. */
  function table<Name extends LogTable>(name: Name): Layer<Rows[Name]> {
    if (hasEnded) throw new Error("the transaction has ended");
    if (!tables.includes(name)) throw new Error(`${name} is not among the transaction's tables`);
    idleTurns = 0;
    let layer = layers.get(name);
    if (layer === undefined) {
      layer = layerOver(committed.tables[name] as Map<Key, unknown>);
      layers.set(name, layer);
    }
    return layer as Layer<Rows[Name]>;
  }
  function toWrite<Name extends LogTable>(name: Name): Layer<Rows[Name]> {
    if (!writes) throw new Error("the transaction only reads");
    return table(name);
  }

  /** IndexedDB would have committed long since. */
  async function noticeIdle(): Promise<never> {
    await turn;
    for (;;) {
      await Promise.resolve();
      if (hasEnded) return new Promise(() => {});
      if (++idleTurns > idleTurnsMax) throw new StorageError("the transaction waits for something that is not the disk");
    }
  }

  const find = (wanted: (row: RecordRow) => boolean, afterLocal = 0) => {
    const { get } = table("records");
    const found: RecordRow[] = [];
    for (let local = afterLocal + 1; local <= committed.lastLocal + added.rows; local++) {
      const row = get(local);
      if (row !== undefined && wanted(row)) found.push(row);
    }
    return found;
  };
  /** The same of rows of which `placesOf` tells the place; those that the transaction has changed are asked again. */
  const findAt = (place: string, wanted: (row: RecordRow) => boolean) => {
    const { get, changedKeys } = table("records");
    const candidates = new Set<Key>([...(committed.index.get(place) ?? []), ...changedKeys()]);
    const found = Array.from(candidates, get).filter((row) => row !== undefined);
    return found.filter(wanted).toSorted((a, b) => a.local - b.local);
  };
  const after = (roomId: string, afterLocal: number) => find((row) => row.roomId === roomId, afterLocal);
  const pending = (roomId: string, stage: 1 | 2 | 3) => findAt(`pending ${stage}`, (row) => row.pending === stage && row.roomId === roomId);
  const aside = (roomId: string) => findAt("aside", (row) => row.quarantined !== undefined && row.roomId === roomId);
  const withId = (envelopeId: string) => {
    const { get } = table("records");
    const local = locals.get(envelopeId);
    return local === undefined ? undefined : get(local);
  };
  const getAll = <Name extends LogTable>(name: Name, keys: readonly Key[]) => {
    const { get } = table(name);
    return keys.map((key) => copyIfAny(get(key)));
  };
  const sorted = <Name extends LogTable>(name: Name) => sortedByKey(table(name).entries()).map(copyOf);
  const addRow = (row: NewRecordRow) => {
    const { put } = toWrite("records");
    const local = committed.lastLocal + ++added.rows;
    locals.add(row.envelopeId, local);
    put(local, copyOf({ ...row, local }));
    return local;
  };

  const requests: WriteTx = {
    rowsAfter: async (roomId, afterLocal) => after(roomId, afterLocal).map(copyOf),
    countAfter: async (roomId, afterLocal) => after(roomId, afterLocal).length,
    rowAtSeq: async (roomId, seq) => copyIfAny(findAt(`seq ${seq}`, (row) => row.seq === seq && row.roomId === roomId)[0]),
    rowAtOwnCtr: async (roomId, ctr) => copyIfAny(findAt(`ownCtr ${ctr}`, (row) => row.ownCtr === ctr && row.roomId === roomId)[0]),
    unacked: async (roomId) => pending(roomId, 1).map(copyOf),
    acked: async (roomId) => pending(roomId, 2).map(({ local }) => local),
    countAcked: async (roomId) => pending(roomId, 2).length,
    unconfirmed: async (roomId) => [...pending(roomId, 1), ...pending(roomId, 2)].map(copyOf),
    lost: async (roomId) => pending(roomId, 3).map(copyOf),
    countLost: async (roomId) => pending(roomId, 3).length,
    quarantined: async (roomId) => aside(roomId).toSorted((a, b) => byKey(a.quarantined ?? "", b.quarantined ?? "")).map(copyOf),
    countQuarantined: async (roomId) => aside(roomId).length,

    rowWithId: async (envelopeId) => copyIfAny(withId(envelopeId)),
    rowsWithIds: async (envelopeIds) => Array.from(new Set(envelopeIds)).sort().flatMap((id) => withId(id) ?? []).map(copyOf),
    rowsAt: async (at) => getAll("records", at),
    allUnconfirmed: async () =>
      find((row) => row.pending !== undefined)
        .toSorted((a, b) => byKey(a.roomId, b.roomId) || (a.pending ?? 0) - (b.pending ?? 0))
        .map(copyOf),
    allQuarantined: async () => findAt("aside", (row) => row.quarantined !== undefined).map(({ roomId }) => roomId).sort(),
    newestLocal: async () => {
      const { get } = table("records");
      let local = committed.lastLocal + added.rows;
      while (local > 0 && get(local) === undefined) local--;
      return local;
    },

    room: async (roomId) => copyIfAny(table("rooms").get(roomId)),
    allRooms: async () => sorted("rooms"),
    roomKeys: async (roomId) => copyIfAny(table("roomKeys").get(roomId)),
    allRoomKeys: async () => sorted("roomKeys"),
    ownHead: async (roomId) => copyIfAny(table("ownHeads").get(roomId)),
    allOwnHeads: async () => sorted("ownHeads"),

    clientsOf: async (roomId, uses) => getAll("clients", uses.map(({ docId, client }) => keyOf(roomId, docId, client))),

    evidenceOf: async (roomId) => sorted("evidence").filter((row) => row.roomId === roomId),

    checkpointsOf: async (roomIds) => getAll("checkpoints", roomIds),
    allCheckpoints: async () => sorted("checkpoints"),
    snapshotsOf: async (keys) => getAll("snapshots", keys.map(({ roomId, docId }) => keyOf(roomId, docId))),

    uploadPermit: async () => copyIfAny(table("meta").get("upload")),

    addRow: async (row) => addRow(row),
    addRows: async (rows) => rows.map(addRow),
    async updateRows(changes) {
      const { get, put } = toWrite("records");
      const found = changes.filter(({ local }) => get(local) !== undefined);
      for (const { local, ...fields } of found) {
        const changed = Object.entries({ ...get(local), ...fields }).filter(([, value]) => value !== undefined);
        put(local, copyOf(Object.fromEntries(changed) as RecordRow));
      }
      return found.length;
    },
    async deleteRows(at) {
      const { get, remove } = toWrite("records");
      for (const local of at) {
        const row = get(local);
        if (row !== undefined) locals.remove(row.envelopeId);
        remove(local);
      }
    },

    async addRoom({ keys, state, head }) {
      toWrite("roomKeys").add(keys.roomId, copyOf(keys));
      toWrite("rooms").add(state.roomId, copyOf(state));
      if (head !== undefined) toWrite("ownHeads").add(head.roomId, copyOf(head));
    },
    async deleteRoom(roomId) {
      for (const { local, envelopeId } of find((row) => row.roomId === roomId)) {
        locals.remove(envelopeId);
        toWrite("records").remove(local);
      }
      for (const name of ["rooms", "ownHeads", "roomKeys", "checkpoints"] as const) toWrite(name).remove(roomId);
      for (const name of ["clients", "snapshots"] as const) {
        for (const [key] of Array.from(table(name).entries())) if (String(key).startsWith(`${roomId} `)) toWrite(name).remove(key);
      }
    },
    putRoom: async (row) => toWrite("rooms").put(row.roomId, copyOf(row)),
    putRoomKeys: async (row) => toWrite("roomKeys").put(row.roomId, copyOf(row)),
    putOwnHead: async (row) => toWrite("ownHeads").put(row.roomId, copyOf(row)),

    async putClients(rows) {
      for (const row of rows) toWrite("clients").put(keyOf(row.roomId, row.docId, row.client), copyOf(row));
    },
    async addEvidence(row) {
      const { add } = toWrite("evidence");
      const id = committed.lastEvidence + ++added.evidence;
      add(id, copyOf({ ...row, id }));
    },

    async deleteSnapshots(roomId) {
      for (const [key] of Array.from(table("snapshots").entries())) if (String(key).startsWith(`${roomId} `)) toWrite("snapshots").remove(key);
      toWrite("checkpoints").remove(roomId);
    },
    putCheckpoint: async (row) => toWrite("checkpoints").put(row.roomId, copyOf(row)),
    async putSnapshots(rows) {
      for (const row of rows) toWrite("snapshots").put(keyOf(row.roomId, row.docId), copyOf(row));
    },

    putUploadPermit: async (permit) => toWrite("meta").put("upload", copyOf(permit)),
    dropUploadPermit: async () => toWrite("meta").remove("upload"),
  };
  return {
    tx: new Proxy(requests, {
      get(target, name: keyof WriteTx) {
        const request = target[name] as ((...given: never[]) => Promise<unknown>) | undefined;
        return request && (async (...given: never[]) => turn.then(() => request(...given)));
      },
    }),
    waitsForSomethingElse: noticeIdle(),
    commit() {
      if (!writes) return;
      const records = layers.get("records") as Layer<RecordRow> | undefined;
      for (const local of records?.changedKeys() ?? []) moveInIndex(committed, Number(local), records?.get(local));
      for (const layer of [...layers.values(), locals]) layer.commit();
      committed.lastLocal += added.rows;
      committed.lastEvidence += added.evidence;
    },
    end() {
      hasEnded = true;
    },
  };
}

/** What a transaction has changed, laid over what is committed. */
type Layer<Row> = {
  get(key: Key): Row | undefined;
  put(key: Key, row: Row): void;
  /** @throws {StorageError} when the key is taken */
  add(key: Key, row: Row): void;
  remove(key: Key): void;
  /** In the order in which the keys came to the table. */
  entries(): Iterable<[Key, Row]>;
  changedKeys(): Iterable<Key>;
  commit(): void;
};

function layerOver<Row>(committed: Map<Key, Row>): Layer<Row> {
  const changed = new Map<Key, Row | undefined>();
  const get = (key: Key) => (changed.has(key) ? changed.get(key) : committed.get(key));
  function* entries(): Iterable<[Key, Row]> {
    for (const key of committed.keys()) {
      const row = get(key);
      if (row !== undefined) yield [key, row];
    }
    for (const [key, row] of changed) if (row !== undefined && !committed.has(key)) yield [key, row];
  }
  return {
    get,
    put: (key, row) => void changed.set(key, row),
    add(key, row) {
      if (get(key) !== undefined) throw new StorageError(`${key} is taken`);
      changed.set(key, row);
    },
    remove: (key) => void changed.set(key, undefined),
    entries,
    changedKeys: () => changed.keys(),
    commit() {
      for (const [key, row] of changed) {
        if (row === undefined) committed.delete(key);
        else committed.set(key, row);
      }
    },
  };
}

/** Where a row is looked for other than by its local. */
function placesOf({ seq, ownCtr, pending, quarantined }: RecordRow): string[] {
  return [
    ...(seq === undefined ? [] : [`seq ${seq}`]),
    ...(ownCtr === undefined ? [] : [`ownCtr ${ownCtr}`]),
    ...(pending === undefined ? [] : [`pending ${pending}`]),
    ...(quarantined === undefined ? [] : ["aside"]),
  ];
}

function moveInIndex({ tables, index }: Committed, local: number, after: RecordRow | undefined): void {
  const before = tables.records.get(local);
  for (const place of before === undefined ? [] : placesOf(before)) index.get(place)?.delete(local);
  for (const place of after === undefined ? [] : placesOf(after)) {
    const found = index.get(place);
    if (found === undefined) index.set(place, new Set([local]));
    else found.add(local);
  }
}

const keyOf = (...parts: Key[]) => parts.join(" ");

const byKey = <K extends Key>(a: K, b: K) => (a < b ? -1 : Number(a > b));

function sortedByKey<Row>(entries: Iterable<[Key, Row]>): Row[] {
  return Array.from(entries)
    .sort(([a], [b]) => byKey(a, b))
    .map(([, row]) => row);
}

/** What is on the disk is nobody's to change: given and handed out as a copy, bytes too. */
function copyOf<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? value.slice() : value])) as Row;
}

function copyIfAny<Row extends object>(row: Row | undefined): Row | undefined {
  return row === undefined ? undefined : copyOf(row);
}
