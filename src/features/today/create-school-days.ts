import { type Accessor, createMemo, mapArray } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { caseRoots, readCases } from "../cases/document.ts";
import { type ShownCode, shownCodes } from "../cases/rules.ts";
import type { Case } from "../cases/schema.ts";
import { consultationRoots, readConsultations } from "../consultations/document.ts";
import type { ConsultationHead } from "../consultations/schema.ts";
import { followUpRoots, readFollowUps } from "../follow-up/document.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import type { CaseId, ConsultationId } from "../ids.ts";
import { preRegistrationRoots, readPreRegistrations } from "../pre-registration/document.ts";
import { planSchoolRoot, readSchoolHead, readSchools, serviceRoots } from "../space/document.ts";
import type { SchoolHead } from "../space/schema.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { readDialogs, readVisits, visitRoots } from "../visits/document.ts";
import type { Dialog, Visit } from "../visits/schema.ts";
import type { SchoolDay } from "./rules.ts";

/** A school and what its plan room says: all that lists of visits need. */
export type SchoolPlan = {
  readonly school: SchoolHandle;
  readonly head: SchoolHead | null;
  readonly visits: readonly Visit[];
  readonly dialogs: readonly Dialog[];
};

/** A school with everything this device may read of it, those «bare oss» included. */
export type SchoolDayHere = SchoolDay &
  SchoolPlan & {
    readonly cases: readonly Case[];
    readonly codes: ReadonlyMap<CaseId, ShownCode>;
    /** Drøftinger that the school does not see. */
    readonly onlyUs: ReadonlySet<ConsultationId>;
    /** The consultant's own line for the next visit. */
    readonly nextTimeNote: string | undefined;
  };

type OnlyUs = {
  readonly cases: readonly Case[];
  readonly consultations: readonly ConsultationHead[];
  readonly followUps: readonly FollowUp[];
};

/** The plan of one school; undefined until its room is read. */
function createSchoolPlan(school: Accessor<SchoolHandle | undefined>): Accessor<SchoolPlan | undefined> {
  const read = createDocumentReading(
    () => school()?.planIndex(),
    [planSchoolRoot, ...visitRoots],
    (plan) => ({ head: readSchoolHead(plan), visits: readVisits(plan).records, dialogs: readDialogs(plan).records }),
  );
  return createMemo(() => {
    const [here, plan] = [school(), read()];
    return here === undefined || plan === undefined ? undefined : { school: here, ...plan };
  });
}

/** The plans of all schools of this year, by name; undefined until they are read. Where the disk fails, the state line says so, and the others are given. */
export function createSchoolPlans(): Accessor<SchoolPlan[] | undefined> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const plans = createMemo(mapArray(workspace.schools, (school) => createSchoolPlan(() => school)));
  return createMemo(() => {
    const isKnown = workspace.serviceRoom() === undefined || workspace.serviceIndex() !== undefined;
    const read = plans().flatMap((plan) => plan() ?? []);
    return isKnown && (read.length === plans().length || engine.failure() !== null) ? read : undefined;
  });
}

/** Everything of one school; undefined until all of it is read. */
export function createSchoolDay(school: Accessor<SchoolHandle | undefined>): Accessor<SchoolDayHere | undefined> {
  const workspace = useWorkspace();
  const plan = createSchoolPlan(school);
  const shared = createDocumentReading(
    () => school()?.schoolIndex(),
    [...caseRoots, ...preRegistrationRoots, ...consultationRoots, ...followUpRoots],
    (index) => ({
      cases: readCases(index).records,
      preRegistrations: readPreRegistrations(index).records,
      consultations: readConsultations(index).records,
      followUps: readFollowUps(index).records,
    }),
  );
  const serviceWatched = [...caseRoots, ...consultationRoots, ...followUpRoots, ...serviceRoots];
  const service = createDocumentReading(workspace.serviceIndex, serviceWatched, (index) => ({
    cases: readCases(index).records,
    consultations: readConsultations(index).records,
    followUps: readFollowUps(index).records,
    schools: readSchools(index).records,
  }));
  const missing = () =>
    (school()?.schoolRoom !== undefined && shared() === undefined) || (workspace.serviceRoom() !== undefined && service() === undefined);

  return createMemo(() => {
    const read = plan();
    if (read === undefined || missing()) return undefined;
    const { schoolId } = read.school;
    const ofSchool = shared() ?? { cases: [], preRegistrations: [], consultations: [], followUps: [] };
    const onlyUs = ofOneSchool(service(), schoolId);
    return {
      ...read,
      schoolId,
      name: read.school.name,
      preRegistrations: ofSchool.preRegistrations,
      cases: [...ofSchool.cases, ...onlyUs.cases],
      codes: new Map([...shownCodes(onlyUs.cases), ...shownCodes(ofSchool.cases)]),
      consultations: [...ofSchool.consultations, ...onlyUs.consultations],
      followUps: [...ofSchool.followUps, ...onlyUs.followUps],
      onlyUs: new Set(onlyUs.consultations.map(({ id }) => id)),
      nextTimeNote: service()?.schools.find(({ id }) => id === schoolId)?.nextTimeNote,
    };
  });
}

function ofOneSchool(service: OnlyUs | undefined, schoolId: string): OnlyUs {
  if (service === undefined) return { cases: [], consultations: [], followUps: [] };
  const cases = service.cases.filter((one) => one.schoolId === schoolId);
  const ids = new Set(cases.map(({ id }) => id));
  return {
    cases,
    consultations: service.consultations.filter((head) => head.schoolId === schoolId),
    followUps: service.followUps.filter(({ caseId }) => ids.has(caseId)),
  };
}
