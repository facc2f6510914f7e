import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDays,
  addMonths,
  dateOf,
  datesIn,
  daysBetween,
  daysInMonth,
  isoDate,
  minutesBetween,
  minutesOf,
  momentOf,
  mondayOfIsoWeek,
  secondAfter,
  secondsBetween,
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
  expect(secondsBetween("2026-11-26T23:59:50", "2026-11-27T00:01:05")).toBe(75);
  expect(secondsBetween("2026-11-26T15:30:01", "2026-11-26T15:30:00")).toBe(0);
});

test("a day beyond the month's end runs on", () => {
  expect(isoDate(2026, 13, 1)).toBe("2027-01-01");
});

test("months on is the day with the same number, and the month's last where there is none", () => {
  expect(addMonths("2026-11-30", 3)).toBe("2027-02-28");
  expect(addMonths("2027-11-30", 3)).toBe("2028-02-29");
  expect(addMonths("2026-08-31", 6)).toBe("2027-02-28");
  expect(addMonths("2026-03-31", 1)).toBe("2026-04-30");
  expect(addMonths("2026-12-31", 2)).toBe("2027-02-28");
  expect(addMonths("2028-02-29", 12)).toBe("2029-02-28");
  expect(addMonths("2026-02-28", 1)).toBe("2026-03-28");
  expect(addMonths("2027-01-15", -2)).toBe("2026-11-15");
  expect(addMonths("2100-01-31", 1)).toBe("2100-02-28");
  expect(addMonths("2000-01-31", 1)).toBe("2000-02-29");
});

const anyMonths = fc.integer({ min: -60, max: 60 });

test("months on, told by walking the days: the last day of that month with no higher number", () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: 0, max: 30 }), (date, months) => {
      // Passing `months` firsts of a month lands in the right month, whatever the calendar.
      let day = date;
      for (let left = months; left > 0; ) {
        day = addDays(day, 1);
        if (day.endsWith("-01")) left--;
      }
      if (months > 0) while (day.slice(8) < date.slice(8) && addDays(day, 1).slice(0, 7) === day.slice(0, 7)) day = addDays(day, 1);
      return addMonths(date, months) === day;
    }),
  );
});

test("the second after is a second later, over midnight and the end of a year too", () => {
  expect(secondAfter("2026-11-26T09:00:00")).toBe("2026-11-26T09:00:01");
  expect(secondAfter("2026-12-31T23:59:59")).toBe("2027-01-01T00:00:00");
});

test("months on keeps the order of dates, and each month more is later", () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: 0, max: 400 }), anyMonths, (date, days, months) => {
      const later = addDays(date, days);
      return addMonths(date, months) <= addMonths(later, months) && addMonths(date, months) < addMonths(date, months + 1);
    }),
  );
});

test("months there and back is the same day, unless the month there was too short", () => {
  fc.assert(
    fc.property(anyDate, anyMonths, (date, months) => {
      const there = addMonths(date, months);
      const isHeld = there.slice(8) !== date.slice(8);
      if (isHeld) expect(Number(there.slice(8))).toBe(daysInMonth(Number(there.slice(0, 4)), Number(there.slice(5, 7))));
      else expect(addMonths(there, -months)).toBe(date);
    }),
  );
});
