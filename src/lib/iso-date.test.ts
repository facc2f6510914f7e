import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDays,
  dateOf,
  datesIn,
  daysBetween,
  isoDate,
  minutesBetween,
  minutesOf,
  momentOf,
  mondayOfIsoWeek,
  timeFromMinutes,
  timeOf,
  weekdayOf,
} from "./iso-date.ts";

const anyDate = fc.integer({ min: -25_000, max: 60_000 }).map((days) => addDays("1970-01-01", days));

test("adding days and counting them are each other's inverse, across leap years and summer time", () => {
  fc.assert(fc.property(anyDate, fc.integer({ min: -4000, max: 4000 }), (date, days) => daysBetween(date, addDays(date, days)) === days));
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});

test("weekdays are the ones of the calendar on the wall", () => {
  fc.assert(fc.property(anyDate, (date) => weekdayOf(date) === (new Date(`${date}T12:00:00Z`).getUTCDay() || 7)));
});

test("ISO weeks begin on the Monday of the week with 4 January", () => {
  expect(mondayOfIsoWeek(2026, 1)).toBe("2025-12-29");
  expect(mondayOfIsoWeek(2026, 40)).toBe("2026-09-28");
  expect(mondayOfIsoWeek(2027, 8)).toBe("2027-02-22");
});

test("a range the wrong way round holds nothing", () => {
  expect(datesIn({ from: "2026-02-27", to: "2026-03-02" })).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
  expect(datesIn({ from: "2026-03-02", to: "2026-02-27" })).toEqual([]);
});

test("a moment is the device's own wall clock", () => {
  const moment = momentOf(new Date(2026, 10, 26, 13, 31, 5));
  expect(moment).toBe("2026-11-26T13:31:05");
  expect([dateOf(moment), timeOf(moment)]).toEqual(["2026-11-26", "13:31"]);
});

test("minutes of the day go both ways, and a day has no 25th hour", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1439 }), (minutes) => minutesOf(timeFromMinutes(minutes)) === minutes));
  expect(timeFromMinutes(1500)).toBe("23:59");
  expect(minutesBetween("2026-11-26T13:31:00", "2026-11-26T15:30:00")).toBe(119);
  expect(minutesBetween("2026-11-26T23:50:00", "2026-11-27T00:10:00")).toBe(20);
  expect(minutesBetween("2026-11-26T15:30:00", "2026-11-26T13:31:00")).toBe(0);
});

test("a day beyond the month's end runs on", () => {
  expect(isoDate(2026, 13, 1)).toBe("2027-01-01");
});
