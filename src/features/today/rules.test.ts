import { describe, expect, test } from "vitest";
import { shownCodes } from "../cases/rules.ts";
import type { ConsultationHead } from "../consultations/schema.ts";
import { blueFox, granly, idOf, redDeer, signUpOf, visitOn } from "../features.test-data.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import { queueOf } from "../pre-registration/rules.ts";
import {
  greetingAt,
  nextOfAll,
  openFromBefore,
  type SchoolDay,
  timeDiscussed,
  visitRows,
  visitLine,
  visitSegments,
  visitsToday,
  visitSummary,
} from "./rules.ts";

const before = visitOn("2026-11-05", { startedAt: "2026-11-05T13:30:00", closedAt: "2026-11-05T15:30:00" });
const visit = visitOn("2026-11-26");
const later = visitOn("2026-12-17");

const head = (number: number, from: string, to: string, changes: Partial<ConsultationHead> = {}): ConsultationHead => ({
  id: idOf(number),
  caseId: idOf(number + 500),
  visitId: visit.id,
  heldOn: "2026-11-26",
  startedAt: `2026-11-26T${from}:00`,
  endedAt: `2026-11-26T${to}:00`,
  themes: [],
  nextSteps: [],
  ...changes,
});

const followUp = (number: number, consultation: number, changes: Partial<FollowUp> = {}): FollowUp => ({
  id: idOf(number),
  caseId: idOf(consultation + 500),
  consultationId: idOf(consultation),
  kind: "reportSent",
  waitsOn: ["consultant", "school"],
  createdOn: "2026-11-05",
  dueOn: "2026-11-20",
  ...changes,
});

const lastTime = [1, 2].map((number) => head(number, "13:30", "13:55", { visitId: before.id, heldOn: "2026-11-05", startedAt: "2026-11-05T13:30:00" }));

const day = (changes: Partial<SchoolDay> = {}): SchoolDay => ({
  schoolId: granly,
  name: "Granly skole",
  visits: [before, visit, later],
  dialogs: [],
  preRegistrations: [1, 2, 3].map((number) => signUpOf(number, visit)),
  consultations: lastTime,
  followUps: [followUp(41, 1), followUp(42, 2), followUp(43, 2, { answer: "yes", answeredAt: "2026-11-20T09:00:00" })],
  ...changes,
});

describe("«I dag»", () => {
  test("three are signed up, free from 14.45; last time two drøftinger, two wait for an answer", () => {
    expect(visitsToday([day()], "2026-11-26T08:10:00")).toEqual([
      { schoolId: granly, name: "Granly skole", visit, waiting: 3, freeFrom: "14:45", last: { visit: before, consultations: 2, waiting: 2 } },
    ]);
  });

  test("while the door is open, what is free is still ahead", () => {
    const open = { ...visit, startedAt: "2026-11-26T13:31:00" };
    const [facts] = visitsToday([day({ visits: [open, later], preRegistrations: [] })], "2026-11-26T14:30:00");
    expect(facts).toMatchObject({ waiting: 0, freeFrom: "14:45", last: null });
    expect(visitsToday([day({ visits: [open] })], "2026-11-26T15:00:00")[0]?.freeFrom).toBeNull();
  });

  test("a day without a visit, and the next one of all schools", () => {
    const other = idOf<"school">(2);
    const sooner = visitOn("2026-12-01", {}, other);
    expect(visitsToday([day()], "2026-11-27T08:00:00")).toEqual([]);
    expect(nextOfAll([day(), { ...day(), schoolId: other, name: "Tjernlia skole", visits: [sooner] }], "2026-11-26")).toEqual({
      schoolId: other,
      name: "Tjernlia skole",
      visit: sooner,
    });
    expect(nextOfAll([day()], "2027-01-01")).toBeNull();
  });

  test("two schools on one day stand by time", () => {
    const morning = visitOn("2026-11-26", { from: "08:30", to: "10:00" }, idOf(2));
    const facts = visitsToday([day(), { ...day(), schoolId: idOf(2), name: "Tjernlia skole", visits: [morning] }], "2026-11-26T08:00:00");
    expect(facts.map(({ name }) => name)).toEqual(["Tjernlia skole", "Granly skole"]);
  });

  test("the greeting follows the hour", () => {
    expect(["06:00", "09:59", "10:00", "16:59", "17:00"].map((time) => greetingAt(`2026-11-26T${time}:00`))).toEqual([
      "morning",
      "morning",
      "day",
      "day",
      "evening",
    ]);
  });
});

