import { useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { participantRoles } from "../../content/meetings.ts";
import { momentOf } from "../../lib/iso-date.ts";
import { createTextPresence, type DocumentPresence } from "../../reactive/create-text-presence.ts";
import { createTypedDocument } from "../../reactive/create-typed-document.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { ActionChips, MultiChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Fold } from "../../ui/fold.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { TimerRing } from "../../ui/timer-ring.tsx";
import { writerOf } from "../routines/rules.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createMeetingAtAddress } from "./create-meeting-at-address.ts";
import { createLeadActions, type LeadActions } from "./create-lead-actions.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { type MeetingHere, meetingPath } from "./create-meetings.ts";
import { type MeetingDocument, meetingDocumentId, notesOf } from "./document.ts";
import { LeadActionItems } from "./lead-action-items.tsx";
import { LeadClosing } from "./lead-closing.tsx";
import { MeetingChanges } from "./meeting-changes.tsx";
import { MinutesEditor } from "./minutes-editor.tsx";
import { NoMeeting } from "./no-meeting.tsx";
import { closingProblems, decisionsOf, itemsInOrder, meetingState, orderBetween, participantsOf, textProblem } from "./rules.ts";
import { type ItemId, longestPurpose, type MeetingItem } from "./schema.ts";
import { addedByInterpreter, openItem, timeline, type TimedItem } from "./timer-rules.ts";

/** A meeting while it is held: the agenda beside one open item, its minutes, and what is agreed. */
export function LeadPage(): JSX.Element {
  const { text } = useText();
  const at = createMeetingAtAddress();
  return (
    <Show
      when={at.here()}
      fallback={
        <Page focus title={at.school()?.name} back={{ label: text("common.nav.visits"), href: "/besok" }}>
          <NoMeeting at={at} />
        </Page>
      }
    >
      {(here) => <Show when={at.details()}>{(read) => <Led here={here()} details={read()} />}</Show>}
    </Show>
  );
}

type LedProps = { here: MeetingHere; details: MeetingDocument };

function Led(props: LedProps): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const navigate = useNavigate();
  const words = createMeetingWords();
  const actions = createLeadActions(() => props.here);
  const meeting = () => props.here.meeting;
  const items = createMemo(() => itemsInOrder(props.details.items, props.here.ownProcedure));
  const line = createMemo(() => timeline(items(), props.details.openings, meeting(), momentOf(engine.now())));
  /** Over: what is written now is written afterwards, without a clock. */
  const isOver = createMemo(() => meetingState(meeting()) === "held");
  const [chosen, setChosen] = createSignal<ItemId>();
  const currentId = createMemo(() => (isOver() ? (chosen() ?? items()[0]?.id) : (openItem(props.details.openings) ?? undefined)));
  const place = createMemo(() => items().findIndex(({ id }) => id === currentId()));
  const next = () => items()[place() + 1];
  const [closing, setClosing] = createSignal(false);
  /** «Avslutt møtet» was pressed: what is missing is said aloud. */
  const [asked, setAsked] = createSignal(false);
  const typed = createTypedDocument(
    () => props.here.school.schoolRoom,
    () => meetingDocumentId(props.here.id),
  );
  const workspace = useWorkspace();
  const presence = createTextPresence(
    () => props.here.school.schoolRoom,
    () => meetingDocumentId(props.here.id),
    () => text(`meetings.role.${writerOf(workspace.role())}`),
  );
  createEffect(() => typed.setCompany(presence.writers().length > 0));

  const goOn = async () => {
    const following = next();
    if (following !== undefined) await actions.open(following.id);
    else setClosing(true);
  };
  const goOnLabel = () => {
    const following = next();
    return following === undefined ? text("minutes.finish") : text("minutes.next", { item: words.item(following) });
  };
  const open = (id: ItemId) => (isOver() ? void setChosen(id) : void actions.open(id));
  const toMinutes = async () => {
    await typed.seal();
    navigate(meetingPath(props.here.school.schoolId, props.here.id));
  };
  let nextSaved: Promise<unknown> = Promise.resolve();
  const end = async () => {
    setAsked(true);
    // Who is quick presses this while the answer above it waits for the disk.
    await nextSaved;
    if (closingProblems(meeting()).length > 0) return;
    await typed.seal();
    if (await actions.end()) navigate(meetingPath(props.here.school.schoolId, props.here.id));
  };

  return (
    <Page
      focus
      width="wide"
      back={{ label: words.type(meeting()), href: meetingPath(props.here.school.schoolId, props.here.id) }}
      dock={
        <Dock note={typed.status()?.unsealed && typed.status()?.onDisk ? text("minutes.notSealed") : undefined}>
          <Switch
            fallback={
              <Button variant="primary" size="dock" grow onClick={() => void goOn()}>
                {goOnLabel()}
              </Button>
            }
          >
            <Match when={isOver()}>
              <Button variant="primary" size="dock" grow onClick={() => void toMinutes()}>
                {text("minutes.readThrough")}
              </Button>
            </Match>
            <Match when={closing()}>
              <Button variant="secondary" size="dock" onClick={() => setClosing(false)}>
                {text("common.action.back")}
              </Button>
              <Button variant="primary" size="dock" icon="check" grow onClick={() => void end()}>
                {text("minutes.finish")}
              </Button>
            </Match>
          </Switch>
        </Dock>
      }
    >
      <div class="lead">
        <Agenda {...props} actions={actions} items={line().items} endsAt={line().endsAt} behind={line().behindMinutes} isOver={isOver()} current={currentId()} onOpen={(item) => open(item.id)} />
        <div class="lead-item">
          <Show when={isOver()}>
            <Notice icon="pencil">{text(props.details.approvals.length > 0 ? "minutes.afterApproval" : "minutes.afterMeeting")}</Notice>
          </Show>
          <Show when={!isOver() && addedByInterpreter(meeting()) > 0}>
            <Tag tone="info">
              {meeting().interpreter?.language === undefined
                ? text("minutes.interpreterOnly", { minutes: addedByInterpreter(meeting()) })
                : text("minutes.interpreter", { language: meeting().interpreter?.language ?? "", minutes: addedByInterpreter(meeting()) })}
            </Tag>
          </Show>
          <Show when={props.here.ownProcedure}>
            <LeftOut>{text("meetings.page.parentsLeftOut")}</LeftOut>
          </Show>
          <Switch>
            <Match when={closing() && !isOver()}>
              <LeadClosing meeting={meeting()} asked={asked()} onNext={(value) => void (nextSaved = actions.setNext(value))} />
            </Match>
            <Match when={line().items[place()]}>
              {(timed) => (
                <OpenItem
                  timed={timed()}
                  number={place() + 1}
                  count={items().length}
                  details={props.details}
                  isOver={isOver()}
                  actions={actions}
                  following={next()}
                  presence={presence}
                  order={items().map(({ id }) => id)}
                  notes={(item) => {
                    const doc = typed.doc();
                    return doc === undefined ? undefined : notesOf(doc, item);
                  }}
                />
              )}
            </Match>
            <Match when={items().length > 0}>
              <PageTitle kicker={props.here.school.name} title={words.type(meeting())} detail={words.when(meeting())} />
            </Match>
          </Switch>
          <Show when={isOver()}>
            <LeadClosing meeting={meeting()} asked={false} onNext={(value) => void actions.setNext(value)} />
          </Show>
        </div>
        <div>
          <LeadActionItems here={props.here} actions={actions} />
          <MeetingChanges here={props.here} />
        </div>
      </div>
    </Page>
  );
}

