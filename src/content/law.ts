import type { IsoDate } from "../lib/iso-date.ts";

/** A rule we remind of: where it stands, since when, and when a person last looked. Shown as «gjelder per …». */
export type LawReference = {
  /** As it is cited. */
  readonly section: string;
  readonly act: "barnevernsloven" | "opplaeringslova" | "straffeloven";
  readonly validFrom: IsoDate;
  readonly checkedAt: IsoDate;
};

const checkedAt = "2026-11-22";
// Valid from: when the act as a whole came into force.
const barnevernsloven = { act: "barnevernsloven", validFrom: "2023-01-01", checkedAt } as const;
const opplaeringslova = { act: "opplaeringslova", validFrom: "2024-08-01", checkedAt } as const;
const straffeloven = { act: "straffeloven", validFrom: "2015-10-01", checkedAt } as const;

/** By what it is about; some rules stand in two acts. */
export const lawReferences = {
  /** The duty to report: without undue delay, and each employee's own. */
  dutyToReport: [
    { ...opplaeringslova, section: "opplæringslova § 24-3" },
    { ...barnevernsloven, section: "barnevernsloven § 13-2" },
  ],
  /** The duty to avert serious crime, while it can still be averted. */
  dutyToAvert: [{ ...straffeloven, section: "straffeloven § 196" }],
  /** A report is gone through within a week of being received. */
  reportScreening: [{ ...barnevernsloven, section: "barnevernsloven § 2-1" }],
  /** The reporter is told within three weeks that the report has been received. */
  reporterFeedback: [{ ...barnevernsloven, section: "barnevernsloven § 13-3" }],
  /** An investigation is finished within three months after the week of the review has run out, six in special cases. */
  investigation: [{ ...barnevernsloven, section: "barnevernsloven § 2-2" }],
  /** A public reporter is told within three weeks after the investigation has been finished. */
  reporterFeedbackAfterInvestigation: [{ ...barnevernsloven, section: "barnevernsloven § 13-3 andre ledd" }],
  /** A plan for measures comes with the decision. */
  measuresPlan: [{ ...barnevernsloven, section: "barnevernsloven § 8-1" }],
  confidentialityDuty: [{ ...barnevernsloven, section: "barnevernsloven § 13-1" }],
  cooperation: [
    { ...barnevernsloven, section: "barnevernsloven § 15-8" },
    { ...opplaeringslova, section: "opplæringslova § 24-1" },
  ],
} as const satisfies Record<string, readonly LawReference[]>;
