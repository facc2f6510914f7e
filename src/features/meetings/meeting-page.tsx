import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import type * as Y from "yjs";
import { notHeldReasons } from "../../content/meetings.ts";
import { capitalise } from "../../i18n/format.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SummaryList, type SummaryRow } from "../../ui/summary.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { runPath } from "../routines/create-run-actions.ts";
import { Panel } from "../schools/day-form.tsx";
import { Page } from "../space/page.tsx";
import { AgendaLink } from "./agenda-link.tsx";
import { createMeetingAtAddress } from "./create-meeting-at-address.ts";
import { createMeetingActions } from "./create-meeting-actions.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { changePath, leadPath, type MeetingHere, meetingPath } from "./create-meetings.ts";
import { createMinutesActions } from "./create-minutes-actions.ts";
import type { MeetingDocument } from "./document.ts";
import { createHeldMeeting, HeldDock, HeldMeeting } from "./held-meeting.tsx";
import { inSentence } from "./invitation-text.ts";
import { InvitationSection } from "./invitation.tsx";
import { MeetingChanges } from "./meeting-changes.tsx";
import { MinutesFiling } from "./minutes-filing.tsx";
import { NoMeeting } from "./no-meeting.tsx";
import { itemsInOrder, meetingState, offersParentSurface, participantsOf, preparationGaps, waiversMissing } from "./rules.ts";
import { plannedItems } from "./timer-rules.ts";

/** One meeting: as it was prepared, until it is led; then its minutes. */
export function MeetingPage(): JSX.Element {
  const at = createMeetingAtAddress();
  const { school, here, doc, details } = at;
  const back = createWayBack(() => here() ?? at.deleted());
  const read = createMemo(() => {
    const [one, about] = [here(), details()];
    return one === undefined || about === undefined ? undefined : { here: one, details: about };
  });
  const isHeld = createMemo(() => {
    const one = read();
    return one !== undefined && meetingState(one.here.meeting) === "held";
  });
  return (
    <Show
      when={isHeld()}
      fallback={
        <Page focus title={school()?.name} back={back()} dock={isAhead(here()) ? <Show when={here()}>{(one) => <LeadDock here={one()} />}</Show> : undefined}>
          <Show when={read()} fallback={<NoMeeting at={at} />}>
            {(one) => <Prepared here={one().here} details={one().details} />}
          </Show>
        </Page>
      }
    >
      <Show when={read()}>{(one) => <Held here={one().here} details={one().details} doc={doc()} />}</Show>
    </Show>
  );
}

/** To the case that it is a step of, where it is one. */
function createWayBack(here: () => MeetingHere | undefined): () => { label: string; href: string } {
  const { text } = useText();
  return () => {
    const one = here();
    const runId = one?.meeting.runId;
    if (one === undefined || runId === undefined) return { label: text("common.nav.visits"), href: "/besok" };
    return { label: text("routines.run.heading"), href: runPath(one.school.schoolId, runId) };
  };
}

function isAhead(here: MeetingHere | undefined): boolean {
  return here !== undefined && ["planned", "open"].includes(meetingState(here.meeting));
}

function Held(props: PreparedProps & { doc: Y.Doc | undefined }): JSX.Element {
  const back = createWayBack(() => props.here);
  const state = createHeldMeeting(
    () => props.here,
    () => props.doc,
    () => props.details,
  );
  return (
    <Page focus title={props.here.school.name} back={back()} dock={<HeldDock here={props.here} state={state} />}>
      <HeldMeeting here={props.here} state={state}>
        <Consents here={props.here} details={props.details} />
        <MeetingChanges here={props.here} />
      </HeldMeeting>
      <DisclosureLink here={props.here} />
    </Page>
  );
}

/** On to the meeting itself. */
function LeadDock(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  return (
    <Dock>
      <ButtonLink variant="primary" size="dock" grow href={leadPath(props.here)}>
        {text(meetingState(props.here.meeting) === "open" ? "minutes.goOn" : "minutes.start")}
      </ButtonLink>
    </Dock>
  );
}

type PreparedProps = { here: MeetingHere; details: MeetingDocument };

