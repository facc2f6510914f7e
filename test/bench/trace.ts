import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Patch } from "./field/live-commands.ts";
import type { Report } from "./measure.ts";

type Trace = { startContent: string; endContent: string; txns: { patches: Patch[] }[] };

/** The recorded edits that EDITING_TRACE names, used from where they lie, and the text that they come to; null, with a note, where it names none. */
export function readTrace(report: Report): { patches: Patch[]; text: string } | null {
  const path = process.env["EDITING_TRACE"];
  if (path === undefined || path === "") {
    report.note("EDITING_TRACE is not set: no trace was typed.");
    return null;
  }
  const bytes = readFileSync(path);
  const { endContent, txns } = JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()) as Trace;
  return { patches: txns.flatMap((one) => one.patches), text: endContent };
}
