import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { assert } from "../../lib/assert.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useShell } from "../space/shell.tsx";
import type { SchoolHandle } from "../space/workspace.tsx";
import type { MeetingHere } from "./create-meetings.ts";
import { meetingDocumentId } from "./document.ts";

type Named = Pick<MeetingHere, "id" | "school">;

/** In the index of the meeting's school room. */
type IndexChange = (index: Y.Doc) => void;

/** In that index and in the meeting's own document, both or none. */
type MeetingChange = (index: Y.Doc, doc: Y.Doc) => void;

/** Offered once the change is on disk. @property message what was done, as a sentence @property undone called once it is taken back, and that on disk */
type TakeBack<Change> = { readonly message: string; readonly change: Change; readonly undone?: () => void };

/**
 * What changes a meeting: saved at once, and taken back while that is offered, whatever page is shown by then: always in the meeting that was named. All give
 * whether it is on disk; what the disk refused is said in the state line and is not offered to be taken back.
 */
export type MeetingEdit = {
  index(here: Named, change: IndexChange, takeBack?: TakeBack<IndexChange>): Promise<boolean>;
  both(here: Named, change: MeetingChange, takeBack?: TakeBack<MeetingChange>): Promise<boolean>;
};

export function createMeetingEdit(): MeetingEdit {
  const engine = useEngine();
  const shell = useShell();
  const editing = async <Change extends (...docs: Y.Doc[]) => void>({ schoolRoom }: SchoolHandle, docIds: readonly string[], change: Change, takeBack?: TakeBack<Change>) => {
    const apply = (one: Change) =>
      engine.run(async () => {
        assert(schoolRoom !== undefined, "a meeting is changed by those who have its school's room");
        await schoolRoom.edit(docIds, one);
      });
    if (!(await apply(change))) return false;
    if (takeBack !== undefined) {
      const { message, change: back, undone } = takeBack;
      shell.undo.offer({ message, undo: () => void apply(back).then((done) => done && undone?.()) });
    }
    return true;
  };
  return {
    index: ({ school }, change, takeBack) => editing(school, [indexDocId], change, takeBack),
    both: ({ id, school }, change, takeBack) => editing(school, [indexDocId, meetingDocumentId(id)], change, takeBack),
  };
}
