import { minutesOf, timeFromMinutes, type TimeOfDay } from "../lib/iso-date.ts";

/** A stretch of the line, as times of day. */
export type Stretch = { readonly from: TimeOfDay; readonly to: TimeOfDay };
/** Where something stands on the line, in percent of its length. */
export type Place = { readonly left: number; readonly width: number };

/** So much of the line shows a number: what took a minute would else be nowhere. */
const leastWidth = 8;

/** Where a time stands, in percent; what is outside the line stands at its end. */
export function percentAt(time: TimeOfDay, line: Stretch): number {
  const length = Math.max(1, minutesOf(line.to) - minutesOf(line.from));
  return Math.min(100, Math.max(0, ((minutesOf(time) - minutesOf(line.from)) / length) * 100));
}

/**
 * Where the stretches of one kind stand, in the order given, which is that of their times. Each is wide enough to be seen, and what was short moves what
 * came right after it along, as far as the line goes.
 */
export function placesOn(line: Stretch, stretches: readonly Stretch[]): Place[] {
  let free = 0;
  return stretches.map(({ from, to }) => {
    const start = percentAt(from, line);
    const width = Math.max(leastWidth, percentAt(to, line) - start);
    const left = Math.min(Math.max(start, free), 100 - width);
    free = left + width;
    return { left, width };
  });
}

/** Up to five times under the line: on the half hour, the whole hour, or every second, counted from its start. */
export function ticksOf(line: Stretch): TimeOfDay[] {
  const [start, end] = [minutesOf(line.from), minutesOf(line.to)];
  const step = [30, 60, 120, 240].find((minutes) => (end - start) / minutes <= 5) ?? 240;
  const times: TimeOfDay[] = [];
  for (let minute = start; minute <= end; minute += step) times.push(timeFromMinutes(minute));
  return times;
}
