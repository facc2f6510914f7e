import * as z from "zod/mini";
import { RoomKind } from "#protocol/control.ts";

/** One that an offer tells of. SPEC.md [O1]. */
export const OfferedRoom = z.object({
  roomId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  kind: RoomKind,
  /** Opaque to the engine. */
  label: z.string(),
  genesis: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type OfferedRoom = z.infer<typeof OfferedRoom>;

const CarriedState = z.object({
  docId: z.string().check(z.regex(/^[0-9a-f]{34}$/)),
  update: z.string(),
  clients: z.array(z.object({ client: z.int().check(z.nonnegative()), deviceId: z.string().check(z.regex(/^[0-9a-f]{32}$/)) })),
});

/** What stands in the sealed part of a control record. SPEC.md [C6]. */
export const ControlWords = z.object({
  /** When it was made, by its author's clock; ms. */
  at: z.optional(z.number()),
  /** Of whom it is about. */
  name: z.optional(z.string()),
  reason: z.optional(z.string()),
  /** What the person and the device are known by in all rooms. SPEC.md [C15]. */
  person: z.optional(z.string()),
  device: z.optional(z.string()),
  /** Those that an offer tells of. */
  rooms: z.optional(z.array(OfferedRoom)),
  /** What a purge carries on of each document, base64url, and whose the client ids are under which what it destroys was written there. */
  states: z.optional(z.array(CarriedState)),
});
export type ControlWords = z.infer<typeof ControlWords>;
