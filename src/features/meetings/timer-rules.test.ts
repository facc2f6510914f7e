import * as fc from "fast-check";
import { expect, test } from "vitest";
import { idOf } from "../features.test-data.ts";
import type { OpeningId } from "../ids.ts";
import { itemsOf, meetingOf } from "./meetings.test-data.ts";
import type { ItemId, Opening } from "./schema.ts";
import { addedByInterpreter, apportion, openItem, plannedEnd, plannedItems, secondsUsed, timeline } from "./timer-rules.ts";

const at = (time: string) => `2026-12-03T${time.length === 5 ? `${time}:00` : time}`;
const openingOf = (number: number, itemId: ItemId, from: string, to?: string): Opening => ({
  id: `opening-${idOf(number)}` as OpeningId,
  itemId,
  openedAt: at(from),
  ...(to === undefined ? {} : { closedAt: at(to) }),
});
const withInterpreter = meetingOf({ startedAt: at("14:00"), interpreter: { needed: true, language: "somali", bookedBy: "childWelfare" } });

test("with an interpreter the hour becomes an hour and a half, item by item in fives", () => {
  expect(plannedItems(itemsOf(), meetingOf())).toEqual([5, 10, 15, 10, 10, 5, 5]);
  expect(plannedItems(itemsOf(), withInterpreter)).toEqual([10, 15, 20, 15, 15, 10, 5]);
  expect(addedByInterpreter(withInterpreter)).toBe(30);
  expect(plannedEnd(withInterpreter)).toBe("15:30");
});

test("what is shared out makes up the whole, each within a step of its share, and is left alone when it does already", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 5, max: 480 }), (minutes, total) => {
      const sum = minutes.reduce((before, one) => before + one, 0);
      const shared = apportion(minutes, total);
      expect(shared.reduce((before, one) => before + one, 0)).toBe(sum === 0 ? 0 : total);
      expect(apportion(minutes, sum)).toEqual(minutes);
      shared.forEach((one, index) => expect(Math.abs(one - (sum === 0 ? 0 : ((minutes[index] ?? 0) * total) / sum))).toBeLessThanOrEqual(5));
    }),
  );
});

test("the picture: twelve minutes left of the third item, four behind the plan", () => {
  const items = itemsOf();
  const openings = [openingOf(1, "purposeAndFrames", "14:00", "14:10"), openingOf(2, "goThroughReport", "14:10", "14:29"), openingOf(3, "parentsView", "14:29")];
  const { items: timed, behindMinutes, endsAt } = timeline(items, openings, withInterpreter, at("14:37"));
  expect(timed.map(({ state }) => state)).toEqual(["done", "done", "open", "ahead", "ahead", "ahead", "ahead"]);
  expect(timed.slice(0, 3).map(({ used, planned, over, left }) => ({ used, planned, over, left }))).toEqual([
    { used: 10, planned: 10, over: 0, left: 0 },
    { used: 19, planned: 15, over: 4, left: 0 },
    { used: 8, planned: 20, over: 0, left: 12 },
  ]);
  expect({ behindMinutes, endsAt }).toEqual({ behindMinutes: 4, endsAt: "15:34" });
});

test("before it has begun nothing is behind; a late start is", () => {
  expect(timeline(itemsOf(), [], meetingOf(), at("15:00"))).toMatchObject({ behindMinutes: 0, endsAt: "15:00" });
  const late = meetingOf({ startedAt: at("14:10") });
  expect(timeline(itemsOf(), [openingOf(1, "purposeAndFrames", "14:10")], late, at("14:10"))).toMatchObject({ behindMinutes: 10, endsAt: "15:10" });
});

test("ahead of the plan is not behind it, and an item that runs over pushes the end", () => {
  const meeting = meetingOf({ startedAt: at("14:00") });
  const quick = [openingOf(1, "purposeAndFrames", "14:00", "14:01"), openingOf(2, "goThroughReport", "14:01")];
  expect(timeline(itemsOf(), quick, meeting, at("14:01"))).toMatchObject({ behindMinutes: 0, endsAt: "14:56" });
  const slow = [openingOf(1, "purposeAndFrames", "14:00")];
  expect(timeline(itemsOf(), slow, meeting, at("14:20"))).toMatchObject({ behindMinutes: 15, endsAt: "15:15" });
});

test("a meeting that is over stands as it ended", () => {
  const meeting = meetingOf({ startedAt: at("14:00"), endedAt: at("15:12") });
  expect(timeline(itemsOf(), [openingOf(1, "purposeAndFrames", "14:00", "15:12")], meeting, at("18:00"))).toMatchObject({ behindMinutes: 12, endsAt: "15:12" });
});

test("time in which two devices had the same item open counts once; an item taken up again goes on", () => {
  const openings = [
    openingOf(1, "parentsView", "14:00", "14:10"),
    openingOf(2, "parentsView", "14:05", "14:12"),
    openingOf(3, "schoolsView", "14:12", "14:20"),
    openingOf(4, "parentsView", "14:20"),
  ];
  expect(secondsUsed("parentsView", openings, at("14:20:30"))).toBe(12 * 60 + 30);
  expect(openItem(openings)).toBe("parentsView");
  expect(openItem(openings.slice(0, 3))).toBeNull();
});
