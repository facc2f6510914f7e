import { type JSX, Show } from "solid-js";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import { changePath, type MeetingHere } from "./create-meetings.ts";
import { setOwnProcedure } from "./document.ts";
import { isAboutChild } from "./rules.ts";

/** What is changed of a meeting while it is held and afterwards: what is known of it, and whether violence is suspected. */
export function MeetingChanges(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  return (
    <>
      <div class="button-row section-action">
        <ButtonLink variant="quiet" icon="pencil" href={changePath(props.here)}>
          {text("minutes.changeFacts")}
        </ButtonLink>
      </div>
      <OwnProcedureSwitch here={props.here} />
    </>
  );
}

/** One tap when violence or abuse comes up in a meeting, or proves not to be: whatever is the parents' goes at once. Nothing where the case's routine says it. */
function OwnProcedureSwitch(props: { here: MeetingHere }): JSX.Element {
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
