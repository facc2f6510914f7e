import { describe, expect, test } from "vitest";
import { capitalise, createFormat, isoWeek } from "./format.ts";

const nb = createFormat(() => "nb");
const nn = createFormat(() => "nn");
const en = createFormat(() => "en");

describe("dates", () => {
  test("a weekday date names the day of the week without a comma", () => {
    expect(nb.date("2026-11-26")).toBe("torsdag 26. november");
    expect(nn.date("2026-11-24")).toBe("tysdag 24. november");
    expect(en.date("2026-11-26")).toBe("Thursday 26 November");
  });

  test("every style", () => {
    expect(nb.date("2027-08-31", "dayYear")).toBe("31. august 2027");
    expect(nb.date("2027-08-31", "day")).toBe("31. august");
    expect(nb.date("2026-11-30", "short")).toBe("30. nov.");
    expect(nb.date("2027-05-07", "short")).toBe("7. mai");
    expect(nb.date("2026-12-17", "weekdayYear")).toBe("torsdag 17. desember 2026");
    expect(en.date("2026-11-30", "short")).toBe("30 Nov");
  });

  test("the weekday is right on both sides of 1970, of a leap day and of summer time", () => {
    expect(nb.date("1969-12-31")).toBe("onsdag 31. desember");
    expect(nb.date("2028-02-29")).toBe("tirsdag 29. februar");
    expect(nb.date("2026-03-29")).toBe("søndag 29. mars");
  });

  test("a due date is told as near as it can be", () => {
    const today = "2026-11-26";
    expect(nb.due("2026-11-26", today)).toBe("I dag");
    expect(nb.due("2026-11-27", today)).toBe("I morgen");
    expect(nb.due("2026-11-25", today)).toBe("I går");
    expect(nb.due("2026-11-30", today)).toBe("Mandag 30. nov.");
    expect(nb.due("2026-12-02", today)).toBe("Onsdag 2. des.");
    expect(nb.due("2026-12-03", today)).toBe("3. desember");
    expect(nb.due("2026-11-20", today)).toBe("20. november");
    expect(nb.due("2027-01-04", today)).toBe("4. januar 2027");
    expect(nn.due("2026-11-27", today)).toBe("I morgon");
    expect(nn.due("2026-11-30", today)).toBe("Måndag 30. nov.");
    expect(en.due("2026-11-30", today)).toBe("Monday 30 Nov");
  });

  test("the week number follows ISO 8601 over new year", () => {
    expect(isoWeek("2026-01-01")).toBe(1);
    expect(isoWeek("2027-01-03")).toBe(53);
    expect(isoWeek("2027-01-04")).toBe(1);
    expect(nb.week("2027-01-18")).toBe("uke 3");
    expect(nn.week("2027-01-18")).toBe("veke 3");
  });

  test("a school year has two digits for its second half", () => {
    expect(nb.schoolYear(2026)).toBe("2026/27");
    expect(nb.schoolYear(2099)).toBe("2099/00");
  });
});

describe("times", () => {
  test("a time of day has a full stop in Norwegian and a colon in English", () => {
    expect(nb.timeRange("13:30", "15:30")).toBe("13.30–15.30");
    expect(en.timeRange("13:30", "15:30")).toBe("13:30–15:30");
    expect(nb.timeRange("13:25", "13:25")).toBe("13.25");
  });

  test("the clock pads and shows seconds when asked", () => {
    expect(nb.clock(new Date(2026, 10, 26, 9, 5, 7))).toBe("09.05");
    expect(nb.clock(new Date(2026, 10, 26, 14, 6, 12), true)).toBe("14.06.12");
  });

  test("durations leave out the part that is nought", () => {
    expect(nb.duration(88)).toBe("1\u00a0t 28\u00a0min");
    expect(nb.duration(120)).toBe("2\u00a0t");
    expect(nb.duration(25)).toBe("25\u00a0min");
    expect(nb.duration(0)).toBe("0\u00a0min");
    expect(en.duration(88)).toBe("1\u00a0h 28\u00a0min");
  });
});

describe("words and numbers", () => {
  test("numbers have a decimal comma in Norwegian", () => {
    expect(nb.number(8.5)).toBe("8,5");
    expect(nn.number(2.06)).toBe("2,1");
    expect(en.number(8.5)).toBe("8.5");
  });

  test("a list ends in and", () => {
    expect(nb.list(["helse"])).toBe("helse");
    expect(nb.list(["helse", "omsorg", "familie"])).toBe("helse, omsorg og familie");
    expect(en.list(["a", "b"])).toBe("a and b");
    expect(nb.list([])).toBe("");
  });

  test("names by number", () => {
    expect(nn.weekdayName(6)).toBe("laurdag");
    expect(nb.monthName(8)).toBe("august");
    expect(capitalise("åpen dør")).toBe("Åpen dør");
  });
});
