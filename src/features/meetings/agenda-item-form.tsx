import { createSignal, type JSX, Show } from "solid-js";
import * as z from "zod/mini";
import { type ItemOwner, itemOwners } from "../../content/meetings.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { PartForm } from "../../ui/form-end.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createNoteGuard, NoteFindings } from "../pre-registration/note-guard.tsx";
import { createPartDraft, focusOnWrong, type PartFormProps } from "../templates/part-list.tsx";
import { agendaProblems, isShippedItem } from "./agenda-rules.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { type AgendaItem, longestLine, longestMeeting } from "./schema.ts";

const ItemFields = z.object({ title: z.string(), minutes: z.string(), owner: z.enum(itemOwners), involvesParents: z.boolean() });
type ItemFields = z.infer<typeof ItemFields>;

type AgendaItemFormProps<Item extends AgendaItem> = PartFormProps<Item> & {
  /** The items beside it: all of them together may not be too long. */
  others: readonly AgendaItem[];
  /** Read at every school: what could tell who a child is does not belong in it. */
  isTemplate: boolean;
  /** Not where violence is suspected: there no item is the parents'. */
  asksForParents: boolean;
};

/** One item of an agenda: what, how long, who opens it, and whether the parents are heard. */
export function AgendaItemForm<Item extends AgendaItem>(props: AgendaItemFormProps<Item>): JSX.Element {
  const { text } = useText();
  const words = createMeetingWords();
  const { part: item, isNew, draftId } = props;
  const shipped = isShippedItem(item.id) ? words.item({ id: item.id }) : null;
  const beginning: ItemFields = {
    title: item.title ?? shipped ?? "",
    minutes: isNew ? "" : String(item.minutes),
    owner: item.owner,
    involvesParents: item.involvesParents,
  };
  const draft = createPartDraft({ part: item, isNew, draftId }, beginning, (stored) => ItemFields.safeParse(stored).data ?? null);
  const fields = () => draft.value.fields;
  const [tried, setTried] = createSignal(false);
  const guard = createNoteGuard(() => (props.isTemplate ? fields().title : ""));
  let form: HTMLFormElement | undefined;
  const change = (changes: Partial<ItemFields>) => draft.set("fields", changes);
  const close = async () => {
    await draft.discard();
    props.onClose();
  };

  const isMinutesWrong = () => {
    const written = fields().minutes.trim();
    return !/^\d{1,3}$/.test(written) || Number(written) < 1 || Number(written) > longestMeeting;
  };
  const made = (): Item => {
    const title = fields().title.trim();
    const isOurs = shipped !== null && (title === "" || title === shipped);
    const { owner, involvesParents } = fields();
    return { ...item, title: isOurs ? undefined : title, minutes: isMinutesWrong() ? 0 : Number(fields().minutes), owner, involvesParents };
  };
  const problems = () => (tried() ? agendaProblems([...props.others, made()]).map(({ type }) => type) : []);
  const titleError = () => {
    if (problems().includes("titleMissing")) return text("agendas.item.titleMissing");
    return problems().includes("namesCase") ? text("meetings.form.namesCase") : undefined;
  };
  const minutesError = () => {
    if (tried() && isMinutesWrong()) return text("agendas.item.minutesWrong", { most: longestMeeting });
    return problems().includes("tooLongInAll") ? text("agendas.item.inAllWrong", { most: longestMeeting }) : undefined;
  };
  const submit = async () => {
    setTried(true);
    const hard = await guard.check();
    if (hard > 0 || isMinutesWrong() || problems().length > 0) focusOnWrong(form);
    else if (await props.onSubmit(made())) await close();
  };

  return (
    <PartForm class="step-form" ref={(element) => (form = element)} onSubmit={submit} onClose={() => void close()} submitLabel={props.submitLabel}>
      <TextField
        label={text("agendas.item.title")}
        hint={shipped === null ? undefined : text("agendas.item.titleHint", { title: shipped })}
        value={fields().title}
        onInput={(title) => change({ title })}
        maxLength={longestLine}
        error={titleError()}
        autofocus
      />
      <NoteFindings guard={guard} />
      <TextField label={text("agendas.item.minutes")} inputMode="numeric" value={fields().minutes} onInput={(minutes) => change({ minutes })} maxLength={3} error={minutesError()} />
      <ChoiceChips<ItemOwner>
        legend={text("agendas.item.owner")}
        columns={3}
        phoneColumns={2}
        required
        options={itemOwners.map((value) => ({ value, label: text(`meetings.owner.${value}`) }))}
        value={fields().owner}
        onChange={(owner) => owner !== undefined && change({ owner })}
      />
      <Show when={props.asksForParents}>
        <div class="part-check">
          <Checkbox
            label={text("agendas.item.involvesParents")}
            hint={text("agendas.item.parentsHint")}
            checked={fields().involvesParents}
            onChange={(involvesParents) => change({ involvesParents })}
          />
        </div>
      </Show>
    </PartForm>
  );
}

/** What stands under the title of an item in a list where it can be changed. */
export function AgendaItemDetails(props: { item: AgendaItem }): JSX.Element {
  const { text } = useText();
  const line = () => text("agendas.itemLine", { minutes: props.item.minutes, owner: text(`meetings.owner.${props.item.owner}`) });
  return <span class="row-detail">{props.item.involvesParents ? `${line()} · ${text("agendas.change.parents")}` : line()}</span>;
}