function Prepared(props: PreparedProps): JSX.Element {
  const { text } = useText();
  const words = createMeetingWords();
  const meeting = () => props.here.meeting;
  const items = createMemo(() => itemsInOrder(props.details.items, props.here.ownProcedure));
  const minutes = createMemo(() => plannedItems(items(), meeting()));
  const participants = createMemo(() => participantsOf(props.details.participants, props.here.ownProcedure));
  const filing = createMinutesActions(() => props.here);
  const offersInvitation = () => meetingState(meeting()) === "planned" && offersParentSurface("invitation", meeting().type, props.here.ownProcedure);
  return (
    <>
      <div classList={{ "no-print": offersInvitation() }}>
        <PageTitle kicker={props.here.school.name} title={words.type(meeting())} detail={words.when(meeting())} />
        <Changes here={props.here} />
        <Show when={props.here.ownProcedure}>
          <LeftOut>
            {text("meetings.ownProcedure")}. {text("meetings.page.parentsLeftOut")}
          </LeftOut>
        </Show>
        <Gaps {...props} />
        <Facts {...props} />
        <Show when={participants().length > 0}>
          <Section heading={text("meetings.page.participants")}>
            <Card>
              <ul class="bare-list">
                <For each={words.people(participants())}>{(person) => <li>{person}</li>}</For>
              </ul>
            </Card>
          </Section>
        </Show>
        <Section heading={text("meetings.page.agenda")} hint={words.plan(meeting())}>
          <Card>
            <ol class="agenda-list">
              <For each={items()}>
                {(item, index) => (
                  <li>
                    <span>
                      {words.item(item)}
                      <span class="row-detail">{text(`meetings.owner.${item.owner}`)}</span>
                    </span>
                    <span class="agenda-minutes">{text("meetings.page.itemMinutes", { minutes: minutes()[index()] ?? 0 })}</span>
                  </li>
                )}
              </For>
            </ol>
          </Card>
          <AgendaLink here={props.here} />
        </Section>
        <Consents here={props.here} details={props.details} />
        <Show when={meetingState(meeting()) === "notHeld"}>
          <MinutesFiling here={props.here} approved={null} hash={undefined} waiting={0} actions={filing} />
        </Show>
      </div>
      <Show when={offersInvitation()}>
        <InvitationSection meeting={meeting()} reference={props.here.reference} items={items()} participants={participants()} />
      </Show>
      <DisclosureLink here={props.here} />
    </>
  );
}

/** To all that is held of it, for whoever asks, and to what should never have been written. */
function DisclosureLink(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  return (
    <div class="button-row section-action no-print">
      <ButtonLink variant="quiet" href={`${meetingPath(props.here.school.schoolId, props.here.id)}/innsyn`}>
        {text("disclosure.page.link")}
      </ButtonLink>
      <ButtonLink variant="quiet" href={`${meetingPath(props.here.school.schoolId, props.here.id)}/hvem-har-sett`}>
        {text("access.link")}
      </ButtonLink>
      <ButtonLink variant="quiet" href={`${meetingPath(props.here.school.schoolId, props.here.id)}/slett-for-godt`}>
        {text("purge.link")}
      </ButtonLink>
    </div>
  );
}

