import { type JSX, lazy, Match, Switch } from "solid-js";
import { useWorkspace } from "../features/space/workspace.tsx";
import { useEngine } from "../reactive/engine-context.tsx";
import { TodayPage } from "../features/today/today-page.tsx";

const NothingLeftPage = lazy(() => import("../features/space/left-page.tsx").then((module) => ({ default: module.NothingLeftPage })));
const SchoolHomePage = lazy(() => import("../features/school-home/school-home-page.tsx").then((module) => ({ default: module.SchoolHomePage })));
const PrincipalHomePage = lazy(() => import("../features/school-home/principal-home-page.tsx").then((module) => ({ default: module.PrincipalHomePage })));
const LeadHomePage = lazy(() => import("../features/school-home/lead-home-page.tsx").then((module) => ({ default: module.LeadHomePage })));

/** «I dag», as each role has it. */
export function HomePage(): JSX.Element {
  const workspace = useWorkspace();
  const engine = useEngine();
  return (
    <Switch fallback={<TodayPage />}>
      <Match when={engine.rooms().length === 0}>
        <NothingLeftPage />
      </Match>
      <Match when={workspace.role() === "socialTeacher"}>
        <SchoolHomePage />
      </Match>
      <Match when={workspace.role() === "principal"}>
        <PrincipalHomePage />
      </Match>
      <Match when={workspace.role() === "serviceLead"}>
        <LeadHomePage />
      </Match>
    </Switch>
  );
}
