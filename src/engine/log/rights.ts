import type { Role, RoomKind } from "#protocol/control.ts";

/** First byte of a document id, in hexadecimal. SPEC.md [D1]. */
export const documentKinds = { index: "01", case: "02", meeting: "03", access: "04" } as const;
export type DocumentKind = keyof typeof documentKinds;

/** The one document of a room that is always there. */
export const indexDocId = `${documentKinds.index}${"00".repeat(16)}`;

/** @param id 32 hexadecimal digits */
export function documentId(kind: Exclude<DocumentKind, "index">, id: string): string {
  return documentKinds[kind] + id;
}

/** Whether what a member in this role wrote counts in this document. The same answer on every device. SPEC.md [D3]. */
export function mayWriteDocument(role: Role, kind: RoomKind, docId: string): boolean {
  if (role === "consultant" || role === "recovery") return true;
  if (role !== "socialTeacher") return false;
  return kind === "school" || (kind === "plan" && docId === indexDocId);
}
