import { createSignal, For, type JSX, Show } from "solid-js";
import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips, Question } from "../../ui/chip-group.tsx";
import { RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createNextSteps, type NextSteps } from "../consultations/create-next-steps.ts";
import { followUpBasis } from "../consultations/rules.ts";
import { proposeFollowUps } from "../follow-up/rules.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { addNextStep, changeNextStep, changeSettings, readSettings, takeBackNextStep } from "./document.ts";
import { NextStepForm, type NextStepWords } from "./next-step-form.tsx";
import type { NextStep } from "./rules.ts";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

const workingDayChoices = [1, 2, 3, 5] as const;

/** What a drøfting of this service offers, and when what follows from it is due. */
export function ConsultationsSection(): JSX.Element {
  const { text } = useText();
  const edit = createShelfEdit();
  return (
    <Section heading={text("settings.consultations.heading")}>
      <FollowUpDays edit={edit} />
      <NextStepList edit={edit} />
    </Section>
  );
}

/** @returns whether it is on disk */
type EditShelf = (change: (shelf: Y.Doc) => void) => Promise<boolean>;

function createShelfEdit(): EditShelf {
  const engine = useEngine();
  const workspace = useWorkspace();
  return (change) =>
    engine.run(async () => {
      const room = workspace.shelfRoom();
      if (room === undefined) throw new Error("a consultant has the shelf");
      await room.edit([indexDocId], (shelf) => shelf && change(shelf));
    });
}

function FollowUpDays(props: { edit: EditShelf }): JSX.Element {
  const { text, plural } = useText();
  const workspace = useWorkspace();
  const settings = createDocumentView(workspace.shelfIndex, ["settings"], (shelf) => ({
    workingDays: shelf === undefined ? undefined : readSettings(shelf).followUpWorkingDays,
  }));
  const [saved, setSaved] = createSignal(false);
  const choose = async (value: string | undefined) => {
    const followUpWorkingDays = workingDayChoices.find((count) => String(count) === value);
    if (followUpWorkingDays === undefined) return;
    setSaved(false);
    setSaved(await props.edit((shelf) => changeSettings(shelf, { followUpWorkingDays })));
  };
  return (
    <>
      <ChoiceChips
        legend={text("settings.consultations.deadline")}
        hint={text("settings.consultations.deadlineHint")}
        options={workingDayChoices.map((count) => ({
          value: String(count),
          label: plural(count, "settings.consultations.dayOne", "settings.consultations.dayMany"),
        }))}
        value={String(settings().workingDays)}
        onChange={(value) => void choose(value)}
        columns={4}
        phoneColumns={2}
        required
      />
      <div class="saved-line">
        <p class="detail">{text("settings.consultations.deadlineDetail")}</p>
        <p role="status">{saved() ? text("settings.saved") : ""}</p>
      </div>
    </>
  );
}

