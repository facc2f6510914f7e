import { useNavigate } from "@solidjs/router";
import type { CancelReason, MoveReason, PostponeReason } from "../../content/choices.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { dateOf, type IsoDate, minutesOf, timeFromMinutes, timeOf, type TimeOfDay } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { DialogId } from "../ids.ts";
import { givePostponeReason, postponePreRegistration, undoPostpone } from "../pre-registration/document.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import { changeSchool } from "../space/document.ts";
import type { SchoolHead } from "../space/schema.ts";
import { useShell } from "../space/shell.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import {
  addExtraVisit,
  cancelVisit,
  closeVisit,
  endDialog,
  moveVisit,
  removeDialog,
  removeExtraVisit,
  reopenVisit,
  startDialog,
  startVisit,
  undoCancelVisit,
  undoEndDialog,
  undoMoveVisit,
  undoStartVisit,
} from "./document.ts";
import { visitIdOf } from "./rules.ts";
import type { Dialog, Visit } from "./schema.ts";

export function visitPath(schoolId: string, visitId: string): string {
  return `/besok/${schoolId}/${visitId}`;
}

/** What a person can do to a visit: each is saved at once, and what can be undone offers it. All give whether it is on disk. */
export type VisitActions = {
  /** Opens the door and goes to the visit. */
  start(school: SchoolHandle, visit: Visit): Promise<boolean>;
  /** A visit outside the plan, from now on, as long as the school's usual one. */
  startExtra(school: SchoolHandle, head: SchoolHead | null): Promise<boolean>;
  /** @param note the consultant's own line for the next visit */
  close(school: SchoolHandle, visit: Visit, note: string): Promise<boolean>;
  reopen(school: SchoolHandle, visit: Visit): Promise<boolean>;
  move(school: SchoolHandle, visit: Visit, to: { date: IsoDate; from: TimeOfDay; to: TimeOfDay }, reason: MoveReason): Promise<boolean>;
  cancel(school: SchoolHandle, visit: Visit, reason: CancelReason): Promise<boolean>;
  holdAnyway(school: SchoolHandle, visit: Visit): Promise<boolean>;
  startDialog(school: SchoolHandle, visit: Visit): Promise<boolean>;
  endDialog(school: SchoolHandle, dialog: Dialog): Promise<boolean>;
  /** Ends it because something else has begun: there is nothing to undo. */
  leaveDialog(school: SchoolHandle, dialog: Dialog): Promise<boolean>;
  postpone(school: SchoolHandle, one: PreRegistration, from: Visit, to: Visit, label: string): Promise<boolean>;
  explainPostponing(school: SchoolHandle, one: PreRegistration, reason: PostponeReason): Promise<boolean>;
};

/** An extra visit at a school whose usual length is not known here. */
const usualMinutes = 120;

