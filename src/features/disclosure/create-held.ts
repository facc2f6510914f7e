import { type Accessor, createMemo } from "solid-js";
import type * as Y from "yjs";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { createCaseDocument, useEngine } from "../../reactive/engine-context.tsx";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { caseRoots, readCases } from "../cases/document.ts";
import { shownCodes } from "../cases/rules.ts";
import { consultationRoots, readConsultationDetails, readConsultations } from "../consultations/document.ts";
import { followUpRoots, readFollowUps } from "../follow-up/document.ts";
import type { CaseId } from "../ids.ts";
import { createAgendaVersionWords } from "../meetings/create-agendas.ts";
import type { MeetingHere } from "../meetings/create-meetings.ts";
import { countUnreadMeetings, notesOf, readMeetingDocument } from "../meetings/document.ts";
import { useAllMeetings } from "../meetings/meetings-context.tsx";
import { Approval, Correction } from "../meetings/minutes-schema.ts";
import { meetingsInOrder, meetingState } from "../meetings/rules.ts";
import { ActionItem, ConsentRecord, Decision, MeetingItem, Opening, Participant } from "../meetings/schema.ts";
import { preRegistrationRoots, readPreRegistrations } from "../pre-registration/document.ts";
import { readFlatRecords, readRecords } from "../records.ts";
import { createRoutineVersionWords } from "../routines/create-templates.ts";
import { suspectsViolence } from "../routines/rules.ts";
import { type RunHere, useRuns } from "../routines/runs-context.tsx";
import { createVisits } from "../schools/create-school.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import type { CaseHeld } from "./case-disclosure.ts";
import type { MeetingHeld } from "./meeting-disclosure.ts";
import { type RunHeld, stepTitle } from "./run-disclosure.ts";

type School = Accessor<SchoolHandle | undefined>;

/**
 * Everything of one case that this device has, in the school's room and in the consultants' own. It looks at no meeting and no run.
 * @returns undefined until all of it is read, null where there is no such case
 */
export function createCaseHeld(school: School, caseId: Accessor<CaseId>): Accessor<CaseHeld | null | undefined> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const visits = createVisits(school);
  const roots = [...caseRoots, ...preRegistrationRoots, ...consultationRoots, ...followUpRoots];
  const readIndex = (index: Y.Doc) => {
    const of = [readPreRegistrations(index, caseId()), readConsultations(index, caseId()), readFollowUps(index, caseId())] as const;
    const [preRegistrations, consultations, followUps] = of;
    return {
      cases: readCases(index).records,
      preRegistrations: preRegistrations.records,
      consultations: consultations.records,
      followUps: followUps.records,
      unread: of.reduce((count, { broken }) => count + broken.length, 0),
    };
  };
  const places = [
    { room: () => school()?.schoolRoom, index: () => school()?.schoolIndex(), isOnlyUs: false },
    { room: workspace.serviceRoom, index: workspace.serviceIndex, isOnlyUs: true },
  ].map(({ room, index, isOnlyUs }) => ({
    room,
    isOnlyUs,
    read: createDocumentReading(index, roots, readIndex),
    details: createDocumentReading(createCaseDocument(room, caseId), ["consultations"], readConsultationDetails),
  }));
  return createMemo(() => {
    const here = school();
    if (here === undefined) return undefined;
    const rooms = places.filter(({ room }) => room() !== undefined);
    const read = rooms.flatMap(({ read, details, isOnlyUs }) => {
      const [index, detail] = [read(), details()];
      return index === undefined || detail === undefined ? [] : [{ index, detail, isOnlyUs }];
    });
    if (read.length < rooms.length) return undefined;
    const label = read.flatMap(({ index }) => shownCodes(index.cases).get(caseId())?.label ?? [])[0];
    if (label === undefined) return null;
    return {
      label,
      school: here.name,
      schoolYear: workspace.schoolYear(),
      madeOn: engine.today(),
      unread: read.reduce((count, { index, detail }) => count + index.unread + detail.broken.length, 0),
      cases: read.flatMap(({ index }) => index.cases.filter(({ id }) => id === caseId())),
      preRegistrations: read.flatMap(({ index }) => index.preRegistrations),
      consultations: read.flatMap(({ index, detail, isOnlyUs }) =>
        index.consultations.map((head) => ({ head, detail: detail.records.find(({ id }) => id === head.id), isOnlyUs })),
      ),
      followUps: read.flatMap(({ index }) => index.followUps),
      visits: visits(),
      nextSteps: workspace.nextSteps(),
    };
  });
}

