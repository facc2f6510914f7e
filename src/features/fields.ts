import * as z from "zod/mini";
import { daysInMonth } from "../lib/iso-date.ts";

/** `YYYY-MM-DD`, a day that exists. */
export const IsoDateText = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/), z.refine(isDay));

// The same days come in hundreds of records.
const knownDays = new Set<string>();

function isDay(date: string): boolean {
  if (knownDays.has(date)) return true;
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (exists) knownDays.add(date);
  return exists;
}

/** `HH:MM` */
export const TimeOfDayText = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/));
/** `YYYY-MM-DDTHH:MM:SS` */
export const MomentText = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/));

/** A field that an older record may lack: read as `preset` then. */
export function withPreset<T>(schema: z.ZodMiniType<T>, preset: NoInfer<T>) {
  return z.pipe(
    z.optional(schema),
    z.transform((value: T | undefined): T => value ?? preset),
  );
}
