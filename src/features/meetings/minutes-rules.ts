import { diffArrays } from "diff/lib/diff/array.js";
import { changedSections, type MinutesContent, readContent, sectionsOf, type SectionKey, type SectionText, withSection } from "./minutes-content-schema.ts";
import type { Approval, Correction } from "./minutes-schema.ts";

const inTime = <One extends { readonly at: string; readonly id: string }>(records: readonly One[]): One[] =>
  Array.from(records).sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));

/** Approved minutes, and what has become of them. */
export type ApprovedMinutes = {
  /** The one that stands. */
  readonly approval: Approval;
  /** As it was approved. */
  readonly original: MinutesContent;
  /** Who has approved exactly this, the first first. */
  readonly approvers: readonly Pick<Approval, "at" | "by">[];
  /** Approved on another device at the same time, with other words: what differs is among the proposals. */
  readonly others: readonly Pick<Approval, "at" | "by">[];
  /** What was taken in and changed something, in time. */
  readonly corrections: readonly AcceptedCorrection[];
  /** The original with all corrections. */
  readonly corrected: MinutesContent;
};

/** @property before, after the whole minutes, without it and with it */
export type AcceptedCorrection = { readonly correction: Correction; readonly before: MinutesContent; readonly after: MinutesContent };

/**
 * @param filed the hash of what was filed, if anything was
 * @returns null while nobody has approved them. Of several with different words the first stands, unless one of the others has been filed or corrected:
 *   what people have gone on from is not changed under them by a device that comes late
 */
export function approvedMinutes(approvals: readonly Approval[], corrections: readonly Correction[], filed?: string): ApprovedMinutes | null {
  const readable = inTime(approvals).flatMap((approval) => {
    const original = readContent(approval.content);
    return original === null ? [] : [{ approval, original }];
  });
  const isGoneOnFrom = ({ hash }: Approval) => hash === filed || corrections.some((one) => one.hash === hash);
  const standing = readable.find(({ approval }) => isGoneOnFrom(approval)) ?? readable[0];
  if (standing === undefined) return null;
  const { hash } = standing.approval;
  let corrected = standing.original;
  const accepted: AcceptedCorrection[] = [];
  for (const correction of inTime(corrections)) {
    if (correction.hash !== hash || !correction.why.accepted) continue;
    const next = withSection(corrected, correction.section, correction.after);
    // The same proposal taken in on two devices is one correction, the first.
    if (next === null || sectionsOf(next).get(correction.section) === sectionsOf(corrected).get(correction.section)) continue;
    accepted.push({ correction, before: corrected, after: next });
    corrected = next;
  }
  return {
    ...standing,
    approvers: readable.filter((one) => one.approval.hash === hash).map(({ approval: { at, by } }) => ({ at, by })),
    others: readable.filter((one) => one.approval.hash !== hash).map(({ approval: { at, by } }) => ({ at, by })),
    corrections: accepted,
    corrected,
  };
}

/** A section that says something else in the documents than in the approved minutes: written later, or by a colleague who was offline. */
export type Proposal = { readonly section: SectionKey; readonly after: SectionText };

/**
 * What is proposed as corrections now. What was declined is not proposed again until somebody writes something else there.
 * @param live the minutes as they stand in the documents, made with the original's `ownProcedure`
 */
export function proposals({ approval, corrected }: Pick<ApprovedMinutes, "approval" | "corrected">, live: MinutesContent, corrections: readonly Correction[]): Proposal[] {
  const after = sectionsOf(live);
  const declined = new Map(
    inTime(corrections)
      .filter(({ hash }) => hash === approval.hash)
      .map(({ section, after: text, why }) => [section, why.accepted ? undefined : { text }]),
  );
  return changedSections(corrected, live).flatMap((section): Proposal[] => {
    const said = after.get(section);
    const last = declined.get(section);
    return last !== undefined && last.text === said ? [] : [{ section, after: said }];
  });
}

/** Lines that come in the place of others. */
export type LineChange = { readonly removed: readonly string[]; readonly added: readonly string[] };

/** What differs between two lists of lines. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  const changes: { removed: string[]; added: string[] }[] = [];
  let open: (typeof changes)[number] | null = null;
  for (const { added, removed, value } of diffArrays(Array.from(before), Array.from(after))) {
    if (!added && !removed) {
      open = null;
      continue;
    }
    if (open === null) changes.push((open = { removed: [], added: [] }));
    open[added ? "added" : "removed"].push(...value);
  }
  return changes;
}
