import { useParams } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import { type RoutineId, routineIds } from "../../content/routines.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { ChoiceChips, Question } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createRunActions } from "./create-run-actions.ts";
import { createSchoolTemplates } from "./create-templates.ts";

/** A known case begins along a routine: which one, and what is known of the report. */
export function NewRunPage(): JSX.Element {
  const params = useParams<{ schoolId: string }>();
  const workspace = useWorkspace();
  const school = () => {
    const found = workspace.school(params.schoolId);
    return found?.schoolRoom === undefined ? undefined : found;
  };
  return (
    <Show when={school()} keyed fallback={<Page focus back={{ href: "/skoler", label: "" }}>{null}</Page>}>
      {(found) => <NewRun school={found} />}
    </Show>
  );
}

type Known = { sentOn: IsoDate; receivedOn: IsoDate; closedOn: IsoDate };

function NewRun(props: { school: SchoolHandle }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const actions = createRunActions();
  const templates = createSchoolTemplates(() => props.school);
  const [routine, setRoutine] = createSignal<RoutineId>();
  const [tried, setTried] = createSignal(false);
  const [known, setKnown] = createSignal<Known>({ sentOn: "", receivedOn: "", closedOn: "" });
  const fields = (): readonly (keyof Known)[] => (routine() === "handover" ? ["closedOn"] : ["sentOn", "receivedOn"]);
  const problem = (field: keyof Known) => {
    const date = known()[field];
    if (date > engine.today()) return text("routines.run.dateMissing");
    return field === "receivedOn" && date !== "" && known().sentOn > date ? text("routines.run.receivedBeforeSent") : undefined;
  };
  let busy = false;
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    const chosen = routine();
    const facts = Object.fromEntries(fields().flatMap((field) => (known()[field] === "" ? [] : [[field, known()[field]]])));
    if (busy || chosen === undefined || fields().some((field) => problem(field) !== undefined)) return;
    busy = true;
    await actions.start(props.school, templates(chosen).template, facts);
    busy = false;
  };
  const back = () =>
    workspace.role() === "consultant" ? { label: props.school.name, href: `/skoler/${props.school.schoolId}` } : { label: text("common.nav.today"), href: "/" };
  return (
    <form onSubmit={(event) => void start(event)} novalidate>
      <Page
        focus
        back={back()}
        dock={
          <Dock>
            <Button type="submit" variant="primary" size="dock" icon="arrowRight" grow>
              {text("routines.run.start")}
            </Button>
          </Dock>
        }
      >
        <PageTitle title={text("routines.run.new")} kicker={props.school.name} detail={text("routines.run.newDetail")} />
        <ChoiceChips<RoutineId>
          legend={text("routines.run.which")}
          next={routine() === undefined}
          columns={2}
          phoneColumns={2}
          required
          options={routineIds.map((value) => ({ value, label: text(`routines.name.${value}`) }))}
          value={routine()}
          onChange={(value) => value !== undefined && setRoutine(value)}
        />
        <div class="run-error" aria-live="polite">
          <Show when={tried() && routine() === undefined}>
            <p class="field-error">{text("routines.run.chooseRoutine")}</p>
          </Show>
        </div>
        <Question legend={text("routines.run.whatIsKnown")} hint={text("common.field.optional")}>
          <div class="field-row">
            <Show
              when={routine() === "handover"}
              fallback={
                <>
                  <DateField
                    label={text("routines.fact.sentOn")}
                    value={known().sentOn}
                    max={engine.today()}
                    onInput={(sentOn) => setKnown((before) => ({ ...before, sentOn }))}
                    error={problem("sentOn")}
                  />
                  <DateField
                    label={text("routines.fact.receivedOn")}
                    value={known().receivedOn}
                    max={engine.today()}
                    onInput={(receivedOn) => setKnown((before) => ({ ...before, receivedOn }))}
                    error={problem("receivedOn")}
                  />
                </>
              }
            >
              <DateField
                label={text("routines.fact.closedOn")}
                value={known().closedOn}
                max={engine.today()}
                onInput={(closedOn) => setKnown((before) => ({ ...before, closedOn }))}
                error={problem("closedOn")}
              />
            </Show>
          </div>
        </Question>
        <Show when={routine() === "ownProcedure"}>
          <LeftOut>{text("routines.run.withoutParents")}</LeftOut>
        </Show>
        <Notice icon="information">{text("routines.run.referenceNotice")}</Notice>
      </Page>
    </form>
  );
}
