import { expect, test } from "vitest";
import { leavesOf, type Schema, schemasOf } from "../../../test/support/schema-leaves.ts";
import { createTranslator, type Language, loadTexts } from "../../i18n/translate.ts";
import type { Paper } from "../../paper/paper.ts";
import { paperText } from "../../paper/plain-text.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { namesCase } from "../cases/rules.ts";
import * as cases from "../cases/schema.ts";
import * as consultations from "../consultations/schema.ts";
import { idOf, visitOn } from "../features.test-data.ts";
import * as followUps from "../follow-up/schema.ts";
import { contentText, type MinutesContent } from "../meetings/minutes-content-schema.ts";
import * as minutes from "../meetings/minutes-schema.ts";
import * as meetings from "../meetings/schema.ts";
import * as preRegistrations from "../pre-registration/schema.ts";
import * as routines from "../routines/schema.ts";
import { type CaseHeld, caseDisclosure } from "./case-disclosure.ts";
import { type MeetingHeld, meetingDisclosure } from "./meeting-disclosure.ts";
import { type RunHeld, runDisclosure } from "./run-disclosure.ts";

async function wordsIn(language: Language): Promise<LanguageWords> {
  const texts = await loadTexts(language);
  return {
    language,
    ...createTranslator(
      () => language,
      () => texts,
    ),
  };
}
const nb = await wordsIn("nb");

// Every record of a case, a meeting and a run with every field that it can have, as it is stored; two where two ways exclude each other.

const visit = visitOn("2026-11-26");
const answered = { answer: "notYet", answeredAt: "2026-11-30T09:00:00", reason: "needAdvice", askAgainOn: "2026-12-04" };
const meetingId = `meeting-${idOf(1)}`;

const approvedContent: MinutesContent = {
  ownProcedure: false,
  about: { type: "startupMeeting", date: "2026-12-03", from: "14:02", to: "15:10" },
  people: [{ role: "contactTeacher" }],
  items: [{ id: "schoolsView", lines: [{ kind: "text", text: [{ text: "Trives i gymmen." }] }], decisions: [] }],
  actions: [],
};

