import type { RoomMember } from "../../engine/log/members.ts";
import type { IsoDate, TimeOfDay } from "../../lib/iso-date.ts";
import type { Opening } from "./document.ts";

type Member = Pick<RoomMember, "deviceId" | "person" | "name">;

/** A saving of the record, with whose device it came from; the engine's, checked by its signature. */
export type Change = { readonly author: Member; readonly on: IsoDate; readonly time: TimeOfDay };

/** A saving of the access document, and the openings that it tells of. */
export type OpeningsWritten = { readonly author: Member; readonly openings: readonly Opening[] };

/** What one person did with a record on one day. Times are local, first and last. */
export type AccessRow = {
  readonly person: string;
  readonly name: string | null;
  readonly on: IsoDate;
  readonly openedAt: TimeOfDay | null;
  readonly changed: readonly TimeOfDay[];
};

/**
 * Who opened and changed a record, the newest day first. An opening counts for the device that has signed it: one that was written in another's name is left
 * out. Where the saving that told of it was destroyed since, the document's word stands.
 * @param openings as the document tells of them now
 */
export function accessRows(changes: readonly Change[], openings: readonly Opening[], written: readonly OpeningsWritten[], members: readonly Member[]): AccessRow[] {
  const keyOf = ({ deviceId, on }: Opening) => `${deviceId}/${on}`;
  const signers = Map.groupBy(written.flatMap(({ author, openings: told }) => told.map((one) => ({ author, key: keyOf(one) }))), ({ key }) => key);
  const known = new Map([...members, ...changes.map(({ author }) => author), ...written.map(({ author }) => author)].map((member) => [member.deviceId, member]));
  const isTrue = (opening: Opening) => {
    const by = signers.get(keyOf(opening));
    return by === undefined || by.some(({ author }) => author.deviceId === opening.deviceId);
  };
  const opened = openings.filter(isTrue).map(({ deviceId, on, time }) => ({ who: known.get(deviceId) ?? { deviceId, person: deviceId, name: null }, on, opened: time, changed: null }));
  const changed = changes.map(({ author, on, time }) => ({ who: author, on, opened: null, changed: time }));
  const byDay = Map.groupBy([...opened, ...changed], ({ who, on }) => `${on} ${who.person}`);
  return Array.from(byDay.values(), (entries): AccessRow => {
    const times = (of: (entry: (typeof entries)[number]) => string | null) => entries.flatMap((entry) => of(entry) ?? []).sort();
    const [first] = entries as [(typeof entries)[number]];
    return {
      person: first.who.person,
      name: entries.find(({ who }) => who.name !== null)?.who.name ?? null,
      on: first.on,
      openedAt: times((entry) => entry.opened)[0] ?? null,
      changed: Array.from(new Set(times((entry) => entry.changed))),
    };
  }).sort((a, b) => (a.on === b.on ? lastOf(b).localeCompare(lastOf(a)) : a.on < b.on ? 1 : -1));
}

function lastOf({ openedAt, changed }: AccessRow): string {
  return changed.at(-1) ?? openedAt ?? "";
}
