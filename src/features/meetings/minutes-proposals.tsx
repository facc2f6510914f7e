import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import { correctionReasons, declineReasons } from "../../content/meetings.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { wordsNow } from "../../ui/language-choice.tsx";
import { Alert } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { type TextSource, useText } from "../../ui/text-provider.tsx";
import { namesCase } from "../cases/rules.ts";
import { Panel } from "../schools/day-form.tsx";
import type { MinutesActions } from "./create-minutes-actions.ts";
import type { MinutesContent, SectionKey } from "./minutes-content-schema.ts";
import { type ApprovedMinutes, type LineChange, lineChanges, type Proposal } from "./minutes-rules.ts";
import { sectionLines, sectionName } from "./minutes-words.ts";
import { textProblem } from "./rules.ts";
import { longestAction } from "./schema.ts";

/** What was written after the approval, here or by a colleague who was offline: each part is taken in with a reason, or is not. */
export function MinutesProposals(props: { approved: ApprovedMinutes; live: MinutesContent; proposals: readonly Proposal[]; actions: MinutesActions }): JSX.Element {
  const { text } = useText();
  // By its section: while somebody writes on, what is open in a card stays open.
  const rows = createStableList(() => props.proposals.map((proposal) => ({ ...proposal, id: proposal.section })));
  let list: HTMLDivElement | undefined;
  // A card that is answered goes, and its focus with it: to the next one's first button, as long as there is one.
  createEffect(
    on(
      () => props.proposals.length,
      (count, before) => {
        if (before !== undefined && count < before && document.activeElement === document.body) queueMicrotask(() => list?.querySelector("button")?.focus());
      },
    ),
  );
  return (
    <Show when={props.proposals.length > 0}>
      <Section heading={text("minutes.proposal.heading")} hint={String(props.proposals.length)}>
        <p class="row-detail">{text("minutes.proposal.why")}</p>
        <div ref={(element) => (list = element)}>
          <For each={rows()}>{(proposal) => <OneProposal approved={props.approved} live={props.live} actions={props.actions} proposal={proposal()} />}</For>
        </div>
      </Section>
    </Show>
  );
}

/** One section of two versions: its name, what went, and what came in its place. */
export function SectionChanges(props: { section: SectionKey; before: MinutesContent; after: MinutesContent }): JSX.Element {
  const source = useText();
  const { text } = source;
  const changes = createMemo((): LineChange[] => {
    const words = wordsNow(source);
    return lineChanges(sectionLines(props.section, props.before, words), sectionLines(props.section, props.after, words));
  });
  return (
    <>
      <h3 class="voice">{nameOf(props, source)}</h3>
      <ul class="minutes-changes">
        <For each={changes()} fallback={<li>{text("papers.minutes.looks")}</li>}>
          {(change) => (
            <li>
              <For each={change.removed}>
                {(line) => (
                  <del>
                    <span class="ds-sr-only">{text("minutes.proposal.removed")} </span>
                    {line}
                  </del>
                )}
              </For>
              <For each={change.added}>
                {(line) => (
                  <ins>
                    <span class="ds-sr-only">{text("minutes.proposal.added")} </span>
                    {line}
                  </ins>
                )}
              </For>
            </li>
          )}
        </For>
      </ul>
    </>
  );
}

function nameOf({ section, before, after }: { section: SectionKey; before: MinutesContent; after: MinutesContent }, source: TextSource): string {
  const where = after.items.some(({ id }) => `item/${id}` === section) ? after : before;
  return sectionName(section, where, wordsNow(source));
}

function OneProposal(props: { approved: ApprovedMinutes; live: MinutesContent; proposal: Proposal; actions: MinutesActions }): JSX.Element {
  const source = useText();
  const { text } = source;
  const [asking, setAsking] = createSignal<"accept" | "decline" | null>(null);
  const [note, setNote] = createSignal("");
  let card: HTMLDivElement | undefined;
  const name = () => nameOf({ section: props.proposal.section, before: props.approved.corrected, after: props.live }, source);
  /** A correction is kept, and may not lead to a drøfting: it is mended where it was written. */
  const hasCase = createMemo(() => namesCase(sectionLines(props.proposal.section, props.live, wordsNow(source)).join("\n")));
  const problem = () => (textProblem(note(), longestAction) === "namesCase" ? text("meetings.form.namesCase") : undefined);
  const close = () => {
    setAsking(null);
    queueMicrotask(() => card?.querySelector("button")?.focus());
  };
  const answer = (why: Parameters<MinutesActions["answer"]>[2]) => {
    if (problem() === undefined) void props.actions.answer(props.proposal, props.approved, why, note().trim());
  };
  const named = (action: string) => text("templates.ofPart", { action, part: name() });
  return (
    <div ref={(element) => (card = element)}>
      <Card>
        <SectionChanges section={props.proposal.section} before={props.approved.corrected} after={props.live} />
        <Show when={!hasCase()} fallback={<Alert>{text("minutes.approval.namesCase")}</Alert>}>
          <Show
            when={asking()}
            fallback={
              <div class="button-row">
                <Button variant="secondary" icon="check" aria-label={named(text("minutes.proposal.accept"))} onClick={() => setAsking("accept")}>
                  {text("minutes.proposal.accept")}
                </Button>
                <Button variant="quiet" aria-label={named(text("minutes.proposal.decline"))} onClick={() => setAsking("decline")}>
                  {text("minutes.proposal.decline")}
                </Button>
              </div>
            }
          >
            <Panel onClose={close}>
              <TextField label={text("minutes.proposal.note")} aside={text("common.field.optional")} value={note()} onInput={setNote} maxLength={longestAction} error={problem()} />
              <Show
                when={asking() === "accept"}
                fallback={
                  <ActionChips
                    legend={text("minutes.proposal.whyNot")}
                    options={declineReasons.map((value) => ({ value, label: text(`meetings.declineReason.${value}`) }))}
                    onPress={(reason) => answer({ accepted: false, reason })}
                    columns={4}
                    phoneColumns={2}
                  />
                }
              >
                <ActionChips
                  legend={text("minutes.proposal.whyCorrect")}
                  options={correctionReasons.map((value) => ({ value, label: text(`meetings.correctionReason.${value}`) }))}
                  onPress={(reason) => answer({ accepted: true, reason })}
                  columns={4}
                  phoneColumns={2}
                />
              </Show>
              <Button variant="quiet" onClick={close}>
                {text("common.action.cancel")}
              </Button>
            </Panel>
          </Show>
        </Show>
      </Card>
    </div>
  );
}
