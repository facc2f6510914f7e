import { idOf } from "../features.test-data.ts";
import type { MeetingId } from "../ids.ts";
import { shippedAgenda } from "./agenda-rules.ts";
import type { Preparation } from "./document.ts";
import type { ActionItem, ConsentRecord, Meeting, MeetingItem } from "./schema.ts";

export const meetingId = `meeting-${idOf(1)}` as MeetingId;

export function meetingOf(changes: Partial<Meeting> = {}): Meeting {
  return {
    id: meetingId,
    reference: "M-305-BFL",
    type: "startupMeeting",
    preparedAt: "2026-11-26T09:00:00",
    preparedBy: "consultant",
    date: "2026-12-03",
    from: "14:00",
    plannedMinutes: 60,
    agenda: "shipped-startupMeeting-1",
    ...changes,
  };
}

export function preparation(changes: Partial<Preparation["meeting"]> = {}, more: Partial<Preparation> = {}): Preparation {
  const { id, date, from, ...meeting } = meetingOf();
  return { id, meeting: { ...meeting, when: { date, from }, ...changes }, participants: [], consents: [], isFifteen: false, ...more };
}

/** The items of a start-up meeting. */
export function itemsOf(): MeetingItem[] {
  return shippedAgenda("startupMeeting").items.map((item, place) => ({ ...item, order: place + 1, dropped: false }));
}

export function waiverOf(number: number, changes: Partial<ConsentRecord> = {}): ConsentRecord {
  return {
    id: `consent-${idOf(number)}` as ConsentRecord["id"],
    kind: "waiver",
    givenBy: "guardian",
    scope: "Skolen og barnevernstjenesten kan snakke om skolehverdagen",
    how: "written",
    givenOn: "2026-11-20",
    obtainedBy: "school",
    ...changes,
  };
}

export function actionItemOf(number: number, changes: Partial<ActionItem> = {}): ActionItem {
  return { id: `action-${idOf(number)}` as ActionItem["id"], meetingId, what: "Ringer om tidsplan", side: "school", createdAt: "2026-11-26T14:20:00", ...changes };
}