function NextStepList(props: { edit: EditShelf }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const nextSteps = createNextSteps();
  const rows = createStableList(nextSteps.steps);
  const [editing, setEditing] = createSignal<string | null>(null);
  let list: HTMLDivElement | undefined;
  const close = (target: string) => {
    setEditing(null);
    queueMicrotask(() => list?.querySelector<HTMLElement>(`[data-focus="${target}"]`)?.focus());
  };
  const offerUndo = (did: "hidden" | "shown" | "changed" | "added", name: string, undo: (shelf: Y.Doc) => void) =>
    shell.undo.offer({ message: text(`settings.consultations.${did}`, { name }), undo: () => void props.edit(undo) });
  /** The words of all steps but one. */
  const others = (id: string) => nextSteps.steps().flatMap((step) => (step.id === id ? [] : [nextSteps.label(step.id)]));

  const setHidden = async ({ id }: NextStep, hidden: boolean) => {
    if (!(await props.edit((shelf) => changeNextStep(shelf, id, { hidden })))) return;
    offerUndo(hidden ? "hidden" : "shown", nextSteps.label(id), (shelf) => changeNextStep(shelf, id, { hidden: !hidden }));
  };
  const save = async (step: NextStep, words: NextStepWords) => {
    const { id } = step;
    const isShipped = nextSteps.shippedLabel(id) !== null;
    const given = isShipped && (words.label === "" || words.label === nextSteps.shippedLabel(id)) ? undefined : words.label;
    // What the app does with one of ours hangs on its id, so only the words of it can be changed.
    const changes = isShipped ? { label: given } : { label: given, involvesParents: words.involvesParents };
    const before = { label: step.label ?? undefined, ...(isShipped ? {} : { involvesParents: step.involvesParents }) };
    if (JSON.stringify(changes) === JSON.stringify(before)) return close(id);
    if (!(await props.edit((shelf) => changeNextStep(shelf, id, changes)))) return;
    close(id);
    offerUndo("changed", nextSteps.label(id), (shelf) => changeNextStep(shelf, id, before));
  };
  const add = async (words: NextStepWords) => {
    const id = engine.newId();
    if (!(await props.edit((shelf) => addNextStep(shelf, id, words)))) return;
    close("add");
    offerUndo("added", words.label, (shelf) => takeBackNextStep(shelf, id));
  };

  return (
    <div class="next-steps" ref={(element) => (list = element)}>
      <Question legend={text("settings.consultations.steps")}>
        <p class="detail">
          {text("settings.consultations.stepsDetail", { question: text("consultations.question.nextSteps") })}{" "}
          {text("settings.consultations.parentsDetail")}
        </p>
        <RowList>
          <For each={rows()}>
            {(step) => (
              <Show
                when={editing() === step().id}
                fallback={
                  <StepRow
                    step={step()}
                    nextSteps={nextSteps}
                    onShow={(shown) => void setHidden(step(), !shown)}
                    onChange={() => setEditing(step().id)}
                  />
                }
              >
                <li class="row-item visit-panel">
                  <NextStepForm
                    beginning={{ label: nextSteps.label(step().id), involvesParents: step().involvesParents }}
                    shippedLabel={nextSteps.shippedLabel(step().id)}
                    others={others(step().id)}
                    submitLabel={text("common.action.save")}
                    onSubmit={(words) => void save(step(), words)}
                    onClose={() => close(step().id)}
                  />
                </li>
              </Show>
            )}
          </For>
        </RowList>
      </Question>
      <Show
        when={editing() === "new"}
        fallback={
          <div class="button-row section-action">
            <Button variant="secondary" icon="plus" data-focus="add" onClick={() => setEditing("new")}>
              {text("settings.consultations.add")}
            </Button>
          </div>
        }
      >
        <div class="card section-action">
          <NextStepForm
            beginning={{ label: "", involvesParents: undefined }}
            shippedLabel={null}
            others={others("new")}
            submitLabel={text("settings.consultations.add")}
            onSubmit={(words) => void add(words)}
            onClose={() => close("add")}
          />
        </div>
      </Show>
    </div>
  );
}

function StepRow(props: { step: NextStep; nextSteps: NextSteps; onShow: (shown: boolean) => void; onChange: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const name = () => props.nextSteps.label(props.step.id);
  const detail = () => {
    const { id, label, involvesParents } = props.step;
    const shipped = props.nextSteps.shippedLabel(id);
    const followUp = followUpOf(props.step, engine.today());
    return [
      label === null || shipped === null ? "" : text("settings.consultations.shippedName", { name: shipped }),
      involvesParents ? text("settings.consultations.involvesParents") : "",
      followUp === undefined ? "" : text("settings.consultations.followedUp", { question: text(`content.followUp.${followUp}.question`) }),
    ]
      .filter((part) => part !== "")
      .join(" · ");
  };
  return (
    <li class="row-item">
      <div class="row step-row">
        <Checkbox kind="switch" label={name()} hint={detail() || undefined} checked={!props.step.hidden} onChange={(shown) => props.onShow(shown)} />
        <Button
          variant="secondary"
          size="small"
          data-focus={props.step.id}
          aria-label={text("settings.consultations.ofStep", { action: text("common.action.change"), name: name() })}
          onClick={() => props.onChange()}
        >
          {text("common.action.change")}
        </Button>
      </div>
    </li>
  );
}

/** What the app asks afterwards when a step is chosen: from the rules themselves, whatever the step is called. */
function followUpOf(step: NextStep, today: string) {
  return proposeFollowUps(followUpBasis({ nextSteps: [step.id] }, [{ ...step, hidden: false }], false), { heldOn: today, nextVisitOn: null, workingDays: 1, holidays: [] })[0]?.kind;
}
