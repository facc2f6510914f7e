import { type Accessor, createMemo, createResource } from "solid-js";
import type * as Y from "yjs";
import { contentHash } from "../../engine/content-hash.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { type MeetingDocument, readActionItems } from "./document.ts";
import type { MinutesContent } from "./minutes-content-schema.ts";
import { minutesContent } from "./minutes-document.ts";
import { type ApprovedMinutes, approvedMinutes, type Proposal, proposals } from "./minutes-rules.ts";

export type MinutesHere = {
  /** As they stand in the documents; undefined until those are read. */
  readonly live: Accessor<MinutesContent | undefined>;
  readonly approved: Accessor<ApprovedMinutes | null>;
  readonly proposals: Accessor<readonly Proposal[]>;
  /** Whether the approved content is the one that its hash names; undefined until that is known. */
  readonly isIntact: Accessor<boolean | undefined>;
};

/** The minutes of a meeting, as they are written and as they were approved. */
export function createMinutes(here: Accessor<MeetingHere>, doc: Accessor<Y.Doc | undefined>, details: Accessor<MeetingDocument>): MinutesHere {
  const actions = createDocumentReading(
    () => here().school.schoolIndex(),
    ["actionItems"],
    (index) => readActionItems(index).records,
  );
  const approved = createMemo(() => approvedMinutes(details().approvals, details().corrections, here().meeting.filed?.content));
  const ownProcedure = () => approved()?.original.ownProcedure ?? here().ownProcedure;
  // Notes are texts, each of its own name: whatever changes in the document may be one of them.
  const read = createDocumentReading(doc, "everything", (opened) => ({ content: minutesContent(here().meeting, opened, actions() ?? [], ownProcedure()) }));
  const live = createMemo(() => (actions() === undefined ? undefined : read()?.content));
  const [isIntact] = createResource(approved, async ({ approval }) => (await contentHash(approval.content)) === approval.hash);
  return {
    live,
    approved,
    proposals: createMemo(() => {
      const [standing, now] = [approved(), live()];
      return standing === null || now === undefined ? [] : proposals(standing, now, details().corrections);
    }),
    isIntact,
  };
}