function Agenda(
  props: LedProps & { actions: LeadActions; items: readonly TimedItem[]; endsAt: string; behind: number; isOver: boolean; current: ItemId | undefined; onOpen: (item: MeetingItem) => void },
): JSX.Element {
  const { text, format } = useText();
  const words = createMeetingWords();
  const people = createMemo(() => participantsOf(props.details.participants, props.here.ownProcedure));
  const present = () => people().filter(({ absent }) => absent !== true);
  /** Who was not asked and came all the same, as far as they may be there. */
  const others = createMemo(() =>
    participantsOf(participantRoles.map((role) => ({ role })), props.here.ownProcedure)
      .map(({ role }) => role)
      .filter((role) => !people().some((one) => one.role === role)),
  );
  const markPresence = (ids: readonly string[]) => {
    for (const { id, absent } of people()) if (ids.includes(id) === (absent === true)) void props.actions.markPresence(id, absent === true);
  };
  const stateOf = ({ item, state }: TimedItem) => (!props.isOver ? state : item.id === props.current ? "open" : "done");
  const amount = ({ state, used, planned, over }: TimedItem) => {
    if (over > 0) return text("minutes.over", { minutes: over });
    return state === "ahead" ? String(planned) : text("minutes.used", { used, planned });
  };
  return (
    <aside class="lead-agenda" aria-label={text("minutes.agenda")}>
      <div class="lead-head">
        <h2>{text("minutes.agenda")}</h2>
        <span>{words.times(props.here.meeting)}</span>
      </div>
      <ol>
        <For each={props.items}>
          {(timed, index) => (
            <li>
              <button
                type="button"
                class="lead-row"
                data-state={stateOf(timed)}
                aria-current={stateOf(timed) === "open" ? "step" : undefined}
                onClick={() => props.onOpen(timed.item)}
              >
                <span class="lead-number" aria-hidden="true">
                  {index() + 1}
                </span>
                <span class="lead-title">
                  {words.item(timed.item)}
                  <span class="row-detail">{text(`meetings.owner.${timed.item.owner}`)}</span>
                </span>
                <span class="lead-minutes" data-over={timed.over > 0 ? "" : undefined}>
                  {amount(timed)}
                </span>
              </button>
            </li>
          )}
        </For>
      </ol>
      <Show when={props.here.meeting.startedAt !== undefined && !props.isOver}>
        <p class="row-detail">
          {props.behind > 0
            ? text("minutes.behind", { minutes: props.behind, time: format.time(props.endsAt) })
            : text("minutes.onTime", { time: format.time(props.endsAt) })}
        </p>
      </Show>
      <Show when={people().length > 0}>
        <Fold title={text("minutes.present")} value={text("minutes.presentCount", { present: present().length, count: people().length })}>
          <MultiChips
            legend={text("minutes.whoCame")}
            options={people().map((one) => ({ value: one.id, label: words.people([one]).join("") }))}
            values={present().map(({ id }) => id)}
            onChange={markPresence}
            columns="auto"
            phoneColumns={2}
          />
          <Show when={others().length > 0}>
            <ActionChips
              legend={text("minutes.cameToo")}
              options={others().map((role) => ({ value: role, label: text(`meetings.role.${role}`) }))}
              onPress={(role) => void props.actions.addPerson(role)}
              columns="auto"
              phoneColumns={2}
            />
          </Show>
        </Fold>
      </Show>
    </aside>
  );
}

