import { createMemo, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { dateOf, momentOf, timeOf } from "../../lib/iso-date.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { RoomKind } from "#protocol/control.ts";
import { documentKinds } from "../../engine/log/rights.ts";
import { createReading, createServicePeople } from "./create-people.ts";
import { createSeen } from "./create-seen.ts";
import { schoolOfLabel } from "./invite-rules.ts";
import { Page } from "./page.tsx";
import { type Person, schoolsOf } from "./people-rules.ts";
import { createPlaceName } from "./place-name.ts";
import { useShell } from "./shell.tsx";
import { WorkProgress } from "./work-progress.tsx";
import { useWorkspace } from "./workspace.tsx";

/** What somebody is called; the recovery code is no person and says what it is. */
export function createNameOf(): (person: Pick<Person, "name" | "role" | "isOwn">) => string {
  const { text } = useText();
  return ({ name, role, isOwn }) => {
    if (role === "recovery") return capitalise(text("space.role.recovery"));
    const shown = name ?? text("space.settings.unnamed");
    return isOwn ? text("schools.page.you", { name: shown }) : shown;
  };
}

/** «26. november 2026 kl. 13.31» */
export function createTimeOf(): (timeMs: number) => string {
  const { text, format } = useText();
  return (timeMs) => {
    const moment = momentOf(new Date(timeMs));
    return text("papers.dateAndTime", { date: format.date(dateOf(moment), "dayYear"), time: format.time(timeOf(moment)) });
  };
}

/** Who holds keys, with how many devices and where. */
export function PeoplePage(): JSX.Element {
  const { text, plural, format } = useText();
  const shell = useShell();
  const workspace = useWorkspace();
  const people = createServicePeople();
  const nameOf = createNameOf();
  const isConsultant = () => workspace.role() === "consultant";
  const mayRenew = () => isConsultant() && !shell.example;
  const whereOf = (person: Person) => {
    if (person.role === "consultant") return text("people.everySchool");
    return format.list(schoolsOf(person).flatMap((schoolId) => workspace.schoolName(schoolId) ?? []));
  };
  const detailOf = (person: Person) =>
    person.role === "recovery"
      ? text("people.whyNot.recovery")
      : [text(`space.role.${person.role}`), whereOf(person), plural(person.devices.length, "people.deviceOne", "people.deviceMany")]
          .filter((part) => part !== "")
          .join(" · ");
  return (
    <Page focus back={{ label: text("common.nav.settings"), href: "/innstillinger" }}>
      <PageTitle title={text("people.title")} detail={text("people.detail")} />
      <WorkProgress />
      <Show when={people()}>
        {(all) => (
          <RowList>
            <For each={all()}>
              {(person) => (
                <InfoRow
                  icon={person.role === "recovery" ? "key" : "person"}
                  tone="neutral"
                  title={nameOf(person)}
                  detail={detailOf(person)}
                  href={person.role !== "recovery" ? `/folk/${person.id}` : mayRenew() ? "/gjenopprettingskode" : undefined}
                  chevron={person.role !== "recovery" || mayRenew()}
                />
              )}
            </For>
          </RowList>
        )}
      </Show>
      <Show when={!shell.example}>
        <div class="button-row section-action">
          <ButtonLink icon="tablet" href="/ny-enhet">
            {text("people.newDevice.title")}
          </ButtonLink>
          <Show when={isConsultant()}>
            <ButtonLink icon="personPlus" href="/inviter">
              {text("space.invite.title")}
            </ButtonLink>
          </Show>
        </div>
      </Show>
      <Doubtful />
    </Page>
  );
}

/** What was written on lost devices behind their fence. */
function Doubtful(): JSX.Element {
  const { text } = useText();
  const placeName = createPlaceName();
  const timeOfRecord = createTimeOf();
  const found = createReading(async (rooms) =>
    (await Promise.all(rooms.map(async ({ roomId, kind, label, doubtful }) => (await doubtful()).map((record) => ({ roomId, kind, label, ...record }))))).flat(),
  );
  const seen = createSeen("seenDoubtful");
  const idOf = ({ roomId, author, ctr }: { roomId: string; author: { deviceId: string }; ctr: number }) => `${roomId}/${author.deviceId}/${ctr}`;
  const newest = createMemo(() => (found() ?? []).filter((one) => !seen.has(idOf(one))).toSorted((a, b) => (b.authoredAt ?? 0) - (a.authoredAt ?? 0)));
  const documentName = (room: RoomKind, docId: string) => {
    if (room === "service" && docId.startsWith(documentKinds.index)) return text("people.doubtful.service");
    const kind = (["index", "case", "meeting"] as const).find((one) => docId.startsWith(documentKinds[one]));
    return kind === undefined ? "" : text(`people.left.document.${kind}`);
  };
  const hrefOf = (kind: RoomKind, label: string) => {
    const schoolId = schoolOfLabel(label);
    if (schoolId !== null) return `/skoler/${schoolId}`;
    return kind === "service" ? "/innstillinger" : undefined;
  };
  return (
    <Show when={newest().length > 0}>
      <Section heading={text("people.doubtful.heading")}>
        <Notice icon="information">{text("people.doubtful.detail")}</Notice>
        <RowList>
          <For each={newest()}>
            {({ kind, label, author, authoredAt, docIds }) => (
              <InfoRow
                icon="warning"
                tone="now"
                href={hrefOf(kind, label)}
                chevron={hrefOf(kind, label) !== undefined}
                title={[placeName(kind, label), Array.from(new Set(docIds.map((docId) => documentName(kind, docId)).filter((name) => name !== ""))).join(", ")]
                  .filter((part) => part !== "")
                  .join(" · ")}
                detail={`${authoredAt === null ? text("people.doubtful.unknownTime") : timeOfRecord(authoredAt)} · ${text("people.doubtful.row", { name: author.name ?? text("space.settings.unnamed") })}`}
              />
            )}
          </For>
        </RowList>
        <div class="button-row section-action">
          <Button icon="check" onClick={() => seen.add(newest().map(idOf))}>
            {text("people.evidence.seen")}
          </Button>
        </div>
      </Section>
    </Show>
  );
}
