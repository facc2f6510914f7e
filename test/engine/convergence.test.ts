import { expect, test } from "vitest";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { seededChance } from "../../src/lib/random.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const docIds = [indexDocId, documentId("case", "ca".repeat(16)), documentId("case", "cb".repeat(16))];
const roomOf = (device: TestDevice): Room => device.space.rooms.get()[0]!;

/** Two devices, a relay that comes and goes, flat batteries and reboots: every saving that resolved is on both at the end. */
async function world(seed: number): Promise<void> {
  const chance = seededChance(seed);
  const pick = (count: number) => Math.floor(chance() * count);
  const relay = createTestRelay();
  const devices = [await createDevice(relay.port), await createDevice(relay.port)];
  const [ada, bo] = devices as [TestDevice, TestDevice];
  await bringIn(ada, await foundService(relay, ada), bo);

  const saved = new Map<string, string>();
  for (let step = 0; step < 40; step++) {
    const who = pick(2);
    const device = devices[who]!;
    switch (pick(10)) {
      case 0:
        relay.down = true;
        break;
      case 1:
        relay.down = false;
        device.space.sync.wake();
        break;
      case 2:
        devices[who] = await device.crash();
        break;
      case 3:
        devices[who] = await device.reopen();
        break;
      case 4:
        if (!relay.down) await device.space.sync.settle();
        break;
      default: {
        const docId = docIds[pick(docIds.length)]!;
        const key = `${who}/${pick(12)}`;
        const value = `${step}`;
        await roomOf(device).edit([docId], (doc) => doc?.getMap("notes").set(key, value));
        saved.set(`${docId} ${key}`, value);
      }
    }
  }

  relay.down = false;
  for (let round = 0; round < 2; round++) for (const device of devices) await device.space.sync.settle();
  for (const device of devices) {
    await expect
      .poll(async () => {
        const found = new Map<string, string>();
        for (const docId of docIds) {
          const notes = (await roomOf(device).open(docId)).getMap("notes").toJSON() as Record<string, string>;
          for (const [key, value] of Object.entries(notes)) found.set(`${docId} ${key}`, value);
        }
        return [...found].sort();
      })
      .toEqual([...saved].sort());
    expect(device.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
  }
  for (const device of devices) await device.space.close();
}

test.each(Array.from({ length: 25 }, (_, index) => index + 1))("[W1]–[W5] [P5] world %i converges and loses nothing", world, 30_000);
