import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { createManualClock } from "../../../test/engine/manual-clock.ts";
import type { Clock } from "../platform/clock.ts";
import { createRoomPresence } from "./presence.ts";

const docId = `03${"3e".repeat(16)}`;
const word = (byte: number): Bytes => Uint8Array.of(byte);

type Told = { at: number; docId: string; said: number; onMs: number };

/** A room whose relay takes what comes, at once or when the test lets it. */
function createWorld() {
  const time = createManualClock();
  const timers = new Set<object>();
  const clock: Clock = {
    now: () => time.now(),
    after(delayMs, run) {
      const timer = {};
      timers.add(timer);
      const cancel = time.after(delayMs, () => {
        timers.delete(timer);
        run();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
  const told: Told[] = [];
  let heardAt = 0;
  let held: Promise<void> = Promise.resolve();
  const room = createRoomPresence({
    clock,
    async seal({ at, docId: of, bytes }) {
      told.push({ at, docId: of, said: bytes[0]!, onMs: time.now() });
      return bytes;
    },
    unseal: async (envelope) => ({ at: ++heardAt, docId, deviceId: "da", bytes: envelope }),
    async post(seal) {
      await seal();
      await held;
    },
  });
  /** Lets `ms` go by, a hundredth of a second at a time. */
  const pass = async (ms: number) => {
    await time.turn();
    for (let i = 0; i < ms; i += 10) {
      time.pass(10);
      await time.turn();
    }
  };
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return () => {
      held = Promise.resolve();
      resolve();
    };
  };
  return { room, told, timers, pass, hold, saidAt: () => told.map(({ said, onMs }) => [said, onMs]) };
}

test("[N6] the first goes at once, and after that the newest only, five times a second", async () => {
  const { room, pass, saidAt, timers } = createWorld();
  const channel = room.open(docId);
  for (let i = 1; i <= 40; i++) {
    channel.send(word(i));
    await pass(20);
  }
  await pass(1000);
  expect(saidAt()).toEqual([[1, 0], [10, 200], [20, 400], [30, 600], [40, 800]]);
  expect(timers.size).toBe(0);
});

test("[N6] a slow relay has one to answer at a time, and gets the newest when it has", async () => {
  const { room, pass, hold, saidAt } = createWorld();
  const channel = room.open(docId);
  const release = hold();
  for (let i = 1; i <= 9; i++) {
    channel.send(word(i));
    await pass(1000);
  }
  expect(saidAt()).toEqual([[1, 0]]);
  release();
  await pass(1000);
  expect(saidAt()).toEqual([[1, 0], [9, 9200]]);
});

test("[N2] the time in each is above that in the one before, in the whole room and though the clock stands still", async () => {
  const { room, pass, told } = createWorld();
  await pass(50);
  for (const id of [docId, `03${"4e".repeat(16)}`, docId]) room.open(id).send(word(1));
  await pass(0);
  expect(told.map(({ at }) => at)).toEqual([50, 51, 52]);
});

test("[N6] closing sends what waits at once and leaves no timer", async () => {
  const { room, pass, saidAt, timers } = createWorld();
  const channel = room.open(docId);
  channel.send(word(1));
  await pass(50);
  channel.send(word(2));
  channel.send(word(3));
  expect(timers.size).toBe(1);
  channel.close();
  channel.close();
  channel.send(word(4));
  expect(timers.size).toBe(0);
  await pass(1000);
  expect(saidAt()).toEqual([[1, 0], [3, 50]]);
  expect(timers.size).toBe(0);
});

test("[N6] a farewell goes out behind what is on its way", async () => {
  const { room, pass, hold, saidAt, timers } = createWorld();
  const channel = room.open(docId);
  const release = hold();
  channel.send(word(1));
  await pass(10);
  channel.send(word(2));
  channel.close();
  await pass(500);
  release();
  await pass(500);
  expect(saidAt()).toEqual([[1, 0], [2, 510]]);
  expect(timers.size).toBe(0);
});

test("[N6] when the room is closed nothing more is sent, waiting or new, nor heard, and no timer is left", async () => {
  const { room, pass, saidAt, timers } = createWorld();
  const channel = room.open(docId);
  channel.send(word(1));
  await pass(50);
  channel.send(word(2));
  const heard: number[] = [];
  channel.onReceived((_, bytes) => heard.push(bytes[0]!));
  room.receive(word(7));
  await pass(0);
  room.receive(word(8));
  room.close();
  room.close();
  channel.send(word(3));
  const late = room.open(docId);
  late.send(word(4));
  for (const one of [channel, late]) one.onReceived((_, bytes) => heard.push(bytes[0]!));
  room.receive(word(9));
  expect(timers.size).toBe(0);
  await pass(1000);
  expect([saidAt(), heard]).toEqual([[[1, 0]], [7]]);
});
