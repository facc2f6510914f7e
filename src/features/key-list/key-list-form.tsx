import { createSignal, type JSX, onMount, Show } from "solid-js";
import * as z from "zod/mini";
import { addDays, type IsoDate } from "../../lib/iso-date.ts";
import { createDraft } from "../../reactive/create-draft.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { CaseTile } from "../../ui/case-tile.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { IsoDateText } from "../fields.ts";
import { CaseId } from "../ids.ts";
import { Page } from "../space/page.tsx";
import { useShell } from "../space/shell.tsx";
import type { KeyListCase } from "./create-key-list-cases.ts";
import type { DeviceKeyList } from "./create-key-list.ts";
import { defaultExpiry, expiryChoices } from "./rules.ts";
import type { KeyListEntry } from "./schema.ts";
import { tileOfLabel } from "./tile-rules.ts";

const LineDraft = z.object({ caseId: z.optional(CaseId), text: z.string(), expiresOn: IsoDateText });
type LineDraft = z.infer<typeof LineDraft>;

/** One line of the key list: a code, who it is, and when the line goes. A draft, sealed on this device as the list is, until «Lagre». */
export function KeyListForm(props: {
  keyList: DeviceKeyList;
  /** The line as it is; null for a new one. */
  entry: KeyListEntry | null;
  /** The case it is about; undefined when it is still to be chosen, or not on the device any more. */
  of: KeyListCase | undefined;
  /** Cases without a line, to choose from. */
  without: readonly KeyListCase[];
  onDone: () => void;
}): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const [tried, setTried] = createSignal(false);
  const { entry } = props;
  const caseId = entry?.caseId ?? props.of?.caseId;
  const beginning: LineDraft = { caseId, text: entry?.text ?? "", expiresOn: entry?.expiresOn ?? defaultExpiry(engine.today()) };
  const draft = createDraft<LineDraft>(`keyListLine/${caseId ?? "new"}`, beginning, (stored) => LineDraft.safeParse(stored).data ?? null);
  let title: HTMLDivElement | undefined;
  onMount(() => title?.focus());

  const label = () => entry?.codeLabel ?? (props.of ?? props.without.find((one) => one.caseId === draft.value.caseId))?.label;
  const expiries = (): IsoDate[] => {
    const choices = expiryChoices(engine.today());
    return choices.includes(draft.value.expiresOn) ? choices : [...choices, draft.value.expiresOn];
  };
  const expiryLabel = (date: IsoDate) => {
    const value = { date: format.date(date, "day").replaceAll(" ", "\u00a0") };
    if (date === defaultExpiry(engine.today())) return text("keyList.form.yearEnd", value);
    if (date === addDays(engine.today(), 90)) return text("keyList.form.inMonths", value);
    if (date === addDays(engine.today(), 30)) return text("keyList.form.inMonth", value);
    return text("keyList.form.onDate", { date: format.date(date, "dayYear") });
  };

  const save = async () => {
    setTried(true);
    const who = draft.value.text.trim();
    const chosen = draft.value.caseId;
    const codeLabel = label();
    if (who === "" || chosen === undefined || codeLabel === undefined) return;
    const { expiresOn } = draft.value;
    const createdAt = entry?.createdAt ?? engine.moment();
    if (!(await props.keyList.write({ caseId: chosen, codeLabel, text: who, createdAt, expiresOn }))) return;
    await draft.discard();
    props.onDone();
  };

  const remove = async () => {
    if (entry === null || !(await props.keyList.remove(entry.caseId))) return;
    await draft.discard();
    shell.undo.offer({ message: text("keyList.removed", { code: entry.codeLabel }), undo: () => void props.keyList.write(entry) });
    props.onDone();
  };

  return (
    <Page
      focus
      back={{ label: text("keyList.title"), href: "/nokkelliste" }}
      dock={
        <Dock>
          <Button variant="primary" size="dock" icon="check" grow onClick={() => void save()}>
            {text("keyList.form.save")}
          </Button>
        </Dock>
      }
    >
      <div tabindex="-1" ref={(element) => (title = element)}>
        <PageTitle
          tile={<Show when={label()}>{(code) => <CaseTile {...tileOfLabel(code())} />}</Show>}
          title={caseId === undefined ? text("keyList.form.titleNew") : text("keyList.form.title", { code: label() ?? "" })}
        />
      </div>
      <Notice icon="mobile">{text("common.onlyThisDevice")}</Notice>
      <Show when={caseId === undefined}>
        <ChoiceChips<string>
          legend={text("keyList.form.whichCase")}
          hint={tried() && draft.value.caseId === undefined ? text("keyList.form.caseMissing") : undefined}
          columns={3}
          phoneColumns={2}
          primaryCount={8}
          required
          options={props.without.map((one) => ({ value: one.caseId, label: one.label }))}
          value={draft.value.caseId}
          onChange={(value) => draft.set("caseId", props.without.find((one) => one.caseId === value)?.caseId)}
          next={draft.value.caseId === undefined}
        />
      </Show>
      <TextField
        label={text("keyList.form.who")}
        hint={text("keyList.form.whoHint")}
        voice
        spellcheck={false}
        maxLength={200}
        value={draft.value.text}
        onInput={(value) => draft.set("text", value)}
        error={tried() && draft.value.text.trim() === "" ? text("keyList.form.whoMissing") : undefined}
      />
      <ChoiceChips
        legend={text("keyList.form.expires")}
        hint={text("keyList.form.expiresHint")}
        columns={3}
        phoneColumns={2}
        required
        options={expiries().map((value) => ({ value, label: expiryLabel(value) }))}
        value={draft.value.expiresOn}
        onChange={(value) => value !== undefined && draft.set("expiresOn", value)}
      />
      <Show when={entry}>
        <div class="button-row form-end">
          <Show when={props.of}>
            {(one) => <ButtonLink icon="refresh" href={`/meld-opp/${one().schoolId}?sak=${one().caseId}`}>{text("keyList.signUpAgain")}</ButtonLink>}
          </Show>
          <Button icon="trash" onClick={() => void remove()}>
            {text("keyList.form.remove")}
          </Button>
        </div>
      </Show>
    </Page>
  );
}
