import { type Accessor, createMemo } from "solid-js";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { caseRoots, readCases } from "../cases/document.ts";
import { codeLabel, type ShownCode, shownCodes } from "../cases/rules.ts";
import type { Case, CaseCode } from "../cases/schema.ts";
import type { CaseId } from "../ids.ts";
import { planSchoolRoot, readSchoolHead } from "../space/document.ts";
import { takesSignUps } from "../space/rules.ts";
import type { SchoolHead } from "../space/schema.ts";
import type { SchoolHandle } from "../space/workspace.tsx";
import { readVisits, visitRoots } from "../visits/document.ts";
import { visitToSignUpTo } from "../visits/rules.ts";
import type { Visit } from "../visits/schema.ts";
import { preRegistrationRoots, readPreRegistrations } from "./document.ts";
import { queueOf, type QueueEntry } from "./rules.ts";
import type { PreRegistration } from "./schema.ts";

/** What the school side sees of one school: its visits, its cases and who is signed up. */
export type SignUpView = {
  /** Whether both documents have been read; until then there is nothing to decide on. */
  ready: Accessor<boolean>;
  head: Accessor<SchoolHead | null>;
  /** Whether staff sign cases up here; a school with drop-in has no sign-ups. */
  takesSignUps: Accessor<boolean>;
  visits: Accessor<readonly Visit[]>;
  cases: Accessor<readonly Case[]>;
  preRegistrations: Accessor<readonly PreRegistration[]>;
  /** The visit that cases can be signed up to now. */
  visit: Accessor<Visit | null>;
  queue(visit: Visit): QueueEntry[];
  code(caseId: CaseId, otherwise?: CaseCode): ShownCode | null;
};

export function createSignUpView(school: Accessor<SchoolHandle | undefined>): SignUpView {
  const engine = useEngine();
  const plan = createDocumentView(() => school()?.planIndex(), [...visitRoots, planSchoolRoot], (doc) => ({
    loaded: doc !== undefined,
    head: doc === undefined ? null : readSchoolHead(doc),
    visits: doc === undefined ? [] : readVisits(doc).records,
  }));
  const index = createDocumentView(() => school()?.schoolIndex(), [...caseRoots, ...preRegistrationRoots], (doc) => ({
    loaded: doc !== undefined,
    cases: doc === undefined ? [] : readCases(doc).records,
    preRegistrations: doc === undefined ? [] : readPreRegistrations(doc).records,
  }));
  const codes = createMemo(() => shownCodes(index().cases));
  const visit = createMemo(() => visitToSignUpTo(plan().visits, engine.today()));
  return {
    ready: () => plan().loaded && (school()?.schoolRoom === undefined || index().loaded),
    head: () => plan().head,
    takesSignUps: () => {
      const head = plan().head;
      return head === null || takesSignUps(head);
    },
    visits: () => plan().visits,
    cases: () => index().cases,
    preRegistrations: () => index().preRegistrations,
    visit,
    queue: (of) => queueOf(of, { visits: plan().visits, preRegistrations: index().preRegistrations, today: engine.today() }),
    code(caseId, otherwise) {
      const shown = codes().get(caseId);
      if (shown !== undefined) return shown;
      return otherwise === undefined ? null : { colour: otherwise.colour, number: otherwise.number, label: codeLabel(otherwise) };
    },
  };
}
