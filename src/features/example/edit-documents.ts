import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import type { DocOf } from "./document.ts";

/** One edit of a room's index and of these documents. */
export async function editDocuments(room: Room, documentIds: readonly string[], change: (index: Y.Doc, docOf: DocOf) => void): Promise<void> {
  await room.edit([indexDocId, ...documentIds], (index, ...docs) => {
    if (index === undefined) return;
    const byId = new Map(documentIds.map((id, position) => [id, docs[position]]));
    change(index, (id) => byId.get(id) as Y.Doc);
  });
}
