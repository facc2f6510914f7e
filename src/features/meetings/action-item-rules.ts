import type { MeetingSide } from "../../content/meetings.ts";
import type { Asked } from "../follow-up/rules.ts";
import type { Side } from "../follow-up/schema.ts";
import type { ActionItem, Meeting } from "./schema.ts";

/** A question of a meeting, as «Oppfølging» lists it. */
export type AskedOfMeeting = Asked & { readonly type: "actionItem"; readonly item: ActionItem };

const bothSides: readonly Side[] = ["consultant", "school"];

/** Who is asked. The parents and others do not use the app: what they have taken on, both see to. */
const asks: Readonly<Record<MeetingSide, readonly Side[]>> = { school: ["school"], childWelfare: ["consultant"], guardians: bothSides, others: bothSides };

/** What an action item asks, on the day it was moved to or else the one agreed. Without either it is due when the next meeting is, and without one of those it has none. */
export function askedOfActionItem(item: ActionItem, { next }: Pick<Meeting, "next">): AskedOfMeeting {
  const nextOn = next !== undefined && "date" in next ? next.date : null;
  return { type: "actionItem", item, id: item.id, waitsOn: asks[item.side], dueOn: item.askOn ?? item.dueOn ?? nextOn, ...item.answered };
}
