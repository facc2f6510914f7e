import { type Accessor, createContext, type JSX, useContext } from "solid-js";
import { useWorkspace } from "../space/workspace.tsx";
import { type AllMeetings, createAllMeetings, type MeetingHere } from "./create-meetings.ts";

const MeetingsContext = createContext<AllMeetings>();

/** Reads every meeting once for all who ask: what was agreed in them is counted on every page. */
export function MeetingsProvider(props: { children: JSX.Element }): JSX.Element {
  const workspace = useWorkspace();
  return <MeetingsContext.Provider value={createAllMeetings(workspace.schools)}>{props.children}</MeetingsContext.Provider>;
}

/** Every meeting of this school year; new objects after each change, with ids to match them by. @throws outside of an unlocked app */
export function useAllMeetings(): AllMeetings {
  const meetings = useContext(MeetingsContext);
  if (meetings === undefined) throw new Error("meetings need a MeetingsProvider above");
  return meetings;
}

/** Those that were not deleted. @throws outside of an unlocked app */
export function useMeetings(): Accessor<MeetingHere[]> {
  return useAllMeetings().standing;
}
