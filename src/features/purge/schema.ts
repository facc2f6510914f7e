import * as z from "zod/mini";
import { documentId, indexDocId } from "../../engine/log/rights.ts";
import { MomentText } from "../fields.ts";
import { MeetingId } from "../ids.ts";
import { meetingDocumentId } from "../meetings/document.ts";

/** Choices and no words of one's own: what is to be destroyed must not be written once more. */
export const purgeReasons = ["identity", "wrongRecord", "other"] as const;
export type PurgeReason = (typeof purgeReasons)[number];

/** `past`: what stands now has been put right and stays. `all`: nothing of the record stays. */
export const purgeExtents = ["past", "all"] as const;
export type PurgeExtent = (typeof purgeExtents)[number];

const hex = (digits: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

const Request = z.object({
  id: z.string(),
  about: z.enum(["case", "meeting"]),
  /** Of the case or the meeting. What people call it is the record's own to say. */
  recordId: z.string(),
  extent: z.enum(purgeExtents),
  reason: z.enum(purgeReasons),
  askedAt: MomentText,
  /** The word of the person who asks, for the device of the one who decides; the engine's. */
  docId: hex(34),
  deviceId: hex(32),
  through: z.int().check(z.nonnegative()),
  signature: z.string(),
});

/**
 * That somebody wants something destroyed for good; another person decides. It lies in the index of the room that it is about, which others than its author
 * write in too: one that shows one record and would destroy another, or everybody's list, is none.
 */
export const PurgeRequest = Request.check(z.refine(isOfOneRecord));
export type PurgeRequest = z.infer<typeof PurgeRequest>;

function isOfOneRecord({ about, recordId, docId, extent }: z.infer<typeof Request>): boolean {
  if (docId === indexDocId) return extent === "past";
  if (about === "case") return docId === documentId("case", recordId);
  const meetingId = MeetingId.safeParse(recordId);
  return meetingId.success && docId === meetingDocumentId(meetingId.data);
}
