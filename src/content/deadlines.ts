import { type LawReference, lawReferences } from "./law.ts";

/** A stretch of a deadline; months are calendar months, see `addMonths`. */
export type Span = { readonly days: number } | { readonly months: number };

/**
 * The day that a deadline counts from: when barnevernstjenesten received the report, or when it finished the investigation. Where the day of receipt
 * is not known, the day the report was sent stands in for it, and whoever shows the date says so.
 */
export type CountedFrom = "received" | "closed";

/** How a duty without a date is put: there is none to show, and none is made up. */
export const undatedReasons = ["withoutUndueDelay", "whileAvertible", "withTheDecision"] as const;
export type UndatedReason = (typeof undatedReasons)[number];

/** Where it stands, since when, and when that was looked up, is in `law`. */
type LegalDuty = { readonly law: readonly LawReference[]; readonly binds: "school" | "childWelfare" };

/** One span after the other: «(received + 7 days) + 3 months». `specialSpans` where the law lets special cases take longer. */
export type DatedDeadline = LegalDuty & {
  readonly countsFrom: CountedFrom;
  readonly spans: readonly Span[];
  readonly specialSpans?: readonly Span[];
};
export type UndatedDeadline = LegalDuty & { readonly undated: UndatedReason };
export type Deadline = DatedDeadline | UndatedDeadline;

/** The deadlines that the law sets for a report of concern; we only remind, and the statutory clock is the child welfare service's own. */
export const deadlines = {
  /** Opplæringslova § 24-3 and barnevernsloven § 13-2: each employee's own duty. */
  dutyToReport: { law: lawReferences.dutyToReport, binds: "school", undated: "withoutUndueDelay" },
  /** Straffeloven § 196. */
  dutyToAvert: { law: lawReferences.dutyToAvert, binds: "school", undated: "whileAvertible" },
  reportScreening: { law: lawReferences.reportScreening, binds: "childWelfare", countsFrom: "received", spans: [{ days: 7 }] },
  reporterFeedback: { law: lawReferences.reporterFeedback, binds: "childWelfare", countsFrom: "received", spans: [{ days: 21 }] },
  investigation: {
    law: lawReferences.investigation,
    binds: "childWelfare",
    countsFrom: "received",
    spans: [{ days: 7 }, { months: 3 }],
    specialSpans: [{ days: 7 }, { months: 6 }],
  },
  reporterFeedbackAfterInvestigation: {
    law: lawReferences.reporterFeedbackAfterInvestigation,
    binds: "childWelfare",
    countsFrom: "closed",
    spans: [{ days: 21 }],
  },
  measuresPlan: { law: lawReferences.measuresPlan, binds: "childWelfare", undated: "withTheDecision" },
} as const satisfies Record<string, Deadline>;
export type DeadlineId = keyof typeof deadlines;
export const deadlineIds = Object.keys(deadlines) as [DeadlineId, ...DeadlineId[]];