/** What was consented to and waived, and that it is withdrawn: today, by one tap. */
function Consents(props: PreparedProps): JSX.Element {
  const { text } = useText();
  const words = createMeetingWords();
  const actions = createMeetingActions();
  return (
    <Show when={props.details.consents.length > 0}>
      <Section heading={text("meetings.page.consents")}>
        <Card>
          <ul class="bare-list">
            <For each={props.details.consents}>
              {(consent) => (
                <li>
                  {words.consent(consent)}
                  <Show when={consent.withdrawnOn === undefined}>
                    {" "}
                    <Button variant="quiet" aria-label={text("templates.ofPart", { action: text("minutes.withdraw"), part: words.consent(consent) })} onClick={() => void actions.withdraw(props.here, consent)}>
                      {text("minutes.withdraw")}
                    </Button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Card>
      </Section>
    </Show>
  );
}

/** «Endre» and «Ikke holdt», or what became of the meeting. */
function Changes(props: { here: MeetingHere }): JSX.Element {
  const { text } = useText();
  const actions = createMeetingActions();
  const [asking, setAsking] = createSignal(false);
  let row: HTMLDivElement | undefined;
  const state = () => meetingState(props.here.meeting);
  const close = () => {
    setAsking(false);
    row?.querySelector<HTMLElement>("button")?.focus();
  };
  return (
    <div class="no-print">
      <Show when={props.here.meeting.notHeld}>
        {(notHeld) => (
          <Show when={state() === "notHeld"}>
            <Notice icon="calendar">{text("meetings.page.notHeldSince", { reason: inSentence(text(`meetings.notHeldReason.${notHeld().reason}`)) })}</Notice>
          </Show>
        )}
      </Show>
      <div class="button-row section-action" ref={(element) => (row = element)}>
        <Switch>
          <Match when={state() === "planned"}>
            <Button variant="secondary" aria-expanded={asking()} onClick={() => (asking() ? close() : setAsking(true))}>
              {text("meetings.page.notHeld")}
            </Button>
            <ButtonLink variant="secondary" icon="pencil" href={changePath(props.here)}>
              {text("common.action.change")}
            </ButtonLink>
          </Match>
          <Match when={state() === "notHeld"}>
            <Button variant="secondary" onClick={() => void actions.holdAnyway(props.here)}>
              {text("meetings.page.undoNotHeld")}
            </Button>
          </Match>
        </Switch>
      </div>
      <Show when={asking() && state() === "planned"}>
        <Panel card onClose={close}>
          <ActionChips
            legend={text("meetings.page.whyNotHeld")}
            options={notHeldReasons.map((value) => ({ value, label: text(`meetings.notHeldReason.${value}`) }))}
            onPress={(reason) => void actions.notHeld(props.here, reason).then((saved) => saved && close())}
            columns={4}
            phoneColumns={2}
          />
        </Panel>
      </Show>
    </div>
  );
}

/** What is not settled yet. Nothing of it stops anything, so it is a list and no alarm. */
function Gaps(props: PreparedProps): JSX.Element {
  const { text, format } = useText();
  const gaps = createMemo(() =>
    meetingState(props.here.meeting) === "planned"
      ? preparationGaps(props.here.meeting, props.details.consents, { isFifteen: props.details.isFifteen, ownProcedure: props.here.ownProcedure })
      : [],
  );
  const givers = () =>
    format.list(waiversMissing(props.details.consents, props.here.meeting, props.details.isFifteen).map((giver) => inSentence(text(`meetings.consentGiver.${giver}`))));
  return (
    <Show when={gaps().length > 0}>
      <Section heading={text("meetings.page.gaps")}>
        <ul class="gap-list">
          <For each={gaps()}>
            {(gap) => <li>{gap === "waiver" ? text("meetings.gap.waiver", { givers: givers() }) : text(`meetings.gap.${gap}`)}</li>}
          </For>
        </ul>
      </Section>
    </Show>
  );
}

function Facts(props: PreparedProps): JSX.Element {
  const { text, format } = useText();
  const words = createMeetingWords();
  const rows = createMemo((): SummaryRow[] => {
    const { meeting, reference } = props.here;
    const { place, purpose, chair, minuteTaker, next } = meeting;
    const row = (label: string, value: string | undefined): SummaryRow[] => (value === undefined ? [] : [{ label, value }]);
    const nextLine = () => {
      if (next === undefined) return undefined;
      if ("reason" in next) return text("meetings.page.noNext", { reason: inSentence(text(`meetings.noNextReason.${next.reason}`)) });
      return capitalise(format.date(next.date, "weekdayYear"));
    };
    return [
      ...row(text("meetings.page.when"), words.when(meeting)),
      ...row(text("meetings.page.place"), place),
      ...row(text("meetings.page.purpose"), purpose),
      ...row(text("meetings.page.chair"), chair && text(`meetings.role.${chair}`)),
      ...row(text("meetings.page.minuteTaker"), minuteTaker && text(`meetings.role.${minuteTaker}`)),
      ...row(text("meetings.page.interpreter"), meeting.interpreter && words.interpreter(meeting)),
      ...row(text("meetings.page.reference"), reference),
      ...row(text("meetings.page.next"), nextLine()),
    ];
  });
  return (
    <Section heading={text("meetings.page.plan")}>
      <Card>
        <SummaryList rows={rows()} />
      </Card>
    </Section>
  );
}
