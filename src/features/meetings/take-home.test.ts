import { expect, test } from "vitest";
import type { ActionItemId } from "../ids.ts";
import { idOf } from "../features.test-data.ts";
import { bundledTexts, createTranslator } from "../../i18n/translate.ts";
import type { MinutesContent } from "./minutes-content-schema.ts";
import { takeHomeOf, type TakeHomeSources } from "./take-home-content.ts";
import { takeHomePaper } from "./take-home-paper.ts";
import { isInvestigated, type ToldTalks } from "./take-home-rules.ts";

const words = { ...createTranslator(() => "nb", () => bundledTexts), language: "nb" as const };

function contentOf(changes: Partial<MinutesContent> = {}): MinutesContent {
  return { ownProcedure: false, about: { type: "startupMeeting", date: "2026-12-03", from: "14:00" }, people: [], items: [], actions: [], next: { date: "2026-12-17" }, ...changes };
}

function sourcesOf(changes: Partial<TakeHomeSources> = {}): TakeHomeSources {
  return { content: contentOf(), ownProcedure: false, school: "Granly skole", phones: [], schoolPhone: "", explainsInvestigation: false, toldTalks: "none", ...changes };
}

test("decisions come in the order of the minutes", () => {
  const item = (id: string, decisions: string[]) => ({ id, lines: [], decisions });
  const content = contentOf({ items: [item("purposeAndFrames", ["Først", "Så"]), item("parentsView", []), item("agreement", ["Til slutt"])] });
  expect(takeHomeOf(sourcesOf({ content }), words).decisions).toEqual(["Først", "Så", "Til slutt"]);
});

test.each([
  ["none", ["Felles"]],
  ["first", ["Felles", "Med mor"]],
  ["second", ["Felles", "Med far"]],
  ["both", ["Felles", "Med mor", "Med far"]],
] as const)("of separate talks, with %s chosen, the sheet tells these decisions", (toldTalks, expected) => {
  const items: MinutesContent["items"] = [
    { id: "purposeAndFrames", lines: [], decisions: ["Felles"] },
    { id: "parentsView", talk: "first", lines: [], decisions: ["Med mor"] },
    { id: "parentsView-second", talk: "second", lines: [], decisions: ["Med far"] },
  ];
  expect(takeHomeOf(sourcesOf({ content: contentOf({ items }), toldTalks }), words).decisions).toEqual(expected);
});

test("a sheet that leaves decisions out does not say that nothing was agreed", () => {
  const content = contentOf({ items: [{ id: "parentsView", talk: "first", lines: [], decisions: ["Med mor"] }] });
  const said = (toldTalks: ToldTalks) => JSON.stringify(takeHomePaper(takeHomeOf(sourcesOf({ content, toldTalks }), words), words));
  expect(said("none")).not.toMatch(/Vi avtalte ikke|Med mor/);
  expect(said("first")).toContain("Med mor");
  expect(JSON.stringify(takeHomePaper(takeHomeOf(sourcesOf(), words), words))).toContain("Vi avtalte ikke");
});

test.each([
  ["Granly skole", "Oppstartsmøte på Granly skole."],
  ["Barnevernskontoret", "Oppstartsmøte med Granly skole. Sted: Barnevernskontoret."],
  [undefined, "Oppstartsmøte med Granly skole."],
])("of a meeting held at %s the sheet says «%s»", (place, expected) => {
  const about = { type: "startupMeeting", date: "2026-12-03", from: "14:00", ...(place === undefined ? {} : { place }) } as const;
  expect(takeHomePaper(takeHomeOf(sourcesOf({ content: contentOf({ about }) }), words), words)?.under).toEqual([expected]);
});

test("an action is the side's or a role's, and what is due on the day of the next meeting is due at it", () => {
  const actions: MinutesContent["actions"] = [
    { id: `action-${idOf(1)}` as ActionItemId, what: "Fortelle", side: "guardians", dueOn: "2026-12-17" },
    { id: `action-${idOf(2)}` as ActionItemId, what: "Ringe", side: "childWelfare", dueOn: "2026-12-10" },
    { id: `action-${idOf(3)}` as ActionItemId, what: "Følge med", side: "school", role: "contactTeacher" },
  ];
  expect(takeHomeOf(sourcesOf({ content: contentOf({ actions }) }), words).actions).toEqual([
    { what: "Fortelle", who: "Foresatte", due: "nextMeeting" },
    { what: "Ringe", who: "Barnevern", due: { on: "2026-12-10" } },
    { what: "Følge med", who: "Kontaktlærer", due: null },
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
  const about = { type: "startupMeeting", date: "2026-12-03", from: "14:00" } as const;
  const next = (changes: Partial<MinutesContent>) => takeHomeOf(sourcesOf({ content: contentOf({ about: { ...about, interpreter }, ...changes }) }), words).nextInterpreter;
  expect(next({})).toBe("somali");
  expect(next({ next: { reason: "lastMeeting" } })).toBeNull();
  expect(next({ about: { ...about, interpreter: { ...interpreter, refusedReason: "familyDeclines" } } })).toBeNull();
});

test("after the last meeting the sheet says that it was", () => {
  const paper = takeHomePaper(takeHomeOf(sourcesOf({ content: contentOf({ next: { reason: "lastMeeting" } }) }), words), words);
  expect(paper?.blocks.find(({ type }) => type === "notice")).toMatchObject({ lead: "Dette var det siste møtet", text: "" });
});

test("where violence is suspected there is no sheet, whether it is known now or was when the minutes were approved", () => {
  expect(takeHomePaper(takeHomeOf(sourcesOf({ ownProcedure: true }), words), words)).toBeNull();
  expect(takeHomePaper(takeHomeOf(sourcesOf({ content: contentOf({ ownProcedure: true }) }), words), words)).toBeNull();
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
