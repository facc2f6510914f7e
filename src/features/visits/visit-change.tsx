import { createSignal, type JSX, Show } from "solid-js";
import { type CancelReason, cancelReasons, type MoveReason, moveReasons } from "../../content/choices.ts";
import type { IsoDate, TimeOfDay } from "../../lib/iso-date.ts";
import { Button } from "../../ui/button.tsx";
import { ActionChips, ChoiceChips } from "../../ui/chip-group.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createHolidays } from "../schools/create-school.ts";
import { DayForm, Panel } from "../schools/day-form.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { SchoolPlan } from "../today/create-school-days.ts";
import { createVisitActions } from "./create-visit-actions.ts";
import { moveProblems } from "./rules.ts";
import type { Visit } from "./schema.ts";

export type VisitChangeKind = "move" | "cancel";

/** Another day for a visit, or none: under the row or card of the visit. The first thing in it takes focus, Escape closes it. */
export function VisitChange(props: { plan: Pick<SchoolPlan, "school" | "visits">; visit: Visit; kind: VisitChangeKind; onClose: () => void }): JSX.Element {
  const { text, format } = useText();
  const actions = createVisitActions();
  const close = () => props.onClose();
  const cancel = async (reason: CancelReason) => {
    if (await actions.cancel(props.plan.school, props.visit, reason)) close();
  };
  return (
    <Panel onClose={close}>
      <Show
        when={props.kind === "cancel"}
        fallback={<MoveForm plan={props.plan} visit={props.visit} onClose={close} />}
      >
        <ActionChips
          legend={text("schools.page.whyCancel", { date: format.date(props.visit.date) })}
          options={cancelReasons.map((value) => ({ value, label: text(`content.cancelReason.${value}`) }))}
          onPress={(reason) => void cancel(reason)}
          columns={3}
          phoneColumns={2}
        />
        <Button variant="quiet" onClick={close}>
          {text("common.action.cancel")}
        </Button>
      </Show>
    </Panel>
  );
}

function MoveForm(props: { plan: Pick<SchoolPlan, "school" | "visits">; visit: Visit; onClose: () => void }): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const actions = createVisitActions();
  const holidays = createHolidays();
  const [reason, setReason] = createSignal<MoveReason>();
  const [tried, setTried] = createSignal(false);
  const { date, from, to } = props.visit;
  const submit = async (target: { date: IsoDate; from: TimeOfDay; to: TimeOfDay }) => {
    const why = reason();
    setTried(true);
    if (why === undefined) return;
    if (await actions.move(props.plan.school, props.visit, target, why)) props.onClose();
  };
  return (
    <DayForm
      beginning={{ date, from, to }}
      dayLabel={text("schools.page.newDay")}
      submitLabel={text("schools.page.confirmMove")}
      problems={(target) => moveProblems(target, props.visit, { visits: props.plan.visits, schoolYear: workspace.schoolYear(), holidays: holidays() })}
      onSubmit={(target) => void submit(target)}
      onClose={() => props.onClose()}
    >
      <ChoiceChips
        legend={text("schools.page.whyMove")}
        options={moveReasons.map((value) => ({ value, label: text(`content.moveReason.${value}`) }))}
        value={reason()}
        onChange={setReason}
        columns={3}
        phoneColumns={2}
        next={tried() && reason() === undefined}
      />
      <div aria-live="polite">
        <Show when={tried() && reason() === undefined}>
          <p class="field-error">{text("schools.page.chooseReason")}</p>
        </Show>
      </div>
    </DayForm>
  );
}
