import { Dexie } from "dexie";
import { type Database, storing } from "./database.ts";
import type { LogStore, LogTable, RecordRow, UploadPermit, WriteTx } from "./log-store.ts";
import { permitName } from "./plain-upload-store.ts";

/** The log's disk in IndexedDB. */
export function createDexieLogStore(database: Database): LogStore {
  const tx = requestsOf(database);
  const tablesOf = (names: readonly LogTable[]) => names.map((name) => database.table(name));
  return {
    read: (tables, work) => storing(() => database.transaction("r", tablesOf(tables), () => work(tx))),
    write: (tables, work) => storing(() => database.transaction("rw", tablesOf(tables), () => work(tx))),
  };
}

/** Dexie knows which transaction a request belongs to by what is being run: these serve them all. */
function requestsOf(database: Database): WriteTx {
  const { records, rooms, ownHeads, roomKeys, clients, evidence, snapshots, checkpoints, meta } = database;
  const after = (roomId: string, afterLocal: number) =>
    records.where("[roomId+local]").between([roomId, afterLocal], [roomId, Number.POSITIVE_INFINITY], false, true);
  const unacked = (roomId: string) => records.where("[roomId+pending]").equals([roomId, 1]);
  const acked = (roomId: string) => records.where("[roomId+pending]").equals([roomId, 2]);
  const lost = (roomId: string) => records.where("[roomId+pending]").equals([roomId, 3]);
  const quarantined = (roomId: string) => records.where("[roomId+quarantined]").between([roomId, Dexie.minKey], [roomId, Dexie.maxKey]);
  return {
    rowsAfter: (roomId, afterLocal) => after(roomId, afterLocal).toArray(),
    countAfter: (roomId, afterLocal) => after(roomId, afterLocal).count(),
    rowAtSeq: (roomId, seq) => records.where({ roomId, seq }).first(),
    rowAtOwnCtr: (roomId, ownCtr) => records.where({ roomId, ownCtr }).first(),
    unacked: (roomId) => unacked(roomId).toArray(),
    acked: (roomId) => acked(roomId).primaryKeys(),
    countAcked: (roomId) => acked(roomId).count(),
    unconfirmed: (roomId) => records.where("[roomId+pending]").between([roomId, 1], [roomId, 2], true, true).toArray(),
    lost: (roomId) => lost(roomId).toArray(),
    countLost: (roomId) => lost(roomId).count(),
    quarantined: (roomId) => quarantined(roomId).toArray(),
    countQuarantined: (roomId) => quarantined(roomId).count(),

    rowWithId: (envelopeId) => records.where({ envelopeId }).first(),
    rowsWithIds: (envelopeIds) => records.where("envelopeId").anyOf(envelopeIds).toArray(),
    rowsAt: (locals) => records.bulkGet([...locals]),
    allUnconfirmed: () => records.orderBy("[roomId+pending]").toArray(),
    async allQuarantined() {
      const keys = (await records.orderBy("[roomId+quarantined]").keys()) as unknown as [string, string][];
      return keys.map(([roomId]) => roomId);
    },
    async newestLocal() {
      const [newest = 0] = await records.toCollection().reverse().limit(1).primaryKeys();
      return newest;
    },

    room: (roomId) => rooms.get(roomId),
    allRooms: () => rooms.toArray(),
    roomKeys: (roomId) => roomKeys.get(roomId),
    allRoomKeys: () => roomKeys.toArray(),
    ownHead: (roomId) => ownHeads.get(roomId),
    allOwnHeads: () => ownHeads.toArray(),

    clientsOf: (roomId, uses) => clients.bulkGet(uses.map(({ docId, client }) => [roomId, docId, client])),

    evidenceOf: (roomId) => evidence.where({ roomId }).toArray(),

    checkpointsOf: (roomIds) => checkpoints.bulkGet([...roomIds]),
    allCheckpoints: () => checkpoints.toArray(),
    snapshotsOf: (keys) => snapshots.bulkGet(keys.map(({ roomId, docId }) => [roomId, docId])),

    uploadPermit: async () => (await meta.get(permitName))?.value as UploadPermit | undefined,

    // Copied: Dexie writes the key that it got into what it is given.
    addRow: (row) => records.add({ ...row }),
    addRows: (rows) => records.bulkAdd(rows, { allKeys: true }),
    updateRows: (changes) =>
      records.bulkUpdate(changes.map(({ local, ...fields }) => ({ key: local, changes: fields as Partial<RecordRow> }))),
    async deleteRows(locals) {
      const { alone = [], together = [] } = Object.groupBy(runsOf(locals), ({ from, to }) => (from === to ? "alone" : "together"));
      await Promise.all([
        alone.length > 0 && records.bulkDelete(alone.map(({ from }) => from)),
        ...together.map(({ from, to }) => records.where("local").between(from, to, true, true).delete()),
      ]);
    },

    async addRoom({ keys, state, head }) {
      await Promise.all([roomKeys.add(keys), rooms.add(state), head !== undefined && ownHeads.add(head)]);
    },
    async deleteRoom(roomId) {
      const inRoom = (name: "clients" | "snapshots") => database.table(name).where(":id").between([roomId, Dexie.minKey], [roomId, Dexie.maxKey]).delete();
      await Promise.all([
        after(roomId, 0).delete(),
        rooms.delete(roomId),
        ownHeads.delete(roomId),
        roomKeys.delete(roomId),
        inRoom("clients"),
        inRoom("snapshots"),
        checkpoints.delete(roomId),
      ]);
    },
    putRoom: (row) => rooms.put(row).then(nothing),
    putRoomKeys: (row) => roomKeys.put(row).then(nothing),
    putOwnHead: (row) => ownHeads.put(row).then(nothing),

    putClients: (rows) => clients.bulkPut(rows).then(nothing),
    addEvidence: (row) => evidence.add({ ...row }).then(nothing),

    async deleteSnapshots(roomId) {
      await Promise.all([snapshots.where("roomId").equals(roomId).delete(), checkpoints.delete(roomId)]);
    },
    putCheckpoint: (row) => checkpoints.put(row).then(nothing),
    putSnapshots: (rows) => snapshots.bulkPut(rows).then(nothing),

    putUploadPermit: (value) => meta.put({ name: permitName, value }).then(nothing),
    dropUploadPermit: () => meta.delete(permitName),
  };
}

function nothing(): void {}

/** What is deleted as one range is one request: an outbox that was written alone is one run. */
function runsOf(locals: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const local of locals) {
    const run = runs.at(-1);
    if (run?.to === local - 1) run.to = local;
    else runs.push({ from: local, to: local });
  }
  return runs;
}
