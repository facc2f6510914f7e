import * as z from "zod/mini";
import { MomentText } from "../fields.ts";
import { SchoolId } from "../ids.ts";

/** Choices and no words of one's own: what is to be destroyed must not be written once more. */
export const purgeReasons = ["identity", "wrongRecord", "other"] as const;
export type PurgeReason = (typeof purgeReasons)[number];

/** `past`: what stands now has been put right and stays. `all`: nothing of the record stays. */
export const purgeExtents = ["past", "all"] as const;
export type PurgeExtent = (typeof purgeExtents)[number];

const hex = (digits: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

/** That somebody wants something destroyed for good; another person decides. It lies in the index of the room that it is about. */
export const PurgeRequest = z.object({
  id: z.string(),
  about: z.enum(["case", "meeting"]),
  schoolId: SchoolId,
  /** Of the case or the meeting. */
  recordId: z.string(),
  /** What people call the record: the case code, the meeting's reference. */
  label: z.string().check(z.maxLength(60)),
  extent: z.enum(purgeExtents),
  reason: z.enum(purgeReasons),
  askedAt: MomentText,
  /** The word of the person who asks, for the device of the one who decides; the engine's. */
  docId: hex(34),
  deviceId: hex(32),
  through: z.int().check(z.nonnegative()),
  signature: z.string(),
});
export type PurgeRequest = z.infer<typeof PurgeRequest>;
