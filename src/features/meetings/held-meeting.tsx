import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type * as Y from "yjs";
import { dateOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Dock } from "../../ui/dock.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { PaperActions } from "../../ui/paper-actions.tsx";
import { PaperView } from "../../ui/paper-view.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { type ApprovalProblem, createMinutesActions, type MinutesActions } from "./create-minutes-actions.ts";
import { type MeetingHere, meetingPath, takeHomePath } from "./create-meetings.ts";
import { createMinutes, type MinutesHere } from "./create-minutes.ts";
import type { MeetingDocument } from "./document.ts";
import { MinutesFiling } from "./minutes-filing.tsx";
import { minutesPaper } from "./minutes-paper.ts";
import { MinutesProposals } from "./minutes-proposals.tsx";
import { minutesInWords, writerInSentence } from "./minutes-words.ts";
import { offersParentSurface } from "./rules.ts";

/** Reading a held meeting's minutes through, and approving them: what the page and its dock share. */
export type HeldMeetingState = {
  readonly minutes: MinutesHere;
  readonly actions: MinutesActions;
  readonly problem: () => ApprovalProblem | null;
  readonly approve: () => Promise<void>;
};

export function createHeldMeeting(here: () => MeetingHere, doc: () => Y.Doc | undefined, details: () => MeetingDocument): HeldMeetingState {
  const minutes = createMinutes(here, doc, details);
  const actions = createMinutesActions(here);
  const [problem, setProblem] = createSignal<ApprovalProblem | null>(null);
  return {
    minutes,
    actions,
    problem,
    async approve() {
      const shown = minutes.live();
      if (shown === undefined) return;
      setProblem(await actions.approve(shown));
    },
  };
}

/** The minutes of a meeting that was held, as they are read aloud, printed and filed. */
export function HeldMeeting(props: { here: MeetingHere; state: HeldMeetingState; children: JSX.Element }): JSX.Element {
  const source = useText();
  const { text, format } = source;
  const engine = useEngine();
  const { minutes } = props.state;
  const shown = createMemo(() => minutes.approved() ?? minutes.live());
  const paper = createMemo(() => {
    const content = shown();
    if (content === undefined) return undefined;
    const words = { ...source, language: source.language() };
    const { reference, school, ownProcedure } = props.here;
    return minutesPaper(minutesInWords(content, { reference, school: school.name, printedOn: engine.today(), notForParents: ownProcedure }, words), words);
  });
  return (
    <>
      <div class="no-print">
        <Show when={minutes.approved()} fallback={<Notice icon="check">{text("minutes.approval.how")}</Notice>}>
          {(approved) => (
            <>
              <For each={approved().others}>
                {({ at, by }) => <Notice>{text("minutes.approval.otherWords", { date: format.date(dateOf(at), "dayYear"), by: writerInSentence(by, source) })}</Notice>}
              </For>
              <Show when={minutes.isIntact() === false}>
                <Alert title={text("minutes.approval.brokenTitle")}>{text("minutes.approval.broken")}</Alert>
              </Show>
            </>
          )}
        </Show>
        <Show when={props.state.problem() === "changed"}>
          <Alert>{text("minutes.approval.changed")}</Alert>
        </Show>
        <Show when={props.state.problem() === "namesCase"}>
          <Alert>{text("minutes.approval.namesCase")}</Alert>
        </Show>
        <Show when={props.here.ownProcedure}>
          <LeftOut>
            {text("meetings.ownProcedure")}. {text("meetings.page.parentsLeftOut")}
          </LeftOut>
        </Show>
        <Show when={minutes.approved()}>
          {(approved) => (
            <Show when={minutes.live()}>
              {(live) => <MinutesProposals approved={approved()} live={live()} proposals={minutes.proposals()} actions={props.state.actions} />}
            </Show>
          )}
        </Show>
      </div>
      <Show when={paper()}>{(made) => <PaperView paper={made()} />}</Show>
      <div class="no-print">
        <Show when={paper()}>{(made) => <PaperActions paper={made()} fileName={`${made().title} ${props.here.reference}`} />}</Show>
        <Show when={offersParentSurface("takeHome", props.here.meeting.type, props.here.ownProcedure)}>
          <div class="button-row section-action">
            <ButtonLink variant="secondary" href={takeHomePath(props.here.school.schoolId, props.here.id)}>
              {text("papers.sheet.title")}
            </ButtonLink>
          </div>
        </Show>
        {props.children}
        <MinutesFiling here={props.here} approved={minutes.approved()} actions={props.state.actions} />
      </div>
    </>
  );
}

/** «Godkjenn referatet», or on to a correction. */
export function HeldDock(props: { here: MeetingHere; state: HeldMeetingState }): JSX.Element {
  const { text } = useText();
  const isApproved = () => props.state.minutes.approved() !== null;
  return (
    <Dock>
      <ButtonLink variant="secondary" size="dock" icon="pencil" href={`${meetingPath(props.here.school.schoolId, props.here.id)}/led`} grow={isApproved()}>
        {text(isApproved() ? "minutes.approval.correct" : "minutes.approval.writeOn")}
      </ButtonLink>
      <Show when={!isApproved()}>
        <Button variant="primary" size="dock" icon="check" grow onClick={() => void props.state.approve()}>
          {text("minutes.approval.approve")}
        </Button>
      </Show>
    </Dock>
  );
}
