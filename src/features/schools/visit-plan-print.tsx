import { For, type JSX } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { Visit } from "../visits/schema.ts";
import { createVisitWords } from "./visit-words.ts";

/** The paper twin of the plan: one page for the wall of the staff room. Only seen in print. */
export function VisitPlanPrint(props: { name: string; visits: readonly Visit[] }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const words = createVisitWords();
  return (
    <article class="print-only">
      <p class="print-title voice">{text("schools.print.title", { school: props.name, year: format.schoolYear(workspace.schoolYear()) })}</p>
      <table class="print-table">
        <thead>
          <tr>
            <th scope="col">{text("schools.print.date")}</th>
            <th scope="col">{text("schools.print.time")}</th>
            <th scope="col">{text("schools.print.remark")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.visits}>
            {(visit) => (
              <tr>
                <td>{capitalise(format.date(visit.date, "weekdayYear"))}</td>
                <td>{format.timeRange(visit.from, visit.to)}</td>
                <td>{words.remark(visit)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <p>{text("schools.print.printed", { date: format.date(engine.today(), "dayYear") })}</p>
    </article>
  );
}
