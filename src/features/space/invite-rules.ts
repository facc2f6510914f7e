import type { Role, RoomKind } from "#protocol/control.ts";

export type InvitableRole = Exclude<Role, "recovery">;

export const invitableRoles: readonly InvitableRole[] = ["socialTeacher", "consultant", "principal", "serviceLead"];

const kindsOfRole: Record<InvitableRole, readonly RoomKind[]> = {
  consultant: ["service", "shelf", "figures", "plan", "school"],
  socialTeacher: ["school", "plan", "shelf"],
  principal: ["plan", "shelf"],
  serviceLead: ["figures", "shelf"],
};

/**
 * The rooms that someone in a role gets the keys of: what the role does not need is not there. protocol: SPEC.md [D4].
 * The first is the one that the link's genesis pins.
 * @param schoolId only the rooms of this school, besides the shelf; null for all
 */
export function roomsForRole<R extends { kind: RoomKind; label: string }>(
  role: InvitableRole,
  rooms: readonly R[],
  schoolId: string | null,
): R[] {
  return kindsOfRole[role].flatMap((kind) =>
    rooms.filter(
      (room) => room.kind === kind && (schoolId === null || room.label === "" || schoolOfLabel(room.label) === schoolId),
    ),
  );
}

/** A room of a school in a school year is labelled `2026/<schoolId>`; the year is the one it begins in. */
export function roomLabel(schoolYear: number, schoolId: string): string {
  return `${schoolYear}/${schoolId}`;
}

export function schoolOfLabel(label: string): string | null {
  return label.split("/")[1] ?? null;
}

/** The rooms that the first screen needs, without knowing yet which school is which. */
export function roomsOfYear<R extends { label: string }>(rooms: readonly R[], schoolYear: number): R[] {
  return rooms.filter(({ label }) => [null, schoolYear].includes(yearOfLabel(label)));
}

export function yearOfLabel(label: string): number | null {
  const year = Number(label.split("/")[0]);
  return label.includes("/") && Number.isSafeInteger(year) ? year : null;
}
