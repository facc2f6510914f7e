/** `cases` in the index of a school room, and in the service room's index for the cases «bare oss». Nested; written once, never removed. */
import type * as Y from "yjs";
import { addRecord, readRecords, type Records } from "../records.ts";
import { Case } from "./schema.ts";

export const caseRoots = ["cases"] as const;

export function readCases(index: Y.Doc): Records<Case> {
  return readRecords(index.getMap("cases"), Case);
}

/** Adds the case unless it is there: the same case is signed up, discussed and discussed again. */
export function addCase(index: Y.Doc, one: Case): void {
  if (!index.getMap("cases").has(one.id)) addRecord(index.getMap("cases"), one.id, one);
}
