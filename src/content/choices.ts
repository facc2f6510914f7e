/**
 * What can be chosen in the forms, as ids in the order they are shown. The words are in the text section `content`; an id is never renamed
 * or reused, because records hold it.
 */

/** Who brings a worry. */
export const staffRoles = [
  "contactTeacher",
  "subjectTeacher",
  "socialTeacher",
  "principal",
  "afterSchool",
  "schoolNurse",
  "environmentTherapist",
  "counsellor",
  "ppt",
  "other",
] as const;
export type StaffRole = (typeof staffRoles)[number];

/** The order on the sosiallærer's own phone, where she is one of the first herself; the first five stand before «Flere …». */
export const staffRolesForSignUp = [
  "contactTeacher",
  "subjectTeacher",
  "socialTeacher",
  "schoolNurse",
  "afterSchool",
  "principal",
  "environmentTherapist",
  "counsellor",
  "ppt",
  "other",
] as const satisfies readonly StaffRole[];

/** Bands, never a single grade: at a small school a grade is a child. */
export const gradeBands = ["grades1to4", "grades5to7", "grades8to10"] as const;
export type GradeBand = (typeof gradeBands)[number];

/** The second-level headings of Kunnskapsmodellen (Bufdir's open code list for child-welfare reporting), under its three first-level ones. */
export const themeGroups = [
  { id: "development", themes: ["health", "kindergartenAndSchool", "feelings", "friendsAndLeisure"] },
  { id: "parentalCare", themes: ["basicCare", "emotionalAvailability", "stimulation", "protection"] },
  { id: "familyAndSurroundings", themes: ["familyRelations", "housingEconomyWork", "networkAndIntegration"] },
] as const;
export type Theme = (typeof themeGroups)[number]["themes"][number];
export const themes = [...themeGroups[0].themes, ...themeGroups[1].themes, ...themeGroups[2].themes] as const satisfies readonly Theme[];

/** How long the worry has lasted. */
export const durations = ["days", "weeks", "months", "overAYear"] as const;

/** Is violence or abuse suspected? */
export const violenceAnswers = ["no", "unsure", "yes"] as const;
export type ViolenceAnswer = (typeof violenceAnswers)[number];

export const parentsInformedAnswers = ["yes", "no", "notKnown"] as const;

export const interpreterAnswers = ["no", "yes"] as const;

/** What the school has tried. */
export const triedMeasures = ["talkWithChild", "talkWithParents", "measuresInClass", "schoolNurse", "nothingYet"] as const;
export type TriedMeasure = (typeof triedMeasures)[number];

/** Is the duty to report triggered? `avert` is the duty to avert serious crime, straffeloven § 196. */
export const dutyAnswers = ["no", "unsure", "yes", "avert"] as const;
export type DutyAnswer = (typeof dutyAnswers)[number];

/** Who decides what happens now, when violence is suspected. */
export const deciders = ["childWelfare", "police", "schoolManagement", "settledByPhone"] as const;

/** Advice given: six points of national guidance, and three that the consultants give as often. */
export const adviceGiven = [
  "whenDutyApplies",
  "whetherToReport",
  "whatReportHolds",
  "howToSend",
  "whatHappensNext",
  "whatSchoolMayKnow",
  "talkWithParents",
  "talkWithChild",
  "wordingOfReport",
] as const;
/** Advice given when violence is suspected. */
export const guardAdviceGiven = [
  "reportWithoutDelay",
  "keepChildsWords",
  "doNotQuestionChild",
  "whatReportHolds",
  "howToSend",
  "whoChildIsWithToday",
] as const;
export type Advice = (typeof adviceGiven)[number] | (typeof guardAdviceGiven)[number];

/** What the school wants out of the talk. */
export const wishes = ["adviceOnWayForward", "isThisAReport", "talkWithParents", "talkWithChild"] as const;

/** Of these the last two make no sign-up: nothing of the kind may wait for a visit. */
export const urgencies = ["canWait", "wantsFirst", "urgent", "violence"] as const;
export type Urgency = (typeof urgencies)[number];

export const arrangements = ["openDoorSignUp", "openDoorDropIn", "fixedArena"] as const;

/** The meeting of the school's own that the consultant joins. */
export const arenas = ["pupilHalfHour", "gradeMeeting", "pupilCaseDiscussion", "resourceTeam", "sharedTime"] as const;

export const rhythms = ["weekly", "everySecondWeek", "everyThirdWeek", "monthly"] as const;
export type Rhythm = (typeof rhythms)[number];

/** ISO weekdays a visit can be on. */
export const visitWeekdays = [1, 2, 3, 4, 5] as const;

export const moveReasons = ["consultantIll", "schoolBusy", "urgentCase", "noSignUps", "other"] as const;
export type MoveReason = (typeof moveReasons)[number];
export const cancelReasons = ["consultantIll", "schoolBusy", "urgentCase", "noSignUps", "other"] as const;
export type CancelReason = (typeof cancelReasons)[number];

export const postponeReasons = ["outOfTime", "staffLeft", "staffAbsent", "waitingForInformation", "other"] as const;
export type PostponeReason = (typeof postponeReasons)[number];

/** What a follow-up asks. */
export const followUpKinds = [
  "reportSent",
  "dutyClarified",
  "schoolCalled",
  "consultantCalls",
  "parentTalk",
  "threeWayTalk",
  "schoolMeasures",
  "contactMade",
  "discussAgain",
] as const;
export type FollowUpKind = (typeof followUpKinds)[number];

/** In the order of the buttons. */
export const followUpAnswers = ["yes", "notYet", "noLongerRelevant"] as const;
export type FollowUpAnswer = (typeof followUpAnswers)[number];

/** Why «ikke ennå» or «ikke aktuelt lenger». */
export const notYetReasons = ["noTime", "waitingForOthers", "personAbsent", "needAdvice", "other"] as const;
export type NotYetReason = (typeof notYetReasons)[number];
export const noLongerReasons = ["situationChanged", "othersTookOver", "dutyNotTriggered", "childMoved", "other"] as const;
