import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { exampleMeetings } from "../../content/example-names.ts";
import { createNewId } from "../../lib/id.ts";
import { addDays, momentAt } from "../../lib/iso-date.ts";
import { approveShown } from "../meetings/approve.ts";
import { meetingDocumentId, notesOf, readActionItems, readMeetings } from "../meetings/document.ts";
import { minutesContent } from "../meetings/minutes-document.ts";
import { newMeetingsId } from "../meetings/rules.ts";
import type { ExampleSchool } from "./rules.ts";

/** Approves the minutes that are to be, the day after; somebody has written another line since, which waits as a proposed correction. */
export async function approveExampleMinutes(room: Room, { meetings }: ExampleSchool, random: (length: number) => Uint8Array): Promise<void> {
  const newId = createNewId(random);
  for (const { id, date, isApproved } of meetings) {
    if (isApproved !== true) continue;
    const [index, doc] = [await room.open(indexDocId), await room.open(meetingDocumentId(id))];
    const meeting = readMeetings(index).records.find((one) => one.id === id);
    if (meeting === undefined) continue;
    const content = minutesContent(meeting, doc, readActionItems(index).records, false);
    await approveShown(room, id, content, { id: newMeetingsId("approval", newId), at: momentAt(addDays(date, 1), "08:20"), by: "consultant" });
    await room.edit([meetingDocumentId(id)], (written) => {
      if (written === undefined) return;
      const notes = notesOf(written, "sinceLast");
      notes.insert(notes.length, `${exampleMeetings.cooperation.afterwards}\n`, {});
    });
  }
}
