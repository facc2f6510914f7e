import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type { FollowUpAnswer } from "../../content/choices.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { QueueRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { OwnProcedureCard } from "../consultations/own-procedure-card.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { AskFollowUp } from "./ask-follow-up.tsx";
import { useFollowUps, type FollowUpHere, sideOf } from "./follow-ups-context.tsx";
import { askedLists, type FollowUpFilter, followUpLists, type HeldCard } from "./list-rules.ts";
import { askOn, takesReason } from "./rules.ts";
import type { Side } from "./schema.ts";

/** A second tap sooner than this was meant for the card that has just left. */
const doubleTapMs = 400;

/** What waits on whom, over all the schools one has; each answered by one tap. */
export function FollowUpPage(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const all = useFollowUps();
  const [filter, setFilter] = createSignal<FollowUpFilter>("all");
  const [held, setHeld] = createSignal<HeldCard | null>(null);
  const [changing, setChanging] = createSignal<string | null>(null);
  const own = (): Side => sideOf(workspace.role()) ?? "school";
  const other = (): Side => (own() === "consultant" ? "school" : "consultant");
  const showSchool = () => workspace.schools().length > 1;
  const byId = createMemo(() => new Map<string, FollowUpHere>(all().map((followUp) => [followUp.id, followUp])));
  const lists = createMemo(() => followUpLists(all(), { filter: filter(), own: own(), today: engine.today() }, held()));
  const isEmpty = () => Object.values(lists()).every((list) => list.length === 0);

  // A card whose answer asks why stays where it is; after a plain yes it goes to «Svart i dag», and the next one comes to where the finger is.
  let answeredAt = 0;
  let focusedCard = -1;
  const onAnswer = ({ id }: FollowUpHere, answer: FollowUpAnswer): boolean => {
    const now = engine.clock.now();
    if (now - answeredAt < doubleTapMs) return false;
    answeredAt = now;
    const list = askedLists.find((candidate) => lists()[candidate].includes(id));
    if (list !== undefined) setHeld(takesReason(answer) === null ? null : { id, list, index: lists()[list].indexOf(id) });
    focusedCard = cards().findIndex((card) => card.contains(document.activeElement));
    return true;
  };
  createEffect(
    on(lists, () => {
      if (focusedCard < 0 || document.activeElement !== document.body) return;
      const next = cards()[Math.min(focusedCard, cards().length - 1)] ?? document.querySelector<HTMLElement>("#content");
      next?.setAttribute("tabindex", "-1");
      next?.focus();
    }),
  );

  const words = (followUp: FollowUpHere, last: string) => {
    const school = showSchool() ? followUp.school?.name : undefined;
    return [text(`content.followUp.${followUp.kind}.short`), school, last].filter((part) => part !== undefined && part !== "").join(" · ");
  };
  const answerLabel = ({ kind, answer }: FollowUpHere) =>
    answer === undefined || answer === "yes" ? text(`content.followUp.${kind}.done`) : text(`content.followUp.${answer}`);
  const change = (id: string) => {
    setChanging(id);
    document.querySelector<HTMLElement>(`[data-follow-up="${id}"] [aria-pressed="true"]`)?.focus();
  };

  return (
    <Page>
      <PageTitle
        title={text("followUp.title")}
        aside={
          <ChoiceChips<FollowUpFilter>
            legend={text("followUp.show")}
            legendHidden
            required
            columns={3}
            options={[
              { value: "all", label: text("followUp.filter.all") },
              { value: "mine", label: text("followUp.filter.mine") },
              { value: "theirs", label: text(`followUp.filter.${other()}`) },
            ]}
            value={filter()}
            onChange={(value) => {
              setHeld(null);
              setFilter(value ?? "all");
            }}
          />
        }
      />
      <Show when={own() === "school"}>
        <For each={workspace.schools()}>{(school) => <OwnProcedureCard school={school} />}</For>
      </Show>
      <Show when={isEmpty()}>
        <EmptyState text={text(filter() === "mine" ? "followUp.emptyMine" : "followUp.empty")} />
      </Show>
      <For each={askedLists}>{(list) => <Asked heading={text(`followUp.${list}`)} ids={lists()[list]} byId={byId()} showSchool={showSchool()} onAnswer={onAnswer} />}</For>
      <Show when={lists().waitsOnOther.length > 0}>
        <Section
          heading={text(other() === "school" ? "followUp.waitsOnSchool" : "followUp.waitsOnConsultant")}
          hint={text(other() === "school" ? "followUp.waitsOnSchoolHint" : "followUp.waitsOnConsultantHint")}
        >
          <RowList>
            <For each={lists().waitsOnOther}>
              {(id) => (
                <Show when={byId().get(id)}>
                  {(followUp) => (
                    <QueueRow
                      colour={followUp().code.colour}
                      number={followUp().code.number}
                      title={followUp().code.label}
                      detail={words(followUp(), format.due(askOn(followUp()), engine.today()).toLowerCase())}
                      href={followUp().school === undefined ? undefined : `/saker/${followUp().school?.schoolId}/${followUp().caseId}`}
                      chevron
                    />
                  )}
                </Show>
              )}
            </For>
          </RowList>
        </Section>
      </Show>
      <Show when={lists().answeredToday.length > 0}>
        <Section heading={text("followUp.answeredToday")} hint={text("followUp.answeredTodayHint")}>
          <RowList>
            <For each={lists().answeredToday}>
              {(id) => (
                <Show when={byId().get(id)}>
                  {(followUp) => (
                    <Show
                      when={changing() === id}
                      fallback={
                        <QueueRow
                          colour={followUp().code.colour}
                          number={followUp().code.number}
                          title={followUp().code.label}
                          detail={words(followUp(), "")}
                          tag={
                            <Tag tone={followUp().answer === "yes" ? "done" : "neutral"} icon={followUp().answer === "yes" ? "check" : undefined}>
                              {answerLabel(followUp())}
                            </Tag>
                          }
                          onPress={() => change(id)}
                        />
                      }
                    >
                      <li class="row-item" data-follow-up={id}>
                        <AskFollowUp followUp={followUp()} showSchool={showSchool()} onAnswer={onAnswer} />
                      </li>
                    </Show>
                  )}
                </Show>
              )}
            </For>
          </RowList>
        </Section>
      </Show>
    </Page>
  );
}

function Asked(props: {
  heading: string;
  ids: readonly string[];
  byId: ReadonlyMap<string, FollowUpHere>;
  showSchool: boolean;
  onAnswer: (followUp: FollowUpHere, answer: FollowUpAnswer) => boolean;
}): JSX.Element {
  return (
    <Show when={props.ids.length > 0}>
      <Section heading={props.heading} hint={String(props.ids.length)}>
        <Card list>
          <For each={props.ids}>
            {(id) => (
              <Show when={props.byId.get(id)}>
                {(followUp) => <AskFollowUp followUp={followUp()} showSchool={props.showSchool} canChangeDate onAnswer={props.onAnswer} />}
              </Show>
            )}
          </For>
        </Card>
      </Section>
    </Show>
  );
}

function cards(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>(".ask"));
}