describe("the visit", () => {
  const open = { ...visit, startedAt: "2026-11-26T13:31:00" };
  const signUps = [signUpOf(1, visit, { discussedAt: "2026-11-26T13:53:00" }), signUpOf(2, visit), signUpOf(3, visit)];
  const held = head(1, "13:31", "13:53", { preRegistrationId: idOf(1), caseId: idOf(501) });
  const school = day({ visits: [before, open, later], preRegistrations: signUps, consultations: [held] });
  const queue = queueOf(open, { ...school, today: "2026-11-26" });
  const codes = shownCodes([
    { id: idOf(501), ...blueFox, createdAt: "2026-11-01T09:00:00" },
    { id: idOf(502), ...redDeer, createdAt: "2026-11-01T09:00:00" },
  ]);

  test("Besøkslinja: done where it was, who is on now, who waits", () => {
    expect(visitSegments(open, queue, school, codes, "2026-11-26T14:02:00")).toEqual([
      { kind: "done", from: "13:31", to: "13:53", number: 17 },
      { kind: "current", from: "13:55", to: "14:20", number: 23 },
      { kind: "planned", from: "14:20", to: "14:45", number: null },
    ]);
  });

  test("Besøkslinja has its scale from the start, also of a visit that begins before its time; late in the day it goes on with the clock", () => {
    const early = visitOn("2026-11-26", { startedAt: "2026-11-26T12:40:00" });
    const saved = [{ from: "12:41", to: "12:41" }];
    expect(visitLine(early, [], "12:40")).toEqual({ from: "12:30", to: "15:30" });
    expect(visitLine(early, saved, "12:42")).toEqual({ from: "12:30", to: "15:30" });
    expect(visitLine(early, saved, "15:31")).toEqual({ from: "12:30", to: "16:00" });
    expect(visitLine(visit, [], undefined)).toEqual({ from: "13:30", to: "15:30" });
  });

  test("closed, it shows what was and nothing that was not", () => {
    const closed = { ...open, closedAt: "2026-11-26T15:30:00" };
    const dialogs = [{ id: idOf<"dialog">(1), visitId: visit.id, startedAt: "2026-11-26T14:40:00" }];
    expect(visitSegments(closed, queue, { ...school, dialogs }, codes, "2026-11-26T16:00:00").map(({ kind, to }) => [kind, to])).toEqual([
      ["done", "13:53"],
      ["dialog", "15:30"],
    ]);
  });

  test("the rows: who waits, the first of them now; then what is done, walk-ins too", () => {
    const walkIn = head(9, "14:00", "14:10");
    const rows = visitRows(open, queue, [held, walkIn]);
    expect(rows.map((row) => [row.type, row.type === "waiting" ? row.current : null, Number.parseInt(row.caseId, 16)])).toEqual([
      ["waiting", true, 502],
      ["waiting", false, 503],
      ["done", null, 501],
      ["done", null, 509],
    ]);
  });

  test("what was discussed «bare oss» is for the school a row without content", () => {
    const rows = visitRows(open, queue, []);
    expect(rows.at(-1)).toMatchObject({ type: "doneUnseen", caseId: idOf(501) });
  });

  test("open from before is what still waits of earlier talks, not of today's", () => {
    const followUps = [followUp(41, 7), followUp(42, 1), followUp(43, 8, { answer: "yes", answeredAt: "2026-11-20T09:00:00" }), followUp(44, 8, { createdOn: "2026-11-30" })];
    expect(openFromBefore({ ...school, followUps }, open).map(({ id }) => id)).toEqual([idOf(41)]);
  });

  test("«Slik ble besøket»: drøftinger with their follow-ups, put off, dialog, time, next visit", () => {
    const closed = { ...open, closedAt: "2026-11-26T15:30:00" };
    const putOff = signUpOf(4, later, { postponedFrom: visit.id, postponeReason: "staffLeft" });
    const summary = visitSummary(
      closed,
      {
        ...school,
        visits: [before, closed, later],
        preRegistrations: [signUps[0]!, signUps[1]!, putOff],
        dialogs: [{ id: idOf<"dialog">(1), visitId: visit.id, startedAt: "2026-11-26T14:40:00", endedAt: "2026-11-26T15:05:00" }],
        followUps: [followUp(41, 1, { createdOn: "2026-11-26", dueOn: "2026-11-27" }), followUp(42, 99)],
      },
      "2026-11-26T18:00:00",
    );
    expect(summary.consultations.map(({ head, followUps }) => [head.id, followUps.length])).toEqual([[idOf(1), 1]]);
    expect(summary.postponed.map(({ id }) => id).sort()).toEqual([idOf(2), idOf(4)]);
    expect(summary).toMatchObject({ dialogMinutes: 25, totalMinutes: 119, startedAt: "2026-11-26T13:31:00", endedAt: "2026-11-26T15:30:00", nextVisit: later });
    expect(summary.openFollowUps).toHaveLength(1);
  });

  test("a case is discussed for the second time", () => {
    expect(timeDiscussed([held], idOf(501), "2026-11-26T14:00:00")).toBe(2);
    expect(timeDiscussed([held], idOf(502), "2026-11-26T14:00:00")).toBe(1);
  });
});