function OpenItem(props: {
  timed: TimedItem;
  number: number;
  count: number;
  details: MeetingDocument;
  isOver: boolean;
  actions: LeadActions;
  following: MeetingItem | undefined;
  presence: DocumentPresence;
  order: readonly string[];
  notes: (item: ItemId) => ReturnType<typeof notesOf> | undefined;
}): JSX.Element {
  const { text, format } = useText();
  const words = createMeetingWords();
  const item = () => props.timed.item;
  const [deciding, setDeciding] = createSignal(false);
  const [what, setWhat] = createSignal("");
  const [stuck, setStuck] = createSignal(false);
  const decisions = createMemo(() => decisionsOf(props.details.decisions, item().id));
  const problem = () => textProblem(what(), longestPurpose);
  const decide = async () => {
    if (what().trim() === "" || problem() !== null) return;
    if (!(await props.actions.decide(item().id, what().trim()))) return;
    setWhat("");
    setDeciding(false);
  };
  /** Who writes, and where: the item's number, which is the same for all. */
  const elsewhere = createMemo(() =>
    props.presence.writers().flatMap(({ name, text: id }) => {
      const number = props.order.findIndex((one) => one === id) + 1;
      return number === 0 ? [] : [text("minutes.writesIn", { name, number })];
    }),
  );
  const itemId = createMemo(() => item().id);
  // Another item is another editor, with its own undo.
  const notes = createMemo(() => {
    const found = props.notes(itemId());
    return found === undefined ? undefined : { text: found, itemId: itemId() };
  });
  return (
    <>
      <div class="lead-open">
        <div>
          <p class="kicker">{text("minutes.place", { number: props.number, count: props.count })}</p>
          <h1 class="voice">{words.item(item())}</h1>
        </div>
        <Show when={!props.isOver}>
          <TimerRing
            used={props.timed.used}
            planned={props.timed.planned}
            amount={text("minutes.left", { minutes: props.timed.over > 0 ? props.timed.over : props.timed.left })}
            detail={text(props.timed.over > 0 ? "minutes.overOf" : "minutes.leftOf", { planned: props.timed.planned })}
          />
        </Show>
      </div>
      <Show when={notes()} keyed>
        {(one) => <MinutesEditor text={one.text} label={text("minutes.notes", { item: words.item(item()) })} presence={props.presence.inText(one.itemId)} />}
      </Show>
      <Show when={elsewhere().length > 0}>
        <p class="lead-writers" role="status">
          {format.list(elsewhere())}
        </p>
      </Show>
      <For each={decisions()}>
        {(decision) => (
          <div class="lead-decision">
            <p>
              <strong>{text("minutes.decision")}</strong>
              <span>{decision.what}</span>
            </p>
            <Button variant="quiet" icon="cross" iconOnly onClick={() => void props.actions.takeBackDecision(decision)}>
              {text("minutes.removeDecision", { what: decision.what })}
            </Button>
          </div>
        )}
      </For>
      <Show when={deciding()}>
        <form
          class="lead-form"
          onSubmit={(event) => {
            event.preventDefault();
            void decide();
          }}
        >
          <TextField
            label={text("minutes.newDecision")}
            value={what()}
            onInput={setWhat}
            maxLength={longestPurpose}
            autofocus
            error={problem() === "namesCase" ? text("meetings.form.namesCase") : undefined}
          />
          <Button type="submit" variant="secondary" icon="check">
            {text("minutes.addDecision")}
          </Button>
        </form>
      </Show>
      <Show when={stuck()}>
        <p role="alert">{text("minutes.uniteNot")}</p>
      </Show>
      <div class="button-row">
        <Button variant="secondary" icon="check" aria-expanded={deciding()} onClick={() => setDeciding(!deciding())}>
          {text("minutes.decision")}
        </Button>
        <Switch>
          <Match when={item().talk === undefined}>
            <Button variant="secondary" onClick={() => void props.actions.split(item().id, orderBetween(item(), props.following))}>
              {text("minutes.split")}
            </Button>
          </Match>
          <Match when={item().talk === "first"}>
            <Button variant="secondary" onClick={() => void props.actions.unite(item().id).then((done) => setStuck(!done))}>
              {text("minutes.unite")}
            </Button>
          </Match>
        </Switch>
      </div>
    </>
  );
}
