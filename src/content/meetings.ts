/**
 * The meetings that a school and the child welfare service hold together, and what stands on the agenda of each when nobody has made another.
 * The standing items of the start-up meeting are the project's; the others have what such a meeting cannot do without, and a service
 * or a school makes them its own. None of it is law.
 *
 * The words are in the text section `meetings`, by id. An id is never renamed or reused: meetings hold it. Items that change are a new `version`.
 */

/** About one child, and what a step of a routine can be. */
export const caseMeetings = ["startupMeeting", "cooperationMeeting", "closingMeeting", "handoverMeeting", "threeWayTalk"] as const;
/** Without a case of their own. */
const otherMeetings = ["fixedMeeting", "professionalMeeting", "informationMeeting"] as const;
/** Another body's, as a rule: there when a service has switched them on. */
export const adjacentMeetings = ["responsibilityGroup", "multidisciplinaryTeam", "schoolTransferMeeting", "familyCouncil"] as const;
export const meetingTypes = [...caseMeetings, ...otherMeetings, ...adjacentMeetings] as const;
export type MeetingType = (typeof meetingTypes)[number];
export type AdjacentMeeting = (typeof adjacentMeetings)[number];

/** Whose side one is on: also who an action item is for, when it is for no one role. */
export const meetingSides = ["school", "guardians", "childWelfare", "others"] as const;
export type MeetingSide = (typeof meetingSides)[number];

/** Who takes part, in the order they are offered, with their side. */
export const participantRoles = [
  "guardian",
  "otherGuardian",
  "youngPerson",
  "contactTeacher",
  "socialTeacher",
  "principal",
  "consultant",
  "contactPerson",
  "schoolNurse",
  "ppt",
  "afterSchool",
  "environmentTherapist",
  "counsellor",
  "supportPerson",
  "relative",
  "interpreter",
  "other",
] as const;
export type ParticipantRole = (typeof participantRoles)[number];

export const sideOfRole: Readonly<Record<ParticipantRole, MeetingSide>> = {
  guardian: "guardians",
  otherGuardian: "guardians",
  youngPerson: "others",
  contactTeacher: "school",
  socialTeacher: "school",
  principal: "school",
  consultant: "childWelfare",
  contactPerson: "childWelfare",
  schoolNurse: "others",
  ppt: "others",
  afterSchool: "school",
  environmentTherapist: "school",
  counsellor: "school",
  supportPerson: "others",
  relative: "guardians",
  interpreter: "others",
  other: "others",
};

/** Who can lead a meeting or write its minutes: those who are there for their work. */
export const leadingRoles = [
  "consultant",
  "contactPerson",
  "socialTeacher",
  "contactTeacher",
  "principal",
  "schoolNurse",
  "ppt",
  "counsellor",
  "other",
] as const satisfies readonly ParticipantRole[];
export type LeadingRole = (typeof leadingRoles)[number];

/** Who opens an item of the agenda. */
export const itemOwners = ["chair", "everyone", "guardians", "consultant", "contactPerson", "contactTeacher", "socialTeacher", "principal", "schoolNurse", "ppt"] as const;
export type ItemOwner = (typeof itemOwners)[number];

export type ShippedItem = {
  readonly id: string;
  readonly minutes: number;
  readonly owner: ItemOwner;
  /** The parents are heard in it: left out where violence or abuse is suspected. */
  readonly involvesParents: boolean;
};

export type ShippedAgenda = {
  readonly version: number;
  readonly participants: readonly ParticipantRole[];
  readonly items: readonly ShippedItem[];
};

const frames = (minutes: number) => ({ id: "purposeAndFrames", minutes, owner: "chair", involvesParents: false }) as const;
const agreement = (minutes: number) => ({ id: "agreement", minutes, owner: "chair", involvesParents: false }) as const;
const parentsView = (minutes: number) => ({ id: "parentsView", minutes, owner: "guardians", involvesParents: true }) as const;
const schoolsView = (minutes: number) => ({ id: "schoolsView", minutes, owner: "contactTeacher", involvesParents: false }) as const;
const sinceLast = (minutes: number) => ({ id: "sinceLast", minutes, owner: "everyone", involvesParents: false }) as const;
const wayForward = (minutes: number) => ({ id: "wayForward", minutes, owner: "everyone", involvesParents: false }) as const;

