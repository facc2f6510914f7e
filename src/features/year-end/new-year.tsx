import { createSignal, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createHolidays, planAgain } from "../schools/create-school.ts";
import { useWorkspace } from "../space/workspace.tsx";

/** A school year has begun, and the service's schools have no rooms for it: they are made by one tap. Nothing where all have. */
export function NewYear(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const holidays = createHolidays();
  const [busy, setBusy] = createSignal(false);
  const year = () => format.schoolYear(workspace.schoolYear());
  const begin = async () => {
    if (busy()) return;
    setBusy(true);
    await engine.run(async () => {
      for (const school of workspace.schoolsToBegin()) {
        await planAgain(await workspace.beginYear(school), { schoolYear: workspace.schoolYear(), holidays: [...holidays()], today: engine.today() });
      }
    });
    setBusy(false);
  };
  return (
    <Show when={workspace.schoolsToBegin().length > 0}>
      <Section heading={text("yearEnd.new.heading", { year: year() })}>
        <p>{text("yearEnd.new.detail", { schools: format.list(workspace.schoolsToBegin().map(({ name }) => name)) })}</p>
        <div class="button-row section-action">
          <Button variant="primary" icon="doorOpen" onClick={() => void begin()}>
            {text(busy() ? "common.state.saving" : "yearEnd.new.begin", { year: year() })}
          </Button>
        </div>
        <Notice icon="personPlus">{text("yearEnd.new.invite")}</Notice>
      </Section>
    </Show>
  );
}
