import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { granly, copyOf, headOf, idOf, meet } from "../features.test-data.ts";
import { readSchoolHead, writeSchoolHead } from "../space/document.ts";
import {
  addExtraVisit,
  cancelVisit,
  closeVisit,
  endDialog,
  moveVisit,
  planVisits,
  readDialogs,
  removeDialog,
  readVisits,
  removeExtraVisit,
  reopenVisit,
  startDialog,
  undoEndDialog,
  startVisit,
  undoCancelVisit,
  undoStartVisit,
} from "./document.ts";
import { visitIdOf, visitStatus } from "./rules.ts";

const year = { schoolYear: 2026, holidays: [], today: "2026-08-17" };
const thursday = visitIdOf(granly, "2026-11-12");

test("two consultants who plan the same year offline have one plan, and their edits of one visit meet", () => {
  const anna = new Y.Doc();
  const bo = new Y.Doc();
  planVisits(anna, headOf(), year);
  planVisits(bo, headOf(), year);
  moveVisit(anna, thursday, { date: "2026-11-13", from: "12:00", to: "14:00", reason: "schoolBusy" });
  startVisit(bo, visitIdOf(granly, "2026-08-20"), "2026-08-20T13:30:00");
  meet(anna, bo);
  expect(readVisits(anna)).toEqual(readVisits(bo));
  const { records, broken } = readVisits(anna);
  expect(broken).toEqual([]);
  expect(records.filter(({ plannedOn }) => plannedOn === "2026-11-12")).toEqual([
    { id: thursday, plannedOn: "2026-11-12", date: "2026-11-13", from: "12:00", to: "14:00", moveReason: "schoolBusy" },
  ]);
  expect(records.filter((visit) => visitStatus(visit) === "open")).toHaveLength(1);
});

test("a visit that is cancelled here and started there is open everywhere", () => {
  const anna = new Y.Doc();
  planVisits(anna, headOf(), year);
  const bo = copyOf(anna);
  cancelVisit(anna, thursday, "consultantIll", "2026-11-12T07:00:00");
  startVisit(bo, thursday, "2026-11-12T13:31:00");
  meet(anna, bo);
  for (const doc of [anna, bo]) expect(visitStatus(readVisits(doc).records.find(({ id }) => id === thursday)!)).toBe("open");
});

test("a visit that a new rhythm drops here and a colleague starts there is open", () => {
  const anna = new Y.Doc();
  planVisits(anna, headOf(), year);
  const bo = copyOf(anna);
  planVisits(anna, headOf({ weekday: 2 }), year);
  startVisit(bo, thursday, "2026-11-12T13:31:00");
  meet(anna, bo);
  expect(visitStatus(readVisits(anna).records.find(({ id }) => id === thursday)!)).toBe("open");
});

test("the first start counts, and every step can be taken back", () => {
  const plan = new Y.Doc();
  planVisits(plan, headOf(), year);
  const visit = () => readVisits(plan).records.find(({ id }) => id === thursday)!;
  startVisit(plan, thursday, "2026-11-12T13:31:00");
  startVisit(plan, thursday, "2026-11-12T13:45:00");
  expect(visit().startedAt).toBe("2026-11-12T13:31:00");
  closeVisit(plan, thursday, "2026-11-12T15:30:00");
  reopenVisit(plan, thursday);
  undoStartVisit(plan, thursday);
  cancelVisit(plan, thursday, "other", "2026-11-12T07:00:00");
  undoCancelVisit(plan, thursday);
  expect(visit()).toEqual({ id: thursday, plannedOn: "2026-11-12", date: "2026-11-12", from: "13:30", to: "15:30" });
});

test("an extra visit and a dialog", () => {
  const plan = new Y.Doc();
  const id = visitIdOf(granly, "2026-11-20", idOf(9));
  addExtraVisit(plan, { id, date: "2026-11-20", from: "09:00", to: "10:00" });
  startDialog(plan, { id: idOf(1), visitId: id }, "2026-11-20T09:10:00");
  endDialog(plan, idOf(1), "2026-11-20T09:30:00");
  planVisits(plan, headOf(), year);
  expect(readVisits(plan).records.find((visit) => visit.id === id)).toMatchObject({ date: "2026-11-20", from: "09:00" });
  expect(readDialogs(plan).records).toEqual([{ id: idOf(1), visitId: id, startedAt: "2026-11-20T09:10:00", endedAt: "2026-11-20T09:30:00" }]);
  undoEndDialog(plan, idOf(1));
  expect(readDialogs(plan).records).toEqual([{ id: idOf(1), visitId: id, startedAt: "2026-11-20T09:10:00" }]);
  removeDialog(plan, idOf(1));
  expect(readDialogs(plan).records).toEqual([]);
});

test("an extra visit that is taken away leaves nothing, also not a broken record", () => {
  const plan = new Y.Doc();
  const id = visitIdOf(granly, "2026-11-20", idOf(9));
  addExtraVisit(plan, { id, date: "2026-11-20", from: "09:00", to: "10:00" });
  removeExtraVisit(plan, id);
  expect(readVisits(plan)).toEqual({ records: [], broken: [] });
});

test("the plan room knows its school, and loses the arena with the arrangement", () => {
  const plan = new Y.Doc();
  expect(readSchoolHead(plan)).toBeNull();
  writeSchoolHead(plan, headOf({ arrangement: "fixedArena", arena: "gradeMeeting" }));
  writeSchoolHead(plan, headOf());
  expect(readSchoolHead(plan)).toEqual(headOf());
});

test("whatever two devices do to the same visits, and in whatever order it arrives, they agree", () => {
  const dates = ["2026-08-20", "2026-09-10", "2026-10-01"].map((date) => visitIdOf(granly, date));
  const command = fc.record({
    device: fc.nat(1),
    visit: fc.nat(dates.length - 1),
    kind: fc.constantFrom("start", "close", "cancel", "move", "plan", "meet", "undo"),
  });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const devices = [new Y.Doc(), new Y.Doc()] as const;
      for (const doc of devices) planVisits(doc, headOf(), year);
      for (const [at, { device, visit, kind }] of commands.entries()) {
        const doc = devices[device]!;
        const id = dates[visit]!;
        const now = `2026-09-01T10:${String(at).padStart(2, "0")}:00`;
        if (kind === "start") startVisit(doc, id, now);
        else if (kind === "close") closeVisit(doc, id, now);
        else if (kind === "cancel") cancelVisit(doc, id, "other", now);
        else if (kind === "move") moveVisit(doc, id, { date: "2026-10-09", from: "10:00", to: "11:00", reason: "other" });
        else if (kind === "undo") undoCancelVisit(doc, id);
        else if (kind === "plan") planVisits(doc, headOf({ weekday: device === 0 ? 4 : 2 }), year);
        else meet(devices[0], devices[1]);
      }
      meet(devices[0], devices[1]);
      expect(readVisits(devices[0])).toEqual(readVisits(devices[1]));
      expect(readVisits(devices[0]).broken).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
