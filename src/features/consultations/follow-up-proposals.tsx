import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { FollowUpProposal } from "../follow-up/rules.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { createCaseWords } from "./create-case-words.ts";
import { proposalKey } from "./open-form-rules.ts";
import type { FollowUpChange, OpenForm } from "./open-form-schema.ts";

export type FollowUpProposalsProps = {
  proposals: readonly FollowUpProposal[];
  changes: OpenForm["followUps"];
  heldOn: IsoDate;
  onChange: (key: string, change: FollowUpChange) => void;
  /** When an unsure duty is to be clear is an answer of the form's own. */
  onClarifyBy: (date: IsoDate) => void;
};

/** What will be asked later because of the answers, and when: each can get another day, or be left out. */
export function FollowUpProposals(props: FollowUpProposalsProps): JSX.Element {
  const { text } = useText();
  const rows = createStableList(createMemo(() => props.proposals.map((proposal) => ({ id: proposalKey(proposal), proposal }))));
  return (
    <div aria-live="polite">
      <Show when={rows().length > 0}>
        <Section heading={text("consultations.followUps.heading")} hint={text("consultations.followUps.hint")}>
          <ul class="card" data-list="">
            <For each={rows()}>
              {(row) => (
                <ProposalRow
                  proposal={row().proposal}
                  change={props.changes[row().id] ?? {}}
                  heldOn={props.heldOn}
                  onChange={(change) => props.onChange(row().id, change)}
                  onDate={(dueOn) => (row().proposal.kind === "dutyClarified" ? props.onClarifyBy(dueOn) : props.onChange(row().id, { dueOn }))}
                />
              )}
            </For>
          </ul>
        </Section>
      </Show>
    </div>
  );
}

function ProposalRow(props: {
  proposal: FollowUpProposal;
  change: FollowUpChange;
  heldOn: IsoDate;
  onChange: (change: FollowUpChange) => void;
  onDate: (dueOn: IsoDate) => void;
}): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const words = createCaseWords();
  const [choosing, setChoosing] = createSignal(false);
  const dueOn = () => props.change.dueOn ?? props.proposal.dueOn;
  const question = () => text(`content.followUp.${props.proposal.kind}.question`);
  const left = () => props.change.left === true;
  const who = () => {
    const { waitsOn } = props.proposal;
    if (waitsOn.length === 2) return text("consultations.followUps.both");
    return text(waitsOn[0] === "school" ? "consultations.followUps.school" : "consultations.followUps.consultant");
  };
  const detail = () => {
    if (left()) return text("consultations.followUps.left");
    const { kind, nextStep } = props.proposal;
    const about = nextStep === undefined ? "" : `${words.followUpKind(kind, nextStep)} · `;
    return `${about}${who()}`;
  };
  return (
    <li class="row-item" data-done={left() ? "" : undefined}>
      <div class="row">
        <span class="row-body">
          <span class="row-text">
            <span class="row-title">{question()}</span>
            <span class="row-detail">{detail()}</span>
          </span>
          <span class="row-end">
            <Show
              when={!left()}
              fallback={
                <Button variant="quiet" size="small" aria-label={text("consultations.followUps.takeBackNamed", { question: question() })} onClick={() => props.onChange({ left: false })}>
                  {text("consultations.followUps.takeBack")}
                </Button>
              }
            >
              <Button
                variant="secondary"
                size="small"
                icon="calendar"
                aria-expanded={choosing()}
                aria-label={text("consultations.followUps.changeDate", { question: question(), date: format.due(dueOn(), engine.today()) })}
                onClick={() => setChoosing(!choosing())}
              >
                {format.due(dueOn(), engine.today())}
              </Button>
            </Show>
          </span>
        </span>
      </div>
      <Show when={choosing() && !left()}>
        <div class="row-panel">
          <DateField
            label={text("consultations.followUps.newDate")}
            value={dueOn()}
            min={props.heldOn}
            onInput={(date) => {
              if (date >= props.heldOn) props.onDate(date);
            }}
            autofocus
          />
          <div class="button-row">
            <Button variant="secondary" icon="check" onClick={() => setChoosing(false)}>
              {text("common.action.done")}
            </Button>
            <Button
              variant="quiet"
              icon="cross"
              onClick={() => {
                setChoosing(false);
                props.onChange({ left: true });
              }}
            >
              {text("consultations.followUps.leaveOut")}
            </Button>
          </div>
        </div>
      </Show>
    </li>
  );
}
