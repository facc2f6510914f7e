import { gather } from "../platform/gather.ts";
import { type Database, type SnapshotRow, storing } from "../storage/database.ts";

/** The sealed snapshots of this device, and how far each room's go. */
export type SnapshotStore = {
  /** Begins to read every room's checkpoint and its snapshot of one document, before anybody knows which of them will be asked for. */
  readAhead(docId: string): void;
  /** The newest row that is in the room's snapshots; 0 when it has none. */
  checkpointOf(roomId: string): Promise<number>;
  snapshotOf(key: Pick<SnapshotRow, "roomId" | "docId">): Promise<SnapshotRow | undefined>;
  /** Puts a room's snapshots further on, all or none. Never back: when another tab is further on already, its snapshots hold all that these would. */
  keep(roomId: string, throughLocal: number, rows: readonly SnapshotRow[]): Promise<void>;
};

export function createSnapshotStore(database: Database): SnapshotStore {
  const { snapshots, checkpoints } = database;
  const checkpointsOf = gather((roomIds: readonly string[]) => storing(() => checkpoints.bulkGet([...roomIds])));
  const snapshotsOf = gather((keys: readonly [string, string][]) => storing(() => snapshots.bulkGet([...keys])));
  // Each is used once. An old checkpoint with what it covers is as good as a new one: the log gives the rest.
  const ahead = { docId: "", checkpoints: new Map<string, number>(), snapshots: new Map<string, SnapshotRow | undefined>() };
  let reading: Promise<unknown> = Promise.resolve();
  return {
    readAhead(docId) {
      reading = storing(() =>
        database.transaction("r", [snapshots, checkpoints], async () => {
          const points = await checkpoints.toArray();
          const rows = await snapshots.bulkGet(points.map(({ roomId }) => [roomId, docId] as [string, string]));
          ahead.docId = docId;
          for (const [index, { roomId, throughLocal }] of points.entries()) {
            ahead.checkpoints.set(roomId, throughLocal);
            ahead.snapshots.set(roomId, rows[index]);
          }
        }),
      ).catch(() => undefined);
    },
    async checkpointOf(roomId) {
      await reading;
      return taken(ahead.checkpoints, roomId) ?? (await checkpointsOf(roomId))?.throughLocal ?? 0;
    },
    async snapshotOf({ roomId, docId }) {
      await reading;
      return (docId === ahead.docId ? taken(ahead.snapshots, roomId) : undefined) ?? snapshotsOf([roomId, docId]);
    },
    keep(roomId, throughLocal, rows) {
      ahead.checkpoints.delete(roomId);
      ahead.snapshots.delete(roomId);
      return storing(() =>
        database.transaction("rw", [snapshots, checkpoints], async () => {
          if (((await checkpoints.get(roomId))?.throughLocal ?? 0) > throughLocal) return;
          await snapshots.bulkPut(rows);
          await checkpoints.put({ roomId, throughLocal });
        }),
      );
    },
  };
}

function taken<T>(values: Map<string, T>, key: string): T | undefined {
  const value = values.get(key);
  values.delete(key);
  return value;
}
