import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { focusInList, PartList } from "../templates/part-list.tsx";
import { AgendaItemDetails, AgendaItemForm } from "./agenda-item-form.tsx";
import { minutesInAll, newItemId } from "./agenda-rules.ts";
import { createAgendaActions } from "./create-agenda-actions.ts";
import { createAgendaVersionWords, createSchoolAgendas } from "./create-agendas.ts";
import { createMeetingAtAddress } from "./create-meeting-at-address.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { type MeetingHere, meetingPath } from "./create-meetings.ts";
import type { MeetingDocument } from "./document.ts";
import { inSentence } from "./invitation-text.ts";
import { NoMeeting } from "./no-meeting.tsx";
import { hasInterpreter, itemsInOrder, itemsTakenOff, meetingState, wasOpened } from "./rules.ts";
import { type MeetingItem, shortestMeeting } from "./schema.ts";

/** The agenda of one meeting, before it and while it is held. */
export function MeetingAgendaPage(): JSX.Element {
  const { text } = useText();
  const words = createMeetingWords();
  const at = createMeetingAtAddress();
  const back = () => {
    const one = at.here();
    return one === undefined ? { label: text("common.nav.visits"), href: "/besok" } : { label: words.type(one.meeting), href: meetingPath(one.school.schoolId, one.id) };
  };
  return (
    <Page focus title={at.school()?.name} back={back()}>
      <Show when={at.here()} fallback={<NoMeeting at={at} />}>
        {(here) => <Show when={at.details()}>{(read) => <MeetingAgenda here={here()} details={read()} />}</Show>}
      </Show>
    </Page>
  );
}

type AgendaProps = { here: MeetingHere; details: MeetingDocument };

function MeetingAgenda(props: AgendaProps): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const words = createMeetingWords();
  const { newId } = engine;
  const actions = createAgendaActions(() => props.here);
  const state = () => meetingState(props.here.meeting);
  const items = createMemo(() => itemsInOrder(props.details.items, props.here.ownProcedure));
  const takenOff = createMemo(() => itemsTakenOff(props.details.items, props.here.ownProcedure));
  let element: HTMLDivElement | undefined;
  const versionWords = createAgendaVersionWords(() => props.here.school);
  const agendas = createSchoolAgendas(() => props.here.school);
  const minutes = () => minutesInAll(items());
  const planned = () => props.here.meeting.plannedMinutes;
  const length = () =>
    minutes() === planned() ? text("agendas.meeting.fits", { minutes: minutes() }) : text("agendas.meeting.doesNotFit", { minutes: minutes(), planned: planned() });
  const isOpened = (item: MeetingItem) => wasOpened(item.id, props.details.openings);
  const save = (item: MeetingItem, isNew: boolean) => {
    const before = items().find(({ id }) => id === item.id);
    return isNew || before === undefined ? actions.add(item, items().at(-1)) : actions.change(before, item);
  };
  const bringBack = async (item: MeetingItem) => {
    if (await actions.bringBack(item)) await focusInList(element, `change ${item.id}`);
  };
  /** What is good to know under the list; which version the meeting began with comes last. */
  const notes = () => {
    const { agenda, interpreter, type } = props.here.meeting;
    return [
      ...(minutes() === planned() ? [] : [text("agendas.meeting.sharedOut")]),
      ...(hasInterpreter(interpreter) ? [text("agendas.meeting.withInterpreter")] : []),
      ...(items().some(isOpened) ? [text("agendas.meeting.opened")] : []),
      text("agendas.meeting.madeFrom", { version: inSentence(versionWords(agenda)) }),
      ...(agendas(type).template.version === agenda ? [] : [text("agendas.version.changedSince")]),
    ];
  };
  return (
    <div ref={(page) => (element = page)}>
      <PageTitle kicker={words.when(props.here.meeting)} title={text("meetings.page.agenda")} detail={text("agendas.meeting.detail")} />
      <Switch>
        <Match when={state() === "held"}>
          <Notice icon="information">{text("agendas.meeting.over")}</Notice>
        </Match>
        <Match when={state() === "notHeld"}>
          <Notice icon="information">{text("agendas.meeting.notHeld")}</Notice>
        </Match>
        <Match when={true}>
          <Section heading={text("agendas.items")} hint={length()}>
            <PartList<MeetingItem>
              parts={items()}
              title={words.item}
              details={(item) => <AgendaItemDetails item={item} />}
              form={(form) => (
                <AgendaItemForm {...form} others={items().filter(({ id }) => id !== form.part.id)} isTemplate={false} asksForParents={!props.here.ownProcedure} />
              )}
              blank={() => ({ id: newItemId(newId), title: "", minutes: 0, owner: "everyone", involvesParents: false, order: 0, dropped: false })}
              addLabel={text("agendas.template.add")}
              draftId={`agendas/${props.here.id}`}
              mayRemove={(item) => items().length > 1 && !isOpened(item)}
              onMove={(item, by) => actions.move(items(), item, by)}
              onRemove={(item) => actions.takeOff(item)}
              onSave={save}
            />
          </Section>
          <Show when={minutes() !== planned() && minutes() >= shortestMeeting}>
            <div class="button-row section-action">
              <Button variant="secondary" icon="clock" onClick={() => void actions.setLength(minutes())}>
                {text("agendas.meeting.setLength", { minutes: minutes() })}
              </Button>
            </div>
          </Show>
          <Show when={takenOff().length > 0}>
            <Section heading={text("agendas.meeting.takenOff")}>
              <RowList>
                <For each={takenOff()}>
                  {(item) => (
                    <InfoRow
                      title={words.item(item)}
                      detail={text("meetings.page.itemMinutes", { minutes: item.minutes })}
                      action={
                        <Button
                          size="small"
                          aria-label={text("templates.ofPart", { action: text("templates.bringBack"), part: words.item(item) })}
                          onClick={() => void bringBack(item)}
                        >
                          {text("templates.bringBack")}
                        </Button>
                      }
                    />
                  )}
                </For>
              </RowList>
            </Section>
          </Show>
          <Notice icon="information">{notes().join(" ")}</Notice>
        </Match>
      </Switch>
    </div>
  );
}
