import { useParams } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import { CaseDisclosurePage, MeetingDisclosurePage, RunDisclosurePage } from "../disclosure/disclosure-page.tsx";
import { MeetingsProvider } from "../meetings/meetings-context.tsx";
import { RunsProvider } from "../routines/runs-context.tsx";
import { PastSchoolProvider, useWorkspace } from "../space/workspace.tsx";

/** What is held of an earlier year's case, run or meeting: the same papers as of this year's. */
function PastSchool(props: { children: JSX.Element }): JSX.Element {
  const params = useParams<{ year: string; schoolId: string }>();
  const workspace = useWorkspace();
  const school = createMemo(() => workspace.schoolOfYear(params.schoolId, Number(params.year)));
  return (
    <Show when={school()} fallback={props.children} keyed>
      {(found) => (
        <PastSchoolProvider school={found}>
          <MeetingsProvider>
            <RunsProvider>{props.children}</RunsProvider>
          </MeetingsProvider>
        </PastSchoolProvider>
      )}
    </Show>
  );
}

export function PastCasePage(): JSX.Element {
  return (
    <PastSchool>
      <CaseDisclosurePage />
    </PastSchool>
  );
}

export function PastMeetingPage(): JSX.Element {
  return (
    <PastSchool>
      <MeetingDisclosurePage />
    </PastSchool>
  );
}

export function PastRunPage(): JSX.Element {
  return (
    <PastSchool>
      <RunDisclosurePage />
    </PastSchool>
  );
}
