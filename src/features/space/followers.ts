import type { Following } from "../../engine/log/following.ts";
import type { Room } from "../../engine/space.ts";
import { schoolOfLabel, yearOfLabel } from "./invite-rules.ts";

/** Whether a room is what another was the year before. Who left a school earlier is not asked. */
export function isYearBefore(room: Pick<Room, "kind" | "label">, later: Pick<Room, "kind" | "label">): boolean {
  const year = yearOfLabel(room.label);
  return room.kind === later.kind && schoolOfLabel(room.label) === schoolOfLabel(later.label) && year !== null && yearOfLabel(later.label) === year + 1;
}

/** Who was there the year before, has answered with keys for this room, and is not in it yet. Consultants let each other in by themselves. protocol: SPEC.md [O3]. */
export async function followersOf(target: Room, rooms: readonly Room[]): Promise<Following[]> {
  if (target.standing(target.deviceId) !== "present" || target.role !== "consultant") return [];
  const answers = await Promise.all(rooms.filter((room) => isYearBefore(room, target)).map((room) => room.answers()));
  const newest = new Map(answers.flat().map((answer) => [answer.deviceId, answer]));
  return Array.from(newest.values()).filter(
    ({ roomId, deviceId, by }) => roomId === target.roomId && target.standing(deviceId) === null && by.role !== "consultant" && by.role !== "recovery",
  );
}

/**
 * Those who have answered in every room that they have of a school, with the label of the school's rooms: a device answers room by room, and who was let
 * into one alone would have half a school.
 * @param targets a year's rooms
 */
export async function readyFollowers(targets: readonly Room[], rooms: readonly Room[]): Promise<(Following & { label: string })[]> {
  const answered = await Promise.all(targets.map(async (target) => ({ target, answers: await followersOf(target, rooms) })));
  const answers = answered.flatMap((one) => one.answers.map((answer) => ({ ...answer, label: one.target.label })));
  if (answers.length === 0) return [];
  const people = new Map(await Promise.all(rooms.map(async (room) => [room, new Set((await room.members()).map(({ person }) => person))] as const)));
  const isIn = (person: string, room: Room) => people.get(room)?.has(person) === true;
  return answers.filter(({ label, by: { person } }) =>
    answered
      .filter(({ target }) => target.label === label && rooms.some((room) => isYearBefore(room, target) && isIn(person, room)))
      .every(({ target, answers: there }) => isIn(person, target) || there.some(({ by }) => by.person === person)),
  );
}
