import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, daysBetween } from "../../lib/iso-date.ts";
import { isWorkingDay, lastWorkingDayBefore } from "../../lib/norwegian-calendar.ts";
import { type ClockFacts, clocksOf, dueOf, legalDues, waits } from "./deadline-rules.ts";
import type { ClockAnswer } from "./schema.ts";

const anyDate = fc.integer({ min: 19_000, max: 40_000 }).map((days) => addDays("1970-01-01", days));
const received = "2026-11-23";

const said = (answer: ClockAnswer["answer"], more: Partial<ClockAnswer> = {}): ClockAnswer => ({ answer, answeredAt: "2026-11-24T10:00:00", ...more });
const clockStates = (facts: Partial<ClockFacts>, today: string) => clocksOf({ answers: {}, ...facts }, today).map(({ state }) => state);
const clock = (facts: Partial<ClockFacts>, id: number, today: string) => clocksOf({ answers: {}, ...facts }, today)[id]!;

test("every date of a report, from the day it was received to the day the investigation was finished", () => {
  const dates = Object.fromEntries(legalDues({ sentOn: "2026-11-20", receivedOn: received, closedOn: "2027-02-10" }).map((due) => [due.id, "dueOn" in due ? due.dueOn : due.type]));
  expect(dates).toEqual({
    dutyToReport: "undated",
    dutyToAvert: "undated",
    reportScreening: "2026-11-30",
    reporterFeedback: "2026-12-14",
    investigation: "2027-02-28", // 30 November and three months: February has no 30th
    reporterFeedbackAfterInvestigation: "2027-03-03",
    measuresPlan: "undated",
  });
});

test("six months in special cases, counted from the same day", () => {
  expect(dueOf("investigation", { receivedOn: received, isSpecialCase: true })).toMatchObject({ dueOn: "2027-05-30" });
  expect(dueOf("reportScreening", { receivedOn: received, isSpecialCase: true })).toMatchObject({ dueOn: "2026-11-30" });
});

test("the week comes before the months: not the same as the months before the week", () => {
  // 24 November and seven days is 1 December; three months first would have given 3 March.
  expect(dueOf("investigation", { receivedOn: "2026-11-24" })).toMatchObject({ dueOn: "2027-03-01" });
});

test("without a day of receipt the day of sending stands in, and it is said so", () => {
  expect(dueOf("reporterFeedback", { sentOn: "2026-11-20" })).toMatchObject({ basis: "sent", countedFrom: "2026-11-20", dueOn: "2026-12-11" });
  expect(dueOf("reporterFeedback", { sentOn: "2026-11-20", receivedOn: received })).toMatchObject({ basis: "received", countedFrom: received });
  expect(dueOf("reporterFeedback", {})).toEqual({ type: "waiting", countsFrom: "received" });
  expect(dueOf("reporterFeedbackAfterInvestigation", { sentOn: "2026-11-20", receivedOn: received })).toEqual({ type: "waiting", countsFrom: "closed" });
});

test("a duty without a date has none, whatever is known", () => {
  fc.assert(
    fc.property(anyDate, (date) => {
      expect(dueOf("dutyToReport", { sentOn: date, receivedOn: date, closedOn: date })).toEqual({ type: "undated", reason: "withoutUndueDelay" });
      expect(dueOf("dutyToAvert", { receivedOn: date })).toEqual({ type: "undated", reason: "whileAvertible" });
      expect(dueOf("measuresPlan", { closedOn: date })).toEqual({ type: "undated", reason: "withTheDecision" });
    }),
  );
});

test("the warning is on a working day before the date, and a later receipt never makes an earlier date", () => {
  fc.assert(
    fc.property(anyDate, fc.nat({ max: 40 }), fc.constantFrom("reportScreening" as const, "reporterFeedback" as const, "investigation" as const), (date, later, id) => {
      const due = dueOf(id, { receivedOn: date });
      const next = dueOf(id, { receivedOn: addDays(date, later) });
      if (due.type !== "dated" || next.type !== "dated") throw new Error("both have a date");
      expect(due.warnOn < due.dueOn && isWorkingDay(due.warnOn)).toBe(true);
      expect(due.warnOn).toBe(lastWorkingDayBefore(due.dueOn));
      expect(next.dueOn >= due.dueOn).toBe(true);
      if (id === "investigation") {
        // Seven days, then three months of 28 to 31 days.
        const days = daysBetween(date, due.dueOn) - 7;
        expect(days >= 28 + 28 + 31 && days <= 31 + 31 + 30).toBe(true);
      }
    }),
  );
});

