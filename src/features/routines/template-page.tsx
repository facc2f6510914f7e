import { useParams } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import { type RoutineId, routineIds } from "../../content/routines.ts";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { TemplateEditor, type TemplateEditorProps } from "../templates/template-editor.tsx";
import { createRunWords } from "./create-run-words.ts";
import { createSchoolTemplates, createServiceTemplates } from "./create-templates.ts";
import { addRoutineTemplate, takeBackRoutineTemplate } from "./document.ts";
import type { RoutineStep } from "./schema.ts";
import { newStepId, newTemplateId, shippedTemplate, type TemplateHere, templateDifferences, templateProblems } from "./template-rules.ts";
import { TemplateStepForm } from "./template-step-form.tsx";
import { createStepSummary } from "./template-step-words.ts";

/** The service's version of a routine. */
export function ServiceTemplatePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ routine: string }>();
  const workspace = useWorkspace();
  const templates = createServiceTemplates();
  const routine = () => routineIds.find((id) => id === params.routine);
  return (
    <Page back={{ label: text("common.nav.settings"), href: "/innstillinger#rutiner" }}>
      <Show when={workspace.role() === "consultant" && workspace.shelfIndex() !== undefined && routine()} keyed>
        {(id) => <RoutineEditor routine={id} here={templates(id)} room={workspace.shelfRoom()} />}
      </Show>
    </Page>
  );
}

/** A school's own version of a routine, measured against the service's. */
export function SchoolTemplatePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; routine: string }>();
  const workspace = useWorkspace();
  const school = createMemo(() => workspace.school(params.schoolId));
  const routine = () => routineIds.find((id) => id === params.routine);
  return (
    <Page back={{ label: school()?.name ?? text("common.nav.schools"), href: `/skoler/${params.schoolId}` }}>
      <Show when={school()} keyed fallback={<EmptyState text={text("schools.notFound")} />}>
        {(found) => {
          const templates = createSchoolTemplates(() => found);
          return (
            <Show when={found.planIndex() !== undefined && found.schoolRoom !== undefined && routine()} keyed>
              {(id) => <RoutineEditor routine={id} here={templates(id)} room={found.planRoom} school={{ id: found.schoolId, name: found.name }} />}
            </Show>
          );
        }}
      </Show>
    </Page>
  );
}

type RoutineEditorProps = { routine: RoutineId; here: TemplateHere; room: Room | undefined; school?: { readonly id: string; readonly name: string } };

function RoutineEditor(props: RoutineEditorProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const words = createRunWords();
  const summary = createStepSummary();
  const { newId } = engine;
  const shipped = () => shippedTemplate(props.routine);
  const newVersion: TemplateEditorProps<RoutineStep>["newVersion"] = (steps, madeAt, more) => {
    if (templateProblems(props.routine, steps).length > 0) return null;
    const version = { id: newTemplateId(newId), routine: props.routine, basedOn: props.here.template.version, madeAt, steps: Array.from(steps), ...more };
    return { add: (index) => addRoutineTemplate(index, version), takeBack: (index) => takeBackRoutineTemplate(index, version.id) };
  };
  return (
    <TemplateEditor<RoutineStep>
      kind="routines"
      heading={text(`routines.name.${props.routine}`)}
      partsHeading={text("routines.run.steps")}
      partsHint={String(props.here.template.steps.length)}
      template={{
        ...props.here,
        parts: props.here.template.steps,
        original: props.here.original.steps,
        others: props.here.others.map(({ madeAt, steps }) => ({ madeAt, parts: steps })),
        shipped: props.here.original.version === shipped().version ? undefined : shipped().steps,
      }}
      room={props.room}
      school={props.school}
      of={props.routine}
      title={words.title}
      details={(step) => (
        <>
          <Show when={words.note(step)}>{(note) => <span class="row-detail">{note()}</span>}</Show>
          <span class="row-detail">{summary(step)}</span>
        </>
      )}
      form={(form) => <TemplateStepForm {...form} routine={props.routine} />}
      blank={() => ({ id: newStepId(newId), title: "", who: [], involvesParents: false })}
      newVersion={newVersion}
      differences={templateDifferences}
      changeWords={(before, _, fields) => {
        const others = fields.flatMap((field) => (field === "title" || field === "id" ? [] : [text(`routines.template.field.${field}`)]));
        const was = fields.includes("title") ? [text("templates.was", { title: words.title(before) })] : [];
        return [...was, ...(others.length === 0 ? [] : [format.list(others)])].join(" · ");
      }}
    />
  );
}
