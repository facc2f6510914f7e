import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { dateOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { SchoolHandle } from "../space/workspace.tsx";
import { createMeetingWords } from "./create-meeting-words.ts";
import { type MeetingHere, meetingPath, newMeetingPath } from "./create-meetings.ts";
import { useAllMeetings } from "./meetings-context.tsx";
import { comingAndPast } from "./rules.ts";

/** How many that are over are shown before «Vis alle». */
const pastAtFirst = 4;

/** The meetings of one school, or of all: those to come, then those that have been. Nothing for who has no room with them. */
export function MeetingsSection(props: { schools: readonly SchoolHandle[] }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const [showAll, setShowAll] = createSignal(false);
  const withRoom = createMemo(() => props.schools.filter(({ schoolRoom }) => schoolRoom !== undefined));
  const all = useAllMeetings();
  const meetings = createMemo(() => all.standing().filter(({ school }) => props.schools.includes(school)));
  const deleted = createMemo(() => all.deleted().filter(({ school }) => props.schools.includes(school)));
  const byId = createMemo(() => new Map<string, MeetingHere>(meetings().map((here) => [here.id, here])));
  const sorted = createMemo(() => comingAndPast(meetings().map(({ meeting }) => meeting), engine.today()));
  const coming = () => sorted().coming.flatMap(({ id }) => byId().get(id) ?? []);
  const past = () => sorted().past.flatMap(({ id }) => byId().get(id) ?? []);
  const pastShown = () => (showAll() ? past() : past().slice(0, pastAtFirst));
  const newPath = () => {
    const [first, second] = withRoom();
    return first !== undefined && second === undefined ? newMeetingPath(first.schoolId) : "/moter/ny";
  };
  return (
    <Show when={withRoom().length > 0}>
      <Section heading={text("meetings.title")} hint={coming().length > 0 ? String(coming().length) : undefined}>
        <Show when={coming().length > 0} fallback={<EmptyState text={text("meetings.list.none")} />}>
          <MeetingRows meetings={coming()} namesSchool={props.schools.length > 1} />
        </Show>
        <div class="button-row section-action no-print">
          <ButtonLink variant="secondary" icon="plus" href={newPath()}>
            {text("meetings.new")}
          </ButtonLink>
        </div>
      </Section>
      <Show when={past().length > 0}>
        <Section heading={text("meetings.list.past")} hint={String(past().length)}>
          <MeetingRows meetings={pastShown()} namesSchool={props.schools.length > 1} />
          <Show when={pastShown().length < past().length}>
            <div class="button-row section-action">
              <Button variant="quiet" icon="chevronDown" onClick={() => setShowAll(true)}>
                {text("meetings.list.showAll", { count: past().length })}
              </Button>
            </div>
          </Show>
        </Section>
      </Show>
      <Show when={deleted().length > 0}>
        <Section heading={text("minutes.filing.deletedList")} hint={String(deleted().length)}>
          <RowList>
            <For each={deleted()}>
              {(here) => (
                <InfoRow
                  icon="trash"
                  tone="neutral"
                  title={here.reference}
                  detail={text("minutes.filing.hiddenSince", { date: format.date(dateOf(here.meeting.deletedAt ?? ""), "dayYear") })}
                  href={meetingPath(here.school.schoolId, here.id)}
                  done
                />
              )}
            </For>
          </RowList>
        </Section>
      </Show>
    </Show>
  );
}

function MeetingRows(props: { meetings: readonly MeetingHere[]; namesSchool: boolean }): JSX.Element {
  const { text, format } = useText();
  const words = createMeetingWords();
  const detail = ({ meeting, school }: MeetingHere) =>
    [
      ...(props.namesSchool ? [school.name] : []),
      capitalise(format.date(meeting.date)),
      words.times(meeting),
      ...(meeting.place === undefined || meeting.place === school.name ? [] : [meeting.place]),
    ].join(" · ");
  return (
    <RowList>
      <For each={props.meetings}>
        {(here) => (
          <InfoRow
            icon="group"
            tone="info"
            title={words.type(here.meeting)}
            detail={detail(here)}
            tag={
              <>
                <Show when={here.ownProcedure}>
                  <Tag>{text("meetings.ownProcedure")}</Tag>
                </Show>
                <Show when={words.state(here.meeting)}>{(state) => <Tag tone={state().tone}>{state().label}</Tag>}</Show>
              </>
            }
            href={meetingPath(here.school.schoolId, here.id)}
            done={words.state(here.meeting)?.tone === "neutral"}
          />
        )}
      </For>
    </RowList>
  );
}
