import { createMemo, For, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createHolidays } from "../schools/create-school.ts";
import type { SchoolHandle } from "../space/workspace.tsx";
import { runPath } from "./create-run-actions.ts";
import { createRunWords } from "./create-run-words.ts";
import { type RunAtAGlance, runAtAGlance } from "./glance-rules.ts";
import { currentLeg } from "./rules.ts";
import { RunDueTag } from "./run-tile.tsx";
import { type RunHere, useRuns } from "./runs-context.tsx";

type Row = { readonly id: string; readonly here: RunHere; readonly glance: RunAtAGlance };

/** The known cases of a school that run along a routine: each with its next step and date, those that wait the longest first. */
export function RunsSection(props: { school: SchoolHandle }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const holidays = createHolidays();
  const all = useRuns();
  const rows = createMemo(() =>
    all()
      .filter(({ school }) => school === props.school)
      .map((here): Row => ({ id: here.id, here, glance: runAtAGlance(here.run, engine.today(), holidays()) }))
      .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  );
  const running = createStableList(createMemo(() => rows().filter(({ glance }) => !glance.isOver)));
  const over = createStableList(createMemo(() => rows().filter(({ glance }) => glance.isOver)));
  return (
    <Show when={props.school.schoolRoom !== undefined}>
      <Section heading={text("routines.run.heading")} hint={running().length > 0 ? String(running().length) : undefined}>
        <Show when={rows().length > 0} fallback={<p class="detail">{text("routines.run.none")}</p>}>
          <RowList label={text("routines.run.heading")}>
            <For each={running()}>{(row) => <RunRow row={row()} />}</For>
            <For each={over()}>{(row) => <RunRow row={row()} />}</For>
          </RowList>
        </Show>
        <div class="button-row section-action">
          <ButtonLink variant="secondary" icon="plus" href={`/forlop/${props.school.schoolId}/ny`}>
            {text("routines.run.new")}
          </ButtonLink>
        </div>
      </Section>
    </Show>
  );
}

/** By the date that comes first, then those without one; what is over stands last. */
function orderOf({ glance, id }: Row): string {
  return `${glance.isOver ? 1 : 0} ${glance.nearest?.dueOn ?? "9999"} ${id}`;
}

function RunRow(props: { row: Row }): JSX.Element {
  const { text } = useText();
  const words = createRunWords();
  const glance = () => props.row.glance;
  const detail = () => {
    const leg = currentLeg(props.row.here.run);
    const { nearest } = glance();
    return [
      leg === null ? "" : text(`routines.name.${leg.routine}`),
      words.next(glance()),
      nearest === null || (nearest.type === "step" && nearest.step.key === glance().next?.key) ? "" : text("routines.run.firstDate", { what: words.nearest(nearest) }),
    ]
      .filter((part) => part !== "")
      .join(" · ");
  };
  return (
    <InfoRow
      icon="tasklist"
      tone="neutral"
      title={props.row.here.shown}
      detail={detail()}
      tag={
        <Show
          when={glance().nearest}
          fallback={
            <Tag tone={glance().isOver ? "done" : "neutral"} icon={glance().isOver ? "check" : undefined}>
              {glance().isOver ? text("routines.run.overTag") : text("routines.run.progress", glance().progress)}
            </Tag>
          }
        >
          {(nearest) => <RunDueTag dueOn={nearest().dueOn} urgency={nearest().urgency} />}
        </Show>
      }
      href={runPath(props.row.here.school.schoolId, props.row.id)}
      done={glance().isOver}
    />
  );
}
