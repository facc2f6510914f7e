import { useNavigate } from "@solidjs/router";
import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { createVisitActions, visitPath } from "./create-visit-actions.ts";
import { createVisitHere } from "./create-visit-here.ts";
import { OpenVisit } from "./open-visit.tsx";
import { PlannedVisit } from "./planned-visit.tsx";
import { openDialog, visitStatus } from "./rules.ts";
import type { Visit } from "./schema.ts";
import { VisitOverview } from "./visit-overview.tsx";

/** One visit, as it stands: planned, with the door open, closed or cancelled. */
export function VisitPage(): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const { school, day, visit } = createVisitHere();
  const isRunning = () => {
    const one = visit();
    return one !== undefined && visitStatus(one) === "open" && workspace.role() === "consultant";
  };
  return (
    <Page
      focus
      title={school()?.name}
      {...(isRunning() ? {} : { back: { label: text("common.nav.visits"), href: "/besok" } })}
      dock={
        <Show when={workspace.role() === "consultant" && day()}>
          {(here) => <Show when={visit()}>{(one) => <VisitDock day={here()} visit={one()} />}</Show>}
        </Show>
      }
    >
      <Show when={day()}>
        {(here) => (
          <Show when={visit()} fallback={<EmptyState text={text("visits.notFound")} />}>
            {(one) => <VisitContent day={here()} visit={one()} />}
          </Show>
        )}
      </Show>
    </Page>
  );
}

/** Whoever has no room with the cases sees when the visit is, and nothing that would look like a count of none. */
function VisitContent(props: { day: SchoolDayHere; visit: Visit }): JSX.Element {
  const workspace = useWorkspace();
  return (
    <Switch fallback={<PlannedVisit day={props.day} visit={props.visit} />}>
      <Match when={visitStatus(props.visit) === "open" && workspace.role() === "consultant"}>
        <OpenVisit day={props.day} visit={props.visit} />
      </Match>
      <Match when={visitStatus(props.visit) === "closed" && props.day.school.schoolRoom !== undefined}>
        <VisitOverview day={props.day} visit={props.visit} />
      </Match>
    </Switch>
  );
}

function VisitDock(props: { day: SchoolDayHere; visit: Visit }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const actions = createVisitActions();
  const navigate = useNavigate();
  const path = () => visitPath(props.day.schoolId, props.visit.id);
  const dialog = createMemo(() => openDialog(props.visit, props.day.dialogs));
  const toggleDialog = () => {
    const running = dialog();
    void (running === null ? actions.startDialog(props.day.school, props.visit) : actions.endDialog(props.day.school, running));
  };
  return (
    <Switch>
      <Match when={visitStatus(props.visit) === "open"}>
        <Dock>
          <ButtonLink variant="primary" size="dock" icon="plus" grow href={`${path()}/drofting`}>
            {text("visits.newConsultation")}
          </ButtonLink>
          <Button variant="secondary" size="dock" icon="coffee" aria-pressed={dialog() !== null} onClick={toggleDialog}>
            {text(dialog() === null ? "visits.dialog.start" : "visits.dialog.stop")}
          </Button>
          <ButtonLink variant="secondary" size="dock" href={`${path()}/avslutt`}>
            {text("visits.close")}
          </ButtonLink>
        </Dock>
      </Match>
      <Match when={visitStatus(props.visit) === "closed"}>
        <Dock>
          <Button variant="secondary" size="dock" icon="printer" onClick={() => window.print()}>
            {text("common.action.print")}
          </Button>
          <Button
            variant="secondary"
            size="dock"
            grow
            onClick={() => void actions.reopen(props.day.school, props.visit).then((opened) => opened && navigate(path()))}
          >
            {text("visits.reopen")}
          </Button>
        </Dock>
      </Match>
      <Match when={visitStatus(props.visit) === "planned" && props.visit.date === engine.today()}>
        <Dock>
          <Button variant="primary" size="dock" icon="doorOpen" grow onClick={() => void actions.start(props.day.school, props.visit)}>
            {text("visits.start")}
          </Button>
        </Dock>
      </Match>
    </Switch>
  );
}
