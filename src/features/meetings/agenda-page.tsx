import { useParams } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import { type MeetingType, meetingTypes } from "../../content/meetings.ts";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { TemplateEditor, type TemplateEditorProps } from "../templates/template-editor.tsx";
import { AgendaItemDetails, AgendaItemForm } from "./agenda-item-form.tsx";
import { agendaDifferences, type AgendaHere, agendaProblems, minutesInAll, newAgendaId, newItemId, shippedAgenda } from "./agenda-rules.ts";
import { createSchoolAgendas, createServiceAgendas } from "./create-agendas.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { addAgendaTemplate, takeBackAgendaTemplate } from "./document.ts";
import { inSentence } from "./invitation-text.ts";
import type { AgendaItem } from "./schema.ts";

/** The service's agenda of a type of meeting. */
export function ServiceAgendaPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ type: string }>();
  const workspace = useWorkspace();
  const agendas = createServiceAgendas();
  const type = () => meetingTypes.find((one) => one === params.type);
  return (
    <Page back={{ label: text("common.nav.settings"), href: "/innstillinger#sakslister" }}>
      <Show when={workspace.role() === "consultant" && workspace.shelfIndex() !== undefined && type()} keyed>
        {(found) => <AgendaEditor type={found} here={agendas(found)} room={workspace.shelfRoom()} />}
      </Show>
    </Page>
  );
}

/** A school's own agenda of a type of meeting, measured against the service's. */
export function SchoolAgendaPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; type: string }>();
  const workspace = useWorkspace();
  const school = createMemo(() => workspace.school(params.schoolId));
  const agendas = createSchoolAgendas(school);
  const type = () => meetingTypes.find((one) => one === params.type);
  return (
    <Page back={{ label: school()?.name ?? text("common.nav.schools"), href: `/skoler/${params.schoolId}` }}>
      <Show when={school()} keyed fallback={<EmptyState text={text("schools.notFound")} />}>
        {(found) => (
          <Show when={found.planIndex() !== undefined && found.schoolRoom !== undefined && type()} keyed>
            {(one) => <AgendaEditor type={one} here={agendas(one)} room={found.planRoom} school={{ id: found.schoolId, name: found.name }} />}
          </Show>
        )}
      </Show>
    </Page>
  );
}

type AgendaEditorProps = { type: MeetingType; here: AgendaHere; room: Room | undefined; school?: { readonly id: string; readonly name: string } };

function AgendaEditor(props: AgendaEditorProps): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const words = createMeetingWords();
  const changeWords = createChangeWords();
  const { newId } = engine;
  const items = () => props.here.template.items;
  const shipped = () => shippedAgenda(props.type);
  const newVersion: TemplateEditorProps<AgendaItem>["newVersion"] = (changed, madeAt, more) => {
    if (agendaProblems(changed).length > 0) return null;
    const version = { id: newAgendaId(newId), type: props.type, basedOn: props.here.template.version, madeAt, items: Array.from(changed), ...more };
    return { add: (index) => addAgendaTemplate(index, version), takeBack: (index) => takeBackAgendaTemplate(index, version.id) };
  };
  return (
    <TemplateEditor<AgendaItem>
      kind="agendas"
      heading={text(`meetings.type.${props.type}`)}
      partsHeading={text("agendas.items")}
      partsHint={text("agendas.inAll", { minutes: minutesInAll(items()) })}
      template={{
        ...props.here,
        parts: items(),
        original: props.here.original.items,
        others: props.here.others.map(({ madeAt, items: parts }) => ({ madeAt, parts })),
        shipped: props.here.original.version === shipped().version ? undefined : shipped().items,
      }}
      room={props.room}
      school={props.school}
      of={props.type}
      title={words.item}
      details={(item) => <AgendaItemDetails item={item} />}
      form={(form) => <AgendaItemForm {...form} others={items().filter(({ id }) => id !== form.part.id)} isTemplate asksForParents />}
      blank={() => ({ id: newItemId(newId), title: "", minutes: 0, owner: "everyone", involvesParents: false })}
      newVersion={newVersion}
      differences={agendaDifferences}
      changeWords={changeWords}
    />
  );
}

/** What of an item has changed: «15 min, før 10 min · kontaktlærer, før møteleder». */
function createChangeWords(): (before: AgendaItem, item: AgendaItem, fields: readonly (keyof AgendaItem)[]) => string {
  const { text } = useText();
  const words = createMeetingWords();
  return (before, item, fields) => {
    const owner = (of: AgendaItem) => inSentence(text(`meetings.owner.${of.owner}`));
    return [
      ...(fields.includes("title") ? [text("templates.was", { title: words.item(before) })] : []),
      ...(fields.includes("minutes") ? [text("agendas.change.minutes", { minutes: item.minutes, before: before.minutes })] : []),
      ...(fields.includes("owner") ? [text("agendas.change.owner", { owner: owner(item), before: owner(before) })] : []),
      ...(fields.includes("involvesParents") ? [text(item.involvesParents ? "agendas.change.parents" : "agendas.change.noParents")] : []),
    ].join(" · ");
  };
}
