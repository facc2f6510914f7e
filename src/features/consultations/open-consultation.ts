import type * as Y from "yjs";
import { type GradeBand, type StaffRole, staffRoles, type Theme } from "../../content/choices.ts";
import { documentId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import type { Moment } from "../../lib/iso-date.ts";
import { chanceFrom } from "../../lib/random.ts";
import type { EngineContextValue } from "../../reactive/engine-context.tsx";
import { readCases } from "../cases/document.ts";
import { newCaseCode } from "../cases/rules.ts";
import type { Case } from "../cases/schema.ts";
import { readFollowUps } from "../follow-up/document.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import { CaseId, ConsultationId, PreRegistrationId, type VisitId } from "../ids.ts";
import { readPreRegistrations } from "../pre-registration/document.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import { schoolOfLabel } from "../space/invite-rules.ts";
import type { SchoolHandle, Workspace } from "../space/workspace.tsx";
import { readConsultationDetails, readConsultations } from "./document.ts";
import { OpenForm } from "./open-form-schema.ts";
import { draftOf, prefill } from "./rules.ts";
import type { ConsultationDraft, ConsultationHead } from "./schema.ts";
import { draftIdOf } from "./unfinished.ts";

/** What the address asks for: a sign-up, a case, who knocked, or a saved drøfting to be changed. */
export type OpenRequest = {
  readonly pamelding?: string | undefined;
  readonly sak?: string | undefined;
  readonly rolle?: string | undefined;
  readonly endre?: string | undefined;
};

/** A form that is ready to be shown, with what was read for it. It is read once: what colleagues do meanwhile does not move the form. */
export type OpenedConsultation = {
  readonly draftId: string;
  readonly beginning: OpenForm;
  /** When the draft that it goes on from was saved, in ms; null for a fresh one. */
  readonly restoredAt: number | null;
  readonly signUp: PreRegistration | null;
  /** Earlier drøftinger of the case, oldest first. */
  readonly earlier: readonly ConsultationHead[];
  /** When a saved drøfting is changed: its answers as they stood when the change began, and its follow-ups. */
  readonly saved: { readonly draft: ConsultationDraft; readonly followUps: readonly FollowUp[] } | null;
};

type Context = {
  readonly engine: EngineContextValue;
  readonly workspace: Workspace;
  readonly school: SchoolHandle;
  readonly visitId: VisitId;
  readonly now: Moment;
};

/**
 * Finds or makes the form that is asked for. Without a request it is a new case: what was begun before is asked for by its own.
 * All indexes must be open.
 */
export async function openConsultation(request: OpenRequest, context: Context): Promise<OpenedConsultation> {
  const known = readKnown(context);
  if (request.endre !== undefined) return openSaved(ConsultationId.parse(request.endre), known, context);
  const signUp = known.preRegistrations.find(({ id }) => id === request.pamelding) ?? null;
  const asked = CaseId.safeParse(request.sak);
  const caseId = signUp?.caseId ?? (asked.success ? asked.data : CaseId.parse(context.engine.newId()));
  const draftId = draftIdOf(context.visitId, caseId);
  const stored = await loadDraft(draftId, known, context);
  const beginning = stored?.open ?? freshForm(caseId, signUp, request, known, context);
  return { ...placed(caseId, known), draftId, beginning, restoredAt: stored?.savedAt ?? null, signUp, saved: null };
}

type Known = {
  readonly cases: readonly Case[];
  readonly onlyUsCases: readonly Case[];
  readonly preRegistrations: readonly PreRegistration[];
  readonly consultations: readonly ConsultationHead[];
  readonly followUps: readonly FollowUp[];
};

function readKnown({ school, workspace }: Context): Known {
  const shared = school.schoolIndex();
  const service = workspace.serviceIndex();
  const onlyUsCases = service === undefined ? [] : readCases(service).records.filter(({ schoolId }) => schoolId === school.schoolId);
  const both = <T>(read: (index: Y.Doc) => T[]): T[] => [shared, service].flatMap((index) => (index === undefined ? [] : read(index)));
  return {
    cases: shared === undefined ? [] : readCases(shared).records,
    onlyUsCases,
    preRegistrations: shared === undefined ? [] : readPreRegistrations(shared).records,
    consultations: both((index) => readConsultations(index).records),
    followUps: both((index) => readFollowUps(index).records),
  };
}

function placed(caseId: CaseId, known: Known): Pick<OpenedConsultation, "earlier"> {
  return {
    earlier: known.consultations.filter((head) => head.caseId === caseId).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
  };
}

async function loadDraft(draftId: string, known: Known, { engine }: Context): Promise<{ open: OpenForm; savedAt: number } | null> {
  const entry = (await engine.drafts.list()).find((one) => one.draftId === draftId);
  if (entry === undefined) return null;
  const parsed = OpenForm.safeParse(await engine.drafts.load(draftId));
  if (!parsed.success) return null;
  // The app was closed between saving and forgetting the draft.
  if (known.consultations.some(({ id }) => id === parsed.data.form.id)) {
    await engine.drafts.remove(draftId);
    return null;
  }
  return { open: parsed.data, savedAt: entry.savedAt };
}

function freshForm(caseId: CaseId, signUp: PreRegistration | null, request: OpenRequest, known: Known, context: Context): OpenForm {
  const { engine, school, visitId, now } = context;
  const shared = known.cases.find(({ id }) => id === caseId);
  const found = shared ?? known.onlyUsCases.find(({ id }) => id === caseId);
  const code = found ?? newCaseCode(chanceFrom(engine.random), usedCodes(known, context));
  const { colour, animal, number } = code;
  const draft = signUp !== null ? prefill(signUp) : beginningDraft(request.rolle, found, placed(caseId, known).earlier.at(-1));
  return {
    form: {
      id: ConsultationId.parse(engine.newId()),
      schoolId: school.schoolId,
      caseId,
      code: { colour, animal, number },
      visitId,
      ...(signUp === null ? {} : { preRegistrationId: PreRegistrationId.parse(signUp.id) }),
      startedAt: now,
      // A case that only we know stays with us until someone says otherwise.
      onlyUs: found !== undefined && shared === undefined,
      draft,
    },
    followUps: {},
  };
}

/** Who knocked, and what is the same as the last time the case was discussed. */
function beginningDraft(role: string | undefined, found: Case | undefined, last: ConsultationHead | undefined): ConsultationDraft {
  const knocked: StaffRole | undefined = staffRoles.find((one) => one === role);
  const gradeBand: GradeBand | undefined = last?.gradeBand ?? found?.gradeBand;
  const themes: Theme[] = last?.themes ?? [];
  return {
    ...(knocked === undefined ? {} : { role: knocked }),
    ...(gradeBand === undefined ? {} : { gradeBand }),
    ...(themes.length === 0 ? {} : { themes: [...themes] }),
  };
}

async function openSaved(id: ConsultationId, known: Known, context: Context): Promise<OpenedConsultation> {
  const { school, workspace, engine } = context;
  const head = known.consultations.find((one) => one.id === id);
  if (head === undefined) throw new Error("the drøfting to change is not on this device");
  const onlyUs = head.schoolId !== undefined;
  const room = onlyUs ? workspace.serviceRoom() : school.schoolRoom;
  const docId = documentId("case", head.caseId);
  const caseDoc = await room?.open(docId);
  if (room !== undefined) engine.tellOpened(room, docId);
  const detail = caseDoc === undefined ? null : (readConsultationDetails(caseDoc).records.find((one) => one.id === id) ?? null);
  const found = [...known.cases, ...known.onlyUsCases].find((one) => one.id === head.caseId);
  if (found === undefined) throw new Error("a drøfting has a case");
  const { colour, animal, number } = found;
  const draft = draftOf(head, detail);
  const draftId = `consultation-change/${id}`;
  const form = { id, schoolId: school.schoolId, caseId: head.caseId, code: { colour, animal, number }, startedAt: head.startedAt, onlyUs, draft };
  const stored = OpenForm.safeParse(await engine.drafts.load(draftId));
  const beginning: OpenForm = stored.success ? stored.data : { form: { ...form, visitId: context.visitId }, followUps: {}, before: draft };
  return {
    draftId,
    beginning,
    restoredAt: null,
    signUp: null,
    earlier: [],
    saved: { draft: beginning.before ?? draft, followUps: known.followUps.filter(({ consultationId }) => consultationId === id) },
  };
}

/** Codes of the school this year, and of earlier years where their rooms have been opened: the first call opens them for the next. */
function usedCodes(known: Known, { engine, school }: Context): Case[] {
  const earlier = engine.rooms().filter((room) => room.kind === "school" && room !== school.schoolRoom && schoolOfLabel(room.label) === school.schoolId);
  return [...known.cases, ...known.onlyUsCases, ...earlier.flatMap((room: Room) => casesIn(engine.index(room)()))];
}

function casesIn(index: Y.Doc | undefined): Case[] {
  return index === undefined ? [] : readCases(index).records;
}
