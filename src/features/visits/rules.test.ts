import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rhythms, visitWeekdays } from "../../content/choices.ts";
import { addDays, daysBetween, minutesOf, timeFromMinutes, weekdayOf } from "../../lib/iso-date.ts";
import { isWorkingDay } from "../../lib/norwegian-calendar.ts";
import { schoolYearRange } from "../../lib/school-year.ts";
import { granly, headOf, idOf, visitOn } from "../features.test-data.ts";
import type { Visit } from "./schema.ts";
import {
  dialogMinutes,
  lastVisit,
  minutesLeft,
  moveProblems,
  nextVisit,
  planChanges,
  rhythmDates,
  skippedDays,
  slotsOf,
  visitIdOf,
  visitOfDay,
  visitsLeftOpen,
  visitStatus,
  visitToSignUpTo,
} from "./rules.ts";

const autumn = { from: "2026-09-28", to: "2026-10-02" };
const year = schoolYearRange(2026);

describe("the rhythm", () => {
  test("every third Thursday from the first one after the start", () => {
    const dates = rhythmDates(headOf(), { from: "2026-08-01", to: "2026-12-20" }, []);
    expect(dates).toEqual(["2026-08-20", "2026-09-10", "2026-10-01", "2026-10-22", "2026-11-12", "2026-12-03"]);
  });

  test("a holiday takes a visit away and does not move the others", () => {
    const dates = rhythmDates(headOf(), { from: "2026-08-01", to: "2026-12-20" }, [autumn]);
    expect(dates).toEqual(["2026-08-20", "2026-09-10", "2026-10-22", "2026-11-12", "2026-12-03"]);
  });

  test("what it skips has the name of the stated holiday, or is public", () => {
    const head = headOf({ rhythm: "weekly" });
    const holidays = [{ ...autumn, name: "Høstferie" }];
    expect(skippedDays(head, year, holidays)).toEqual([
      { date: "2026-10-01", holiday: "Høstferie" },
      { date: "2027-03-25", holiday: null },
      { date: "2027-05-06", holiday: null },
    ]);
    const given = rhythmDates(head, year, holidays);
    expect(skippedDays(head, year, holidays).some(({ date }) => given.includes(date))).toBe(false);
  });

  test("it goes on over the new year and over week 53", () => {
    const dates = rhythmDates(headOf({ rhythm: "everySecondWeek", startsOn: "2026-12-10" }), { from: "2026-12-01", to: "2027-02-01" }, []);
    expect(dates).toEqual(["2026-12-10", "2026-12-24", "2027-01-07", "2027-01-21"]);
  });

  test("monthly keeps to the same weekday of the month; a fifth is the last", () => {
    const third = headOf({ rhythm: "monthly", startsOn: "2026-08-17" });
    expect(rhythmDates(third, { from: "2026-08-01", to: "2026-12-31" }, [])).toEqual([
      "2026-08-20",
      "2026-09-17",
      "2026-10-15",
      "2026-11-19",
      "2026-12-17",
    ]);
    const fifth = headOf({ rhythm: "monthly", weekday: 1, startsOn: "2026-08-31" });
    expect(rhythmDates(fifth, { from: "2026-08-01", to: "2026-11-30" }, [])).toEqual(["2026-08-31", "2026-09-28", "2026-10-26", "2026-11-30"]);
  });

  test("Ascension Day and 17 May are no visits", () => {
    const dates = rhythmDates(headOf({ rhythm: "weekly" }), year, []);
    expect(dates).not.toContain("2027-05-06");
    expect(dates).toContain("2027-05-13");
    expect(rhythmDates(headOf({ rhythm: "weekly", weekday: 1 }), year, [])).not.toContain("2027-05-17");
  });

  test("for any rhythm: right weekday, a working day, none before the start, whole weeks apart", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rhythms),
        fc.constantFrom(...visitWeekdays),
        fc.integer({ min: -400, max: 200 }).map((days) => addDays("2026-08-17", days)),
        (rhythm, weekday, startsOn) => {
          const dates = rhythmDates(headOf({ rhythm, weekday, startsOn }), year, [autumn]);
          for (const [index, date] of dates.entries()) {
            expect(weekdayOf(date)).toBe(weekday);
            expect(isWorkingDay(date, [autumn])).toBe(true);
            expect(date >= startsOn && date >= year.from && date <= year.to).toBe(true);
            if (index > 0 && rhythm === "everySecondWeek") expect(daysBetween(dates[index - 1]!, date) % 14).toBe(0);
          }
        },
      ),
    );
  });
});