/** Everything of one meeting, in the words of a language; undefined until it is read. @param doc the meeting's own */
export function createMeetingHeld(here: Accessor<MeetingHere>, doc: Accessor<Y.Doc | undefined>): (words: LanguageWords) => MeetingHeld | undefined {
  const engine = useEngine();
  const workspace = useWorkspace();
  const runs = useRuns();
  const agendaWords = createAgendaVersionWords(() => here().school);
  const read = createDocumentReading(doc, "everything", (meetingDoc) => {
    const details = readMeetingDocument(meetingDoc);
    return {
      details,
      notes: new Map(details.items.map(({ id }) => [id, notesOf(meetingDoc, id).toJSON()])),
      unread: [
        readRecords(meetingDoc.getMap("participants"), Participant),
        readRecords(meetingDoc.getMap("consents"), ConsentRecord),
        readRecords(meetingDoc.getMap("openings"), Opening),
        readRecords(meetingDoc.getMap("decisions"), Decision),
        readRecords(meetingDoc.getMap("approvals"), Approval),
        readRecords(meetingDoc.getMap("corrections"), Correction),
        readFlatRecords(meetingDoc.getMap("agenda"), MeetingItem),
      ].reduce((count, { broken }) => count + broken.length, 0),
    };
  });
  const actionItems = createDocumentReading(
    () => here().school.schoolIndex(),
    ["actionItems"],
    (index) => readRecords(index.getMap("actionItems"), ActionItem, { field: "meetingId", value: here().id }),
  );
  return (words) => {
    const [own, agreed] = [read(), actionItems()];
    if (own === undefined || agreed === undefined) return undefined;
    const { meeting, reference, school, ownProcedure } = here();
    const run = runs().find(({ id }) => id === meeting.runId);
    const step = run?.run.legs.flatMap(({ routine, steps }) => steps.filter(({ id }) => `${routine}/${id}` === meeting.step))[0];
    return {
      label: reference,
      school: school.name,
      schoolYear: workspace.schoolYear(),
      madeOn: engine.today(),
      ownProcedure,
      unread: own.unread + agreed.broken.length,
      meeting,
      details: own.details,
      notes: (item) => own.notes.get(item) ?? "",
      actionItems: agreed.records,
      agendaVersion: agendaWords(meeting.agenda, words),
      run: run?.shown ?? null,
      step: step === undefined ? null : stepTitle(step, words),
    };
  };
}

/** Everything of one run, in the words of a language; undefined until its meetings are read. */
export function createRunHeld(here: Accessor<RunHere>): (words: LanguageWords) => RunHeld | undefined {
  const engine = useEngine();
  const workspace = useWorkspace();
  const version = createRoutineVersionWords(() => here().school);
  const { ofSchool } = useAllMeetings();
  const unread = createDocumentReading(() => here().school.schoolIndex(), ["meetings"], (index) => countUnreadMeetings(index, here().id));
  return (words) => {
    const { id, run, shown, school } = here();
    const [all, unreadMeetings] = [ofSchool(school.schoolId), unread()];
    if (all === undefined || unreadMeetings === undefined) return undefined;
    const own = all.filter(({ meeting }) => meeting.runId === id);
    return {
      label: shown,
      school: school.name,
      schoolYear: workspace.schoolYear(),
      madeOn: engine.today(),
      ownProcedure: suspectsViolence(run),
      unread: unreadMeetings,
      run,
      version: (one) => version(one, words),
      meetings: meetingsInOrder(own.map(({ meeting }) => meeting)).flatMap((meeting) =>
        own.filter((one) => one.id === meeting.id).map(({ reference }) => ({ reference, meeting, state: meeting.deletedAt === undefined ? meetingState(meeting) : ("deleted" as const) })),
      ),
    };
  };
}
