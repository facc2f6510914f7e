import { expect, test } from "vitest";
import type { Role, RoomKind } from "#protocol/control.ts";
import { documentId, indexDocId, mayWriteDocument } from "./rights.ts";

const id = "ab".repeat(16);

test("[D1] the first byte of a document's id says its kind, and the index has zeros behind it", () => {
  expect(indexDocId).toBe(`01${"00".repeat(16)}`);
  expect(documentId("case", id)).toBe(`02${id}`);
  expect(documentId("meeting", id)).toBe(`03${id}`);
});

const kinds: readonly RoomKind[] = ["service", "shelf", "figures", "plan", "school"];
const documents = { index: indexDocId, case: documentId("case", id), meeting: documentId("meeting", id) };
/** What a role may write, as `kind/document`. */
const writable = (role: Role) =>
  kinds.flatMap((kind) => Object.entries(documents).flatMap(([name, docId]) => (mayWriteDocument(role, kind, docId) ? [`${kind}/${name}`] : [])));

test("[D3] consultants and recovery write everywhere, a sosiallærer in her school's rooms, the others nowhere", () => {
  const everywhere = kinds.flatMap((kind) => Object.keys(documents).map((name) => `${kind}/${name}`));
  expect(writable("consultant")).toEqual(everywhere);
  expect(writable("recovery")).toEqual(everywhere);
  expect(writable("socialTeacher")).toEqual(["plan/index", "school/index", "school/case", "school/meeting"]);
  expect(writable("principal")).toEqual([]);
  expect(writable("serviceLead")).toEqual([]);
});
