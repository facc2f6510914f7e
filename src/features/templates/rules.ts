/**
 * Templates that a service and a school can each make their own: routines, agendas. A version is written once and never changed; a change is a new one based
 * on it, so the versions form chains that end in what the app ships or, for a school's, in the service's.
 */
import type { Moment } from "../../lib/iso-date.ts";
import { isSameValue } from "../records.ts";

/** What a version of any kind of template has. A reset says that the original is followed again, with what becomes of that one later. */
type VersionRecord = { readonly id: string; readonly basedOn: string; readonly madeAt: Moment; readonly isReset?: boolean | undefined };

/**
 * The versions of one template that no other is based on, the newest first. More than one when two devices each made a new version of the same: the first in
 * the list holds, on all devices, and the others are shown beside it so that nobody's work is lost.
 */
function newestOf<Version extends VersionRecord>(versions: readonly Version[]): Version[] {
  const replaced = new Set(versions.map(({ basedOn }) => basedOn));
  return versions.filter(({ id }) => !replaced.has(id)).sort((a, b) => (a.madeAt + a.id < b.madeAt + b.id ? 1 : -1));
}

export type OwnOrOriginal<Template, Version> = {
  readonly template: Template;
  /** What it is measured against: for a school the service's as it is now, for the service what we ship. */
  readonly original: Template;
  readonly isOwn: boolean;
  /** The original is another version now than the one that one's own goes back to. */
  readonly isBehind: boolean;
  /** What somebody else made of the same version at the same time. */
  readonly others: readonly Version[];
};

/** One's own, else the original. @param own the versions of this template that a school has made, or the service */
export function ownOrOriginal<Template extends { readonly version: string }, Version extends VersionRecord>(
  original: Template,
  own: readonly Version[],
  templateOf: (version: Version) => Template,
): OwnOrOriginal<Template, Version> {
  const [newest, ...rest] = newestOf(own);
  const others = rest.filter(({ isReset }) => isReset !== true);
  if (newest === undefined || newest.isReset === true) return { template: original, original, isOwn: false, isBehind: false, others };
  return { template: templateOf(newest), original, isOwn: true, isBehind: rootOf(newest, own) !== original.version, others };
}

/** The version outside the list that one goes back to, step by step. */
function rootOf<Version extends VersionRecord>(version: Version, versions: readonly Version[]): string {
  const byId = new Map<string, Version>(versions.map((one) => [one.id, one]));
  let root = version.basedOn;
  // Each version once: two that name each other, which only a broken device could write, must not hang the app.
  for (let parent = byId.get(root); parent !== undefined; parent = byId.get(root)) {
    byId.delete(root);
    root = parent.basedOn;
  }
  return root;
}

export type PartDifferences<Part, Field extends keyof Part> = {
  readonly added: readonly Part[];
  readonly removed: readonly Part[];
  /** As few as explain the new order: those that stayed are not moved because others passed them. */
  readonly moved: readonly Part[];
  readonly changed: readonly { readonly part: Part; readonly fields: readonly Field[] }[];
};

/** How one list of parts differs from the one it was made from. @param fields those that count; a list in a field is a set of chips, in any order */
export function partDifferences<Part extends { readonly id: string }, Field extends keyof Part>(
  original: readonly Part[],
  changed: readonly Part[],
  fields: readonly Field[],
): PartDifferences<Part, Field> {
  const before = new Map(original.map((part, place) => [part.id, { part, place }]));
  const after = new Set(changed.map(({ id }) => id));
  const common = changed.flatMap((part) => {
    const was = before.get(part.id);
    return was === undefined ? [] : [{ part, was: was.part, place: was.place }];
  });
  const stayed = longestRising(common.map(({ place }) => place));
  return {
    added: changed.filter(({ id }) => !before.has(id)),
    removed: original.filter(({ id }) => !after.has(id)),
    moved: common.filter((_, index) => !stayed.has(index)).map(({ part }) => part),
    changed: common.flatMap(({ part, was }) => {
      const differing = fields.filter((field) => !isSameField(part[field], was[field]));
      return differing.length === 0 ? [] : [{ part, fields: differing }];
    }),
  };
}

/** The parts with one that was taken off put back where it stood: after the nearest before it in the original that is still there. */
export function withPartBack<Part extends { readonly id: string }>(original: readonly Part[], parts: readonly Part[], back: Part): Part[] {
  const place = original.findIndex(({ id }) => id === back.id);
  const before = original.slice(0, place).findLast(({ id }) => parts.some((part) => part.id === id));
  const at = before === undefined ? 0 : parts.findIndex(({ id }) => id === before.id) + 1;
  return parts.toSpliced(at, 0, back);
}

/** The parts with one of them a place up or down; the same where it cannot go further. */
export function withPartMoved<Part extends { readonly id: string }>(parts: readonly Part[], moved: Part, by: -1 | 1): Part[] {
  const from = parts.findIndex(({ id }) => id === moved.id);
  const to = Math.min(Math.max(from + by, 0), parts.length - 1);
  return parts.toSpliced(from, 1).toSpliced(to, 0, moved);
}

/** Chips tapped in another order say the same. */
function isSameField(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return isSameValue(Array.from(one).sort(), Array.from(other).sort());
  return isSameValue(one, other);
}

/** The indexes of a longest run of rising numbers; of several as long, one of them. Each list of parts is short, so this may be quadratic. */
function longestRising(numbers: readonly number[]): Set<number> {
  const lengths: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    lengths[index] = 1;
    previous[index] = -1;
    for (let earlier = 0; earlier < index; earlier++) {
      if ((numbers[earlier] ?? 0) < number && (lengths[earlier] ?? 0) + 1 > (lengths[index] ?? 0)) {
        lengths[index] = (lengths[earlier] ?? 0) + 1;
        previous[index] = earlier;
      }
    }
  });
  const rising = new Set<number>();
  for (let index = lengths.indexOf(Math.max(...lengths)); index >= 0; index = previous[index] ?? -1) rising.add(index);
  return rising;
}
