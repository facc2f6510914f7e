/**
 * Visits lie in the index of a school's plan room, which the principal reads too: so there is nothing of any case in it, and no counts.
 * `visits` is flat (see records.ts): the ids are made of school and day, and two devices may make the same ones. `dialogs` is nested.
 */
import type * as Y from "yjs";
import type { CancelReason, MoveReason } from "../../content/choices.ts";
import type { DateRange, IsoDate, Moment, TimeOfDay } from "../../lib/iso-date.ts";
import type { SchoolYear } from "../../lib/school-year.ts";
import type { DialogId, VisitId } from "../ids.ts";
import { addRecord, readFlatRecords, readRecords, type Records, setFields, setFlatFields } from "../records.ts";
import type { SchoolHead } from "../space/schema.ts";
import { planChanges } from "./rules.ts";
import { Dialog, Visit } from "./schema.ts";

export const visitRoots = ["visits", "dialogs"] as const;

export function readVisits(plan: Y.Doc): Records<Visit> {
  return readFlatRecords(plan.getMap("visits"), Visit);
}

export function readDialogs(plan: Y.Doc): Records<Dialog> {
  return readRecords(plan.getMap("dialogs"), Dialog);
}

/** Makes the plan from `today` on what the rhythm gives. Writes nothing when it is that already. Again after a change of rhythm or holidays. */
export function planVisits(plan: Y.Doc, head: SchoolHead, year: { schoolYear: SchoolYear; holidays: readonly DateRange[]; today: IsoDate }): void {
  for (const { id, fields } of planChanges(head, readVisits(plan).records, year)) setFlatFields(plan.getMap("visits"), id, fields);
}

/** A visit outside the rhythm. @param visit its id from `visitIdOf` with a random part */
export function addExtraVisit(plan: Y.Doc, visit: Pick<Visit, "id" | "date" | "from" | "to">): void {
  setFlatFields(plan.getMap("visits"), visit.id, { plannedOn: visit.date, plannedFrom: visit.from, plannedTo: visit.to });
}

/** Takes an extra visit away again, as if it had not been added. */
export function removeExtraVisit(plan: Y.Doc, id: VisitId): void {
  setFlatFields(plan.getMap("visits"), id, { plannedOn: undefined, plannedFrom: undefined, plannedTo: undefined });
}

/** To another day or another time. Sign-ups follow: they point to the visit, not to the day. */
export function moveVisit(plan: Y.Doc, id: VisitId, to: { date: IsoDate; from: TimeOfDay; to: TimeOfDay; reason: MoveReason }): void {
  setFlatFields(plan.getMap("visits"), id, { movedTo: to });
}

/** Back to what the plan gives. */
export function undoMoveVisit(plan: Y.Doc, id: VisitId): void {
  setFlatFields(plan.getMap("visits"), id, { movedTo: undefined });
}

export function cancelVisit(plan: Y.Doc, id: VisitId, reason: CancelReason, now: Moment): void {
  setFlatFields(plan.getMap("visits"), id, { cancelReason: reason, cancelledAt: now });
}

export function undoCancelVisit(plan: Y.Doc, id: VisitId): void {
  setFlatFields(plan.getMap("visits"), id, { cancelReason: undefined, cancelledAt: undefined });
}

/** The first start counts: a colleague who presses it again changes nothing. */
export function startVisit(plan: Y.Doc, id: VisitId, now: Moment): void {
  if (!plan.getMap("visits").has(`${id}/startedAt`)) setFlatFields(plan.getMap("visits"), id, { startedAt: now });
}

export function undoStartVisit(plan: Y.Doc, id: VisitId): void {
  setFlatFields(plan.getMap("visits"), id, { startedAt: undefined });
}

export function closeVisit(plan: Y.Doc, id: VisitId, now: Moment): void {
  setFlatFields(plan.getMap("visits"), id, { closedAt: now });
}

export function reopenVisit(plan: Y.Doc, id: VisitId): void {
  setFlatFields(plan.getMap("visits"), id, { closedAt: undefined });
}

export function startDialog(plan: Y.Doc, dialog: { id: DialogId; visitId: VisitId }, now: Moment): void {
  addRecord(plan.getMap("dialogs"), dialog.id, { visitId: dialog.visitId, startedAt: now });
}

export function endDialog(plan: Y.Doc, id: DialogId, now: Moment): void {
  setFields(plan.getMap("dialogs"), id, { endedAt: now });
}

/** A dialog written down afterwards. */
export function logDialog(plan: Y.Doc, dialog: Required<Dialog>): void {
  addRecord(plan.getMap("dialogs"), dialog.id, dialog);
}

export function undoEndDialog(plan: Y.Doc, id: DialogId): void {
  setFields(plan.getMap("dialogs"), id, { endedAt: undefined });
}

export function removeDialog(plan: Y.Doc, id: DialogId): void {
  plan.getMap("dialogs").delete(id);
}
