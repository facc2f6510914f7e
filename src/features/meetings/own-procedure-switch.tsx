import { type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { setOwnProcedure } from "./document.ts";
import { isAboutChild } from "./rules.ts";

/** One tap when violence or abuse comes up in a meeting, or proves not to be: whatever is the parents' goes at once. Nothing where the case's routine says it. */
export function OwnProcedureSwitch(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  const edit = createMeetingEdit();
  const isSaid = () => props.here.meeting.ownProcedure === true;
  const turn = (on: boolean) => {
    const { here } = props;
    const message = text(on ? "minutes.violence.on" : "minutes.violence.off");
    return edit.index(here, (index) => setOwnProcedure(index, here.id, on), { message, change: (index) => setOwnProcedure(index, here.id, !on) });
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
