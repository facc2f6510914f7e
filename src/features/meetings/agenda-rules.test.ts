import { expect, test } from "vitest";
import { adjacentMeetings, meetingTypes } from "../../content/meetings.ts";
import { countingIds, idOf } from "../features.test-data.ts";
import type { AgendaTemplateId } from "../ids.ts";
import { agendaDifferences, agendaProblems, itemsFor, newAgendaId, newItemId, offeredTypes, schoolAgenda, serviceAgenda, shippedAgenda } from "./agenda-rules.ts";
import { AgendaItem, AgendaTemplate } from "./schema.ts";

const itemOf = (id: string, changes: Partial<AgendaItem> = {}): AgendaItem => ({ id, minutes: 10, owner: "everyone", involvesParents: false, ...changes });
const own = (number: number) => `own-${idOf(number)}`;
const versionOf = (number: number, changes: Partial<AgendaTemplate> = {}): AgendaTemplate => ({
  id: `agenda-${idOf(number)}` as AgendaTemplateId,
  type: "cooperationMeeting",
  basedOn: "shipped-cooperationMeeting-1",
  madeAt: `2026-11-26T09:00:${String(number).padStart(2, "0")}`,
  items: [itemOf("sinceLast")],
  ...changes,
});

test("what we ship can be read back and has no problems", () => {
  for (const type of meetingTypes) {
    const { items, version } = shippedAgenda(type);
    expect(version).toBe(`shipped-${type}-1`);
    expect(items.map((item) => AgendaItem.parse(item))).toEqual(items);
    expect(agendaProblems(items)).toEqual([]);
  }
});

test("new ids can be read back", () => {
  const newId = countingIds();
  expect(AgendaTemplate.safeParse(versionOf(1, { id: newAgendaId(newId), items: [itemOf(newItemId(newId), { title: "Runde rundt bordet" })] })).success).toBe(true);
});

test("the adjacent types are offered when the service has switched them on", () => {
  expect(offeredTypes([])).toEqual(meetingTypes.filter((type) => !adjacentMeetings.some((adjacent) => adjacent === type)));
  expect(offeredTypes(["familyCouncil"])).toContain("familyCouncil");
  expect(offeredTypes(Array.from(adjacentMeetings))).toEqual(meetingTypes);
});

test("the school's own holds before the service's, and the service's before ours; each type for itself", () => {
  const service = versionOf(1);
  const school = versionOf(5, { basedOn: service.id, items: [itemOf("sinceLast"), itemOf(own(1), { title: "Runde rundt bordet" })] });
  expect(serviceAgenda("cooperationMeeting", []).template).toEqual(shippedAgenda("cooperationMeeting"));
  expect(serviceAgenda("closingMeeting", [service]).template).toEqual(shippedAgenda("closingMeeting"));
  expect(schoolAgenda("cooperationMeeting", [school], [service])).toMatchObject({
    isOwn: true,
    isBehind: false,
    template: { version: school.id, items: school.items },
    original: { version: service.id },
  });
  const second = versionOf(2, { basedOn: service.id });
  expect(schoolAgenda("cooperationMeeting", [school], [service, second])).toMatchObject({ isBehind: true, original: { version: second.id } });
  expect(schoolAgenda("cooperationMeeting", [], [service])).toMatchObject({ isOwn: false, template: { version: service.id } });
});

test("of two versions made at once, the later holds and the other is still there", () => {
  const [one, other] = [versionOf(2), versionOf(3)];
  expect(serviceAgenda("cooperationMeeting", [one, other, versionOf(9, { type: "closingMeeting" })])).toMatchObject({
    template: { version: other.id },
    others: [{ id: one.id }],
  });
});

test("gone back to the service's, a school follows what becomes of it", () => {
  const [own, back] = [versionOf(1), versionOf(2, { basedOn: versionOf(1).id, isReset: true })];
  const service = versionOf(3, { items: [itemOf("wayForward")] });
  expect(schoolAgenda("cooperationMeeting", [own, back], [service])).toMatchObject({ isOwn: false, isBehind: false, template: { version: service.id, items: service.items } });
});

test("what a school has changed is told", () => {
  const { items } = shippedAgenda("threeWayTalk");
  const [frames, parents, school, forward, agreement] = items as [AgendaItem, AgendaItem, AgendaItem, AgendaItem, AgendaItem];
  const longer = { ...school, minutes: 20, owner: "socialTeacher" as const };
  const added = itemOf(own(1), { title: "Runde rundt bordet" });
  expect(agendaDifferences(items, [frames, longer, parents, added, agreement])).toEqual({
    added: [added],
    removed: [forward],
    moved: [parents],
    changed: [{ part: longer, fields: ["minutes", "owner"] }],
  });
});

test("what stops an agenda from being saved", () => {
  const problems = (items: AgendaItem[]) => agendaProblems(items).map(({ type }) => type);
  expect(problems([])).toEqual(["noItems"]);
  expect(problems([itemOf("topic")])).toEqual([]);
  expect(problems([itemOf(own(1))])).toEqual(["titleMissing"]);
  expect(problems([itemOf("topic", { title: " " })])).toEqual(["titleMissing"]);
  expect(problems([itemOf("topic", { title: "x".repeat(81) })])).toEqual(["tooLong"]);
  expect(problems([itemOf("topic", { title: "Om blå rev 17" })])).toEqual(["namesCase"]);
  expect(problems([itemOf("topic"), itemOf("topic")])).toEqual(["sameItemTwice"]);
  expect(problems([itemOf("topic", { minutes: 300 }), itemOf(own(1), { title: "Resten", minutes: 300 })])).toEqual(["tooLongInAll"]);
});

test("where violence is suspected, no item is the parents'", () => {
  for (const type of meetingTypes) expect(itemsFor(shippedAgenda(type).items, true).filter(({ involvesParents }) => involvesParents)).toEqual([]);
  expect(itemsFor(shippedAgenda("startupMeeting").items, false)).toHaveLength(7);
});
