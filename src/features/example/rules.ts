import { type Advice, adviceGiven, durations, gradeBands, type StaffRole, staffRoles, themes, triedMeasures, wishes } from "../../content/choices.ts";
import { exampleNotes, exampleSchoolNames } from "../../content/example-names.ts";
import { documentId } from "../../engine/log/rights.ts";
import { createNewId, type NewId } from "../../lib/id.ts";
import {
  addDays,
  dateOf,
  type DateRange,
  daysBetween,
  type IsoDate,
  minutesOf,
  type Moment,
  momentAt,
  timeFromMinutes,
  weekdayOf,
} from "../../lib/iso-date.ts";
import { addWorkingDays, workingDayOnOrAfter } from "../../lib/norwegian-calendar.ts";
import { choose, chooseIndex, type Chance, seededChance } from "../../lib/random.ts";
import { schoolYearOf, schoolYearRange, type SchoolYear } from "../../lib/school-year.ts";
import { newCaseCode } from "../cases/rules.ts";
import type { CaseCode } from "../cases/schema.ts";
import type { ConsultationDraft, ConsultationForm } from "../consultations/schema.ts";
import type { CaseId, VisitId } from "../ids.ts";
import { meetingDocumentId } from "../meetings/document.ts";
import type { PreRegistrationForm } from "../pre-registration/schema.ts";
import { proposedHolidays } from "../space/rules.ts";
import type { School } from "../space/schema.ts";
import { rhythmDates, slotMinutes, slotsOf, visitIdOf } from "../visits/rules.ts";
import { type ExampleMeeting, exampleMeetingsOf } from "./meetings-rules.ts";

/**
 * The example service: one school year of seven invented schools, the same on every run of the same day. Its totals are those of a real year
 * (report 000, §8): 68 cases through åpen dør, 19 through fixed arenas, and one school whose cases were not counted. More drøftinger than
 * cases: some came back.
 *
 * All drøftinger are before `now`. Early in a school year there are too few days for that, and visits of the spring before are taken as well.
 */
export type ExampleService = {
  readonly now: Moment;
  readonly schoolYear: SchoolYear;
  readonly schools: readonly ExampleSchool[];
};

export type ExampleSchool = {
  readonly school: School;
  /** By date; the ones the rhythm gives after today are not in it. */
  readonly visits: readonly ExampleVisit[];
  /** Signed up and not yet discussed. */
  readonly signUps: readonly ExampleSignUp[];
  readonly meetings: readonly ExampleMeeting[];
  /** Every document of the school room besides its index: those of its cases and of its meetings. */
  readonly documentIds: readonly string[];
  /** One drøfting «bare oss», in the service room. */
  readonly onlyUs: ExampleConsultation | null;
};

export type ExampleSignUp = {
  readonly form: PreRegistrationForm;
  readonly at: Moment;
  /** Put off from the visit of the form to this one. */
  readonly postponed?: { readonly to: VisitId; readonly at: Moment };
};

export type ExampleVisit = {
  readonly id: VisitId;
  readonly date: IsoDate;
  /** Not of this school year's rhythm: written as an extra visit. */
  readonly extra: boolean;
  /** Today's is still to be held. */
  readonly held: boolean;
  readonly consultations: readonly ExampleConsultation[];
  /** Faglig dialog, as times of day. */
  readonly dialog: { readonly from: string; readonly to: string } | null;
};

export type ExampleConsultation = {
  readonly form: ConsultationForm;
  readonly endedAt: Moment;
  /** Null for a walk-in. */
  readonly signUp: ExampleSignUp | null;
  /** What became of its follow-ups: answered in time, still open, or answered «ikke ennå» on the working day before today. */
  readonly followUps: "answered" | "open" | "notYet";
};

type SchoolPlan = Pick<School, "arrangement" | "rhythm" | "from" | "to"> &
  Partial<Pick<School, "arena">> & { readonly cases: number; readonly repeats: number; readonly firstWeek: number };