const stored = {
  Case: [{ id: idOf(20), colour: "bla", animal: "rev", number: 17, createdAt: "2026-11-20T09:00:00", gradeBand: "grades5to7", schoolId: idOf(1) }],
  PreRegistration: [
    {
      id: idOf(10),
      caseId: idOf(20),
      visitId: visit.id,
      role: "contactTeacher",
      gradeBand: "grades5to7",
      themes: ["familyRelations"],
      wishes: ["adviceOnWayForward"],
      urgency: "canWait",
      preferredSlot: "13:55",
      note: "Har vært lenge",
      createdAt: "2026-11-20T09:00:00",
      withdrawnAt: "2026-11-21T09:00:00",
      discussedAt: "2026-11-26T13:50:00",
      consultationId: idOf(30),
      postponedFrom: visitOn("2026-11-05").id,
      postponeReason: "outOfTime",
      postponedAt: "2026-11-05T15:30:00",
    },
  ],
  ConsultationHead: [
    {
      id: idOf(30),
      caseId: idOf(20),
      visitId: visit.id,
      preRegistrationId: idOf(10),
      schoolId: idOf(1),
      heldOn: "2026-11-26",
      startedAt: "2026-11-26T13:31:00",
      endedAt: "2026-11-26T13:52:00",
      role: "contactTeacher",
      gradeBand: "grades5to7",
      themes: ["familyRelations"],
      duration: "months",
      dutyToReport: "unsure",
      nextSteps: ["ppt"],
      ownProcedure: true,
      whoDecides: "police",
    },
  ],
  ConsultationDetail: [
    {
      id: idOf(30),
      violence: "yes",
      parentsInformed: "no",
      interpreter: "yes",
      tried: ["talkWithChild"],
      dutyClarifyBy: "2026-12-01",
      advice: ["howToSend"],
      note: "Mest på mandager",
    },
  ],
  FollowUp: [
    { id: idOf(40), caseId: idOf(20), consultationId: idOf(30), kind: "contactMade", nextStep: "ppt", waitsOn: ["school"], createdOn: "2026-11-26", dueOn: "2026-11-27", answered },
  ],
  Meeting: [
    {
      id: meetingId,
      reference: "M-305-BFL",
      type: "startupMeeting",
      preparedAt: "2026-11-26T09:00:00",
      preparedBy: "consultant",
      when: { date: "2026-12-03", from: "14:00" },
      plannedMinutes: 60,
      place: "Møterommet",
      purpose: "Gå gjennom meldingen",
      chair: "consultant",
      minuteTaker: "socialTeacher",
      ownProcedure: false,
      interpreter: { needed: true, language: "somali", bookedBy: "school", refusedReason: "noneToGet" },
      runId: `run-${idOf(2)}`,
      step: "concernReport/startupMeeting",
      agenda: "shipped-startupMeeting-1",
      startedAt: "2026-12-03T14:02:00",
      endedAt: "2026-12-03T15:10:00",
      notHeld: { reason: "capacity", at: "2026-12-02T10:00:00" },
      next: { date: "2026-12-17", from: "13:00" },
      approved: { at: "2026-12-03T15:20:00", by: "socialTeacher" },
      filed: { outcome: "transferred", on: "2026-12-04", where: "Fagsystemet", markedAt: "2026-12-04T08:00:00", content: "A".repeat(43) },
    },
    {
      id: meetingId,
      reference: "M-305-BFL",
      type: "startupMeeting",
      preparedAt: "2026-11-26T09:00:00",
      preparedBy: "consultant",
      when: { date: "2026-12-03", from: "14:00" },
      plannedMinutes: 60,
      agenda: "shipped-startupMeeting-1",
      next: { reason: "othersCall" },
      filed: { outcome: "notForArchive", on: "2026-12-04", markedAt: "2026-12-04T08:00:00", content: "A".repeat(43) },
    },
    {
      id: meetingId,
      reference: "M-305-BFL",
      type: "startupMeeting",
      preparedAt: "2026-11-26T09:00:00",
      preparedBy: "consultant",
      when: { date: "2026-12-03", from: "14:00" },
      plannedMinutes: 60,
      agenda: "shipped-startupMeeting-1",
      deletedAt: "2026-12-05T08:00:00",
    },
  ],
  Participant: [{ id: `participant-${idOf(1)}`, role: "relative", name: "Ola Onkel", side: "others", absent: true }],
  ConsentRecord: [
    {
      id: `consent-${idOf(1)}`,
      kind: "waiver",
      givenBy: "guardian",
      scope: "Skolehverdagen",
      how: "written",
      givenOn: "2026-11-20",
      obtainedBy: "school",
      withdrawnOn: "2026-12-01",
    },
  ],
  MeetingItem: [
    { id: "schoolsView", minutes: 10, owner: "contactTeacher", involvesParents: false, order: 1, talk: "first", dropped: true },
    { id: `own-${idOf(1)}`, title: "Turen i mai", minutes: 10, owner: "contactTeacher", involvesParents: false, order: 2, dropped: false },
  ],
  Opening: [{ id: `opening-${idOf(1)}`, itemId: "schoolsView", openedAt: "2026-12-03T14:02:00", closedAt: "2026-12-03T14:20:00" }],
  Decision: [{ id: `decision-${idOf(1)}`, itemId: "schoolsView", what: "Én fast voksen", decidedAt: "2026-12-03T14:10:00" }],
  ActionItem: [
    { id: `action-${idOf(1)}`, meetingId, what: "Ringe hjem", side: "school", role: "contactTeacher", dueOn: "2026-12-10", askOn: "2026-12-11", createdAt: "2026-12-03T14:15:00", answered },
  ],
  Approval: [
    {
      id: `approval-${idOf(1)}`,
      at: "2026-12-03T15:12:00",
      by: "consultant",
      content: contentText(approvedContent),
      hash: "A".repeat(43),
      stateVector: "sv-AAEC",
    },
  ],
  Correction: [
    {
      id: `correction-${idOf(1)}`,
      at: "2026-12-04T09:00:00",
      by: "socialTeacher",
      hash: "A".repeat(43),
      section: "people",
      after: JSON.stringify([{ role: "principal" }]),
      why: { accepted: true, reason: "missing" },
      note: "Rektor var der også",
    },
    { id: `correction-${idOf(2)}`, at: "2026-12-04T09:01:00", by: "consultant", hash: "A".repeat(43), section: "item/schoolsView", why: { accepted: false, reason: "notSaid" } },
  ],
  RoutineRun: [
    {
      id: `run-${idOf(2)}`,
      reference: "R-482-KTM",
      legs: {
        [`leg-${idOf(1)}`]: {
          routine: "concernReport",
          startedAt: "2026-11-20T09:00:00",
          startedBy: "consultant",
          template: "shipped-concernReport-1",
          steps: [
            { id: "reportSent", note: "Samme dag", who: ["school"], meeting: "startupMeeting", legalDeadline: "dutyToReport", involvesParents: false },
            { id: `own-${idOf(3)}`, title: "Ring igjen", who: [], ownDeadline: { length: 3, unit: "days", countsFrom: "routine" }, involvesParents: false },
            { id: `own-${idOf(4)}`, title: "Spør", who: [], involvesParents: true },
          ],
        },
      },
      results: {
        "concernReport/reportSent": { state: "done", on: "2026-11-21", by: "socialTeacher" },
        [`concernReport/own-${idOf(3)}`]: { state: "skipped", on: "2026-11-22", by: "consultant", reason: "capacity" },
        [`concernReport/own-${idOf(4)}`]: { state: "notYet", on: "2026-11-23", by: "consultant", askAgainOn: "2026-11-30", reason: "noTime" },
      },
      answers: { reportSent: { answer: "notYet", answeredAt: "2026-11-24T09:00:00", on: "2026-11-25", reason: "noTime", askAgainOn: "2026-11-29" } },
      sentOn: "2026-11-21",
      receivedOn: "2026-11-22",
      screeningOutcome: "investigation",
      closedOn: "2027-02-20",
      isSpecialCase: true,
      contactPerson: "Kari i tiltak",
    },
  ],
} as const satisfies Record<string, readonly object[]>;
type Name = keyof typeof stored;

