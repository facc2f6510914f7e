import { type Accessor, createContext, createMemo, type JSX, useContext } from "solid-js";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { type AskedOfMeeting, askedOfActionItem } from "../meetings/action-item-rules.ts";
import type { MeetingHere } from "../meetings/create-meetings.ts";
import { useMeetings } from "../meetings/meetings-context.tsx";
import { type AskedOfRun, askedOfRun } from "../routines/glance-rules.ts";
import { type RunHere, useRuns } from "../routines/runs-context.tsx";
import { readHolidays, readSettings } from "../space/document.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { type FollowUpHere, useFollowUps } from "./follow-ups-context.tsx";
import type { Asked } from "./rules.ts";

/** One question that «Oppfølging» has, by what it comes from. What else is to be followed up gets a type of its own here, and a card in ask-waiting.tsx. */
export type Waiting = Asked & { readonly school: SchoolHandle | undefined } & (
    | { readonly type: "followUp"; readonly followUp: FollowUpHere }
    | ({ readonly run: RunHere } & AskedOfRun)
    | ({ readonly here: MeetingHere } & AskedOfMeeting)
  );

const WaitingContext = createContext<Accessor<Waiting[]>>();

/** Gathers what is to be followed up, once for all who ask: the navigation counts it on every page. */
export function WaitingProvider(props: { children: JSX.Element }): JSX.Element {
  return <WaitingContext.Provider value={createWaiting()}>{props.children}</WaitingContext.Provider>;
}

/**
 * Everything that is to be followed up, of all schools: what drøftinger have left, what meetings agreed on, and the clocks and steps of routines. New objects after each change, with
 * ids to match them by.
 * @throws outside of an unlocked app
 */
export function useWaiting(): Accessor<Waiting[]> {
  const waiting = useContext(WaitingContext);
  if (waiting === undefined) throw new Error("useWaiting needs a WaitingProvider above it");
  return waiting;
}

function createWaiting(): Accessor<Waiting[]> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const followUps = useFollowUps();
  const runs = useRuns();
  const meetings = useMeetings();
  const shelf = createDocumentReading(workspace.shelfIndex, ["settings", "holidays"], (doc) => ({
    workingDays: readSettings(doc).followUpWorkingDays,
    closed: readHolidays(doc),
  }));
  const ofRuns = createMemo(() => {
    const context = shelf() ?? { workingDays: 1, closed: [] };
    return runs().flatMap((run) => askedOfRun(run.run, engine.today(), context).map((asked): Waiting => ({ ...asked, run, school: run.school })));
  });
  const ofConsultations = createMemo(() => followUps().map((followUp): Waiting => ({ ...followUp, type: "followUp", followUp })));
  const ofMeetings = createMemo(() =>
    meetings().flatMap((here) => here.actionItems.map((item): Waiting => ({ ...askedOfActionItem(item, here.meeting), here, school: here.school }))),
  );
  return createMemo(() => [...ofConsultations(), ...ofMeetings(), ...ofRuns()]);
}
