import { createMemo, For, type JSX } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { SignUpView } from "../pre-registration/create-sign-up-view.ts";
import { isWaiting } from "../pre-registration/rules.ts";
import type { Visit } from "../visits/schema.ts";

/** The paper twin of the cases signed up for a visit, with room to write; only seen in print. */
export function PrintedCases(props: { school: string; visit: Visit; view: SignUpView }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const entries = createMemo(() => props.view.queue(props.visit).filter(({ preRegistration }) => isWaiting(preRegistration)));
  return (
    <article class="print-only">
      <h1 class="voice">{text("schoolHome.paper.title", { date: format.date(props.visit.date) })}</h1>
      <table class="print-table">
        <thead>
          <tr>
            <th scope="col">{text("schoolHome.paper.time")}</th>
            <th scope="col">{text("schoolHome.paper.code")}</th>
            <th scope="col">{text("schoolHome.paper.who")}</th>
            <th scope="col">{text("schoolHome.paper.gradeBand")}</th>
            <th scope="col">{text("schoolHome.paper.themes")}</th>
            <th scope="col">{text("schoolHome.paper.wishes")}</th>
            <th scope="col">{text("schoolHome.paper.notes")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={entries()}>
            {({ preRegistration, slot }) => (
              <tr>
                <td>{slot === null ? "" : format.time(slot)}</td>
                <td class="paper-code">{props.view.code(preRegistration.caseId)?.label}</td>
                <td>{preRegistration.role === undefined ? "" : text(`content.role.${preRegistration.role}`)}</td>
                <td>{preRegistration.gradeBand === undefined ? "" : text(`content.gradeBandShort.${preRegistration.gradeBand}`)}</td>
                <td>{format.list(preRegistration.themes.map((theme) => text(`content.theme.${theme}`).toLowerCase()))}</td>
                <td>{format.list(preRegistration.wishes.map((wish) => text(`content.wish.${wish}`).toLowerCase()))}</td>
                <td class="paper-wide">{preRegistration.note}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <p>{text("schoolHome.paper.made", { school: props.school, date: format.date(engine.today(), "dayYear") })}</p>
    </article>
  );
}