const modules = [cases, consultations, followUps, meetings, minutes, preRegistrations, routines];
const schemas = new Map(modules.flatMap((module) => schemasOf(module)));
const schemaOf = (name: string): Schema => schemas.get(name)!;

/** Parts of the records above, and what is held under no code or reference: forms that are not saved, and templates. */
const notRecords = [
  "Answer",
  "AgendaItem",
  "AgendaTemplate",
  "AgendaVersion",
  "CaseCode",
  "ClockAnswer",
  "ConsultationDraft",
  "ContentHash",
  "ConsultationForm",
  "Filing",
  "Interpreter",
  "ItemId",
  "NextMeeting",
  "PreRegistrationDraft",
  "PreRegistrationForm",
  "RoutineStep",
  "RoutineTemplate",
  "StepId",
  "StepKey",
  "StepResult",
  "TemplateVersion",
];

/** Told nowhere: ids by which records point to each other, what a case's record is found by, and what stands in the order of the paper. */
const notTold = [
  "Case.id",
  "Case.schoolId",
  "Case.colour",
  "Case.animal",
  "Case.number",
  "PreRegistration.id",
  "PreRegistration.caseId",
  "PreRegistration.consultationId",
  "ConsultationHead.caseId",
  "ConsultationHead.preRegistrationId",
  "ConsultationHead.schoolId",
  "ConsultationDetail.id",
  "FollowUp.id",
  "FollowUp.caseId",
  "Meeting.id",
  "Meeting.reference",
  "Meeting.runId",
  "Meeting.step",
  "Meeting.agenda",
  "Participant.id",
  "ConsentRecord.id",
  "MeetingItem.id",
  "MeetingItem.order",
  "Opening.id",
  "Decision.id",
  "ActionItem.id",
  "ActionItem.meetingId",
  "Approval.id",
  "Approval.stateVector",
  "Correction.id",
  "RoutineRun.id",
  "RoutineRun.reference",
];

/** An item of ours gets its words by its id, and one's own has a title; its number is seen only when another item comes before it. */
const toldAtTimes = ["MeetingItem.id", "MeetingItem.order"];

const frame = { school: "Granly skole", schoolYear: 2026, madeOn: "2026-12-10", unread: 0 };

