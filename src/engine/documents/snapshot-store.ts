import { gather } from "../platform/gather.ts";
import { type Database, type SnapshotRow, storing } from "../storage/database.ts";

/** The sealed snapshots of this device, and how far each room's go. */
export type SnapshotStore = {
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
  return {
    checkpointOf: async (roomId) => (await checkpointsOf(roomId))?.throughLocal ?? 0,
    snapshotOf: ({ roomId, docId }) => snapshotsOf([roomId, docId]),
    keep: (roomId, throughLocal, rows) =>
      storing(() =>
        database.transaction("rw", [snapshots, checkpoints], async () => {
          if (((await checkpoints.get(roomId))?.throughLocal ?? 0) > throughLocal) return;
          await snapshots.bulkPut(rows);
          await checkpoints.put({ roomId, throughLocal });
        }),
      ),
  };
}
