import { expect, test } from "vitest";
import type { Role, RoomKind } from "#protocol/control.ts";
import type { Following } from "../../engine/log/following.ts";
import type { RoomMember } from "../../engine/log/members.ts";
import { roomLabel } from "./invite-rules.ts";
import { changesIn, inOrder, peopleOf, restoredAt, roleMoves, type RoomPeople, whyNotRemove } from "./people-rules.ts";

const [granly, furumo] = ["aa".repeat(16), "bb".repeat(16)] as const;

type Present = { person: string; device?: string; role?: Role; name?: string | null; addedAt?: number; lastSeen?: number };

/** A room where ids are made of its own name: no two rooms have the same ones. */
function room(kind: RoomKind, label: string, own: string, ...present: Present[]): RoomPeople {
  const roomId = `${kind} ${label.slice(5, 7)}`;
  const members = present.map(({ person, device = `${person} 1`, role = "consultant", name = person, addedAt = 0, lastSeen = null }) => ({
    person,
    device,
    role,
    name,
    addedAt,
    lastSeen,
    memberId: `${roomId} ${person}`,
    deviceId: `${roomId} ${device}`,
  }));
  return { roomId, kind, label, deviceId: `${roomId} ${own}`, members };
}

const kari = { person: "Kari", addedAt: 1 };
const kim = { person: "Kim" };
const siri = { person: "Siri", role: "socialTeacher" } as const;
const recovery = { person: "kode", role: "recovery", name: null } as const;
const service = room("service", "", "Kari 1", kari, kim, recovery);
const shelf = room("shelf", "", "Kari 1", kari, kim, siri, recovery);
const plan = room("plan", roomLabel(2026, granly), "Kari 1", kari, kim, siri);
const school = room("school", roomLabel(2026, granly), "Kari 1", kari, { ...kari, device: "Kari 2", addedAt: 5, lastSeen: 9 }, kim, siri);
const other = room("school", roomLabel(2026, furumo), "Kari 1", kari, { ...kari, device: "Kari 2", addedAt: 6, lastSeen: 7 }, kim);
const rooms = [school, plan, shelf, service, other];
const people = peopleOf(rooms);
const named = (name: string) => people.find(({ id }) => id === name)!;
const at = (one: RoomPeople, restored = false) => ({ ...one, restored, keptUntil: null, followers: [] });

test("a person is one in all rooms, with the devices that are the same there", () => {
  expect(people.map(({ id, role }) => `${id} ${role}`)).toEqual(["Kari consultant", "Kim consultant", "Siri socialTeacher", "kode recovery"]);
  expect(named("Siri").places.map(({ roomId }) => roomId)).toEqual([school.roomId, plan.roomId, shelf.roomId]);
  expect(named("Kari").devices).toMatchObject([
    { id: "Kari 1", isOwn: true, addedAt: 1, lastSeen: null },
    { id: "Kari 2", isOwn: false, addedAt: 5, lastSeen: 9, leaves: [{ deviceId: `${school.roomId} Kari 2` }, { deviceId: `${other.roomId} Kari 2` }] },
  ]);
  expect(named("Kari").isOwn).toBe(true);
});

test("two of the same name are two", () => {
  const twins = peopleOf([room("school", roomLabel(2026, granly), "x", { ...siri, name: "Anne" }, { ...siri, person: "Sara", name: "Anne" })]);
  expect(twins.map(({ id }) => id)).toEqual(["Sara", "Siri"]);
});

test("[C9] [C11] nobody is removed by who may not, from the device that removes, or as the last consultant", () => {
  const [first, second] = named("Kari").devices;
  expect(whyNotRemove(people, named("Siri"), "consultant", null)).toBeNull();
  expect(whyNotRemove(people, named("Siri"), "socialTeacher", null)).toBe("notYours");
  expect(whyNotRemove(people, named("Kari"), "consultant", null)).toBe("thisDevice");
  expect(whyNotRemove(people, named("Kari"), "consultant", first!)).toBe("thisDevice");
  expect(whyNotRemove(people, named("Kari"), "socialTeacher", second!)).toBeNull();
  expect(whyNotRemove(people, named("kode"), "consultant", null)).toBe("recovery");
  const alone = people.filter(({ id }) => id !== "Kari");
  expect(whyNotRemove(alone, named("Kim"), "consultant", null)).toBe("lastConsultant");
  expect(whyNotRemove(alone, named("Kim"), "consultant", named("Kim").devices[0]!)).toBe("lastConsultant");
});

