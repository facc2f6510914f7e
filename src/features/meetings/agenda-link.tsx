import { type JSX, Show } from "solid-js";
import { ButtonLink } from "../../ui/button.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { type MeetingHere, meetingPath } from "./create-meetings.ts";
import { meetingState } from "./rules.ts";

/** Where the agenda of one meeting is changed. @returns its address */
export function agendaPath(schoolId: string, meetingId: string): string {
  return `${meetingPath(schoolId, meetingId)}/saksliste`;
}

/** The way to change the agenda of a meeting, for as long as it can be changed. */
export function AgendaLink(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  return (
    <Show when={["planned", "open"].includes(meetingState(props.here.meeting))}>
      <div class="button-row section-action no-print">
        <ButtonLink variant="secondary" icon="pencil" href={agendaPath(props.here.school.schoolId, props.here.id)}>
          {text("agendas.meeting.link")}
        </ButtonLink>
      </div>
    </Show>
  );
}