/** 20 + 18 + 17 + 13 = 68 through åpen dør, 11 + 8 = 19 through fixed arenas. */
const schoolPlans: readonly SchoolPlan[] = [
  { arrangement: "openDoorSignUp", rhythm: "everySecondWeek", from: "13:30", to: "15:30", cases: 20, repeats: 2, firstWeek: 0 },
  { arrangement: "openDoorSignUp", rhythm: "everySecondWeek", from: "13:30", to: "15:30", cases: 18, repeats: 2, firstWeek: 1 },
  { arrangement: "openDoorSignUp", rhythm: "everySecondWeek", from: "13:00", to: "15:00", cases: 17, repeats: 2, firstWeek: 0 },
  { arrangement: "openDoorDropIn", rhythm: "everyThirdWeek", from: "13:45", to: "15:45", cases: 13, repeats: 2, firstWeek: 0 },
  { arrangement: "fixedArena", arena: "pupilHalfHour", rhythm: "everyThirdWeek", from: "14:00", to: "15:30", cases: 11, repeats: 1, firstWeek: 1 },
  { arrangement: "fixedArena", arena: "gradeMeeting", rhythm: "everyThirdWeek", from: "14:00", to: "15:30", cases: 8, repeats: 1, firstWeek: 2 },
  { arrangement: "fixedArena", arena: "resourceTeam", rhythm: "everyThirdWeek", from: "14:00", to: "15:30", cases: 0, repeats: 0, firstWeek: 0 },
];

export function buildExampleService(now: Moment): ExampleService {
  const schoolYear = schoolYearOf(dateOf(now));
  return {
    now,
    schoolYear,
    schools: schoolPlans.map((plan, index) => buildSchool(plan, index, now, schoolYear)),
  };
}

function buildSchool(plan: SchoolPlan, index: number, now: Moment, schoolYear: SchoolYear): ExampleSchool {
  const today = dateOf(now);
  const chance = seededChance(4180 + index * 97);
  const newId = seededIds(chance);
  const isFirst = index === 0;
  const id = newId<"school">();
  const { weekday, startsOn } = isFirst ? rhythmThroughToday(today, schoolYear) : rhythmFrom(schoolYear, index, plan.firstWeek);
  const { cases, repeats, firstWeek: _, ...arrangement } = plan;
  const school: School = {
    id,
    name: exampleSchoolNames[index] ?? "",
    ...arrangement,
    weekday,
    startsOn,
    registersConsultations: cases > 0,
    ...(isFirst ? { nextTimeNote: exampleNotes.nextTime } : {}),
  };
  const slots = slotsOf(school).length;
  const past = pastDates(school, today, schoolYear, Math.ceil((cases + repeats) / slots));
  const counts = spread(chance, past.length, cases + repeats, slots);
  const maker = { school, index, chance, newId, today, used: [] as CaseCode[] };
  const held = fillVisits(maker, past, counts, cases, repeats);
  const visits: ExampleVisit[] = held.map(({ visit }) => visit);
  const all = held.flatMap(({ visit }) => visit.consultations);
  if (isFirst) visits.push({ id: todaysVisitId(school, today, schoolYear), date: today, extra: !isOfRhythm(school, today, schoolYear), held: false, consultations: [], dialog: null });
  const signUps = signUpsOf(maker, index, all, visits, schoolYear);
  const caseIds = new Set([...all.map(({ form }) => form.caseId), ...signUps.map(({ form }) => form.caseId)]);
  const onlyUs = isFirst ? onlyUsOf(maker, visits) : null;
  const meetings = exampleMeetingsOf(index, today, schoolYear, newId);
  const documentIds = [...Array.from(caseIds, (caseId) => documentId("case", caseId)), ...meetings.map((meeting) => meetingDocumentId(meeting.id))];
  return { school, visits, signUps, meetings, documentIds, onlyUs };
}

/** The first school's rhythm goes through today, so that there is a visit to hold. */
function rhythmThroughToday(today: IsoDate, schoolYear: SchoolYear): Pick<School, "weekday" | "startsOn"> {
  const weekday = weekdayOf(today);
  if (weekday > 5) return { weekday: 4, startsOn: firstSchoolDay(schoolYear) };
  const fortnights = Math.max(0, Math.floor(daysBetween(firstSchoolDay(schoolYear), today) / 14));
  return { weekday: weekday as School["weekday"], startsOn: addDays(today, -14 * fortnights) };
}

function rhythmFrom(schoolYear: SchoolYear, index: number, firstWeek: number): Pick<School, "weekday" | "startsOn"> {
  return { weekday: ((index % 5) + 1) as School["weekday"], startsOn: addDays(firstSchoolDay(schoolYear), 7 * firstWeek) };
}

function firstSchoolDay(schoolYear: SchoolYear): IsoDate {
  return workingDayOnOrAfter(schoolYearRange(schoolYear).from, proposedHolidays(schoolYear));
}

function isOfRhythm(school: School, date: IsoDate, schoolYear: SchoolYear): boolean {
  return rhythmDates(school, schoolYearRange(schoolYear), proposedHolidays(schoolYear)).includes(date);
}

