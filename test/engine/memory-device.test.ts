import { expect, test } from "vitest";
import { indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { type CrashStep, crashing } from "../support/crashing-log-store.ts";
import { bringIn, foundService } from "../support/device.ts";
import { createMemoryProfile, type MemoryProfile, openMemoryTab } from "../support/memory-device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const write = (room: Room, key: string) => room.edit([indexDocId], (doc) => doc.getMap("notes").set(key, "kept"));
const read = async (room: Room) => Object.keys((await room.open(indexDocId)).getMap("notes").toJSON()).sort();
const roomOf = ({ space }: { space: { rooms: { get(): readonly Room[] } } }) => space.rooms.get()[0]!;

async function twoDevices() {
  const relay = createTestRelay();
  const [adas, bos] = [await createMemoryProfile(), await createMemoryProfile()];
  const [ada, bo] = [await openMemoryTab(adas, relay.port), await openMemoryTab(bos, relay.port)];
  const room = await foundService(relay, ada);
  return { relay, adas, bos, ada, bo, room, theirs: await bringIn(ada, room, bo) };
}

test("two devices whose disks are memory come to the same, open again, and go back to a backup", async () => {
  const { relay, bos, ada, bo, room, theirs } = await twoDevices();
  const keys = Array.from({ length: 100 }, (_, index) => `note ${index}`).sort();
  for (const key of keys) await write(room, key);
  await ada.space.sync.settle();
  await bo.space.sync.settle();
  await expect.poll(() => read(theirs)).toEqual(keys);
  const backup: MemoryProfile = { ...bos, disk: bos.disk.clone() };
  await write(theirs, "of Bo");
  await bo.space.close();
  expect(bos.disk.rows("checkpoints")).toHaveLength(1);
  relay.down = true;
  const [again, setBack] = [await openMemoryTab(bos, relay.port), await openMemoryTab(backup, relay.port)];
  expect(await read(roomOf(again))).toEqual([...keys, "of Bo"].sort());
  expect(await read(roomOf(setBack))).toEqual(keys);
  for (const tab of [ada, again, setBack]) await tab.space.close();
});

test("[W1]–[W5] [P5] a device that dies at the first step of its disk, then at the second, and so on, loses nothing that it has said is saved", async () => {
  const { relay, bos, ada, bo, room } = await twoDevices();
  await bo.space.close();
  const saved: string[] = [];
  const deaths = new Set<CrashStep>();

  /** Opens, syncs, saves twice while the relay is away, syncs and closes. @returns false when it came to its end alive */
  async function liveUntil(lastStep: number): Promise<boolean> {
    let steps = 0;
    const died = Promise.withResolvers<boolean>();
    const store = crashing(bos.disk.open(), (step) => {
      const dies = ++steps === lastStep;
      if (dies) {
        deaths.add(step);
        died.resolve(true);
      }
      return dies;
    });
    let end = () => {};
    const living = async () => {
      const { space } = await openMemoryTab(bos, relay.port, { store });
      end = () => space.sync.close();
      await space.sync.settle();
      // It may have died over what nobody here waits for.
      if (steps >= lastStep) return died.promise;
      relay.down = true;
      for (const key of [`of Bo ${lastStep}`, `of Bo ${lastStep} again`]) {
        await write(roomOf({ space }), key);
        saved.push(key);
      }
      relay.down = false;
      await space.sync.settle();
      await space.close();
      return false;
    };
    const isDead = await Promise.race([living(), died.promise]);
    end();
    relay.down = false;
    return isDead;
  }

  for (let lastStep = 1; await liveUntil(lastStep); lastStep++) {
    await write(room, `of Ada ${lastStep}`);
    saved.push(`of Ada ${lastStep}`);
    await ada.space.sync.settle();
  }
  expect(deaths.size).toBeGreaterThan(20);
  const again = await openMemoryTab(bos, relay.port);
  await again.space.sync.settle();
  await ada.space.sync.settle();
  await expect.poll(async () => (await read(roomOf(again))).length).toBe((await read(room)).length);
  const found = await read(room);
  expect(await read(roomOf(again))).toEqual(found);
  expect(saved.filter((key) => !found.includes(key))).toEqual([]);
  for (const { space } of [ada, again]) {
    expect(space.status.get()).toMatchObject({ unsent: 0, attention: [] });
    await space.close();
  }
});
