import { expect, test } from "vitest";
import { meetings as en } from "../i18n/en/meetings.ts";
import { meetings as nb } from "../i18n/nb/meetings.ts";
import { meetings as nn } from "../i18n/nn/meetings.ts";
import * as meetings from "./meetings.ts";
import { stepMeetings } from "./routines.ts";

const { meetingTypes, shippedAgendas } = meetings;
const itemsOf = (type: meetings.MeetingType): readonly meetings.ShippedItem[] => shippedAgendas[type].items;

const labelled: [keyof typeof nb, readonly string[]][] = [
  ["type", meetingTypes],
  ["side", meetings.meetingSides],
  ["role", meetings.participantRoles],
  ["owner", meetings.itemOwners],
  ["item", Array.from(new Set(meetingTypes.flatMap((type) => itemsOf(type).map(({ id }) => id))))],
  ["interpreterBooker", meetings.interpreterBookers],
  ["interpreterRefusal", meetings.interpreterRefusals],
  ["consentGiver", meetings.consentGivers],
  ["consentKind", meetings.consentKinds],
  ["consentForm", meetings.consentForms],
  ["consentObtainer", meetings.consentObtainers],
  ["notHeldReason", meetings.notHeldReasons],
  ["noNextReason", meetings.noNextReasons],
];

test.each(labelled)("%s: everything has its words, and no words are left over", (group, ids) => {
  for (const texts of [nb, nn, en]) expect(Object.keys(texts[group]).sort()).toEqual(Array.from(ids).sort());
});

test("the same places to fill in, in every language", () => {
  const places = (texts: object): string[] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string" ? [`${key} ${(value.match(/\{\w+\}/g) ?? []).sort().join()}`] : places(value as object).map((path) => `${key}.${path}`),
    );
  for (const texts of [nn, en]) expect(places(texts)).toEqual(places(nb));
});

test("the start-up meeting has the seven standing items, and takes an hour", () => {
  expect(itemsOf("startupMeeting").map(({ id }) => id)).toEqual([
    "purposeAndFrames",
    "goThroughReport",
    "parentsView",
    "schoolsView",
    "expectations",
    "concernLevel",
    "agreement",
  ]);
  expect(itemsOf("startupMeeting").reduce((sum, { minutes }) => sum + minutes, 0)).toBe(60);
});

test("every meeting ends with what was agreed, takes whole fives, and names no item twice", () => {
  for (const type of meetingTypes) {
    const items = itemsOf(type);
    expect(items.at(-1)?.id).toBe("agreement");
    expect(items.filter(({ minutes }) => minutes % 5 !== 0 || minutes === 0)).toEqual([]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  }
});

test("an item in which the parents are heard is marked as one, and only where they take part", () => {
  for (const type of meetingTypes) {
    const participants: readonly string[] = shippedAgendas[type].participants;
    for (const { owner, involvesParents } of itemsOf(type)) {
      expect(involvesParents).toBe(owner === "guardians");
      expect(involvesParents && !participants.includes("guardian")).toBe(false);
    }
  }
});

test("the meetings of the routines are meetings here, and every role has its side", () => {
  expect(meetingTypes).toEqual(expect.arrayContaining(Array.from(stepMeetings)));
  expect(Object.keys(meetings.sideOfRole).sort()).toEqual(Array.from(meetings.participantRoles).sort());
});