type RecordOf = {
  Case: cases.Case;
  PreRegistration: preRegistrations.PreRegistration;
  ConsultationHead: consultations.ConsultationHead;
  ConsultationDetail: consultations.ConsultationDetail;
  FollowUp: followUps.FollowUp;
  Meeting: meetings.Meeting;
  Participant: meetings.Participant;
  ConsentRecord: meetings.ConsentRecord;
  MeetingItem: meetings.MeetingItem;
  Opening: meetings.Opening;
  Decision: meetings.Decision;
  ActionItem: meetings.ActionItem;
  Approval: minutes.Approval;
  Correction: minutes.Correction;
  RoutineRun: routines.RoutineRun;
};
type Changed = { name: Name; record: unknown; place: number };

/** A record as it is read. */
function read<Of extends Name>(name: Of, changed?: Changed, place = 0): RecordOf[Of] {
  const record = changed?.name === name && changed.place === place ? changed.record : stored[name][place];
  return schemaOf(name).parse(record) as RecordOf[Of];
}

function heldOfCase(changed?: Changed): CaseHeld {
  return {
    ...frame,
    label: "Blå rev 17",
    cases: [read("Case", changed)],
    preRegistrations: [read("PreRegistration", changed)],
    consultations: [{ head: read("ConsultationHead", changed), detail: read("ConsultationDetail", changed), isOnlyUs: false }],
    followUps: [read("FollowUp", changed)],
    visits: [],
    nextSteps: [],
  };
}

function heldOfMeeting(changed?: Changed, place = 0): MeetingHeld {
  return {
    ...frame,
    label: "M-305-BFL",
    ownProcedure: false,
    meeting: read("Meeting", changed, place),
    details: {
      participants: [read("Participant", changed)],
      consents: [read("ConsentRecord", changed)],
      items: [read("MeetingItem", changed), read("MeetingItem", changed, 1)],
      openings: [read("Opening", changed)],
      decisions: [read("Decision", changed)],
      approvals: [read("Approval", changed)],
      corrections: [read("Correction", changed), read("Correction", changed, 1)],
      isFifteen: true,
    },
    notes: (item) => (item === "schoolsView" ? "Læreren fortalte om morgenene." : ""),
    actionItems: [read("ActionItem", changed)],
    agendaVersion: "Sakslista som følger med, versjon 1",
    run: "R-482-KTM",
    step: "Oppstartsmøte der skolen er med",
  };
}

function heldOfRun(changed?: Changed): RunHeld {
  return {
    ...frame,
    label: "R-482-KTM",
    ownProcedure: false,
    run: read("RoutineRun", changed),
    version: (version) => `Versjon ${version.slice(-1)}`,
    meetings: [{ reference: "M-305-BFL", meeting: read("Meeting"), state: "held" }],
  };
}

/** All papers, one after another: a record is told in one of them. */
function allPapers(words: LanguageWords, changed?: Changed): Paper[] {
  return [
    caseDisclosure(heldOfCase(changed), words),
    meetingDisclosure(heldOfMeeting(changed), words),
    meetingDisclosure(heldOfMeeting(changed, 1), words),
    runDisclosure(heldOfRun(changed), words),
  ];
}
const textOf = (papers: readonly Paper[]) => papers.map((paper) => paperText(paper)).join("\n");

type Leaf = { path: string; set: (value: unknown) => object; value: unknown };

/** Every value in a stored record, with the path that its schema has for it and how to put another in its place. */
function valuesIn(record: unknown, path: string, put: (value: unknown) => object, isRecordOfRecords: (path: string) => boolean): Leaf[] {
  if (Array.isArray(record)) {
    return record.flatMap((inner, index) => valuesIn(inner, `${path}[]`, (value) => put(record.with(index, value)), isRecordOfRecords));
  }
  if (typeof record !== "object" || record === null) return [{ path, value: record, set: put }];
  return Object.entries(record).flatMap(([field, inner]) =>
    valuesIn(inner, isRecordOfRecords(path) ? `${path}{}` : `${path}.${field}`, (value) => put({ ...record, [field]: value }), isRecordOfRecords),
  );
}

