/**
 * Who has opened a record: a document of its own beside the record's (kind `access`, the same id), so that reading it changes nothing of the record. The map
 * `opened` has one key for each device and day, `<deviceId>/<YYYY-MM-DD>`, with the time of day of the first opening. It lies there for as long as the room.
 */
import * as Y from "yjs";
import { documentKinds } from "../../engine/log/rights.ts";
import { dateOf, type IsoDate, type Moment, timeOf } from "../../lib/iso-date.ts";
import { valuesWritten } from "../space/unsent-document.ts";

const openedRoot = "opened";

/** Of a case's or a meeting's own document; null for what is no record. @param docId 34 hexadecimal digits */
export function accessDocumentOf(docId: string): string | null {
  const isRecord = docId.startsWith(documentKinds.case) || docId.startsWith(documentKinds.meeting);
  return isRecord ? documentKinds.access + docId.slice(2) : null;
}

/** Once for a device and a day; again changes nothing. */
export function noteOpening(access: Y.Doc, deviceId: string, at: Moment): void {
  const key = `${deviceId}/${dateOf(at)}`;
  if (!access.getMap(openedRoot).has(key)) access.getMap(openedRoot).set(key, timeOf(at));
}

export type Opening = { readonly deviceId: string; readonly on: IsoDate; readonly time: string };

/** Every opening that the document tells of. */
export function readOpenings(access: Y.Doc): Opening[] {
  return Array.from(access.getMap(openedRoot)).flatMap(([key, time]) => openingOf(key, time) ?? []);
}

/** What each saving of an access document tells of, without the document. @param updates all of them, Yjs version 2 */
export function openingsIn(updates: readonly Uint8Array[]): Opening[][] {
  const all = new Y.Doc();
  for (const update of updates) Y.applyUpdateV2(all, update);
  const openings = updates.map((update) => valuesWritten(all, update).flatMap(({ record, field, value }) => openingOf(`${record}/${field}`, value) ?? []));
  all.destroy();
  return openings;
}

/** @param key as it stands in the map */
export function openingOf(key: string, time: unknown): Opening | null {
  const [, deviceId, on] = /^([0-9a-f]{32})\/(\d{4}-\d{2}-\d{2})$/.exec(key) ?? [];
  return deviceId === undefined || on === undefined || typeof time !== "string" || !/^\d{2}:\d{2}$/.test(time) ? null : { deviceId, on, time };
}