function todaysVisitId(school: School, today: IsoDate, schoolYear: SchoolYear): VisitId {
  return isOfRhythm(school, today, schoolYear) ? visitIdOf(school.id, today) : visitIdOf(school.id, today, "e".repeat(32));
}

/** The visits of the rhythm before today, by date; where they are fewer than `needed`, others before them, of the spring if it must be. */
function pastDates(school: School, today: IsoDate, schoolYear: SchoolYear, needed: number): { date: IsoDate; extra: boolean }[] {
  const ofRhythm = rhythmDates(school, schoolYearRange(schoolYear), proposedHolidays(schoolYear)).filter((date) => date < today);
  const dates = ofRhythm.map((date) => ({ date, extra: false }));
  const holidays: DateRange[] = [...proposedHolidays(schoolYear), ...proposedHolidays(schoolYear - 1)];
  let before = addDays(ofRhythm[0] ?? today, -7);
  while (dates.length < needed) {
    const monday = addDays(before, 1 - weekdayOf(before));
    const date = addDays(monday, school.weekday - 1);
    if (date < today && workingDayOnOrAfter(date, holidays) === date) dates.unshift({ date, extra: true });
    before = addDays(before, -7);
  }
  return dates;
}

/** How many drøftinger each visit has: `total` in all, at most `most` each, and the last visit full so that something is open from it. */
function spread(chance: Chance, visits: number, total: number, most: number): number[] {
  const counts = Array.from({ length: visits }, () => 0);
  const give = (index: number) => {
    counts[index] = (counts[index] ?? 0) + 1;
  };
  for (let left = total; left > 0; left--) {
    if (total - left < most) give(visits - 1);
    else {
      const open = counts.flatMap((count, index) => (count < most ? [index] : []));
      give(choose(chance, open));
    }
  }
  return counts;
}

type Maker = { readonly school: School; readonly index: number; readonly chance: Chance; readonly newId: NewId; readonly today: IsoDate; readonly used: CaseCode[] };
type KnownCase = { readonly caseId: CaseId; readonly code: CaseCode; readonly draft: ConsultationDraft };

function fillVisits(maker: Maker, dates: readonly { date: IsoDate; extra: boolean }[], counts: readonly number[], cases: number, repeats: number) {
  const { school, chance } = maker;
  let newLeft = cases;
  let repeatsLeft = repeats;
  let left = cases + repeats;
  const once: KnownCase[] = [];
  return dates.map(({ date, extra }, at) => {
    const visitId = visitIdOf(school.id, date);
    const isLast = at === dates.length - 1;
    const consultations: ExampleConsultation[] = [];
    const before = once.length;
    for (let turn = 0; turn < (counts[at] ?? 0); turn++) {
      const repeat = before > 0 && repeatsLeft > 0 && (newLeft === 0 || chance() < (repeatsLeft / left) * 1.5);
      const again = repeat ? once.splice(chooseIndex(chance, Math.min(before - turn, once.length)), 1)[0] : undefined;
      const recipe = isLast ? (lastVisitRecipes[turn % lastVisitRecipes.length] ?? "none") : choose(chance, recipes);
      const made = makeConsultation(maker, { visitId, date, turn, recipe, again, isLast });
      consultations.push(made);
      if (again === undefined) {
        newLeft--;
        once.push({ caseId: made.form.caseId, code: made.form.code, draft: made.form.draft });
      } else repeatsLeft--;
      left--;
    }
    const visit: ExampleVisit = { id: visitId, date, extra, held: true, consultations, dialog: dialogOf(school, consultations.length) };
    return { visit };
  });
}

/** What is left of the window after the drøftinger, when it is worth naming. */
function dialogOf(school: School, consultations: number): ExampleVisit["dialog"] {
  const from = minutesOf(school.from) + consultations * slotMinutes + 2;
  const to = minutesOf(school.to) - 3;
  return to - from < 20 ? null : { from: timeFromMinutes(from), to: timeFromMinutes(to) };
}

const recipes = [
  "report",
  "report",
  "parents",
  "parents",
  "measures",
  "measures",
  "services",
  "services",
  "again",
  "none",
  "none",
  "unsureDuty",
  "threeWay",
  "unsureViolence",
  "violence",
] as const;
type Recipe = (typeof recipes)[number];

/** The last visit of each school leaves one of each kind that waits. */
const lastVisitRecipes: readonly Recipe[] = ["report", "parents", "unsureDuty", "again"];