export const shippedAgendas = {
  startupMeeting: {
    version: 1,
    participants: ["guardian", "otherGuardian", "contactTeacher", "socialTeacher", "consultant", "contactPerson"],
    items: [
      frames(5),
      { id: "goThroughReport", minutes: 10, owner: "consultant", involvesParents: false },
      parentsView(15),
      schoolsView(10),
      { id: "expectations", minutes: 10, owner: "everyone", involvesParents: false },
      { id: "concernLevel", minutes: 5, owner: "consultant", involvesParents: false },
      agreement(5),
    ],
  },
  cooperationMeeting: {
    version: 1,
    participants: ["guardian", "otherGuardian", "contactTeacher", "socialTeacher", "contactPerson"],
    items: [frames(5), sinceLast(15), parentsView(15), schoolsView(10), wayForward(10), agreement(5)],
  },
  closingMeeting: {
    version: 1,
    participants: ["guardian", "otherGuardian", "contactTeacher", "socialTeacher", "contactPerson"],
    items: [
      frames(5),
      { id: "whatInvestigationShowed", minutes: 10, owner: "contactPerson", involvesParents: false },
      parentsView(10),
      schoolsView(10),
      wayForward(5),
      agreement(5),
    ],
  },
  handoverMeeting: {
    version: 1,
    participants: ["guardian", "otherGuardian", "socialTeacher", "consultant", "contactPerson"],
    items: [
      frames(5),
      { id: "whereWeStand", minutes: 10, owner: "contactPerson", involvesParents: false },
      { id: "whoIsContactPerson", minutes: 5, owner: "contactPerson", involvesParents: false },
      parentsView(5),
      { id: "responsibilities", minutes: 15, owner: "everyone", involvesParents: false },
      agreement(5),
    ],
  },
  threeWayTalk: {
    version: 1,
    participants: ["guardian", "otherGuardian", "contactTeacher", "consultant"],
    items: [frames(5), parentsView(15), schoolsView(10), wayForward(10), agreement(5)],
  },
  fixedMeeting: {
    version: 1,
    participants: ["socialTeacher", "consultant"],
    items: [sinceLast(10), { id: "schoolsMatters", minutes: 15, owner: "socialTeacher", involvesParents: false }, agreement(5)],
  },
  professionalMeeting: {
    version: 1,
    participants: ["socialTeacher", "consultant"],
    items: [frames(5), { id: "topic", minutes: 45, owner: "everyone", involvesParents: false }, agreement(10)],
  },
  informationMeeting: {
    version: 1,
    participants: ["consultant"],
    items: [
      { id: "howWeWork", minutes: 20, owner: "consultant", involvesParents: false },
      { id: "questions", minutes: 20, owner: "everyone", involvesParents: false },
      agreement(5),
    ],
  },
  responsibilityGroup: {
    version: 1,
    participants: ["guardian", "otherGuardian", "contactTeacher", "socialTeacher", "contactPerson"],
    items: [frames(5), sinceLast(15), parentsView(10), wayForward(20), agreement(10)],
  },
  multidisciplinaryTeam: {
    version: 1,
    participants: ["socialTeacher", "principal", "schoolNurse", "ppt", "consultant"],
    items: [frames(5), { id: "schoolsMatters", minutes: 45, owner: "socialTeacher", involvesParents: false }, agreement(10)],
  },
  schoolTransferMeeting: {
    version: 1,
    participants: ["guardian", "otherGuardian", "contactTeacher", "socialTeacher"],
    items: [frames(5), parentsView(10), schoolsView(10), { id: "whatNewSchoolNeeds", minutes: 15, owner: "everyone", involvesParents: false }, agreement(5)],
  },
  familyCouncil: {
    version: 1,
    participants: ["guardian", "otherGuardian", "relative", "contactPerson"],
    items: [frames(10), { id: "familysQuestions", minutes: 40, owner: "guardians", involvesParents: true }, agreement(10)],
  },
} as const satisfies Record<MeetingType, ShippedAgenda>;

/** An item that we ship: its words are ours until somebody writes others. */
export type ShippedItemId = (typeof shippedAgendas)[MeetingType]["items"][number]["id"];

/** Who asks for the interpreter: as a rule the body that calls the meeting. */
export const interpreterBookers = ["childWelfare", "school", "others"] as const;

/** Why there is none though one is needed. */
export const interpreterRefusals = ["familyDeclines", "noneToGet", "other"] as const;

/** Who consents, or waives confidentiality. */
export const consentGivers = ["guardian", "otherGuardian", "youngPerson"] as const;
export type ConsentGiver = (typeof consentGivers)[number];
/** A consent is to a measure or a meeting, a waiver lets information be shared: never one for the other. */
export const consentKinds = ["waiver", "consent"] as const;
export const consentForms = ["written", "oral"] as const;
export type ConsentForm = (typeof consentForms)[number];
/** Who obtained it. Where violence is suspected only the child welfare service does, in its own first talks. */
export const consentObtainers = ["school", "childWelfare"] as const;

/** Why a meeting was not held; the first three are those that the project met. */
export const notHeldReasons = ["capacity", "timeLimit", "noConsent", "other"] as const;
export type NotHeldReason = (typeof notHeldReasons)[number];

/** Why no next meeting is dated. */
export const noNextReasons = ["lastMeeting", "dateComesLater", "othersCall", "other"] as const;
export type NoNextReason = (typeof noNextReasons)[number];

/** Why approved minutes are corrected, and why what was written later is not taken in. */
export const correctionReasons = ["writtenOffline", "mistake", "missing", "askedFor"] as const;
export const declineReasons = ["notSaid", "notAgreed", "alreadyThere", "other"] as const;
