import type { DraftStore } from "../../engine/storage/draft-store.ts";
import type { CaseId, VisitId } from "../ids.ts";
import { OpenForm } from "./open-form-schema.ts";
import type { ConsultationForm } from "./schema.ts";

export type UnfinishedForm = { readonly form: ConsultationForm; readonly savedAt: number };

/** A drøfting that is open at a visit, as its draft is called on this device. */
export function draftIdOf(visitId: VisitId, caseId: CaseId): string {
  return `consultation/${visitId}/${caseId}`;
}

/** The drøftinger of a visit that were begun on this device and not saved, the latest first. */
export async function loadUnfinished(drafts: Pick<DraftStore, "list" | "load">, visitId: VisitId): Promise<UnfinishedForm[]> {
  const found: UnfinishedForm[] = [];
  for (const { draftId, savedAt } of await drafts.list()) {
    if (!draftId.startsWith(`consultation/${visitId}/`)) continue;
    const parsed = OpenForm.safeParse(await drafts.load(draftId));
    if (parsed.success) found.push({ form: parsed.data.form, savedAt });
  }
  return found.reverse();
}
