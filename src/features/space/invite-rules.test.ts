import { expect, test } from "vitest";
import type { RoomKind } from "#protocol/control.ts";
import { rolesOfRoom } from "#protocol/membership.ts";
import { invitableRoles, roomLabel, roomsForRole } from "./invite-rules.ts";

const [granly, tjernlia] = ["aa".repeat(16), "bb".repeat(16)] as const;
const room = (kind: RoomKind, label = "") => ({ kind, label });
const shared = [room("service"), room("shelf"), room("figures")];
const ofSchool = (school: string) => [room("plan", roomLabel(2026, school)), room("school", roomLabel(2026, school))];
const all = [...shared, ...ofSchool(granly), ...ofSchool(tjernlia)];
const given = (...asked: Parameters<typeof roomsForRole>) => roomsForRole(...asked).map(({ kind, label }) => `${kind} ${label.slice(5, 7)}`.trim());

test("[D4] each role is given the rooms that it needs, and of one school only", () => {
  expect(given("socialTeacher", all, granly)).toEqual(["school aa", "plan aa", "shelf"]);
  expect(given("principal", all, granly)).toEqual(["plan aa", "shelf"]);
  expect(given("serviceLead", all, null)).toEqual(["figures", "shelf"]);
  expect(given("consultant", all, null)).toEqual(["service", "shelf", "figures", "plan aa", "plan bb", "school aa", "school bb"]);
});

test("[D4] what a role is given, the room's kind lets it into", () => {
  for (const role of invitableRoles) {
    for (const { kind } of roomsForRole(role, all, null)) expect(rolesOfRoom[kind]).toContain(role);
  }
});
