import { dateOf, type Moment, momentAt, minutesBetween, minutesOf, secondsBetween, timeFromMinutes, type TimeOfDay, timeOf } from "../../lib/iso-date.ts";
import { minutesInAll } from "./agenda-rules.ts";
import { minutesWithInterpreter } from "./rules.ts";
import type { ItemId, Meeting, MeetingItem, Opening } from "./schema.ts";

const step = 5;

/**
 * Minutes given to each item so that they make up the whole, each in proportion to what it has now: in fives where there is room for it. What is left over
 * goes where the most was cut off, to a short item before a long one. The same as before when they make it up already.
 * @param total whole minutes
 */
export function apportion(minutes: readonly number[], total: number): number[] {
  const sum = minutes.reduce((before, one) => before + one, 0);
  if (sum === total || sum === 0) return Array.from(minutes);
  const shares = minutes.map((one) => (one * total) / sum);
  const unit = total % step === 0 && shares.every((share) => share === 0 || share >= step) ? step : 1;
  const given = shares.map((share) => Math.floor(share / unit) * unit);
  const left = (total - given.reduce((before, one) => before + one, 0)) / unit;
  const byCut = shares
    .map((share, index) => ({ index, share, cut: share - (given[index] ?? 0) }))
    .sort((a, b) => b.cut - a.cut || a.share - b.share || a.index - b.index);
  for (const { index } of byCut.slice(0, Math.round(left))) given[index] = (given[index] ?? 0) + unit;
  return given;
}

/** How long the meeting is planned to last, an interpreter's time included. In minutes. */
export function lengthOf({ plannedMinutes, interpreter }: Pick<Meeting, "plannedMinutes" | "interpreter">): number {
  return minutesWithInterpreter(plannedMinutes, interpreter);
}

/** What an interpreter adds to the plan, in minutes: 0 without one. */
export function addedByInterpreter(meeting: Pick<Meeting, "plannedMinutes" | "interpreter">): number {
  return lengthOf(meeting) - meeting.plannedMinutes;
}

/** Planned minutes of each item, in the order given. */
export function plannedItems(items: readonly Pick<MeetingItem, "minutes">[], meeting: Pick<Meeting, "plannedMinutes" | "interpreter">): number[] {
  return apportion(
    items.map(({ minutes }) => minutes),
    minutesInAll(items) === 0 ? 0 : lengthOf(meeting),
  );
}

/** The end as planned; «23:59» at the latest. */
export function plannedEnd(meeting: Pick<Meeting, "from" | "plannedMinutes" | "interpreter">): TimeOfDay {
  return timeFromMinutes(minutesOf(meeting.from) + lengthOf(meeting));
}

/** Seconds that an item was open. Where two devices had it open at once, the time counts once. */
export function secondsUsed(itemId: ItemId, openings: readonly Opening[], now: Moment): number {
  const stretches = openings
    .filter((opening) => opening.itemId === itemId)
    .map(({ openedAt, closedAt }) => ({ from: openedAt, to: closedAt ?? now }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  let counted = 0;
  let until = "";
  for (const { from, to } of stretches) {
    const start = from > until ? from : until;
    if (to <= start) continue;
    counted += secondsBetween(start, to);
    until = to;
  }
  return counted;
}

/** The item that is open: the one opened last that nobody has closed. */
export function openItem(openings: readonly Opening[]): ItemId | null {
  const open = openings.filter(({ closedAt }) => closedAt === undefined).sort((a, b) => (a.openedAt + a.id < b.openedAt + b.id ? 1 : -1));
  return open[0]?.itemId ?? null;
}

export type TimedItem = {
  readonly item: MeetingItem;
  /** Whole minutes, all of them. */
  readonly planned: number;
  readonly used: number;
  /** Soft: a word, never an alarm. */
  readonly over: number;
  readonly left: number;
  readonly state: "ahead" | "open" | "done";
};

export type Timeline = {
  readonly items: readonly TimedItem[];
  /** «4 min bak planen»; 0 when on time, and before the meeting has begun. */
  readonly behindMinutes: number;
  /** When it ends if the rest goes as planned; the planned end before it has begun. */
  readonly endsAt: TimeOfDay;
};

/** Where a meeting stands. @param items in order, those that are shown */
export function timeline(items: readonly MeetingItem[], openings: readonly Opening[], meeting: Meeting, now: Moment): Timeline {
  const planned = plannedItems(items, meeting);
  const current = openItem(openings);
  const timed = items.map((item, index): TimedItem => {
    const used = Math.floor(secondsUsed(item.id, openings, now) / 60);
    const plan = planned[index] ?? 0;
    const wasOpen = openings.some(({ itemId }) => itemId === item.id);
    return {
      item,
      planned: plan,
      used,
      over: Math.max(0, used - plan),
      left: Math.max(0, plan - used),
      state: current === item.id ? "open" : wasOpen ? "done" : "ahead",
    };
  });
  const end = plannedEnd(meeting);
  if (meeting.startedAt === undefined) return { items: timed, behindMinutes: 0, endsAt: end };
  const stillToCome = timed.reduce((sum, { state, left }) => (state === "done" ? sum : sum + left), 0);
  const at = meeting.endedAt ?? now;
  const rest = meeting.endedAt === undefined ? stillToCome : 0;
  return {
    items: timed,
    behindMinutes: Math.max(0, minutesBetween(momentAt(meeting.date, end), at) + rest - minutesBetween(at, momentAt(meeting.date, end))),
    endsAt: dateOf(at) === meeting.date ? timeFromMinutes(minutesOf(timeOf(at)) + rest) : end,
  };
}
