/** [Note: no way to a drøfting] in schema.ts, as data: every field of every record of the routines and the meetings is walked, and none takes what would lead to a case. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as Y from "yjs";
import * as z from "zod/mini";
import { leavesOf, schemasOf } from "../../../test/support/schema-leaves.ts";
import { seededChance } from "../../lib/random.ts";
import { codeLabel, namesCase, newCaseCode } from "../cases/rules.ts";
import * as cases from "../cases/schema.ts";
import * as consultations from "../consultations/schema.ts";
import { idOf } from "../features.test-data.ts";
import * as followUps from "../follow-up/schema.ts";
import { type AgendaTemplateId, CaseId, ConsultationId, type MeetingId, type RoutineRunId, type RoutineTemplateId, type RunLegId } from "../ids.ts";
import { shippedAgenda } from "../meetings/agenda-rules.ts";
import { addAgendaTemplate, changePreparation, prepareMeeting, readMeetings } from "../meetings/document.ts";
import { preparation } from "../meetings/meetings.test-data.ts";
import * as minutes from "../meetings/minutes-schema.ts";
import * as meetings from "../meetings/schema.ts";
import * as preRegistrations from "../pre-registration/schema.ts";
import { addRoutineTemplate, enterRunFacts, startRoutineRun } from "./document.ts";
import * as routines from "./schema.ts";
import { shippedTemplate } from "./template-rules.ts";

const places = [routines, meetings, minutes].flatMap(schemasOf).flatMap(([name, schema]) => leavesOf(schema, name));
const lastName = (path: string) => path.match(/\.([A-Za-z]+)[^.]*$/)?.[1] ?? "";

test("the walk finds what it looks for", () => {
  const planted = z.object({ steps: z.array(z.optional(z.object({ caseId: CaseId }))) });
  expect(leavesOf(planted, "Planted").map(({ path }) => path)).toEqual(["Planted.steps[].caseId"]);
  expect(places.map(({ path }) => path)).toEqual(expect.arrayContaining(["RoutineRun.id", "RoutineRun.legs{}.steps[].title", "RoutineRun.results{key}", "RoutineTemplate.basedOn"]));
  expect(places.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["Meeting.id", "Meeting.runId", "Meeting.interpreter.language", "Participant.name", "ConsentRecord.scope", "MeetingItem.title", "ActionItem.what"]),
  );
});

test("no field is named for a case, a code, a drøfting, a sign-up or a visit", () => {
  const names = places.flatMap(({ path }) => path.split(/[.[\]{}]+/).slice(1));
  expect(names.filter((name) => /case|code|consultation|preRegistration|visit|colour|animal|^number$/i.test(name))).toEqual(["isSpecialCase"]);
});

test("no field takes a case's or a drøfting's id", () => {
  const ids = [idOf(20), "0123456789abcdef0123456789abcdef", "a".repeat(32), "f".repeat(32)];
  for (const id of ids) {
    expect(CaseId.safeParse(id).success && ConsultationId.safeParse(id).success).toBe(true);
    // Free text is not among them: what people write is looked at below, and ids are never written by people.
    const taking = places.filter(({ path, schema }) => !freeTexts.includes(lastName(path)) && schema.safeParse(id).success);
    expect(taking.map(({ path }) => path)).toEqual([]);
  }
});

const freeTexts = ["title", "note", "contactPerson", "language", "name", "place", "purpose", "scope", "what", "where"];

test("no field takes the schema of a case, a code or a drøfting's id", () => {
  const forbidden: unknown[] = [cases.Case, cases.CaseCode, CaseId, ConsultationId];
  expect(places.filter(({ schema }) => forbidden.includes(schema))).toEqual([]);
});

test("no field takes a case's code, however it is written, alone or within a text", () => {
  const texts = places.filter(({ schema }) => schema.safeParse("Ring helsesykepleier").success);
  expect(Array.from(new Set(texts.map(({ path }) => lastName(path)))).sort()).toEqual(Array.from(freeTexts).sort());
  const written = [
    (label: string) => label,
    (label: string) => label.toUpperCase(),
    (label: string) => label.toLowerCase().replaceAll(" ", ""),
    (label: string) => label.replaceAll(" ", "-"),
    (label: string) => label.normalize("NFD"),
    (label: string) => `Ring om ${label.toLowerCase()}, som i fjor`,
    (label: string) => `«${label} b»`,
  ];
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...written), (seed, write) => {
      const text = write(codeLabel(newCaseCode(seededChance(seed), [])));
      expect(places.filter(({ schema }) => schema.safeParse(text).success).map(({ path }) => `${path} takes ${text}`)).toEqual([]);
    }),
  );
});

test("words that only look like a code are taken", () => {
  for (const text of ["Rød linje 17", "Møte i rom 17", "Grå stol", "Blå revy 17", "2 rever og 17 ender", "Kari fra tiltak"]) expect(namesCase(text)).toBe(false);
});

test("the other way too: nothing of a drøfting has a field for a routine, a meeting or a reference", () => {
  const theirs = [cases, consultations, followUps, preRegistrations].flatMap((module) => schemasOf(module).flatMap(([name, schema]) => leavesOf(schema, name)));
  expect(theirs.length).toBeGreaterThan(50);
  expect(theirs.filter(({ path }) => /routine|run(Id|s)?$|meeting|reference|leg/i.test(path.slice(path.indexOf("."))))).toEqual([]);
});

test("what is written of a case falls away in reading, and a text with a code is never saved", () => {
  const index = new Y.Doc();
  const id = `run-${idOf(1)}` as RoutineRunId;
  startRoutineRun(index, { id, reference: "R-482-KTM" }, shippedTemplate("concernReport"), { leg: `leg-${idOf(1)}` as RunLegId, by: "consultant", now: "2026-11-26T09:00:00" });
  const stored = index.getMap<Y.Map<unknown>>("routineRuns").get(id)!;
  stored.set("caseId", idOf(20));
  expect(JSON.stringify(routines.RoutineRun.parse({ ...stored.toJSON(), id }))).not.toContain(idOf(20));
  expect(() => enterRunFacts(index, id, { contactPerson: "Blå rev 17" })).toThrow();
  const template = { id: `template-${idOf(1)}` as RoutineTemplateId, routine: "handover" as const, basedOn: "shipped-handover-1" as const, madeAt: "2026-11-26T09:00:00" };
  expect(() => addRoutineTemplate(index, { ...template, steps: [{ id: "handoverMeeting", note: "blå rev 17", who: [], involvesParents: true }] })).toThrow();
});

test("so it is with a meeting: a case falls away in reading, and a text with a code is never saved", () => {
  const [index, doc] = [new Y.Doc(), new Y.Doc()];
  prepareMeeting(index, doc, preparation(), shippedAgenda("startupMeeting").items);
  const id = preparation().id;
  index.getMap<Y.Map<unknown>>("meetings").get(id)!.set("caseId", idOf(20));
  expect(JSON.stringify(readMeetings(index))).not.toContain(idOf(20));
  expect(() => changePreparation(index, doc, preparation(), preparation({ purpose: "Om blå rev 17" }))).toThrow();
  const another = { ...preparation({ place: "Blå rev 17" }), id: `meeting-${idOf(2)}` as MeetingId };
  expect(() => prepareMeeting(index, doc, another, [])).toThrow();
  const template = { id: `agenda-${idOf(1)}` as AgendaTemplateId, type: "threeWayTalk" as const, basedOn: "shipped-threeWayTalk-1" as const, madeAt: "2026-11-26T09:00:00" };
  expect(() => addAgendaTemplate(index, { ...template, items: [{ id: "topic", title: "Blå rev 17", minutes: 5, owner: "chair", involvesParents: false }] })).toThrow();
  expect(readMeetings(index).records).toHaveLength(1);
});