describe("the plan", () => {
  const plan = { schoolYear: 2026, holidays: [autumn], today: "2026-08-17" };
  const applied = (visits: readonly Visit[], changes: ReturnType<typeof planChanges>): Visit[] => {
    const byId = new Map(visits.map((visit) => [visit.id as string, { ...visit }]));
    for (const { id, fields } of changes) {
      const { plannedFrom: from, plannedTo: to, ...rest } = fields;
      const date = byId.get(id)?.date ?? fields.plannedOn;
      byId.set(id, { ...byId.get(id), ...rest, id, date, ...(from === undefined ? {} : { from, to }) } as Visit);
    }
    return Array.from(byId.values());
  };

  test("a visit's id is its school and day", () => {
    expect(visitIdOf(granly, "2026-11-26")).toBe(`${granly}-2026-11-26`);
    expect(visitIdOf(granly, "2026-11-26", idOf(9))).not.toBe(visitIdOf(granly, "2026-11-26"));
  });

  test("planning again writes nothing", () => {
    const visits = applied([], planChanges(headOf(), [], plan));
    expect(visits.length).toBeGreaterThan(10);
    expect(planChanges(headOf(), visits, plan)).toEqual([]);
  });

  test("a new rhythm drops the untouched visits ahead and brings dropped ones back", () => {
    const first = applied([], planChanges(headOf(), [], plan));
    const second = applied(first, planChanges(headOf({ weekday: 2 }), first, plan));
    const live = second.filter((visit) => visitStatus(visit) === "planned");
    expect(live.every(({ date }) => weekdayOf(date) === 2)).toBe(true);
    const back = applied(second, planChanges(headOf(), second, plan));
    expect(back.filter((visit) => visitStatus(visit) === "planned").map(({ date }) => date).sort()).toEqual(first.map(({ date }) => date).sort());
  });

  test("what a person has moved, cancelled, started or added stays, and so does what has passed", () => {
    const kept: Visit[] = [
      visitOn("2026-08-20"),
      visitOn("2026-09-10", { date: "2026-09-11", moveReason: "schoolBusy" }),
      visitOn("2026-10-22", { cancelledAt: "2026-09-01T08:00:00", cancelReason: "other" }),
      visitOn("2026-11-12", { startedAt: "2026-11-12T13:30:00" }),
      visitOn("2026-11-17", { id: visitIdOf(granly, "2026-11-17", idOf(5)) }),
    ];
    const changes = planChanges(headOf({ weekday: 2, from: "12:00" }), kept, { ...plan, today: "2026-09-01" });
    const ids = new Set(kept.map(({ id }) => id));
    expect(changes.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  test("a new window changes the visits ahead", () => {
    const visits = applied([], planChanges(headOf(), [], plan));
    const changes = planChanges(headOf({ from: "14:00" }), visits, { ...plan, today: "2027-01-01" });
    expect(changes.length).toBeGreaterThan(3);
    expect(changes.every(({ id, fields }) => id > visitIdOf(granly, "2027-01-01") && fields.plannedFrom === "14:00")).toBe(true);
  });
});

describe("which visit", () => {
  const planned = visitOn("2026-11-26");
  const next = visitOn("2026-12-17");

  test("the status follows from what has happened; a start counts over a cancellation", () => {
    expect(visitStatus(planned)).toBe("planned");
    expect(visitStatus(visitOn("2026-11-26", { dropped: true }))).toBe("dropped");
    expect(visitStatus(visitOn("2026-11-26", { cancelledAt: "2026-11-25T10:00:00", startedAt: "2026-11-26T13:30:00" }))).toBe("open");
    expect(visitStatus(visitOn("2026-11-26", { startedAt: "2026-11-26T13:30:00", closedAt: "2026-11-26T15:30:00" }))).toBe("closed");
  });

  test("today's is the open one, then the planned one, then the closed one; never a cancelled one", () => {
    const closed = visitOn("2026-11-26", { startedAt: "x", closedAt: "y", from: "08:00", id: visitIdOf(granly, "2026-11-26", idOf(7)) });
    expect(visitOfDay([closed, planned, next], "2026-11-26")).toBe(planned);
    expect(visitOfDay([closed, next], "2026-11-26")).toBe(closed);
    expect(visitOfDay([visitOn("2026-11-26", { cancelledAt: "z" })], "2026-11-26")).toBeNull();
    expect(visitOfDay([planned], "2026-11-25")).toBeNull();
  });

  test("next, last, left open, and where a case can be signed up", () => {
    const before = visitOn("2026-11-05", { startedAt: "a", closedAt: "b" });
    const leftOpen = visitOn("2026-11-19", { startedAt: "a" });
    const visits = [next, planned, leftOpen, before];
    expect(nextVisit(visits, "2026-11-26")).toBe(next);
    expect(nextVisit(visits, "2026-12-17")).toBeNull();
    expect(lastVisit(visits, "2026-11-26")).toBe(before);
    expect(visitsLeftOpen(visits, "2026-11-26")).toEqual([leftOpen]);
    expect(visitToSignUpTo(visits, "2026-11-26")).toBe(planned);
    expect(visitToSignUpTo([{ ...planned, startedAt: "a", closedAt: "b" }, next], "2026-11-26")).toEqual(next);
  });
});

describe("the window", () => {
  test("two hours hold four slots of 25 minutes", () => {
    expect(slotsOf(visitOn("2026-11-26"))).toEqual(["13:30", "13:55", "14:20", "14:45"]);
    expect(slotsOf({ from: "13:30", to: "13:50" })).toEqual([]);
    expect(slotsOf({ from: "15:30", to: "13:30" })).toEqual([]);
  });

  test("slots never overlap and never run past the window", () => {
    const time = fc.integer({ min: 0, max: 1439 }).map(timeFromMinutes);
    fc.assert(
      fc.property(time, time, (from, to) => {
        const starts = slotsOf({ from, to }).map(minutesOf);
        return starts.every((start, index) => start + 25 <= minutesOf(to) && start - minutesOf(from) === index * 25);
      }),
    );
  });

  test("faglig dialog is counted once where it overlaps, and runs on to now while it is open", () => {
    const visit = visitOn("2026-11-26", { startedAt: "2026-11-26T13:31:00" });
    const dialogs = [
      { id: idOf<"dialog">(1), visitId: visit.id, startedAt: "2026-11-26T14:40:00", endedAt: "2026-11-26T15:00:00" },
      { id: idOf<"dialog">(2), visitId: visit.id, startedAt: "2026-11-26T14:50:00" },
      { id: idOf<"dialog">(3), visitId: visitOn("2026-12-17").id, startedAt: "2026-11-26T14:50:00" },
    ];
    expect(dialogMinutes(visit, dialogs, "2026-11-26T15:05:00")).toBe(25);
    expect(dialogMinutes({ ...visit, closedAt: "2026-11-26T15:10:00" }, dialogs, "2026-11-26T18:00:00")).toBe(30);
  });

  test("minutes left of today's window", () => {
    expect(minutesLeft(visitOn("2026-11-26"), "2026-11-26T14:02:00")).toBe(88);
    expect(minutesLeft(visitOn("2026-11-26"), "2026-11-26T16:00:00")).toBe(0);
  });

  test("what speaks against moving a visit", () => {
    const visit = visitOn("2026-11-26");
    const context = { visits: [visit, visitOn("2026-12-03")], schoolYear: 2026, holidays: [autumn] };
    const types = (date: string, to = "15:30") => moveProblems({ date, from: "13:30", to }, visit, context).map(({ type }) => type);
    expect(types("2026-11-27")).toEqual([]);
    expect(types("2026-11-28")).toEqual(["notAWorkingDay"]);
    expect(types("2026-12-03")).toEqual(["sameDayTaken"]);
    expect(types("2027-08-09", "13:00")).toEqual(["outsideSchoolYear", "windowTooShort"]);
  });
});