/** By when each school is to know whether the duty to report applies, in working days from today: what the next week and the one after it have. */
const clarifyInDays = [1, 2, 3, 5, 8, 8, 8];

function makeConsultation(
  { school, index, chance, newId, today, used }: Maker,
  at: { visitId: VisitId; date: IsoDate; turn: number; recipe: Recipe; again: KnownCase | undefined; isLast: boolean },
): ExampleConsultation {
  const start = minutesOf(school.from) + at.turn * slotMinutes + 1;
  const startedAt = momentAt(at.date, timeFromMinutes(start));
  const code = at.again?.code ?? newCaseCode(chance, used);
  if (at.again === undefined) used.push(code);
  const caseId = at.again?.caseId ?? newId<"case">();
  const about = at.again?.draft ?? aboutCase(chance, school);
  const clarifyBy = at.isLast && at.recipe === "unsureDuty" ? { dutyClarifyBy: addWorkingDays(today, clarifyInDays[index] ?? 1) } : {};
  const draft: ConsultationDraft = { ...about, ...answersFor(chance, at.recipe), ...clarifyBy };
  const signedUp = school.arrangement !== "openDoorDropIn" && chance() < 0.75;
  const signUp = signedUp ? signUpFor(newId, chance, { caseId, code, visitId: at.visitId, draft, date: at.date }) : null;
  const form: ConsultationForm = {
    id: newId<"consultation">(),
    schoolId: school.id,
    caseId,
    code,
    visitId: at.visitId,
    ...(signUp === null ? {} : { preRegistrationId: signUp.form.id }),
    startedAt,
    onlyUs: false,
    draft,
  };
  return {
    form,
    endedAt: momentAt(at.date, timeFromMinutes(start + 17 + chooseIndex(chance, 7))),
    signUp,
    followUps: at.isLast ? fateOf(index, at.recipe) : "answered",
  };
}

/**
 * Spread over what a list of follow-ups can show, each with the date that its rule gives: at the first school overdue, at the second asked again
 * today. At the others only what is to be clear by a date waits, and what is asked at the next visit.
 */
function fateOf(schoolIndex: number, recipe: Recipe): ExampleConsultation["followUps"] {
  if (recipe !== "report" && recipe !== "parents") return "open";
  if (schoolIndex === 0) return "open";
  return schoolIndex === 1 && recipe === "report" ? "notYet" : "answered";
}

function aboutCase(chance: Chance, school: School): ConsultationDraft {
  const bands = school.name === exampleSchoolNames[2] ? [gradeBands[2]] : [gradeBands[0], gradeBands[1]];
  const roles: readonly StaffRole[] = [...staffRoles, "contactTeacher", "contactTeacher", "contactTeacher", "socialTeacher", "afterSchool", "schoolNurse"];
  const theme = choose(chance, themes);
  const other = choose(chance, themes);
  return {
    role: choose(chance, roles),
    gradeBand: choose(chance, bands),
    themes: chance() < 0.4 && other !== theme ? [theme, other] : [theme],
    duration: choose(chance, [...durations, "months", "months", "overAYear"]),
  };
}

function answersFor(chance: Chance, recipe: Recipe): ConsultationDraft {
  const common: ConsultationDraft = {
    violence: "no",
    parentsInformed: choose(chance, ["yes", "no", "no", "notKnown"]),
    interpreter: chance() < 0.2 ? "yes" : "no",
    tried: [choose(chance, triedMeasures)],
    dutyToReport: "no",
    advice: adviceFrom(chance),
    ...(chance() < 0.25 ? { note: choose(chance, exampleNotes.consultation) } : {}),
  };
  switch (recipe) {
    case "report":
      return { ...common, dutyToReport: "yes", nextSteps: ["schoolReports"], advice: ["whetherToReport", "whatReportHolds"] };
    case "parents":
      return { ...common, nextSteps: ["schoolTalksToParents"], advice: ["talkWithParents"] };
    case "measures":
      return { ...common, nextSteps: ["schoolMeasures"] };
    case "services":
      return { ...common, nextSteps: [choose(chance, ["schoolNurse", "ppt", "bup", "lowThreshold", "familyCounselling"])] };
    case "again":
      return { ...common, nextSteps: ["schoolMeasures", "discussAgain"] };
    case "unsureDuty":
      return { ...common, dutyToReport: "unsure", nextSteps: ["schoolMeasures"], advice: ["whenDutyApplies", "whetherToReport"] };
    case "threeWay":
      return { ...common, nextSteps: ["threeWayTalk"] };
    case "unsureViolence":
      return { ...common, violence: "unsure", dutyToReport: "unsure", nextSteps: ["schoolMeasures"] };
    case "violence":
      return {
        ...common,
        violence: "yes",
        whoDecides: "childWelfare",
        guardDuty: "yes",
        guardAdvice: ["reportWithoutDelay", "keepChildsWords"],
        guardNextSteps: ["schoolReportsToday", "schoolCallsNow"],
      };
    default:
      return { ...common, nextSteps: ["noMore"] };
  }
}

