import { expect, test } from "vitest";
import { bundledTexts, createTranslator } from "../../i18n/translate.ts";
import { idOf } from "../features.test-data.ts";
import type { ActionItemId, DecisionId } from "../ids.ts";
import { itemsOf, meetingId, meetingOf } from "./meetings.test-data.ts";
import { itemsInOrder } from "./rules.ts";
import type { ActionItem, Decision } from "./schema.ts";
import { takeHomeOf, type TakeHomeSources } from "./take-home-content.ts";
import { takeHomePaper } from "./take-home-paper.ts";
import { decisionsInOrder, isInvestigated } from "./take-home-rules.ts";

const words = { ...createTranslator(() => "nb", () => bundledTexts), language: "nb" as const };

function decisionOn(itemId: string, number: number, what = `Beslutning ${number}`): Decision {
  return { id: `decision-${idOf(number)}` as DecisionId, itemId, what, decidedAt: `2026-12-03T14:0${number}:00` };
}

function actionOf(number: number, changes: Partial<ActionItem> = {}): ActionItem {
  return { id: `action-${idOf(number)}` as ActionItemId, meetingId, what: `Oppgave ${number}`, side: "school", createdAt: `2026-12-03T14:0${number}:00`, ...changes };
}

function sourcesOf(changes: Partial<TakeHomeSources> = {}): TakeHomeSources {
  return {
    meeting: meetingOf({ endedAt: "2026-12-03T15:00:00", next: { date: "2026-12-17" } }),
    ownProcedure: false,
    school: "Granly skole",
    details: { items: itemsOf(), decisions: [] },
    actionItems: [],
    phones: [],
    schoolPhone: "",
    explainsInvestigation: false,
    ...changes,
  };
}

test("decisions come in the order of the agenda, and without those of items that were taken off it", () => {
  const items = itemsOf().map((item) => ({ ...item, dropped: item.id === "schoolsView" }));
  const decisions = [decisionOn("agreement", 1), decisionOn("purposeAndFrames", 3), decisionOn("schoolsView", 4), decisionOn("purposeAndFrames", 2)];
  expect(decisionsInOrder(decisions, itemsInOrder(items, false)).map(({ what }) => what)).toEqual(["Beslutning 2", "Beslutning 3", "Beslutning 1"]);
});

test("an action is the side's or a role's, and what is due on the day of the next meeting is due at it", () => {
  const actionItems = [
    actionOf(2, { side: "childWelfare", dueOn: "2026-12-10" }),
    actionOf(1, { side: "guardians", dueOn: "2026-12-17" }),
    actionOf(3, { role: "contactTeacher" }),
    { ...actionOf(4), meetingId: `meeting-${idOf(9)}` as ActionItem["meetingId"] },
  ];
  expect(takeHomeOf(sourcesOf({ actionItems }), words).actions).toEqual([
    { what: "Oppgave 1", who: "Foresatte", due: "nextMeeting" },
    { what: "Oppgave 2", who: "Barnevern", due: { on: "2026-12-10" } },
    { what: "Oppgave 3", who: "Kontaktlærer", due: null },
  ]);
});

test("only numbers that are there stand on the sheet, the school's as it was written on the page", () => {
  const phones = [
    { id: "childWelfare", number: "55 00 11 22" },
    { id: "outOfHours", number: "" },
    { id: "police", number: "02800" },
  ] as const;
  expect(takeHomeOf(sourcesOf({ phones, schoolPhone: " 55 00 55 66 " }), words).phones).toEqual([
    { label: "Skolen, på dagtid", number: "55 00 55 66" },
    { label: "Barnevernet, på dagtid", number: "55 00 11 22" },
  ]);
});

test("an interpreter who was there is booked again for a date, and not where there is none", () => {
  const interpreter = { needed: true, language: "somali" };
  const meeting = { endedAt: "2026-12-03T15:00:00", interpreter };
  const next = (changes: Parameters<typeof meetingOf>[0]) => takeHomeOf(sourcesOf({ meeting: meetingOf({ ...meeting, ...changes }) }), words).nextInterpreter;
  expect(next({ next: { date: "2026-12-17" } })).toBe("somali");
  expect(next({ next: { reason: "lastMeeting" } })).toBeNull();
  expect(next({ next: { date: "2026-12-17" }, interpreter: { ...interpreter, refusedReason: "familyDeclines" } })).toBeNull();
});

test("after the last meeting the sheet says that it was", () => {
  const sources = sourcesOf({ meeting: meetingOf({ endedAt: "2026-12-03T15:00:00", next: { reason: "lastMeeting" } }) });
  const paper = takeHomePaper(takeHomeOf(sources, words), words);
  expect(paper?.blocks.find(({ type }) => type === "notice")).toMatchObject({ lead: "Dette var det siste møtet", text: "" });
});

test("where violence is suspected there is no sheet", () => {
  expect(takeHomePaper(takeHomeOf(sourcesOf({ ownProcedure: true }), words), words)).toBeNull();
});

test.each([
  ["a start-up meeting without a run begins one", "startupMeeting", null, true],
  ["no other meeting does", "cooperationMeeting", null, false],
  ["a run whose review said so has one, at every meeting", "cooperationMeeting", { screeningOutcome: "investigation" }, true],
  ["a report that was dismissed gave none", "startupMeeting", { screeningOutcome: "dismissed" }, false],
  ["one that is finished goes on no more", "startupMeeting", { screeningOutcome: "investigation", closedOn: "2026-12-01" }, false],
] as const)("whether there is an investigation: %s", (_, type, run, expected) => {
  expect(isInvestigated({ type }, run)).toBe(expected);
});
