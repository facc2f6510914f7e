import * as Y from "yjs";
import { toBase64Url } from "#protocol/bytes.ts";
import { contentHash } from "../../engine/content-hash.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import type { MeetingId } from "../ids.ts";
import { approveMinutes, meetingDocumentId, readActionItems, readMeetings } from "./document.ts";
import { contentText, type MinutesContent } from "./minutes-content-schema.ts";
import { minutesContent } from "./minutes-document.ts";
import type { Approval } from "./minutes-schema.ts";

/**
 * Approves exactly what was read, or nothing.
 * @returns false when something else stands in the documents by now
 * @throws what the room throws when it cannot save
 */
export async function approveShown(room: Room, id: MeetingId, shown: MinutesContent, approval: Pick<Approval, "id" | "at" | "by">): Promise<boolean> {
  const content = contentText(shown);
  const hash = await contentHash(content);
  let isSame = false;
  await room.edit([indexDocId, meetingDocumentId(id)], (index, doc) => {
    const meeting = index && readMeetings(index).records.find((one) => one.id === id);
    if (meeting === undefined || index === undefined || doc === undefined) return;
    isSame = contentText(minutesContent(meeting, doc, readActionItems(index).records, shown.ownProcedure)) === content;
    if (isSame) approveMinutes(index, doc, id, { ...approval, content, hash, stateVector: `sv-${toBase64Url(Y.encodeStateVector(doc))}` });
  });
  return isSame;
}
