import { expect, test } from "vitest";
import { idOf } from "../features.test-data.ts";
import { accessRows } from "./rules.ts";

const member = (number: number, person: string, name: string | null = person) => ({ deviceId: idOf(number) as string, person, name });
const [kari, karisPhone, kim] = [member(1, "Kari"), member(2, "Kari"), member(3, "Kim")];
const opening = ({ deviceId }: { deviceId: string }, on: string, time: string) => ({ deviceId, on, time });

test("what a person did with a record is one line a day, from whichever of her devices, the newest day first", () => {
  const openings = [opening(kari, "2026-11-26", "12:40"), opening(karisPhone, "2026-11-26", "08:10"), opening(kim, "2026-11-27", "09:00")];
  const changes = [
    { author: kari, on: "2026-11-26", time: "12:44" },
    { author: kari, on: "2026-11-26", time: "12:44" },
    { author: kim, on: "2026-11-20", time: "10:00" },
  ];
  expect(accessRows(changes, openings, [], [kari, karisPhone, kim])).toEqual([
    { person: "Kim", name: "Kim", on: "2026-11-27", openedAt: "09:00", changed: [] },
    { person: "Kari", name: "Kari", on: "2026-11-26", openedAt: "08:10", changed: ["12:44"] },
    { person: "Kim", name: "Kim", on: "2026-11-20", openedAt: null, changed: ["10:00"] },
  ]);
});

test("an opening that somebody wrote in a colleague's name is left out; one whose saving was destroyed stands", () => {
  const forged = opening(kim, "2026-11-26", "12:00");
  const own = opening(kari, "2026-11-26", "12:40");
  const destroyed = opening(kim, "2026-11-25", "07:00");
  const written = [{ author: kari, openings: [own, forged] }];
  expect(accessRows([], [own, forged, destroyed], written, [kari, kim]).map(({ person, on }) => [person, on])).toEqual([
    ["Kari", "2026-11-26"],
    ["Kim", "2026-11-25"],
  ]);
});

test("a device that is nobody's any more has a line without a name", () => {
  expect(accessRows([], [opening(kim, "2026-11-26", "12:00")], [], [kari])).toMatchObject([{ name: null, on: "2026-11-26" }]);
});
