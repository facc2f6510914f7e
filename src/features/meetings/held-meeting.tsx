import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type * as Y from "yjs";
import { dateOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { wordsNow } from "../../ui/language-choice.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { PaperActions } from "../../ui/paper-actions.tsx";
import { PaperView } from "../../ui/paper-view.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { type ApprovalProblem, createMinutesActions, type MinutesActions } from "./create-minutes-actions.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { leadPath, type MeetingHere, takeHomePath } from "./create-meetings.ts";
import { createMinutes, type MinutesHere } from "./create-minutes.ts";
import type { MeetingDocument } from "./document.ts";
import { MinutesFiling } from "./minutes-filing.tsx";
import { minutesPaper } from "./minutes-paper.ts";
import { changedSections, contentText, type MinutesContent } from "./minutes-content-schema.ts";
import { MinutesProposals, SectionChanges } from "./minutes-proposals.tsx";
import { minutesInWords, writerInSentence } from "./minutes-words.ts";
import { offersParentSurface } from "./rules.ts";

/** Reading a held meeting's minutes through, and approving them: what the page and its dock share. */
export type HeldMeetingState = {
  readonly minutes: MinutesHere;
  readonly actions: MinutesActions;
  readonly problem: () => ApprovalProblem | null;
  /** What came while the minutes were read, said when they were to be approved; approving once more approves it too. */
  readonly news: () => { readonly before: MinutesContent; readonly after: MinutesContent } | null;
  readonly approve: () => Promise<void>;
};

export function createHeldMeeting(here: () => MeetingHere, doc: () => Y.Doc | undefined, details: () => MeetingDocument): HeldMeetingState {
  const minutes = createMinutes(here, doc, details);
  const actions = createMinutesActions(here);
  const [problem, setProblem] = createSignal<ApprovalProblem | null>(null);
  const [news, setNews] = createSignal<ReturnType<HeldMeetingState["news"]>>(null);
  /** As they stood when somebody began to read. A line that a colleague's device brings after that, above where one reads, has not been read. */
  let read: MinutesContent | undefined;
  createEffect(() => (read ??= minutes.live()));
  return {
    minutes,
    actions,
    problem,
    news,
    async approve() {
      const shown = minutes.live();
      if (read === undefined || shown === undefined) return;
      if (contentText(read) !== contentText(shown)) {
        setProblem("changed");
        setNews({ before: read, after: shown });
        read = shown;
        return;
      }
      const failed = await actions.approve(shown);
      setProblem(failed);
      setNews(null);
    },
  };
}

/** The minutes of a meeting that was held, as they are read aloud, printed and filed. */
export function HeldMeeting(props: { here: MeetingHere; state: HeldMeetingState; children: JSX.Element }): JSX.Element {
  const source = useText();
  const { text, format } = source;
  const engine = useEngine();
  const words = createMeetingWords();
  const { minutes } = props.state;
  const shown = createMemo(() => minutes.approved() ?? minutes.live());
  const paper = createMemo(() => {
    const content = shown();
    if (content === undefined) return undefined;
    const inLanguage = wordsNow(source);
    const { reference, school, ownProcedure } = props.here;
    return minutesPaper(minutesInWords(content, { reference, school: school.name, printedOn: engine.today(), notForParents: ownProcedure }, inLanguage), inLanguage);
  });
  let top: HTMLDivElement | undefined;
  // «Godkjenn» goes with the press, and what had focus: one reads on where it says what came of it.
  createEffect(on([() => minutes.approved() !== null, props.state.problem], () => top?.focus(), { defer: true }));
  return (
    <>
      <div class="no-print" tabIndex={-1} ref={(element) => (top = element)}>
        <PageTitle kicker={props.here.school.name} title={words.type(props.here.meeting)} detail={words.when(props.here.meeting)} />
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
          <Show when={props.state.news()}>{(news) => <News {...news()} />}</Show>
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
      <Show when={paper()}>{(made) => <PaperView paper={made()} titleLevel={2} />}</Show>
      <div class="no-print">
        <Show when={paper()}>{(made) => <PaperActions paper={made()} fileName={`${made().title} ${props.here.reference}`} />}</Show>
        <Show when={offersParentSurface("takeHome", props.here.meeting.type, props.here.ownProcedure)}>
          <div class="button-row section-action">
            <ButtonLink variant="secondary" href={takeHomePath(props.here)}>
              {text("papers.sheet.title")}
            </ButtonLink>
          </div>
        </Show>
        {props.children}
        <MinutesFiling here={props.here} approved={minutes.approved()} hash={minutes.correctedHash()} waiting={minutes.proposals().length} actions={props.state.actions} />
      </div>
    </>
  );
}

/** What was written meanwhile. Nothing where only the order of the items changed, or whether violence is suspected: that is seen in the minutes. */
function News(props: { before: MinutesContent; after: MinutesContent }): JSX.Element {
  const sections = createMemo(() => changedSections(props.before, props.after));
  return (
    <Show when={sections().length > 0}>
      <Card>
        <For each={sections()}>{(section) => <SectionChanges section={section} before={props.before} after={props.after} />}</For>
      </Card>
    </Show>
  );
}

/** «Godkjenn referatet», or on to a correction. */
export function HeldDock(props: { here: MeetingHere; state: HeldMeetingState }): JSX.Element {
  const { text } = useText();
  const isApproved = () => props.state.minutes.approved() !== null;
  return (
    <Dock>
      <ButtonLink variant="secondary" size="dock" icon="pencil" href={leadPath(props.here)} grow={isApproved()}>
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
