import { For, type JSX, Show } from "solid-js";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { small } from "../consultations/create-next-steps.ts";
import { createMeetingWords } from "../meetings/create-meeting-words.ts";
import { meetingPath, newMeetingPath } from "../meetings/create-meetings.ts";
import { meetingState } from "../meetings/rules.ts";
import type { Meeting } from "../meetings/schema.ts";
import type { StepMeetings } from "../meetings/step-rules.ts";
import type { RunStep } from "./rules.ts";
import type { RunHere } from "./runs-context.tsx";

const toneOf = { planned: "neutral", open: "now", held: "done", notHeld: "neutral" } as const;

/** The meetings of a step, each a way to it, and the way to a new one while there is none. */
export function StepMeetingLinks(props: { here: RunHere; step: RunStep; title: string; of: StepMeetings; isOpen: boolean }): JSX.Element {
  const { text } = useText();
  const words = createMeetingWords();
  const meetings = createStableList(() => props.of.meetings);
  const schoolId = () => props.here.school.schoolId;
  const state = (meeting: Meeting) => {
    if (meetingState(meeting) !== "notHeld" || meeting.notHeld === undefined) return text(`meetings.state.${meetingState(meeting)}`);
    return text("routines.run.meetingNotHeld", { reason: small(text(`meetings.notHeldReason.${meeting.notHeld.reason}`)) });
  };
  const wantsNew = () => props.isOpen && props.step.step.meeting !== undefined && props.of.wantsNew;
  return (
    <Show when={props.of.meetings.length > 0 || wantsNew()}>
      <div class="run-step-more run-step-meetings">
        <For each={meetings()}>
          {(meeting) => (
            <a class="link" href={meetingPath(schoolId(), meeting().id)}>
              <Icon name="group" />
              <span class="run-step-meeting">
                <span>{words.when(meeting())}</span>
                <Tag tone={toneOf[meetingState(meeting())]}>{state(meeting())}</Tag>
              </span>
            </a>
          )}
        </For>
        <Show when={wantsNew()}>
          <ButtonLink
            variant="secondary"
            icon="plus"
            href={newMeetingPath(schoolId(), { runId: props.here.id, step: props.step.key })}
            aria-label={text("routines.run.ofStep", { action: text("meetings.new"), step: props.title })}
          >
            {text("meetings.new")}
          </ButtonLink>
        </Show>
      </div>
    </Show>
  );
}