const anotherId = idOf(77);
const prefixed = ["run", "leg", "template", "meeting", "agenda", "participant", "consent", "opening", "decision", "action", "approval", "correction", "own"].map((prefix) => `${prefix}-${anotherId}`);
const strings = [
  "Noe helt annet",
  "2027-01-15",
  "07:45",
  "2027-01-15T07:45:00",
  anotherId,
  visitOn("2027-01-15").id,
  "M-999-KTM",
  "R-999-KTM",
  "shipped-startupMeeting-2",
  "shipped-concernReport-2",
  "concernReport/parentTalk",
  "item/schoolsView",
  "B".repeat(43),
  "sv-BBBB",
  contentText({ ...approvedContent, people: [] }),
  JSON.stringify([{ role: "guardian" }]),
  ...prefixed,
];

function othersOf(value: unknown, leaves: readonly Schema[]): unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 1];
  const chosen = leaves.flatMap((schema) => Object.values((schema._zod as unknown as { def: { entries?: Record<string, string> } }).def.entries ?? {}));
  return [...chosen, ...strings].filter((other) => other !== value);
}

test("every schema of what lies under a code or a reference is told of, or is no record of its own", () => {
  expect([...Object.keys(stored), ...notRecords].sort()).toEqual(Array.from(schemas.keys()).sort());
});

test.each(Object.keys(stored) as Name[])("every field of %s that there can be stands in the example", (name) => {
  const leaves = leavesOf(schemaOf(name), name);
  const recordPaths = new Set(leaves.flatMap(({ path }) => Array.from(path.matchAll(/\{\}/g), (match) => path.slice(0, match.index))));
  const seen = new Set(stored[name].flatMap((record) => valuesIn(record, name, () => ({}), (path) => recordPaths.has(path)).map(({ path }) => path)));
  expect(leaves.map(({ path }) => path).filter((path) => !seen.has(path) && !path.includes("{key}"))).toEqual([]);
});

test.each(Object.keys(stored) as Name[])("every field of %s is told: another value gives another paper", (name) => {
  const leaves = leavesOf(schemaOf(name), name);
  const recordPaths = new Set(leaves.flatMap(({ path }) => Array.from(path.matchAll(/\{\}/g), (match) => path.slice(0, match.index))));
  const before = textOf(allPapers(nb));
  const untold = new Set<string>();
  const told = new Set<string>();
  stored[name].forEach((record, place) => {
    // Of a deleted meeting little is told: see below.
    if ("deletedAt" in record) return;
    for (const leaf of valuesIn(record, name, (value) => value as object, (path) => recordPaths.has(path))) {
      const schemasHere = leaves.filter(({ path }) => path === leaf.path).map(({ schema }) => schema);
      const isTag = schemasHere.every((schema) => (schema._zod as unknown as { def: { type: string } }).def.type === "literal");
      if (isTag) continue;
      const changed = othersOf(leaf.value, schemasHere).map(leaf.set).find((one) => schemaOf(name).safeParse(one).success);
      if (changed === undefined) throw new Error(`no other value to try for ${leaf.path}`);
      (textOf(allPapers(nb, { name, record: changed, place })) === before ? untold : told).add(leaf.path);
    }
  });
  expect(Array.from(untold).sort()).toEqual(notTold.filter((path) => path.startsWith(`${name}.`)).sort());
  expect(Array.from(told).filter((path) => untold.has(path)).sort()).toEqual(toldAtTimes.filter((path) => path.startsWith(`${name}.`)));
});

test.each(["nb", "nn", "en"] as const)("in %s nothing is shown by its id, and no text is missing", async (language) => {
  const text = textOf(allPapers(await wordsIn(language)));
  // No word of ours has a capital within it, nor 32 digits, nor is a path to a text.
  expect(text.match(/\b[a-zæøå]+[A-ZÆØÅ]\w*|[0-9a-f]{32}|\b(disclosure|content|meetings|routines|papers)\.\w+|\{\w+\}/g)).toBeNull();
});

test("a case's paper has nothing of a meeting or a run, and theirs has no code", () => {
  expect(textOf([caseDisclosure(heldOfCase(), nb)])).not.toMatch(/[RM]-\d{3}-[A-Z]{3}/);
  expect(namesCase(textOf([meetingDisclosure(heldOfMeeting(), nb), runDisclosure(heldOfRun(), nb)]))).toBe(false);
});

