import { afterEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { openTypedDocument, sealLeftTyping, type TypedDocument } from "../../src/engine/documents/typed-document.ts";
import { documentId } from "../../src/engine/log/rights.ts";
import { createDraftStore } from "../../src/engine/storage/draft-store.ts";
import { type Chance, chooseIndex, seededChance } from "../../src/lib/random.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

const docId = documentId("meeting", "ab".repeat(16));
const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

/** What is written at a time, and deleted whole: a text that is not made of these has lost or doubled a character. */
const wordLength = 6;
const wordOf = (writer: number, count: number) => `${String.fromCharCode(97 + writer)}${String(count).padStart(wordLength - 2, "0")} `;
const wordsIn = (text: string): string[] => text.match(new RegExp(`.{${wordLength}}`, "gsu")) ?? [];

class Writer {
  device: TestDevice;
  readonly roomId: string;
  readonly number: number;
  /** What must be there in the end, unless somebody deleted it: it was on disk. */
  readonly kept = new Set<string>();
  private clock: ManualClock = createManualClock();
  private typed: TypedDocument | null = null;
  private onlyTyped: string[] = [];
  private count = 0;

  constructor(device: TestDevice, roomId: string, number: number) {
    this.device = device;
    this.roomId = roomId;
    this.number = number;
  }

  get room() {
    return this.device.space.rooms.get().find(({ roomId }) => roomId === this.roomId)!;
  }

  private get text(): Y.Text {
    return this.typed!.doc.getText("notes");
  }

  async open(): Promise<void> {
    const drafts = createDraftStore(this.device.database, this.device.deviceKeys.draft, this.clock);
    await sealLeftTyping([this.room], drafts);
    this.typed = await openTypedDocument({ room: this.room, docId, drafts, clock: this.clock });
  }

  write(chance: Chance): void {
    const word = wordOf(this.number, this.count++);
    this.onlyTyped.push(word);
    this.text.insert(wordLength * chooseIndex(chance, this.text.length / wordLength + 1), word);
  }

  /** @returns what was deleted */
  erase(chance: Chance): string[] {
    const words = wordsIn(this.text.toJSON());
    if (words.length === 0) return [];
    const place = chooseIndex(chance, words.length);
    this.text.delete(wordLength * place, wordLength);
    return [words[place]!];
  }

  async wait(ms: number): Promise<void> {
    this.clock.pass(ms);
    await this.clock.turn();
    this.look();
  }

  look(): void {
    if (this.typed?.status.get().onDisk) for (const word of this.onlyTyped.splice(0)) this.kept.add(word);
  }

  setCompany(isThere: boolean): void {
    this.typed?.setCompany(isThere);
  }

  async cutPower(): Promise<void> {
    this.look();
    this.onlyTyped = [];
    this.device = await this.device.crash();
    devices.push(this.device);
    this.clock = createManualClock();
    await this.open();
  }

  async close(): Promise<void> {
    await this.typed?.close();
    for (const word of this.onlyTyped.splice(0)) this.kept.add(word);
  }

  async sealed(): Promise<string> {
    return (await this.room.open(docId)).getText("notes").toJSON();
  }
}

async function writers(count: number) {
  const relay = createTestRelay();
  const first = await createDevice(relay.port);
  const room = await foundService(relay, first);
  const all = [new Writer(first, room.roomId, 0)];
  devices.push(first);
  while (all.length < count) {
    const device = await createDevice(relay.port);
    devices.push(device);
    await bringIn(first, room, device, { name: `Nr. ${all.length}` });
    all.push(new Writer(device, room.roomId, all.length));
  }
  for (const one of all) await one.open();
  return { relay, all };
}

/** A meeting in which everything goes wrong that can: no network, no power, all in the same place. */
async function live(seed: number): Promise<void> {
  const chance = seededChance(seed);
  const { relay, all } = await writers(2 + chooseIndex(chance, 2));
  const erased = new Set<string>();
  for (let act = 0; act < 60; act++) {
    const one = all[chooseIndex(chance, all.length)]!;
    const what = chooseIndex(chance, 20);
    if (what < 8) one.write(chance);
    else if (what < 10) for (const word of one.erase(chance)) erased.add(word);
    else if (what < 14) await one.wait(50 + chooseIndex(chance, 12_000));
    else if (what < 16) relay.down = !relay.down;
    else if (what < 17) one.setCompany(chooseIndex(chance, 2) === 0);
    else if (what < 19) await (relay.down ? undefined : one.device.space.sync.settle());
    else await one.cutPower();
  }
  relay.down = false;
  for (const one of all) await one.close();
  for (let round = 0; round < 2; round++) for (const one of all) await one.device.space.sync.settle();
  const texts = await Promise.all(all.map((one) => one.sealed()));
  expect(new Set(texts).size).toBe(1);
  const words = wordsIn(texts[0]!);
  expect(words.join("")).toBe(texts[0]);
  expect(new Set(words).size).toBe(words.length);
  for (const word of words) expect(word).toMatch(/^[a-c]\d{4} $/);
  const kept = all.flatMap((one) => Array.from(one.kept)).filter((word) => !erased.has(word));
  expect(kept.filter((word) => !words.includes(word))).toEqual([]);
  expect(kept.length).toBeGreaterThan(0);
}

describe("[W9] two or three write the same minutes, offline and through cuts of power: the same text everywhere, and nothing that was on disk is lost", () => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))("seed %i", async (seed) => {
    await live(seed);
  });
});
