import { exampleMeetings } from "../../content/example-names.ts";
import type { MeetingSide, MeetingType, NoNextReason, NotHeldReason, ShippedItemId } from "../../content/meetings.ts";
import type { RoutineId, ShippedStepId } from "../../content/routines.ts";
import type { NewId } from "../../lib/id.ts";
import { addDays, type IsoDate, type TimeOfDay } from "../../lib/iso-date.ts";
import { addWorkingDays, lastWorkingDayBefore } from "../../lib/norwegian-calendar.ts";
import type { SchoolYear } from "../../lib/school-year.ts";
import type { MeetingId } from "../ids.ts";
import { newMeetingsId } from "../meetings/rules.ts";
import { proposedHolidays } from "../space/rules.ts";

/** A meeting of the example: what is settled before it, and what came of it. */
export type ExampleMeeting = {
  readonly id: MeetingId;
  readonly type: MeetingType;
  readonly date: IsoDate;
  readonly from: TimeOfDay;
  readonly preparedOn: IsoDate;
  readonly place?: string;
  readonly purpose: string;
  /** Of an interpreter who is booked. */
  readonly language?: string;
  readonly ownProcedure?: boolean;
  /** Which step it is, of the school's run on that routine. */
  readonly of?: { readonly routine: RoutineId; readonly step: ShippedStepId };
  readonly notHeld?: NotHeldReason;
  /** Held, with its minutes written. */
  readonly minutes?: ExampleMinutes;
  readonly isApproved?: boolean;
};

export type ExampleMinutes = {
  readonly notes: { readonly [Item in ShippedItemId]?: readonly string[] };
  readonly decisions: { readonly [Item in ShippedItemId]?: string };
  readonly actions: readonly { readonly side: MeetingSide; readonly what: string; readonly dueOn?: IsoDate }[];
  readonly next: { readonly date: IsoDate } | { readonly reason: NoNextReason };
};

/** The meetings of a school, by its place among the seven: those that have been are held on the working days before today. */
export function exampleMeetingsOf(school: number, today: IsoDate, schoolYear: SchoolYear, newId: NewId): ExampleMeeting[] {
  const { room, language, otherLanguage, purposes, startup, cooperation } = exampleMeetings;
  const holidays = proposedHolidays(schoolYear);
  const ahead = (workingDays: number) => addWorkingDays(today, workingDays, holidays);
  const meeting = (type: MeetingType, date: IsoDate, from: TimeOfDay, purpose: string, more: Partial<ExampleMeeting> = {}): ExampleMeeting => ({
    id: newMeetingsId("meeting", newId),
    type,
    date,
    from,
    preparedOn: addDays(today < date ? today : date, -9),
    purpose,
    ...more,
  });
  switch (school) {
    case 0:
      return [
        meeting("startupMeeting", lastWorkingDayBefore(today), "14:00", purposes.startup, {
          place: room,
          language,
          of: { routine: "concernReport", step: "startupMeeting" },
          minutes: {
            notes: startup.notes,
            decisions: startup.decisions,
            actions: [
              { side: "school", what: startup.actions.school, dueOn: ahead(4) },
              { side: "childWelfare", what: startup.actions.childWelfare, dueOn: ahead(2) },
              { side: "guardians", what: startup.actions.guardians },
              { side: "others", what: startup.actions.others, dueOn: ahead(9) },
            ],
            next: { date: ahead(15) },
          },
        }),
        meeting("handoverMeeting", ahead(5), "13:00", purposes.handover, { place: room, of: { routine: "handover", step: "handoverMeeting" } }),
        meeting("fixedMeeting", ahead(3), "12:15", purposes.fixed),
      ];
    case 1:
      return [meeting("cooperationMeeting", ahead(4), "09:00", purposes.ownProcedure, { ownProcedure: true, of: { routine: "ownProcedure", step: "cooperationMeetingSoon" } })];
    case 2:
      return [meeting("cooperationMeeting", ahead(8), "14:15", purposes.cooperation, { language: otherLanguage, of: { routine: "newReport", step: "cooperationMeeting" } })];
    case 3:
      return [meeting("threeWayTalk", lastWorkingDayBefore(addDays(today, -5)), "14:30", purposes.cooperation, { notHeld: "capacity" })];
    case 4:
      return [
        // A meeting that lies some time back, whose minutes are approved.
        meeting("cooperationMeeting", lastWorkingDayBefore(addDays(today, -16)), "13:30", purposes.cooperation, {
          isApproved: true,
          minutes: { notes: cooperation.notes, decisions: cooperation.decisions, actions: [{ side: "school", what: cooperation.actions.school, dueOn: ahead(10) }], next: { reason: "dateComesLater" } },
        }),
      ];
    case 5:
      return [meeting("informationMeeting", ahead(11), "14:00", purposes.information)];
    default:
      return [];
  }
}