test("nobody is warned in the school holidays", () => {
  const closed = [{ from: "2026-12-22", to: "2027-01-02" }];
  expect(dueOf("reporterFeedback", { receivedOn: "2026-12-10" }, closed)).toMatchObject({ dueOn: "2026-12-31", warnOn: "2026-12-21" });
});

test("what can no longer come is left out", () => {
  for (const screeningOutcome of ["dismissed", "inActiveCase"] as const) {
    expect(legalDues({ receivedOn: received, screeningOutcome }).map(({ id }) => id)).not.toContain("investigation");
  }
  expect(legalDues({ receivedOn: received, screeningOutcome: "investigation" }).map(({ id }) => id)).toContain("investigation");
});

test("the clocks from the first day to the last", () => {
  expect(clockStates({}, received)).toEqual(["running", "notStarted", "notStarted"]);
  expect(clockStates({ sentOn: "2026-11-20" }, received)).toEqual(["answered", "running", "notStarted"]);
  const sent = { sentOn: "2026-11-20", receivedOn: received };
  expect(clockStates(sent, "2026-12-10")).toEqual(["answered", "running", "notStarted"]);
  expect(clockStates(sent, "2026-12-11")).toEqual(["answered", "due", "notStarted"]); // Friday before the Monday
  expect(clockStates(sent, "2026-12-14")).toEqual(["answered", "due", "notStarted"]);
  expect(clockStates(sent, "2026-12-15")).toEqual(["answered", "overdue", "notStarted"]);
  const answered = { ...sent, answers: { reporterFeedback: said("yes", { on: "2026-12-09" }) } };
  expect(clockStates(answered, "2026-12-15")).toEqual(["answered", "answered", "notStarted"]);
  expect(clockStates({ ...answered, closedOn: "2027-02-10" }, "2027-02-11")).toEqual(["answered", "answered", "running"]);
  expect(clockStates({ ...answered, closedOn: "2027-02-10" }, "2027-03-04")).toEqual(["answered", "answered", "overdue"]);
});

test("a clock that stands still says why", () => {
  expect(clock({}, 1, received).standsStill).toBe("notSent");
  expect(clock({ sentOn: received }, 2, received).standsStill).toBe("notClosed");
  expect(clock({ sentOn: received, screeningOutcome: "dismissed" }, 2, received)).toMatchObject({ standsStill: "noInvestigation", state: "noLongerRelevant" });
  // The school is told of a dismissal too.
  expect(clock({ sentOn: received, screeningOutcome: "dismissed" }, 1, received).state).toBe("running");
});

test("«ikke ennå» rests until it comes back, keeps its reason, and never hides that the date has gone by", () => {
  const notYet = { sentOn: "2026-11-20", receivedOn: received, answers: { reporterFeedback: said("notYet", { reason: "waitingForOthers", askAgainOn: "2026-11-27" }) } };
  expect(clock(notYet, 1, "2026-11-26").state).toBe("notYet");
  expect(clock(notYet, 1, "2026-11-27").state).toBe("running");
  expect(clock(notYet, 1, "2026-12-15").state).toBe("overdue");
  const long = { ...notYet, answers: { reporterFeedback: said("notYet", { reason: "waitingForOthers", askAgainOn: "2027-01-15" }) } };
  expect(clock(long, 1, "2026-12-15")).toMatchObject({ state: "overdue", answer: { reason: "waitingForOthers" } });
});

test("a report that has a day of sending is sent, whatever was said before", () => {
  for (const answer of ["notYet", "noLongerRelevant"] as const) {
    expect(clock({ sentOn: received, answers: { reportSent: said(answer) } }, 0, received)).toMatchObject({ state: "answered", answer: { answer: "yes", on: received } });
  }
  expect(clock({ receivedOn: received }, 0, received).state).toBe("answered");
});

test("what waits is what runs and what was put off; what is settled or has not begun does not", () => {
  const told = (facts: Partial<ClockFacts>, today: string) => clocksOf({ answers: {}, ...facts }, today).map(waits);
  expect(told({}, received)).toEqual([true, false, false]);
  expect(told({ sentOn: received, answers: { reporterFeedback: said("notYet", { askAgainOn: "2026-12-01" }) } }, received)).toEqual([false, true, false]);
  expect(told({ answers: { reportSent: said("noLongerRelevant") } }, received)).toEqual([false, false, false]);
});
