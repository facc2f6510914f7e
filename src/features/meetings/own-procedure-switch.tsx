import { type JSX, Show } from "solid-js";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useShell } from "../space/shell.tsx";
import type { MeetingHere } from "./create-meetings.ts";
import { setOwnProcedure } from "./document.ts";
import { isAboutChild } from "./rules.ts";

/** One tap when violence or abuse comes up in a meeting, or proves not to be: whatever is the parents' goes at once. Nothing where the case's routine says it. */
export function OwnProcedureSwitch(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const isSaid = () => props.here.meeting.ownProcedure === true;
  const turn = async (on: boolean) => {
    const { id, school } = props.here;
    const edit = (value: boolean) => engine.run(async () => school.schoolRoom?.edit([indexDocId], (index) => index && setOwnProcedure(index, id, value)));
    if (await edit(on)) shell.undo.offer({ message: text(on ? "minutes.violence.on" : "minutes.violence.off"), undo: () => void edit(!on) });
  };
  return (
    <Show when={isAboutChild(props.here.meeting.type) && (isSaid() || !props.here.ownProcedure)}>
      <div class="button-row section-action no-print">
        <Button variant="quiet" tone={isSaid() ? undefined : "danger"} icon="warning" onClick={() => void turn(!isSaid())}>
          {text(isSaid() ? "minutes.violence.takeBack" : "minutes.violence.say")}
        </Button>
      </div>
    </Show>
  );
}