export function createVisitActions(): VisitActions {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const navigate = useNavigate();

  const editPlan = (school: SchoolHandle, change: Parameters<SchoolHandle["planRoom"]["edit"]>[1]) =>
    engine.run(() => school.planRoom.edit([indexDocId], change));
  const editSchool = (school: SchoolHandle, change: Parameters<SchoolHandle["planRoom"]["edit"]>[1]) =>
    engine.run(async () => school.schoolRoom?.edit([indexDocId], change));
  const offer = (message: string, undo: () => void) => shell.undo.offer({ message, undo });
  const backHome = () => navigate("/");

  return {
    async start(school, { id }) {
      const at = engine.moment();
      if (!(await editPlan(school, (plan) => startVisit(plan, id, at)))) return false;
      navigate(visitPath(school.schoolId, id));
      offer(text("visits.toast.started", { school: school.name, time: format.time(timeOf(at)) }), () => {
        backHome();
        void editPlan(school, (plan) => undoStartVisit(plan, id));
      });
      return true;
    },
    async startExtra(school, head) {
      const at = engine.moment();
      const minutes = head === null ? usualMinutes : minutesOf(head.to) - minutesOf(head.from);
      const id = visitIdOf(school.schoolId, dateOf(at), engine.newId());
      const from = timeOf(at);
      const saved = await editPlan(school, (plan) => {
        addExtraVisit(plan, { id, date: dateOf(at), from, to: timeFromMinutes(minutesOf(from) + minutes) });
        startVisit(plan, id, at);
      });
      if (!saved) return false;
      navigate(visitPath(school.schoolId, id));
      offer(text("visits.toast.started", { school: school.name, time: format.time(from) }), () => {
        backHome();
        void editPlan(school, (plan) => {
          undoStartVisit(plan, id);
          removeExtraVisit(plan, id);
        });
      });
      return true;
    },
    async close(school, { id }, note) {
      const at = engine.moment();
      if (!(await editPlan(school, (plan) => closeVisit(plan, id, at)))) return false;
      const service = workspace.serviceRoom();
      const nextTimeNote = note.trim() === "" ? undefined : note.trim();
      if (service !== undefined) {
        const noted = await engine.run(() => service.edit([indexDocId], (index) => changeSchool(index, school.schoolId, { nextTimeNote })));
        if (!noted) return false;
      }
      backHome();
      offer(text("visits.toast.closed", { school: school.name, time: format.time(timeOf(at)) }), () => {
        navigate(visitPath(school.schoolId, id));
        void editPlan(school, (plan) => reopenVisit(plan, id));
      });
      return true;
    },
    reopen: (school, { id }) => editPlan(school, (plan) => reopenVisit(plan, id)),
    async move(school, visit, to, reason) {
      const { id, date, from, to: until, moveReason } = visit;
      if (!(await editPlan(school, (plan) => moveVisit(plan, id, { ...to, reason })))) return false;
      offer(text("visits.toast.moved", { school: school.name, date: format.date(to.date) }), () => {
        void editPlan(school, (plan) => {
          if (moveReason === undefined) undoMoveVisit(plan, id);
          else moveVisit(plan, id, { date, from, to: until, reason: moveReason });
        });
      });
      return true;
    },
    async cancel(school, { id, date }, reason) {
      const at = engine.moment();
      if (!(await editPlan(school, (plan) => cancelVisit(plan, id, reason, at)))) return false;
      offer(text("visits.toast.cancelled", { school: school.name, date: format.date(date) }), () => {
        void editPlan(school, (plan) => undoCancelVisit(plan, id));
      });
      return true;
    },
    holdAnyway: (school, { id }) => editPlan(school, (plan) => undoCancelVisit(plan, id)),
    async startDialog(school, visit) {
      const at = engine.moment();
      const id = DialogId.parse(engine.newId());
      if (!(await editPlan(school, (plan) => startDialog(plan, { id, visitId: visit.id }, at)))) return false;
      offer(text("visits.toast.dialogStarted", { time: format.time(timeOf(at)) }), () => void editPlan(school, (plan) => removeDialog(plan, id)));
      return true;
    },
    async endDialog(school, { id }) {
      const at = engine.moment();
      if (!(await editPlan(school, (plan) => endDialog(plan, id, at)))) return false;
      offer(text("visits.toast.dialogEnded", { time: format.time(timeOf(at)) }), () => void editPlan(school, (plan) => undoEndDialog(plan, id)));
      return true;
    },
    leaveDialog: (school, { id }) => editPlan(school, (plan) => endDialog(plan, id, engine.moment())),
    async postpone(school, one, from, to, label) {
      const at = engine.moment();
      const before = structuredClone(one);
      const target = { from: from.id, visitId: to.id, reason: undefined };
      if (!(await editSchool(school, (index) => postponePreRegistration(index, one.id, target, at)))) return false;
      offer(text("visits.toast.postponed", { code: label, date: format.date(to.date, "day") }), () => {
        void editSchool(school, (index) => undoPostpone(index, before));
      });
      return true;
    },
    explainPostponing: (school, one, reason) => editSchool(school, (index) => givePostponeReason(index, one.id, reason)),
  };
}
