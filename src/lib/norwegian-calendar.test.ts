import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, isoDate, weekdayOf } from "./iso-date.ts";
import { addWorkingDays, easterSunday, isPublicHoliday, isWorkingDay, lastWorkingDayBefore, publicHolidays, workingDayOnOrAfter } from "./norwegian-calendar.ts";

const anyYear = fc.integer({ min: 1970, max: 2199 });
const anyDate = fc.integer({ min: 0, max: 80_000 }).map((days) => addDays("1970-01-01", days));

test("Easter falls where the almanac has it", () => {
  expect([2024, 2025, 2026, 2027, 2028, 2038, 1954, 2000].map(easterSunday)).toEqual([
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2038-04-25",
    "1954-04-18",
    "2000-04-23",
  ]);
});

test("Easter is a Sunday from 22 March to 25 April", () => {
  fc.assert(
    fc.property(anyYear, (year) => {
      const easter = easterSunday(year);
      return weekdayOf(easter) === 7 && easter >= isoDate(year, 3, 22) && easter <= isoDate(year, 4, 25);
    }),
  );
});

test("Norway has twelve public holidays a year, in order, all in that year", () => {
  fc.assert(
    fc.property(anyYear, (year) => {
      const days = publicHolidays(year);
      return days.length === 12 && days.every((day, index) => day.startsWith(`${year}-`) && (index === 0 || day >= (days[index - 1] ?? "")));
    }),
  );
  expect(isPublicHoliday("2027-05-06")).toBe(true); // Ascension Day
  expect(isPublicHoliday("2027-05-17")).toBe(true);
  expect(isPublicHoliday("2026-12-24")).toBe(false);
});

test("the next working days are working days, after the date, and nothing between is skipped", () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: 1, max: 12 }), (date, count) => {
      const end = addWorkingDays(date, count);
      let passed = 0;
      for (let day = addDays(date, 1); day <= end; day = addDays(day, 1)) if (isWorkingDay(day)) passed++;
      return end > date && isWorkingDay(end) && passed === count;
    }),
  );
});

test("school holidays are no working days for what needs the school", () => {
  const autumn = [{ from: "2026-09-28", to: "2026-10-02" }];
  expect(addWorkingDays("2026-09-25", 1)).toBe("2026-09-28");
  expect(addWorkingDays("2026-09-25", 1, autumn)).toBe("2026-10-05");
  expect(workingDayOnOrAfter("2026-09-30", autumn)).toBe("2026-10-05");
});

test("a stated holiday without an end does not hang the app", () => {
  expect(workingDayOnOrAfter("2026-11-28", [{ from: "2026-01-01", to: "9999-12-31" }])).toBe("2026-11-30");
});

test("the last working day before is a working day, before the date, and none lies between", () => {
  fc.assert(
    fc.property(anyDate, (date) => {
      const last = lastWorkingDayBefore(date);
      let between = 0;
      for (let day = addDays(last, 1); day < date; day = addDays(day, 1)) if (isWorkingDay(day)) between++;
      return last < date && isWorkingDay(last) && between === 0;
    }),
  );
});

test("the last working day before, and the next working day after, meet", () => {
  fc.assert(fc.property(anyDate, (date) => lastWorkingDayBefore(addWorkingDays(date, 1)) === lastWorkingDayBefore(addDays(date, isWorkingDay(date) ? 1 : 0))));
});

test("the last working day goes back over weekends, public holidays and what is closed", () => {
  expect(lastWorkingDayBefore("2026-11-30")).toBe("2026-11-27"); // a Monday
  expect(lastWorkingDayBefore("2026-11-29")).toBe("2026-11-27"); // a Sunday
  expect(lastWorkingDayBefore("2027-03-30")).toBe("2027-03-24"); // after Easter
  expect(lastWorkingDayBefore("2027-05-18")).toBe("2027-05-14"); // after 17 May on a Monday
  expect(lastWorkingDayBefore("2027-01-02", [{ from: "2026-12-22", to: "2027-01-02" }])).toBe("2026-12-21");
  expect(lastWorkingDayBefore("2026-11-30", [{ from: "0001-01-01", to: "9999-12-31" }])).toBe("2026-11-27");
});