function adviceFrom(chance: Chance): (typeof adviceGiven)[number][] {
  const chosen: Advice[] = [choose(chance, adviceGiven), choose(chance, adviceGiven)];
  return adviceGiven.filter((advice) => chosen.includes(advice));
}

function signUpFor(
  newId: NewId,
  chance: Chance,
  about: { caseId: CaseId; code: CaseCode; visitId: VisitId; draft: ConsultationDraft; date: IsoDate },
): ExampleSignUp {
  const { role, gradeBand, themes } = about.draft;
  return {
    form: {
      id: newId<"preRegistration">(),
      caseId: about.caseId,
      code: about.code,
      visitId: about.visitId,
      draft: { role, gradeBand, themes, wishes: [choose(chance, wishes)], urgency: "canWait" },
    },
    at: momentAt(addDays(about.date, -1 - chooseIndex(chance, 5)), timeFromMinutes(8 * 60 + chooseIndex(chance, 420))),
  };
}

/**
 * Three for today at the first school: one for the second time, one that wishes to be first. One for the next visit at two others, the last of them put
 * off from the visit before.
 */
function signUpsOf(
  maker: Maker,
  index: number,
  held: readonly ExampleConsultation[],
  visits: readonly ExampleVisit[],
  schoolYear: SchoolYear,
): ExampleSignUp[] {
  const { school, chance, newId, today, used } = maker;
  if (index > 2) return [];
  const todays = visits.find(({ held }) => !held);
  const next = rhythmDates(school, schoolYearRange(schoolYear), proposedHolidays(schoolYear)).find((date) => date > today);
  const visitId = todays?.id ?? (next === undefined ? null : visitIdOf(school.id, next));
  if (visitId === null) return [];
  const signUpNew = (forVisit = visitId, date = today) => {
    const code = newCaseCode(chance, used);
    used.push(code);
    return signUpFor(newId, chance, { caseId: newId<"case">(), code, visitId: forVisit, draft: aboutCase(chance, school), date });
  };
  const lastHeld = visits.findLast((visit) => visit.held);
  if (index === 2 && lastHeld !== undefined) {
    return [{ ...signUpNew(lastHeld.id, lastHeld.date), postponed: { to: visitId, at: momentAt(lastHeld.date, school.to) } }];
  }
  if (index > 0) return [signUpNew()];
  const first = signUpNew();
  const last = signUpNew();
  const before = held.findLast(({ form }) => form.draft.nextSteps?.includes("discussAgain"));
  const again = before === undefined ? signUpNew() : signUpFor(newId, chance, { ...before.form, visitId, date: today });
  return [
    { ...first, form: { ...first.form, draft: { ...first.form.draft, urgency: "wantsFirst" as const } } },
    again,
    { ...last, form: { ...last.form, draft: { ...last.form.draft, note: exampleNotes.signUp } } },
  ];
}

/** A second talk about a case of the second-last visit, for the consultants alone. */
function onlyUsOf({ newId }: Maker, visits: readonly ExampleVisit[]): ExampleConsultation | null {
  const visit = visits.findLast(({ held, consultations }) => held && consultations.length > 0);
  const about = visit?.consultations[0];
  if (visit === undefined || about === undefined) return null;
  const { preRegistrationId: _, ...form } = about.form;
  const date = visit.date;
  return {
    form: {
      ...form,
      id: newId<"consultation">(),
      onlyUs: true,
      startedAt: momentAt(date, "15:20"),
      draft: { ...about.form.draft, violence: "no", nextSteps: ["noMore"], dutyToReport: "no" },
    },
    endedAt: momentAt(date, "15:28"),
    signUp: null,
    followUps: "answered",
  };
}

/** Ids that are the same on every run of the same chance. */
export function seededIds(chance: Chance): NewId {
  return createNewId((length) => Uint8Array.from({ length }, () => chooseIndex(chance, 256)));
}
