import { gather } from "../platform/gather.ts";
import { type Database, type SnapshotRow, storing } from "../storage/database.ts";

/** The sealed snapshots of this device, and how far each room's go. */
export type SnapshotStore = {
  /** Begins to read every room's checkpoint and its snapshot of one document, before anybody knows which of them will be asked for. */
  readAhead(docId: string): void;
  /** Lets go of what was read ahead and that nobody has asked for. */
  release(): void;
  /** The newest row that is in the room's snapshots; 0 when it has none. To be asked before the snapshots: they may be newer, never older. */
  checkpointOf(roomId: string): Promise<number>;
  snapshotOf(key: Pick<SnapshotRow, "roomId" | "docId">): Promise<SnapshotRow | undefined>;
  /** Puts a room's snapshots further on, all or none. Never back: when another tab is further on already, its snapshots hold all that these would. */
  keep(roomId: string, throughLocal: number, rows: readonly SnapshotRow[]): Promise<void>;
};

export function createSnapshotStore(database: Database): SnapshotStore {
  const { snapshots, checkpoints } = database;
  const checkpointsOf = gather((roomIds: readonly string[]) => storing(() => checkpoints.bulkGet([...roomIds])));
  const snapshotsOf = gather((keys: readonly [string, string][]) => storing(() => snapshots.bulkGet([...keys])));
  let reading: Promise<unknown> = Promise.resolve();
  let aheadDocId = "";
  // An old checkpoint with what it covers is as good as a new one: the log gives the rest.
  const ahead = new Map<string, { throughLocal: number; row: SnapshotRow | undefined; begun: boolean }>();
  return {
    readAhead(docId) {
      aheadDocId = docId;
      reading = storing(() =>
        database.transaction("r", [snapshots, checkpoints], async () => {
          const points = await checkpoints.toArray();
          const rows = await snapshots.bulkGet(points.map(({ roomId }) => [roomId, docId] as [string, string]));
          for (const [index, { roomId, throughLocal }] of points.entries()) ahead.set(roomId, { throughLocal, row: rows[index], begun: false });
        }),
      ).catch(() => undefined);
    },
    release() {
      ahead.clear();
    },
    async checkpointOf(roomId) {
      await reading;
      const read = ahead.get(roomId);
      if (read?.begun === false) {
        read.begun = true;
        return read.throughLocal;
      }
      // Asked again: another tab may have moved the checkpoint, and a snapshot from before would leave a hole.
      ahead.delete(roomId);
      return (await checkpointsOf(roomId))?.throughLocal ?? 0;
    },
    async snapshotOf({ roomId, docId }) {
      await reading;
      if (docId !== aheadDocId) return snapshotsOf([roomId, docId]);
      const read = ahead.get(roomId);
      ahead.delete(roomId);
      return read?.row ?? snapshotsOf([roomId, docId]);
    },
    keep(roomId, throughLocal, rows) {
      ahead.delete(roomId);
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
