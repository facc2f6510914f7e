import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { correctionReasons, declineReasons } from "../../content/meetings.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Panel } from "../schools/day-form.tsx";
import type { MinutesActions } from "./create-minutes-actions.ts";
import type { MinutesContent } from "./minutes-content-schema.ts";
import { type ApprovedMinutes, type LineChange, lineChanges, type Proposal } from "./minutes-rules.ts";
import { sectionLines, sectionName } from "./minutes-words.ts";
import { textProblem } from "./rules.ts";
import { longestAction } from "./schema.ts";

/** What was written after the approval, here or by a colleague who was offline: each part is taken in with a reason, or is not. */
export function MinutesProposals(props: { approved: ApprovedMinutes; live: MinutesContent; proposals: readonly Proposal[]; actions: MinutesActions }): JSX.Element {
  const { text } = useText();
  return (
    <Show when={props.proposals.length > 0}>
      <Section heading={text("minutes.proposal.heading")} hint={String(props.proposals.length)}>
        <p class="row-detail">{text("minutes.proposal.why")}</p>
        <For each={props.proposals}>{(proposal) => <OneProposal {...props} proposal={proposal} />}</For>
      </Section>
    </Show>
  );
}

function OneProposal(props: { approved: ApprovedMinutes; live: MinutesContent; proposal: Proposal; actions: MinutesActions }): JSX.Element {
  const source = useText();
  const { text } = source;
  const [asking, setAsking] = createSignal<"accept" | "decline" | null>(null);
  const [note, setNote] = createSignal("");
  const words = () => ({ ...source, language: source.language() });
  const name = createMemo(() => {
    const { section } = props.proposal;
    const where = props.live.items.some(({ id }) => `item/${id}` === section) ? props.live : props.approved.corrected;
    return sectionName(section, where, words());
  });
  const changes = createMemo((): LineChange[] => {
    const { section } = props.proposal;
    return lineChanges(sectionLines(section, props.approved.corrected, words()), sectionLines(section, props.live, words()));
  });
  const problem = () => (textProblem(note(), longestAction) === "namesCase" ? text("meetings.form.namesCase") : undefined);
  const answer = (why: Parameters<MinutesActions["answer"]>[2]) => {
    if (problem() === undefined) void props.actions.answer(props.proposal, props.approved.approval.hash, why, note().trim());
  };
  return (
    <Card>
      <h3 class="voice">{name()}</h3>
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
      <Show
        when={asking()}
        fallback={
          <div class="button-row">
            <Button variant="secondary" icon="check" onClick={() => setAsking("accept")}>
              {text("minutes.proposal.accept")}
            </Button>
            <Button variant="quiet" onClick={() => setAsking("decline")}>
              {text("minutes.proposal.decline")}
            </Button>
          </div>
        }
      >
        <Panel onClose={() => setAsking(null)}>
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
          <Button variant="quiet" onClick={() => setAsking(null)}>
            {text("common.action.cancel")}
          </Button>
        </Panel>
      </Show>
    </Card>
  );
}