test("who is removed from the service leaves every room, and who from one school leaves that one", () => {
  const gone = { type: "remove", person: "Siri", device: null, schoolId: null, lastHad: null, reason: "new job" } as const;
  const named = (one: RoomPeople) => changesIn(gone, at(one)).map((change) => ("devices" in change ? change.devices : []));
  expect(named(shelf)).toEqual([[{ deviceId: `${shelf.roomId} Siri 1` }]]);
  expect(named(service)).toEqual([]);
  const fromGranly = { ...gone, schoolId: granly };
  expect(rooms.filter((one) => changesIn(fromGranly, at(one)).length > 0)).toEqual([school, plan]);
});

test("[C10] a lost device leaves alone, with its fence, and the person's other devices stay", () => {
  const lost = { type: "remove", person: "Kari", device: "Kari 2", schoolId: null, lastHad: "2026-11-25", reason: "lost" } as const;
  const deviceId = `${school.roomId} Kari 2`;
  expect(changesIn(lost, at(school), new Map([[deviceId, 4]]))).toEqual([{ action: "remove", devices: [{ deviceId, fence: 4 }], reason: "lost" }]);
  expect(changesIn(lost, at(service))).toEqual([]);
  expect(changesIn({ ...lost, device: "Kari 1" }, at(school))).toEqual([]);
});

test("[C14] a role that must not read a room any more is a removal there; elsewhere it is set", () => {
  const principal = { type: "setRole", person: "Siri", role: "principal", schoolId: granly, reason: "" } as const;
  expect(changesIn(principal, at(school))).toMatchObject([{ action: "remove" }]);
  expect(changesIn(principal, at(plan))).toEqual([{ action: "setRole", memberId: `${plan.roomId} Siri`, role: "principal" }]);
  expect(changesIn({ ...principal, role: "socialTeacher" }, at(plan))).toEqual([]);
  const moves = roleMoves(named("Siri"), "principal", granly, rooms);
  expect(moves).toEqual({ goes: [school], stays: [plan, shelf], comes: [] });
  expect(roleMoves(named("Siri"), "socialTeacher", furumo, rooms)).toEqual({ goes: [school, plan], stays: [shelf], comes: [other] });
});

test("[Z1] [Z2] a year is closed in both of its rooms and in no other, and destroyed only when it is closed", () => {
  const { label } = school;
  const asked = (work: Parameters<typeof changesIn>[0], keptUntil: string | null) =>
    rooms.flatMap((one) => changesIn(work, { ...at(one), keptUntil }).map((change) => [one.kind, change] as const));
  const close = { action: "close", keepUntil: "2027-08-31" };
  expect(asked({ type: "close", label, keepUntil: "2027-08-31" }, null)).toEqual(expect.arrayContaining([["school", close], ["plan", close]]));
  expect(asked({ type: "close", label, keepUntil: "2027-08-31" }, null)).toHaveLength(2);
  expect(asked({ type: "close", label, keepUntil: "2027-08-31" }, "2027-08-31")).toEqual([]);
  expect(asked({ type: "shred", label }, null)).toEqual([]);
  expect(asked({ type: "shred", label }, "2027-08-31").map(([kind, { action }]) => [kind, action])).toEqual(expect.arrayContaining([["school", "shred"], ["plan", "shred"]]));
});

test("[G5] acceptance is asked of the rooms that wait for it, and removal begins in the service room", () => {
  expect(changesIn({ type: "acceptGen" }, at(school))).toEqual([]);
  expect(changesIn({ type: "acceptGen" }, at(school, true))).toEqual([{ action: "acceptGen" }]);
  expect(inOrder(rooms)[0]).toBe(service);
});

test("[G1] a generation's number is a time when it is as large as one", () => {
  expect(restoredAt(2)).toBeNull();
  expect(restoredAt(1_795_000_000)).toBe(1_795_000_000_000);
});

test("[O3] [C13] who has answered is let in in the role that they had, a second device beside the first, and nobody else", () => {
  const leaf = { sign: "s", kem: "k" };
  const answer = (member: RoomMember, memberId: string, deviceId: string): Following => ({ by: member, roomId: school.roomId, memberId, deviceId, leaf });
  const [inYear] = school.members.filter(({ person }) => person === "Siri");
  const followers = [answer(inYear!, "siri", "first"), answer(inYear!, "siri", "second"), answer({ ...inYear!, person: "Sara" }, "sara", "third")];
  const changes = changesIn({ type: "follow", people: ["Siri"] }, { ...at(other), followers });
  expect(changes).toEqual([
    { action: "addMember", member: { memberId: "siri", role: "socialTeacher", deviceId: "first", leaf }, name: inYear!.name, ties: { person: "Siri", device: inYear!.device } },
    { action: "addDevice", member: { memberId: "siri", role: "socialTeacher", deviceId: "second", leaf }, name: inYear!.name, ties: { person: "Siri", device: inYear!.device } },
  ]);
  expect(changesIn({ type: "follow", people: ["Siri"] }, at(other))).toEqual([]);
});
