import type { Language } from "./translate.ts";

/**
 * Dates, times and numbers as they are written in Norway. Dates come in as `YYYY-MM-DD`, times of day as `HH:MM`, durations as whole minutes;
 * instants as `Date`, shown in the device's time zone. Names of days and months are our own: some browsers are built without Nynorsk.
 */

export type DateStyle = "weekday" | "weekdayYear" | "day" | "dayYear" | "short";

export interface Format {
  /** `weekday` torsdag 26. november · `weekdayYear` + 2026 · `day` 26. november · `dayYear` 26. november 2026 · `short` 26. nov. */
  readonly date: (isoDate: string, style?: DateStyle) => string;
  /** I dag, I morgen, I går, Mandag 30. nov. (within the next week), 20. november (otherwise; with the year when it is another one). */
  readonly due: (isoDate: string, today: string) => string;
  /** 13.30 */
  readonly time: (timeOfDay: string) => string;
  /** 13.30–15.30; 13.30 for what was over within its minute */
  readonly timeRange: (from: string, to: string) => string;
  /** The time of day of an instant, 14.06, or 14.06.12 with seconds. */
  readonly clock: (instant: Date, withSeconds?: boolean) => string;
  /** 1 t 28 min; 25 min; 2 t; 0 min */
  readonly duration: (minutes: number) => string;
  /** 8,5 and 1 200, rounded to at most `decimals` (default 1). */
  readonly number: (value: number, decimals?: number) => string;
  /** uke 3, by ISO 8601 */
  readonly week: (isoDate: string) => string;
  /** mandag … søndag; 1 is Monday */
  readonly weekdayName: (isoWeekday: number) => string;
  /** januar … desember; 1 is January */
  readonly monthName: (month: number) => string;
  /** 2026/27 for the school year that begins in 2026 */
  readonly schoolYear: (startYear: number) => string;
  /** a, b og c */
  readonly list: (items: readonly string[]) => string;
}

interface Names {
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  readonly today: string;
  readonly tomorrow: string;
  readonly yesterday: string;
  readonly week: string;
  readonly and: string;
  readonly hours: string;
  readonly minutes: string;
  readonly ordinalDot: string;
  readonly timeSeparator: string;
  readonly numberLocale: string;
}

const norwegianMonths = ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"];
const norwegianShortMonths = ["jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."];

const names: Readonly<Record<Language, Names>> = {
  nb: {
    weekdays: ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    months: norwegianMonths,
    shortMonths: norwegianShortMonths,
    today: "I dag",
    tomorrow: "I morgen",
    yesterday: "I går",
    week: "uke",
    and: "og",
    hours: "t",
    minutes: "min",
    ordinalDot: ".",
    timeSeparator: ".",
    numberLocale: "nb-NO",
  },
  nn: {
    weekdays: ["måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"],
    months: norwegianMonths,
    shortMonths: norwegianShortMonths,
    today: "I dag",
    tomorrow: "I morgon",
    yesterday: "I går",
    week: "veke",
    and: "og",
    hours: "t",
    minutes: "min",
    ordinalDot: ".",
    timeSeparator: ".",
    numberLocale: "nb-NO",
  },
  en: {
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    shortMonths: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    today: "Today",
    tomorrow: "Tomorrow",
    yesterday: "Yesterday",
    week: "week",
    and: "and",
    hours: "h",
    minutes: "min",
    ordinalDot: "",
    timeSeparator: ":",
    numberLocale: "en-GB",
  },
};

const dayMs = 86_400_000;