test("what is not in it is said, and what this version cannot read", () => {
  const text = textOf([caseDisclosure({ ...heldOfCase(), unread: 2 }, nb)]);
  for (const words of ["Nøkkellista.", "Fagsystemet, skolens arkiv", "senest 31. august 2027", "2 deler som denne versjonen"]) expect(text).toContain(words);
  expect(textOf([meetingDisclosure(heldOfMeeting(), nb)])).toContain("Anonyme drøftinger.");
});

test("where violence is suspected, the paper begins by saying that it is not for the parents", () => {
  const notice = { type: "notice", lead: "Ikke til foreldrene" };
  expect(caseDisclosure(heldOfCase(), nb).blocks[0]).toMatchObject(notice);
  expect(meetingDisclosure({ ...heldOfMeeting(), ownProcedure: true }, nb).blocks[0]).toMatchObject(notice);
  expect(runDisclosure({ ...heldOfRun(), ownProcedure: true }, nb).blocks[0]).toMatchObject(notice);
  expect(textOf([runDisclosure(heldOfRun(), nb)])).not.toContain("Ikke til foreldrene");
});

test("of a deleted meeting it is told that it was, and what became of its minutes, and nothing else", () => {
  const text = textOf([meetingDisclosure({ ...heldOfMeeting(), meeting: { ...read("Meeting"), deletedAt: "2026-12-05T09:00:00" } }, nb)]);
  for (const words of ["Slettet: 5. desember 2026 kl. 09.00", "Fagsystemet"]) expect(text).toContain(words);
  for (const words of ["Læreren fortalte", "Én fast voksen", "Møterommet", "Ola Onkel", "Skolehverdagen"]) expect(text).not.toContain(words);
});

test("a proposal is named and told by the minutes as they stood then, also where it adds an item or takes one out", () => {
  const itemText = (id: string, title?: string) => JSON.stringify({ id, title, lines: [], decisions: [] });
  const added = `own-${idOf(5)}`;
  const tellAll = (changes: object[]) => {
    const stored = { at: "2026-12-04T09:00:00", by: "consultant", hash: "A".repeat(43), why: { accepted: true, reason: "missing" } };
    const corrections = changes.map((change, place) => schemaOf("Correction").parse({ ...stored, id: `correction-${idOf(place + 1)}`, ...change }) as minutes.Correction);
    const held = heldOfMeeting();
    return textOf([meetingDisclosure({ ...held, details: { ...held.details, corrections } }, nb)]).split(/Forslag \d\n-*/).slice(1);
  };
  const declined = { accepted: false, reason: "notSaid" };
  const [adds, removes, again, declinedNew, empties] = tellAll([
    { section: `item/${added}`, after: itemText(added, "Turen i mai") },
    { section: "item/schoolsView" },
    { section: "item/schoolsView" },
    { section: "item/questions", after: itemText("questions"), why: declined },
    { section: "people", after: "[]", why: declined },
  ]);
  expect(adds).toMatch(/Gjelder: 2\. Turen i mai\n[^]*Skal stå: Turen i mai/);
  expect(removes).toMatch(/Gjelder: 1\. Skolens syn\n[^]*Skal stå: Ingenting: det som sto, tas bort/);
  expect(again).toMatch(/Gjelder: 1\. Skolens syn\n[^]*Skal stå: Ingenting/);
  expect(declinedNew).toMatch(/Gjelder: 2\. Spørsmål\n[^]*Ikke tatt inn[^]*Skal stå: Spørsmål/);
  expect(empties).toContain("Skal stå: Ingenting");
});

test("a case that has only a code says that nothing else is held", () => {
  const text = textOf([caseDisclosure({ ...heldOfCase(), preRegistrations: [], consultations: [], followUps: [] }, nb)]);
  expect(text.match(/Ingenting er lagret\./g)).toHaveLength(2);
});

test("a drøfting whose other half is not here says so, and who has it", () => {
  const held = heldOfCase();
  const text = textOf([caseDisclosure({ ...held, consultations: held.consultations.map(({ head }) => ({ head, detail: undefined, isOnlyUs: true })) }, nb)]);
  expect(text).toContain("Resten av svarene: Ikke på denne enheten");
  expect(text).toContain("Hvem som har den: Bare fagkonsulentene");
});
