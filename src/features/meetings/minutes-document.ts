import type * as Y from "yjs";
import { dateOf, timeOf } from "../../lib/iso-date.ts";
import { notesOf, readMeetingDocument } from "./document.ts";
import { MinutesContent, type MinutesLine } from "./minutes-content-schema.ts";
import { actionItemsOf, decisionsOf, itemsInOrder, participantsOf } from "./rules.ts";
import type { ActionItem, Meeting } from "./schema.ts";

/**
 * The minutes as they stand in the documents now.
 * @param doc the meeting's own @param ownProcedure see `MinutesContent`
 */
export function minutesContent(meeting: Meeting, doc: Y.Doc, actions: readonly ActionItem[], ownProcedure: boolean): MinutesContent {
  const { participants, items, decisions } = readMeetingDocument(doc);
  const { type, date, from, startedAt, endedAt, place, purpose, chair, minuteTaker, interpreter, next } = meeting;
  return compact({
    ownProcedure,
    about: {
      type,
      date: startedAt === undefined ? date : dateOf(startedAt),
      from: startedAt === undefined ? from : timeOf(startedAt),
      to: endedAt === undefined ? undefined : timeOf(endedAt),
      place,
      purpose,
      chair,
      minuteTaker,
      interpreter,
    },
    people: participantsOf(participants, ownProcedure).map(({ role, name, absent }) => ({ role, name, absent: absent === true ? true : undefined })),
    items: itemsInOrder(items, ownProcedure).map(({ id, title, talk }) => ({
      id,
      title,
      talk,
      lines: linesOf(notesOf(doc, id)),
      decisions: decisionsOf(decisions, id).map(({ what }) => what),
    })),
    actions: actionItemsOf(actions, meeting.id, ownProcedure).map(({ id, what, side, role, dueOn }) => ({ id, what, side, role, dueOn })),
    next,
  });
}

/** The lines of what was written, without empty ones. What this version cannot show, an attribute or an embedded thing of a newer one, is left out. */
export function linesOf(notes: Y.Text): MinutesLine[] {
  const lines: MinutesLine[] = [];
  let runs: MinutesLine["text"] = [];
  const end = (kind: unknown) => {
    if (runs.some(({ text }) => text.trim() !== "")) lines.push({ kind: kind === "heading" || kind === "item" ? kind : "text", text: runs });
    runs = [];
  };
  for (const { insert, attributes } of notes.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof insert !== "string") continue;
    insert.split("\n").forEach((text, place, all) => {
      if (text !== "") runs = withRun(runs, attributes?.["bold"] === true ? { text, isBold: true } : { text });
      if (place < all.length - 1) end(attributes?.["kind"]);
    });
  }
  end(undefined);
  return lines;
}

/** What an unknown attribute divides in the document is one run here. */
function withRun(runs: MinutesLine["text"], run: MinutesLine["text"][number]): MinutesLine["text"] {
  const last = runs.at(-1);
  return last === undefined || last.isBold !== run.isBold ? [...runs, run] : [...runs.slice(0, -1), { ...last, text: last.text + run.text }];
}

/** Without fields that are undefined, and with the fields in the schema's order: the same content is then the same text. */
function compact(content: { [Key in keyof MinutesContent]: unknown }): MinutesContent {
  return MinutesContent.parse(JSON.parse(JSON.stringify(content)));
}
