import { beforeEach, describe, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { StorageError } from "../../src/engine/platform/errors.ts";
import type { EvidenceRow, LogStore, LogTable, NewRecordRow, ReadTx, WriteTx } from "../../src/engine/storage/log-store.ts";

const [roomId, otherId] = ["a".repeat(32), "b".repeat(32)];
const bytesOf = (...values: number[]): Bytes => new Uint8Array(values);
const envelope = (id: number, fields: Partial<NewRecordRow> = {}): NewRecordRow => ({
  roomId,
  envelopeId: id.toString(16).padStart(64, "0"),
  deviceId: "d".repeat(32),
  bytes: bytesOf(id),
  ...fields,
});
const all: readonly LogTable[] = ["records", "rooms", "ownHeads", "roomKeys", "clients", "evidence", "snapshots", "checkpoints"];

/** The same disk as two tabs have it. */
export type TestDisk = { tabs: readonly [LogStore, LogStore]; evidence(): Promise<EvidenceRow[]> };

/**
 * What every disk promises the log.
 * @param open an empty disk for each test
 */
export function logStoreContract(open: () => Promise<TestDisk>): void {
  let disk: TestDisk;
  let store: LogStore;
  let second: LogStore;
  const write = <T>(work: (tx: WriteTx) => Promise<T>) => store.write(all, work);
  const read = <T>(work: (tx: ReadTx) => Promise<T>) => store.read(all, work);
  const add = (...rows: NewRecordRow[]) => write((tx) => tx.addRows(rows));
  const idsOf = (rows: readonly { bytes: Bytes }[]) => rows.map(({ bytes }) => bytes[0]);

  beforeEach(async () => {
    disk = await open();
    [store, second] = disk.tabs;
  });

  describe("transactions", () => {
    test("what a transaction writes it sees itself, and everyone else when it is over", async () => {
      await write(async (tx) => {
        const local = await tx.addRow(envelope(1));
        expect(idsOf(await tx.rowsAfter(roomId, 0))).toEqual([1]);
        expect(await tx.newestLocal()).toBe(local);
        await tx.putRoom({ roomId, revision: 1, sealedState: bytesOf(1) });
        expect(await tx.room(roomId)).toEqual({ roomId, revision: 1, sealedState: bytesOf(1) });
      });
      expect(idsOf(await second.read(["records"], (tx) => tx.rowsAfter(roomId, 0)))).toEqual([1]);
    });

    test("[W1] a transaction whose work throws leaves nothing of itself in any table", async () => {
      await add(envelope(1, { pending: 1 }), envelope(2));
      await write((tx) => tx.putOwnHead({ roomId, ctr: 1, tip: bytesOf(1) }));
      const work = async (tx: WriteTx) => {
        await Promise.all([
          tx.addRow(envelope(3)),
          tx.updateRows([{ local: 1, pending: 2 }]),
          tx.deleteRows([2]),
          tx.putOwnHead({ roomId, ctr: 2, tip: bytesOf(2) }),
          tx.addRoom({ keys: { roomId, sealed: bytesOf(1) }, state: { roomId, revision: 1, sealedState: bytesOf(1) } }),
          tx.putClients([{ roomId, docId: "01", client: 7, deviceId: "d" }]),
          tx.putSnapshots([{ roomId, docId: "01", sealed: bytesOf(1) }]),
          tx.putCheckpoint({ roomId, throughLocal: 1 }),
          tx.addEvidence({ roomId, seq: 1, fault: "fork", bytes: bytesOf(1), foundAt: 0 }),
        ]);
        throw new RangeError("changed its mind");
      };
      await expect(write(work)).rejects.toBeInstanceOf(RangeError);
      const left = await read((tx) =>
        Promise.all([
          tx.rowsAfter(roomId, 0),
          tx.ownHead(roomId),
          tx.allRooms(),
          tx.allRoomKeys(),
          tx.clientsOf(roomId, [{ docId: "01", client: 7 }]),
          tx.snapshotsOf([{ roomId, docId: "01" }]),
          tx.allCheckpoints(),
        ]),
      );
      const rows = [envelope(1, { pending: 1 }), envelope(2)].map((row, index) => ({ ...row, local: index + 1 }));
      expect(left).toEqual([rows, { roomId, ctr: 1, tip: bytesOf(1) }, [], [], [undefined], [undefined], []]);
      expect(await disk.evidence()).toEqual([]);
      // Nor is its envelope id taken.
      await add(envelope(3));
    });

    test("[W1] what is asked for without waiting takes effect in the order of asking, so that a fence reads before the writes beside it", async () => {
      await write(async (tx) => {
        const [before, added, after] = await Promise.all([tx.countAfter(roomId, 0), tx.addRow(envelope(1)), tx.countAfter(roomId, 0)]);
        expect([before, after]).toEqual([0, 1]);
        expect(await tx.newestLocal()).toBe(added);
      });
    });

    test("those that write in the same table run one after another, in the order of the calls, whatever tab they come from", async () => {
      const order: string[] = [];
      const count = (tab: LogStore, name: string) =>
        tab.write(["ownHeads"], async (tx) => {
          const head = await tx.ownHead(roomId);
          order.push(`${name} begins`);
          await tx.ownHead(otherId);
          await tx.putOwnHead({ roomId, ctr: (head?.ctr ?? 0) + 1, tip: bytesOf(0) });
          order.push(`${name} ends`);
        });
      await Promise.all([count(store, "1"), count(second, "2"), count(store, "3")]);
      expect(order).toEqual(["1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"]);
      expect(await read((tx) => tx.ownHead(roomId))).toMatchObject({ ctr: 3 });
    });

    test("one that reads sees the disk as it was when it began, and does not see half of one that writes", async () => {
      await write((tx) => tx.putOwnHead({ roomId, ctr: 1, tip: bytesOf(1) }));
      const look = (tab: LogStore) =>
        tab.read(["ownHeads", "records"], async (tx) => {
          const first = await tx.ownHead(roomId);
          for (let i = 0; i < 5; i++) await tx.ownHead(otherId);
          return [first?.ctr, (await tx.ownHead(roomId))?.ctr, await tx.countAfter(roomId, 0)];
        });
      const before = look(store);
      const writing = second.write(["ownHeads", "records"], async (tx) => {
        await tx.putOwnHead({ roomId, ctr: 2, tip: bytesOf(2) });
        for (let i = 0; i < 5; i++) await tx.ownHead(otherId);
        await tx.addRow(envelope(1));
      });
      const after = look(store);
      expect(await before).toEqual([1, 1, 0]);
      await writing;
      expect(await after).toEqual([2, 2, 1]);
    });

    test("[W1] of two tabs that compare and write, the second sees what the first wrote and writes nothing", async () => {
      const append = (tab: LogStore, id: number) =>
        tab.write(["ownHeads", "records"], async (tx) => {
          const [head, unread] = await Promise.all([
            tx.ownHead(roomId),
            tx.countAfter(roomId, 0),
            tx.addRow(envelope(id, { ownCtr: 1 })),
            tx.putOwnHead({ roomId, ctr: 1, tip: bytesOf(id) }),
          ]);
          if (head !== undefined || unread > 0) throw new RangeError("moved");
        });
      const [first, later] = await Promise.allSettled([append(store, 1), append(second, 2)]);
      expect([first.status, later.status]).toEqual(["fulfilled", "rejected"]);
      expect(await read((tx) => tx.ownHead(roomId))).toMatchObject({ tip: bytesOf(1) });
      expect(idsOf(await read((tx) => tx.rowsAfter(roomId, 0)))).toEqual([1]);
    });

    test("the work runs at once, and only what it asks of the disk waits for its turn", async () => {
      let inMemory = "when called";
      const first = store.write(["records"], async (tx) => {
        for (let i = 0; i < 20; i++) await tx.newestLocal();
        await tx.addRow(envelope(1));
      });
      const later = store.write(["records"], async (tx) => {
        const seen = inMemory;
        return [seen, await tx.countAfter(roomId, 0)];
      });
      for (let turns = 0; turns < 10; turns++) await Promise.resolve();
      inMemory = "when its turn comes";
      expect(await later).toEqual(["when called", 1]);
      await first;
    });

    test("a transaction gives what its work gives, and one that asks for a table it has not named is refused", async () => {
      expect(await store.read(["rooms"], async () => "given")).toBe("given");
      await expect(store.read(["rooms"], (tx) => tx.newestLocal())).rejects.toThrow();
      await expect(store.write(["records"], (tx) => tx.putRoom({ roomId, revision: 1, sealedState: bytesOf() }))).rejects.toThrow();
      await expect(store.read(["records"], (tx) => (tx as WriteTx).addRow(envelope(1)))).rejects.toThrow();
      expect(await read((tx) => Promise.all([tx.allRooms(), tx.newestLocal()]))).toEqual([[], 0]);
    });

    test("what was given and what was handed out can be changed without changing what lies on the disk", async () => {
      const given = envelope(1);
      await add(given);
      given.bytes[0] = 9;
      const [handed] = await read((tx) => tx.rowsAfter(roomId, 0));
      handed!.bytes[0] = 8;
      handed!.roomId = otherId;
      expect(await read((tx) => tx.rowsAfter(roomId, 0))).toEqual([{ ...envelope(1), local: 1 }]);
    });
  });

  describe("records", () => {
    test("local only grows, also past rows that are gone", async () => {
      const [first, second_] = await add(envelope(1), envelope(2));
      expect(second_).toBeGreaterThan(first!);
      await write((tx) => tx.deleteRows([second_!]));
      expect(await read((tx) => tx.newestLocal())).toBe(first);
      const [third] = await add(envelope(3));
      expect(third).toBeGreaterThan(second_!);
      expect(await write((tx) => tx.addRow(envelope(4)))).toBeGreaterThan(third!);
      expect(idsOf(await read((tx) => tx.rowsAfter(roomId, 0)))).toEqual([1, 3, 4]);
    });

    test("the rows after a place are those of the room that came later, in their order", async () => {
      const [, place] = await add(envelope(1), envelope(2), envelope(3, { roomId: otherId }), envelope(4), envelope(5));
      const [rows, count] = await read((tx) => Promise.all([tx.rowsAfter(roomId, place!), tx.countAfter(roomId, place!)]));
      expect(idsOf(rows)).toEqual([4, 5]);
      expect(count).toBe(2);
      expect(await read((tx) => tx.rowsAfter("c".repeat(32), 0))).toEqual([]);
    });

    test("an envelope is stored once, and a second one takes the whole transaction with it", async () => {
      await add(envelope(1));
      await expect(write((tx) => tx.addRow(envelope(1)))).rejects.toBeInstanceOf(StorageError);
      await expect(add(envelope(2), envelope(1, { roomId: otherId }))).rejects.toBeInstanceOf(StorageError);
      await expect(add(envelope(3), envelope(3))).rejects.toBeInstanceOf(StorageError);
      expect(idsOf(await read((tx) => tx.rowsAfter(roomId, 0)))).toEqual([1]);
      const [local] = (await read((tx) => tx.rowsAfter(roomId, 0))).map((row) => row.local);
      await write(async (tx) => {
        await tx.deleteRows([local!]);
        await tx.addRow(envelope(1));
      });
    });

    test("a row is found by its place in the log, its own counter, its envelope id and its local", async () => {
      const locals = await add(
        envelope(1, { seq: 1, acc: bytesOf(1) }),
        envelope(2, { ownCtr: 1 }),
        envelope(3, { seq: 1, ownCtr: 1, roomId: otherId }),
        envelope(4, { ownCtr: 1 }),
      );
      const idOf = (row: { bytes: Bytes } | undefined) => row?.bytes[0];
      await read(async (tx) => {
        expect(await tx.rowAtSeq(roomId, 1)).toEqual({ ...envelope(1, { seq: 1, acc: bytesOf(1) }), local: locals[0] });
        expect(await tx.rowAtSeq(roomId, 2)).toBeUndefined();
        expect(idOf(await tx.rowAtOwnCtr(roomId, 1))).toBe(2);
        expect(idOf(await tx.rowAtOwnCtr(otherId, 1))).toBe(3);
        expect(await tx.rowAtOwnCtr(roomId, 2)).toBeUndefined();
        expect(idOf(await tx.rowWithId(envelope(3).envelopeId))).toBe(3);
        expect(await tx.rowWithId(envelope(5).envelopeId)).toBeUndefined();
        expect(idsOf(await tx.rowsWithIds([4, 1, 5, 3].map((id) => envelope(id).envelopeId)))).toEqual([1, 3, 4]);
        expect(await tx.rowsWithIds([])).toEqual([]);
        expect((await tx.rowsAt([locals[3]!, 99, locals[0]!])).map(idOf)).toEqual([4, undefined, 1]);
        expect(await tx.rowsAt([])).toEqual([]);
      });
    });

    test("[W4] the outbox: what is not acked, what is, and both of every room", async () => {
      const locals = await add(
        envelope(1, { pending: 2 }),
        envelope(2, { pending: 1, roomId: otherId }),
        envelope(3, { pending: 1 }),
        envelope(4),
        envelope(5, { pending: 2 }),
        envelope(6, { pending: 1 }),
      );
      await read(async (tx) => {
        expect(idsOf(await tx.unacked(roomId))).toEqual([3, 6]);
        expect(await tx.acked(roomId)).toEqual([locals[0], locals[4]]);
        expect(await tx.countAcked(roomId)).toBe(2);
        expect(idsOf(await tx.unconfirmed(roomId))).toEqual([3, 6, 1, 5]);
        expect(idsOf(await tx.allUnconfirmed())).toEqual([3, 6, 1, 5, 2]);
        expect([await tx.unacked("c".repeat(32)), await tx.countAcked(otherId)]).toEqual([[], 0]);
      });
    });

    test("[P6] what is set aside: its rows by reason, their count, and their rooms", async () => {
      await add(
        envelope(1, { quarantined: "unreadable" }),
        envelope(2, { quarantined: "damaged", roomId: otherId }),
        envelope(3, { quarantined: "damaged" }),
        envelope(4),
        envelope(5, { quarantined: "damaged" }),
      );
      await read(async (tx) => {
        expect(idsOf(await tx.quarantined(roomId))).toEqual([3, 5, 1]);
        expect([await tx.countQuarantined(roomId), await tx.countQuarantined(otherId), await tx.countQuarantined("c".repeat(32))]).toEqual([3, 1, 0]);
        expect(await tx.allQuarantined()).toEqual([roomId, roomId, roomId, otherId]);
      });
    });

    test("a change touches the fields it names, undefined removes one, and rows that are gone are not counted", async () => {
      const [first, second_] = await add(envelope(1, { pending: 1, edits: 3, ownCtr: 7 }), envelope(2, { quarantined: "damaged" }));
      const changed = await write((tx) =>
        tx.updateRows([
          { local: first!, pending: undefined, ownCtr: undefined, seq: 5, acc: bytesOf(5) },
          { local: 99, pending: 2 },
          { local: second_!, quarantined: undefined },
        ]),
      );
      expect(changed).toBe(2);
      expect(await write((tx) => tx.updateRows([]))).toBe(0);
      await read(async (tx) => {
        const rows = await tx.rowsAfter(roomId, 0);
        expect(rows).toStrictEqual([
          { ...envelope(1, { edits: 3, seq: 5, acc: bytesOf(5) }), local: first },
          { ...envelope(2), local: second_ },
        ]);
        expect([await tx.unconfirmed(roomId), await tx.countQuarantined(roomId)]).toEqual([[], 0]);
        expect(await tx.rowAtOwnCtr(roomId, 7)).toBeUndefined();
        expect((await tx.rowAtSeq(roomId, 5))?.local).toBe(first);
      });
    });

    test("rows are deleted wherever they lie, and what is gone already is no fault", async () => {
      const locals = await add(...Array.from({ length: 9 }, (_, index) => envelope(index + 1)));
      const goes = [2, 3, 4, 6, 9].map((id) => locals[id - 1]!);
      await write((tx) => tx.deleteRows([...goes, 99]));
      await write((tx) => tx.deleteRows(goes.toReversed()));
      await write((tx) => tx.deleteRows([]));
      expect(idsOf(await read((tx) => tx.rowsAfter(roomId, 0)))).toEqual([1, 5, 7, 8]);
    });
  });

  describe("rooms and what is beside them", () => {
    const room = (id: string, revision = 1) => ({ keys: { roomId: id, sealed: bytesOf(revision) }, state: { roomId: id, revision, sealedState: bytesOf(revision) } });

    test("a room is added once, with or without what is written in it; all come by room id", async () => {
      await write((tx) => tx.addRoom({ ...room(otherId), head: { roomId: otherId, ctr: 1, tip: bytesOf(1) } }));
      await write((tx) => tx.addRoom(room(roomId)));
      await expect(write((tx) => tx.addRoom({ ...room(roomId, 2), head: { roomId, ctr: 1, tip: bytesOf(1) } }))).rejects.toBeInstanceOf(StorageError);
      await read(async (tx) => {
        expect(await tx.allRooms()).toEqual([room(roomId).state, room(otherId).state]);
        expect(await tx.allRoomKeys()).toEqual([room(roomId).keys, room(otherId).keys]);
        expect(await tx.allOwnHeads()).toEqual([{ roomId: otherId, ctr: 1, tip: bytesOf(1) }]);
      });
    });

    test("what is put takes the place of what was there", async () => {
      await write((tx) => tx.addRoom({ ...room(roomId), head: { roomId, ctr: 1, tip: bytesOf(1), sendings: 4 } }));
      await write((tx) =>
        Promise.all([tx.putRoom(room(roomId, 2).state), tx.putRoomKeys(room(roomId, 2).keys), tx.putOwnHead({ roomId, ctr: 2, tip: bytesOf(2) })]),
      );
      expect(await read((tx) => Promise.all([tx.room(roomId), tx.roomKeys(roomId), tx.ownHead(roomId)]))).toEqual([
        room(roomId, 2).state,
        room(roomId, 2).keys,
        { roomId, ctr: 2, tip: bytesOf(2) },
      ]);
      expect(await read((tx) => Promise.all([tx.room(otherId), tx.roomKeys(otherId), tx.ownHead(otherId)]))).toEqual([undefined, undefined, undefined]);
    });

    test("[D5] a client id is bound in one document of one room", async () => {
      const row = { roomId, docId: "01", client: 7, deviceId: "d" };
      await write((tx) => tx.putClients([row, { ...row, client: 4_294_967_295 }]));
      await write((tx) => tx.putClients([{ ...row, deviceId: "e" }]));
      const uses = [{ docId: "01", client: 8 }, { docId: "01", client: 7 }, { docId: "02", client: 7 }, { docId: "01", client: 4_294_967_295 }];
      expect((await read((tx) => tx.clientsOf(roomId, uses))).map((bound) => bound?.deviceId)).toEqual([undefined, "e", undefined, "d"]);
      expect(await read((tx) => tx.clientsOf(otherId, uses))).toEqual([undefined, undefined, undefined, undefined]);
    });

    test("[P7] evidence is kept, each piece for itself", async () => {
      const piece = { roomId, seq: 3, fault: "fork", bytes: bytesOf(3), foundAt: 5 };
      await write((tx) => tx.addEvidence(piece));
      await write((tx) => tx.addEvidence(piece));
      await write((tx) => tx.addEvidence({ ...piece, roomId: otherId }));
      expect(await disk.evidence()).toMatchObject([piece, piece, { roomId: otherId }]);
      expect(await read((tx) => tx.evidenceOf(roomId))).toMatchObject([piece, piece]);
    });

    test("checkpoints and snapshots come in the order in which they are asked for", async () => {
      await write((tx) =>
        Promise.all([
          tx.putCheckpoint({ roomId: otherId, throughLocal: 3 }),
          tx.putCheckpoint({ roomId, throughLocal: 4 }),
          tx.putSnapshots([{ roomId, docId: "01", sealed: bytesOf(1) }, { roomId: otherId, docId: "01", sealed: bytesOf(2) }]),
        ]),
      );
      await write((tx) => Promise.all([tx.putCheckpoint({ roomId, throughLocal: 5 }), tx.putSnapshots([{ roomId, docId: "01", sealed: bytesOf(3) }])]));
      await read(async (tx) => {
        expect(await tx.allCheckpoints()).toEqual([{ roomId, throughLocal: 5 }, { roomId: otherId, throughLocal: 3 }]);
        expect((await tx.checkpointsOf([otherId, "c".repeat(32), roomId])).map((row) => row?.throughLocal)).toEqual([3, undefined, 5]);
        const snapshots = await tx.snapshotsOf([{ roomId: otherId, docId: "01" }, { roomId, docId: "02" }, { roomId, docId: "01" }]);
        expect(snapshots.map((row) => row?.sealed[0])).toEqual([2, undefined, 3]);
      });
    });
  });
}
