import { type Accessor, createContext, type JSX, useContext } from "solid-js";
import { useWorkspace } from "../space/workspace.tsx";
import { createAllMeetings, type MeetingHere } from "./create-meetings.ts";

const MeetingsContext = createContext<ReturnType<typeof createAllMeetings>>();

/** Reads every meeting once for all who ask: what was agreed in them is counted on every page. */
export function MeetingsProvider(props: { children: JSX.Element }): JSX.Element {
  const workspace = useWorkspace();
  return <MeetingsContext.Provider value={createAllMeetings(workspace.schools)}>{props.children}</MeetingsContext.Provider>;
}

/**
 * Every meeting of this school year that this device can read, of all schools; new objects after each change, with ids to match them by.
 * @throws outside of an unlocked app
 */
export function useMeetings(): Accessor<MeetingHere[]> {
  return useAll().meetings;
}

/** Those that were deleted, to show that and nothing more of them. @throws outside of an unlocked app */
export function useDeletedMeetings(): Accessor<MeetingHere[]> {
  return useAll().deleted;
}

function useAll() {
  const meetings = useContext(MeetingsContext);
  if (meetings === undefined) throw new Error("meetings need a MeetingsProvider above");
  return meetings;
}
