import * as z from "zod/mini";
import { Phone } from "./schema.ts";

/**
 * The service's phones as the lock screen has them. Numbers and hours are public, and the one thing a person typed that lies unsealed on the device.
 * @returns nothing where what was stored is not what it should be: a broken list must not keep anyone from unlocking
 */
export function readPublicPhones(stored: unknown): Phone[] {
  const parsed = z.array(Phone).safeParse(stored);
  return parsed.success ? parsed.data : [];
}
