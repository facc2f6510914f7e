import * as z from "zod/mini";

/** The line to oneself while it is being written. */
export const ClosingNote = z.object({ note: z.string() });
export type ClosingNote = z.infer<typeof ClosingNote>;