/** Binds the formats to a language, read at every call. */
export function createFormat(language: () => Language): Format {
  const current = () => names[language()];
  return {
    date: (isoDate, style = "weekday") => formatDate(isoDate, style, current()),
    due: (isoDate, today) => formatDue(isoDate, today, current()),
    time: (timeOfDay) => formatTime(timeOfDay, current()),
    timeRange: (from, to) => (from === to ? formatTime(from, current()) : `${formatTime(from, current())}–${formatTime(to, current())}`),
    clock: (instant, withSeconds = false) => formatClock(instant, withSeconds, current()),
    duration: (minutes) => formatDuration(minutes, current()),
    // The first use of the browser's own costs 8 ms, on the way to the first screen; what counts things needs none of it.
    number: (value, decimals = 1) => Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : value.toLocaleString(current().numberLocale, { maximumFractionDigits: decimals }),
    week: (isoDate) => `${current().week} ${isoWeek(isoDate)}`,
    weekdayName: (isoWeekday) => nameAt(current().weekdays, isoWeekday - 1),
    monthName: (month) => nameAt(current().months, month - 1),
    schoolYear: (startYear) => `${startYear}/${String((startYear + 1) % 100).padStart(2, "0")}`,
    list: (items) => formatList(items, current()),
  };
}

/** The text with its first letter large: a date that begins a line. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The ISO 8601 week number of a date. */
export function isoWeek(isoDate: string): number {
  const day = dayNumber(isoDate);
  const thursday = new Date((day - weekdayIndex(day) + 3) * dayMs);
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1) / dayMs;
  return 1 + Math.floor((thursday.getTime() / dayMs - firstOfYear) / 7);
}

function formatDate(isoDate: string, style: DateStyle, words: Names): string {
  const { year, month, day } = partsOf(isoDate);
  if (style === "short") return `${day}${words.ordinalDot} ${nameAt(words.shortMonths, month - 1)}`;
  const dayAndMonth = `${day}${words.ordinalDot} ${nameAt(words.months, month - 1)}`;
  const withYear = style === "weekdayYear" || style === "dayYear" ? `${dayAndMonth} ${year}` : dayAndMonth;
  if (style === "day" || style === "dayYear") return withYear;
  return `${nameAt(words.weekdays, weekdayIndex(dayNumber(isoDate)))} ${withYear}`;
}

function formatDue(isoDate: string, today: string, words: Names): string {
  const day = dayNumber(isoDate);
  const distance = day - dayNumber(today);
  if (distance === 0) return words.today;
  if (distance === 1) return words.tomorrow;
  if (distance === -1) return words.yesterday;
  if (distance > 1 && distance < 7) {
    return `${capitalise(nameAt(words.weekdays, weekdayIndex(day)))} ${formatDate(isoDate, "short", words)}`;
  }
  return formatDate(isoDate, partsOf(isoDate).year === partsOf(today).year ? "day" : "dayYear", words);
}

function formatTime(timeOfDay: string, words: Names): string {
  return timeOfDay.replaceAll(":", words.timeSeparator);
}

function formatClock(instant: Date, withSeconds: boolean, words: Names): string {
  const parts = [instant.getHours(), instant.getMinutes()];
  if (withSeconds) parts.push(instant.getSeconds());
  return parts.map((part) => String(part).padStart(2, "0")).join(words.timeSeparator);
}

function formatDuration(minutes: number, words: Names): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  // The no-break space keeps number and unit on one line.
  const hoursText = `${hours}\u00a0${words.hours}`;
  const restText = `${rest}\u00a0${words.minutes}`;
  if (hours === 0) return restText;
  return rest === 0 ? hoursText : `${hoursText} ${restText}`;
}

function formatList(items: readonly string[], words: Names): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${words.and} ${items.slice(-1).join("")}`;
}

function partsOf(isoDate: string): { year: number; month: number; day: number } {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = isoDate.slice(0, 10).split("-").map(Number);
  return { year, month, day };
}

function dayNumber(isoDate: string): number {
  const { year, month, day } = partsOf(isoDate);
  return Date.UTC(year, month - 1, day) / dayMs;
}

/** 0 is Monday; day 0 of the epoch was a Thursday. */
function weekdayIndex(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function nameAt(list: readonly string[], index: number): string {
  return list[index] ?? "";
}
