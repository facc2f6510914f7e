/**
 * The four routines as far as the prose of the project's report gives them: its own lists of steps were pictures, which we do not have. What the
 * prose leaves out is left out here too (`who` is empty, no `meeting`, no `deadline`), and stands on screen as «står ikke i rutinen».
 *
 * The words are in the text sections `routines.step` and `routines.stepNote`, by the step's id. An id is never renamed or reused, and its words never get another meaning:
 * running cases hold it. Steps that change are a new `version`.
 */
import type { DeadlineId } from "./deadlines.ts";
import { caseMeetings } from "./meetings.ts";

/** A to D. B is never named by its cause in a list: «egen framgangsmåte». */
export const routineIds = ["concernReport", "ownProcedure", "newReport", "handover"] as const;
export type RoutineId = (typeof routineIds)[number];

/** Who a step is for. `contactPerson` is the one at barnevernstjenesten. */
export const stepActors = ["school", "socialTeacher", "contactTeacher", "principal", "schoolNurse", "consultant", "childWelfare", "contactPerson", "ppt"] as const;
export type StepActor = (typeof stepActors)[number];

/** The meetings that a step of a routine can be. */
export const stepMeetings = caseMeetings;
export type StepMeeting = (typeof stepMeetings)[number];

export type ShippedStep = {
  readonly id: string;
  /** Empty: the prose does not say. */
  readonly who: readonly StepActor[];
  readonly meeting?: StepMeeting;
  readonly deadline?: DeadlineId;
  /** Leads the school to the parents: taken out where violence or abuse is suspected. Every meeting with the parents is one. */
  readonly involvesParents: boolean;
};
export type ShippedRoutine = { readonly version: number; readonly steps: readonly ShippedStep[] };

export const shippedRoutines = {
  concernReport: {
    version: 1,
    steps: [
      { id: "parentTalk", who: ["school"], involvesParents: true },
      { id: "reportSent", who: ["school"], deadline: "dutyToReport", involvesParents: false },
      { id: "reportReviewed", who: ["childWelfare"], deadline: "reportScreening", involvesParents: false },
      { id: "startupMeeting", who: [], meeting: "startupMeeting", involvesParents: true },
      { id: "cooperation", who: [], involvesParents: false },
      { id: "closingMeeting", who: [], meeting: "closingMeeting", involvesParents: true },
    ],
  },
  ownProcedure: {
    version: 1,
    steps: [
      // Barnevernstjenesten's own, before the school is brought in: they lead nobody at the school to the parents.
      { id: "firstTalks", who: ["childWelfare"], involvesParents: false },
      { id: "consentObtained", who: ["contactPerson"], involvesParents: false },
      { id: "schoolBroughtIn", who: [], involvesParents: false },
      { id: "cooperationMeetingSoon", who: [], meeting: "cooperationMeeting", involvesParents: false },
    ],
  },
  newReport: {
    version: 1,
    steps: [
      { id: "waySettled", who: ["childWelfare"], deadline: "reportScreening", involvesParents: false },
      { id: "measuresLinked", who: [], involvesParents: false },
      { id: "cooperationMeeting", who: [], meeting: "cooperationMeeting", involvesParents: true },
    ],
  },
  handover: {
    version: 1,
    steps: [
      { id: "nextMeetingDated", who: [], involvesParents: false },
      { id: "handoverMeeting", who: [], meeting: "handoverMeeting", involvesParents: true },
      { id: "contactPersonKnown", who: [], involvesParents: false },
      { id: "responsibilitiesShared", who: [], involvesParents: false },
    ],
  },
} as const satisfies Record<RoutineId, ShippedRoutine>;

/** A step that we ship: its words are ours until somebody writes others. */
export type ShippedStepId = (typeof shippedRoutines)[RoutineId]["steps"][number]["id"];

/** Those of them that the prose says something more of: in the text section `routines.stepNote`. */
export const notedSteps = [
  "parentTalk",
  "startupMeeting",
  "cooperation",
  "closingMeeting",
  "firstTalks",
  "consentObtained",
  "schoolBroughtIn",
  "cooperationMeetingSoon",
  "waySettled",
  "nextMeetingDated",
] as const satisfies readonly ShippedStepId[];

/**
 * Where a case can go on from a routine. The prose has the end of an investigation (to D), a new investigation in an active case (C to A) and violence
 * (to B); that violence can come to light at any point is ours, and safer. What was open stays open only where `keepsOpenSteps`: the closing meeting of an
 * investigation can still be ahead when the handover begins, while B and a new investigation start afresh.
 */
export const handovers = [
  { from: "concernReport", to: "handover", keepsOpenSteps: true },
  { from: "concernReport", to: "ownProcedure", keepsOpenSteps: false },
  { from: "newReport", to: "concernReport", keepsOpenSteps: false },
  { from: "newReport", to: "ownProcedure", keepsOpenSteps: false },
  { from: "ownProcedure", to: "handover", keepsOpenSteps: true },
  { from: "handover", to: "ownProcedure", keepsOpenSteps: true },
] as const satisfies readonly { from: RoutineId; to: RoutineId; keepsOpenSteps: boolean }[];

/** What the review of a report came to. */
export const screeningOutcomes = ["investigation", "inActiveCase", "dismissed"] as const;
export type ScreeningOutcome = (typeof screeningOutcomes)[number];

/** Why a step is left out; the first three are those that the project met. */
export const skipReasons = ["capacity", "timeLimit", "noConsent", "notRelevant", "other"] as const;
export type SkipReason = (typeof skipReasons)[number];

/** The three clocks of the school, in order. */
export const schoolClocks = ["reportSent", "reporterFeedback", "reporterFeedbackAfterInvestigation"] as const;
export type SchoolClock = (typeof schoolClocks)[number];
