import { gather } from "../platform/gather.ts";
import type { LogStore, SnapshotRow } from "../storage/log-store.ts";

type SnapshotKey = Pick<SnapshotRow, "roomId" | "docId">;

/** The sealed snapshots of this device, and how far each room's go. */
export type SnapshotStore = {
  /** Begins to read every room's checkpoint and its snapshot of one document, before anybody knows which of them will be asked for. */
  readAhead(docId: string): void;
  /** Lets go of what was read ahead and that nobody has asked for. */
  release(): void;
  /** The newest row that is in the room's snapshots; 0 when it has none. To be asked before the snapshots: they may be newer, never older. */
  checkpointOf(roomId: string): Promise<number>;
  /** The snapshot of a document, with the checkpoint that it was read beside. */
  snapshotOf(key: SnapshotKey): Promise<{ row: SnapshotRow | undefined; throughLocal: number }>;
  /**
   * Puts a room's snapshots further on, all or none. Never back: when another tab is further on already, its snapshots hold all that these would.
   * @param revision of the room's state, as it was before they were made
   * @param after the checkpoint that they go on from
   * @returns false when another tab has read on since: what it read may have destroyed something that is in these; or when those that they go on from are not there any more
   */
  keep(room: { roomId: string; revision: number; after: number; throughLocal: number }, rows: readonly SnapshotRow[]): Promise<boolean>;
  /** A room's snapshots are gone, and its checkpoint. */
  drop(roomId: string): Promise<void>;
};

export function createSnapshotStore(store: LogStore): SnapshotStore {
  const checkpointsOf = gather((roomIds: readonly string[]) => store.read(["checkpoints"], (tx) => tx.checkpointsOf(roomIds)));
  const snapshotsOf = gather((keys: readonly SnapshotKey[]) =>
    store.read(["snapshots", "checkpoints"], async (tx) => {
      const [rows, points] = await Promise.all([tx.snapshotsOf(keys), tx.checkpointsOf(keys.map(({ roomId }) => roomId))]);
      return keys.map((_, index) => ({ row: rows[index], throughLocal: points[index]?.throughLocal ?? 0 }));
    }),
  );
  let reading: Promise<unknown> = Promise.resolve();
  let aheadDocId = "";
  // An old checkpoint with what it covers is as good as a new one: the log gives the rest.
  const ahead = new Map<string, { throughLocal: number; row: SnapshotRow | undefined; begun: boolean }>();
  return {
    readAhead(docId) {
      aheadDocId = docId;
      reading = store
        .read(["snapshots", "checkpoints"], async (tx) => {
          const points = await tx.allCheckpoints();
          const rows = await tx.snapshotsOf(points.map(({ roomId }) => ({ roomId, docId })));
          for (const [index, { roomId, throughLocal }] of points.entries()) ahead.set(roomId, { throughLocal, row: rows[index], begun: false });
        })
        .catch(() => undefined);
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
      if (docId !== aheadDocId) return snapshotsOf({ roomId, docId });
      const read = ahead.get(roomId);
      ahead.delete(roomId);
      return read?.row === undefined ? snapshotsOf({ roomId, docId }) : { row: read.row, throughLocal: read.throughLocal };
    },
    keep({ roomId, revision, after, throughLocal }, rows) {
      ahead.delete(roomId);
      return store.write(["rooms", "snapshots", "checkpoints"], async (tx) => {
        const [room, [kept]] = await Promise.all([tx.room(roomId), tx.checkpointsOf([roomId])]);
        const keptThrough = kept?.throughLocal ?? 0;
        if (room?.revision !== revision || keptThrough < after) return false;
        if (keptThrough > throughLocal) return true;
        await tx.putSnapshots(rows);
        await tx.putCheckpoint({ roomId, throughLocal });
        return true;
      });
    },
    drop(roomId) {
      ahead.delete(roomId);
      return store.write(["snapshots", "checkpoints"], (tx) => tx.deleteSnapshots(roomId));
    },
  };
}
