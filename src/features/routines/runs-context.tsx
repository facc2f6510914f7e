import { type Accessor, createContext, createMemo, type JSX, mapArray, useContext } from "solid-js";
import type { Room } from "../../engine/space.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { shownReferences } from "../references.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { readRoutineRuns, routineRunRoots } from "./document.ts";
import type { RoutineRun } from "./schema.ts";

/** A run with what a row of it shows, and the room it lies in. */
export type RunHere = {
  readonly id: RoutineRun["id"];
  readonly run: RoutineRun;
  /** Its reference as it is shown: «R-482-KTM». */
  readonly shown: string;
  readonly school: SchoolHandle;
  readonly room: Room;
};

const RunsContext = createContext<Accessor<RunHere[]>>();

/** Reads every run once for all who ask: what waits of them is counted on every page. */
export function RunsProvider(props: { children: JSX.Element }): JSX.Element {
  return <RunsContext.Provider value={createRuns()}>{props.children}</RunsContext.Provider>;
}

/**
 * Every run of this school year that this device can read, of all schools; new objects after each change, with ids to match them by.
 * @throws outside of an unlocked app
 */
export function useRuns(): Accessor<RunHere[]> {
  const runs = useContext(RunsContext);
  if (runs === undefined) throw new Error("useRuns needs a RunsProvider above it");
  return runs;
}

function createRuns(): Accessor<RunHere[]> {
  const workspace = useWorkspace();
  const atSchools = createMemo(
    mapArray(workspace.schools, (school) => {
      const room = school.schoolRoom;
      if (room === undefined) return () => [];
      const read = createDocumentReading(school.schoolIndex, routineRunRoots, (index) => readRoutineRuns(index).records);
      return createMemo(() => {
        const runs = read() ?? [];
        const shown = shownReferences(runs);
        return runs.map((run): RunHere => ({ id: run.id, run, shown: shown.get(run.id) ?? run.reference, school, room }));
      });
    }),
  );
  return createMemo(() => atSchools().flatMap((read) => read()));
}
