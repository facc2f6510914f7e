import { expect, test } from "vitest";
import * as Y from "yjs";
import { copyOf, idOf, meet } from "../features.test-data.ts";
import { accessDocumentOf, noteOpening, openingOf, openingsIn, readOpenings } from "./document.ts";

const [kari, kim] = [idOf(1), idOf(2)] as [string, string];

test("only records have an access document, under the record's own id", () => {
  expect(accessDocumentOf(`02${idOf(5)}`)).toBe(`04${idOf(5)}`);
  expect(accessDocumentOf(`03${idOf(5)}`)).toBe(`04${idOf(5)}`);
  expect(accessDocumentOf(`01${idOf(0)}`)).toBeNull();
  expect(accessDocumentOf(`04${idOf(5)}`)).toBeNull();
});

test("a device is noted once a day with its first time, and two devices meet", () => {
  const access = new Y.Doc();
  noteOpening(access, kari, "2026-11-26T12:40:10");
  const colleague = copyOf(access);
  noteOpening(access, kari, "2026-11-26T14:00:00");
  noteOpening(access, kari, "2026-11-27T08:15:00");
  noteOpening(colleague, kim, "2026-11-26T13:05:00");
  meet(access, colleague);
  for (const doc of [access, colleague]) {
    expect(readOpenings(doc).toSorted((a, b) => (a.on + a.time < b.on + b.time ? -1 : 1))).toEqual([
      { deviceId: kari, on: "2026-11-26", time: "12:40" },
      { deviceId: kim, on: "2026-11-26", time: "13:05" },
      { deviceId: kari, on: "2026-11-27", time: "08:15" },
    ]);
  }
});

test("each saving tells of the openings in it, also where several days went in one", () => {
  const access = new Y.Doc();
  const updates: Uint8Array[] = [];
  access.on("updateV2", (update: Uint8Array) => updates.push(update));
  access.transact(() => {
    noteOpening(access, kari, "2026-11-26T12:40:10");
    noteOpening(access, kari, "2026-11-27T08:15:00");
  });
  noteOpening(access, kim, "2026-11-27T09:00:00");
  expect(openingsIn(updates).map((openings) => openings.map(({ deviceId, on }) => [deviceId, on]))).toEqual([
    [[kari, "2026-11-26"], [kari, "2026-11-27"]],
    [[kim, "2026-11-27"]],
  ]);
});

test("what is no opening is passed over", () => {
  for (const [key, time] of [["x", "12:40"], [`${kari}/2026`, "12:40"], [`${kari}/2026-11-26`, 7], [`${kari}/2026-11-26`, "now"]] as const) expect(openingOf(key, time)).toBeNull();
});

test("an opening costs at most 120 bytes, and a second one on the same day nothing", () => {
  const access = new Y.Doc();
  const sizes: number[] = [];
  access.on("updateV2", (update: Uint8Array) => sizes.push(update.length));
  for (let day = 10; day < 30; day++) noteOpening(access, kari, `2026-11-${day}T12:40:00`);
  noteOpening(access, kari, "2026-11-29T13:00:00");
  expect(sizes).toHaveLength(20);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(120);
});
