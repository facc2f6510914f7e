import { type JSX, Match, Show, Switch } from "solid-js";
import { dateOf } from "../../lib/iso-date.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { MeetingAtAddress } from "./create-meeting-at-address.ts";
import { meetingPath } from "./create-meetings.ts";
import { EndOfLife } from "./minutes-filing.tsx";

/** In place of a meeting that the address names and that cannot be shown: it was deleted, or is not on this device. Nothing until that is known. */
export function NoMeeting(props: { at: MeetingAtAddress }): JSX.Element {
  const { text, format } = useText();
  return (
    <Switch>
      <Match when={props.at.deleted()}>
        {(gone) => (
          <>
            <PageTitle kicker={gone().school.name} title={text("minutes.filing.deletedTitle")} detail={gone().reference} />
            <Show when={gone().meeting.deletedAt}>
              {(deletedAt) => (
                <Card>
                  <EndOfLife hidden={format.date(dateOf(deletedAt()), "dayYear")} />
                </Card>
              )}
            </Show>
            <div class="button-row section-action">
              <ButtonLink variant="quiet" href={`${meetingPath(gone().school.schoolId, gone().id)}/slett-for-godt`}>
                {text("purge.link")}
              </ButtonLink>
            </div>
          </>
        )}
      </Match>
      <Match when={props.at.isRead() && props.at.here() === undefined}>
        <PageTitle title={text("meetings.title")} />
        <EmptyState text={text("meetings.page.notFound")} />
      </Match>
    </Switch>
  );
}
