import { expect, test } from "vitest";
import type { Following } from "../../engine/log/following.ts";
import type { RoomMember } from "../../engine/log/members.ts";
import type { Room } from "../../engine/space.ts";
import { readyFollowers } from "./followers.ts";
import { roomLabel } from "./invite-rules.ts";

const [granly, furumo] = ["aa".repeat(16), "bb".repeat(16)] as const;
const leaf = { sign: "s", kem: "k" };
const member = (person: string, role: RoomMember["role"] = "socialTeacher"): RoomMember => ({
  person, device: `${person} 1`, memberId: person, deviceId: `${person} 1`, role, name: person, addedAt: 0, lastSeen: null,
});

/** What a consultant's device has of a room, as far as it matters here. */
function room(kind: "plan" | "school", year: number, schoolId: string, people: readonly RoomMember[], answers: readonly Following[] = []): Room {
  const label = roomLabel(year, schoolId);
  const all = [member("Kari", "consultant"), ...people];
  return {
    roomId: `${kind} ${label}`, kind, label, deviceId: "Kari 1", role: "consultant",
    standing: (deviceId: string) => (all.some((one) => one.deviceId === deviceId) ? "present" : null),
    members: async () => all,
    answers: async () => answers,
  } as unknown as Room;
}

const follows = (by: RoomMember, kind: "plan" | "school", schoolId: string): Following => ({
  by, roomId: `${kind} ${roomLabel(2027, schoolId)}`, memberId: `new ${by.person}`, deviceId: `new ${by.person} ${kind} ${schoolId}`, leaf,
});

async function ready(...rooms: Room[]): Promise<string[]> {
  return (await readyFollowers(rooms.filter(({ label }) => label.startsWith("2027")), rooms)).map(({ by, roomId }) => `${by.person} in ${roomId.slice(0, 11)}`);
}

const siri = member("Siri");
const per = member("Per", "principal");

test("who has answered in both of last year's rooms is ready in both; a principal, who has one, in that one", async () => {
  const before = [
    room("plan", 2026, granly, [siri, per], [follows(siri, "plan", granly), follows(per, "plan", granly)]),
    room("school", 2026, granly, [siri], [follows(siri, "school", granly)]),
  ];
  const now = [room("plan", 2027, granly, []), room("school", 2027, granly, [])];
  expect(await ready(...before, ...now)).toEqual(["Siri in plan 2027/a", "Per in plan 2027/a", "Siri in school 2027"]);
});

test("who has answered in one alone is not ready yet, unless they are in the other already", async () => {
  const before = [room("plan", 2026, granly, [siri], [follows(siri, "plan", granly)]), room("school", 2026, granly, [siri])];
  expect(await ready(...before, room("plan", 2027, granly, []), room("school", 2027, granly, []))).toEqual([]);
  expect(await ready(...before, room("plan", 2027, granly, []), room("school", 2027, granly, [{ ...siri, deviceId: "of this year" }]))).toEqual(["Siri in plan 2027/a"]);
});

test("one school waits for no other, and nobody follows into another school's room, or a consultant by an answer", async () => {
  const kim = member("Kim", "consultant");
  const before = [
    room("plan", 2026, granly, [siri, kim], [follows(siri, "plan", granly), follows(siri, "plan", furumo), follows(kim, "plan", granly)]),
    room("plan", 2026, furumo, [siri]),
  ];
  expect(await ready(...before, room("plan", 2027, granly, []), room("plan", 2027, furumo, []))).toEqual(["Siri in plan 2027/a"]);
});

test("who was at the school two years before, and not the year before, is let in by an invitation", async () => {
  const longAgo = room("plan", 2025, granly, [siri], [follows(siri, "plan", granly)]);
  expect(await ready(longAgo, room("plan", 2026, granly, [per], [follows(per, "plan", granly)]), room("plan", 2027, granly, []))).toEqual(["Per in plan 2027/a"]);
});
