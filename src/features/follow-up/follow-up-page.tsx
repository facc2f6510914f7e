import { createEffect, createMemo, createSignal, For, type JSX, on, Show, splitProps } from "solid-js";
import type { FollowUpAnswer } from "../../content/choices.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { InfoRow, QueueRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { small } from "../consultations/create-next-steps.ts";
import { OwnProcedureCard } from "../consultations/own-procedure-card.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { AskWaiting } from "./ask-waiting.tsx";
import { createWaitingWords } from "./create-waiting-words.ts";
import { sideOf } from "./follow-ups-context.tsx";
import { askedLists, type FollowUpFilter, followUpLists, type HeldCard } from "./list-rules.ts";
import { askOn, takesReason } from "./rules.ts";
import type { Side } from "./schema.ts";
import { useWaiting, type Waiting } from "./waiting-context.tsx";

/** A second tap sooner than this was meant for the card that has just left. */
const doubleTapMs = 400;

/** What waits on whom, over all the schools one has; each answered by one tap. */
export function FollowUpPage(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const all = useWaiting();
  const describe = createWaitingWords();
  const [filter, setFilter] = createSignal<FollowUpFilter>("all");
  const [held, setHeld] = createSignal<HeldCard | null>(null);
  const [changing, setChanging] = createSignal<string | null>(null);
  const own = (): Side => sideOf(workspace.role()) ?? "school";
  const other = (): Side => (own() === "consultant" ? "school" : "consultant");
  const showSchool = () => workspace.schools().length > 1;
  const byId = createMemo(() => new Map(all().map((one) => [one.id, one])));
  const lists = createMemo(() => followUpLists(all(), { filter: filter(), own: own(), today: engine.today() }, held()));
  const isEmpty = () => Object.values(lists()).every((list) => list.length === 0);

  // A card whose answer asks why stays where it is; after a plain yes it goes to «Svart i dag», and the next one comes to where the finger is.
  let answeredAt = 0;
  let focusedCard = -1;
  const onAnswer = ({ id }: Waiting, answer: FollowUpAnswer): boolean => {
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

  const dueWords = (one: Waiting) => {
    const date = askOn(one);
    return small(date === null ? text("followUp.undated") : format.due(date, engine.today()));
  };

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
                  {(one) => {
                    const words = () => describe(one(), showSchool());
                    return (
                      <WaitingRow
                        one={one()}
                        title={words().title}
                        detail={[words().what, dueWords(one())].join(" · ")}
                        href={words().href}
                        chevron
                      />
                    );
                  }}
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
                  {(one) => (
                    <Show
                      when={changing() === id}
                      fallback={
                        <WaitingRow
                          one={one()}
                          title={describe(one(), showSchool()).title}
                          detail={describe(one(), showSchool()).what}
                          tag={
                            <Tag tone={one().answer === "yes" ? "done" : "neutral"} icon={one().answer === "yes" ? "check" : undefined}>
                              {describe(one(), showSchool()).answer}
                            </Tag>
                          }
                          onPress={() => change(id)}
                        />
                      }
                    >
                      <li class="row-item" data-follow-up={id}>
                        <AskWaiting one={one()} showSchool={showSchool()} onAnswer={onAnswer} />
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
  byId: ReadonlyMap<string, Waiting>;
  showSchool: boolean;
  onAnswer: (one: Waiting, answer: FollowUpAnswer) => boolean;
}): JSX.Element {
  return (
    <Show when={props.ids.length > 0}>
      <Section heading={props.heading} hint={String(props.ids.length)}>
        <Card list>
          <For each={props.ids}>
            {(id) => (
              <Show when={props.byId.get(id)}>
                {(one) => <AskWaiting one={one()} showSchool={props.showSchool} canChangeDate onAnswer={props.onAnswer} />}
              </Show>
            )}
          </For>
        </Card>
      </Section>
    </Show>
  );
}

/** A row with the tile of its case, or of what else it is about. */
function WaitingRow(
  props: { one: Waiting; title: string; detail: string; tag?: JSX.Element; href?: string | undefined; onPress?: () => void; chevron?: boolean },
): JSX.Element {
  const [, row] = splitProps(props, ["one"]);
  const code = () => (props.one.type === "followUp" ? props.one.followUp.code : undefined);
  return (
    <Show when={code()} fallback={<InfoRow {...(props.one.type === "actionItem" ? { icon: "group", tone: "info" } : { icon: "tasklist", tone: "neutral" })} {...row} />}>
      {(found) => <QueueRow colour={found().colour} number={found().number} {...row} />}
    </Show>
  );
}

function cards(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>(".ask"));
}
