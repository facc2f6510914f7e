import { type Accessor, createEffect, createMemo, createSignal } from "solid-js";
import type * as Y from "yjs";
import { contentHash } from "../../engine/content-hash.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { type MeetingDocument, readActionItems } from "./document.ts";
import { contentText, type MinutesContent } from "./minutes-content-schema.ts";
import { minutesContent } from "./minutes-document.ts";
import { type ApprovedMinutes, approvedMinutes, type Proposal, proposals } from "./minutes-rules.ts";

export type MinutesHere = {
  /** As they stand in the documents; undefined until those are read. */
  readonly live: Accessor<MinutesContent | undefined>;
  readonly approved: Accessor<ApprovedMinutes | null>;
  readonly proposals: Accessor<readonly Proposal[]>;
  /** Whether the approved content is the one that its hash names; undefined until that is known. */
  readonly isIntact: Accessor<boolean | undefined>;
  /** Names the minutes with their corrections; undefined until it is known, and while nothing is approved. */
  readonly correctedHash: Accessor<string | undefined>;
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
  const read = createDocumentReading(doc, "everything", (opened) => minutesContent(here().meeting, opened, actions() ?? [], ownProcedure()));
  const live = createMemo(() => (actions() === undefined ? undefined : read()));
  const originalHash = createHash(() => approved()?.approval.content);
  const correctedHash = createHash(() => {
    const standing = approved();
    return standing === null ? undefined : contentText(standing.corrected);
  });
  return {
    live,
    approved,
    proposals: createMemo(() => {
      const [standing, now] = [approved(), live()];
      return standing === null || now === undefined ? [] : proposals(standing, now, details().corrections);
    }),
    isIntact: () => {
      const [standing, hash] = [approved(), originalHash()];
      return standing === null || hash === undefined ? undefined : hash === standing.approval.hash;
    },
    correctedHash,
  };
}

/** Of a text, undefined until it is known. Not a resource: a page that is read is not to be taken away while it is worked out anew. */
function createHash(text: Accessor<string | undefined>): Accessor<string | undefined> {
  const current = createMemo(text);
  const [hash, setHash] = createSignal<{ of: string; is: string }>();
  createEffect(() => {
    const of = current();
    if (of !== undefined) void contentHash(of).then((is) => setHash({ of, is }));
  });
  return () => {
    const known = hash();
    return known !== undefined && known.of === current() ? known.is : undefined;
  };
}
