import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { postponeReasons } from "../../content/choices.ts";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { CurrentCard } from "../../ui/current-card.tsx";
import { QueueRow } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { ShownCode } from "../cases/rules.ts";
import { createCaseWords } from "../consultations/create-case-words.ts";
import { earlierConsultations } from "../consultations/rules.ts";
import type { ConsultationHead } from "../consultations/schema.ts";
import { waitsForAnswer } from "../follow-up/rules.ts";
import type { CaseId } from "../ids.ts";
import type { QueueEntry } from "../pre-registration/rules.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { timeDiscussed } from "../today/rules.ts";
import { createVisitActions } from "./create-visit-actions.ts";
import { nextVisit, slotEnd } from "./rules.ts";
import type { Visit } from "./schema.ts";

const unknownCode: ShownCode = { colour: "hvit", number: 0, label: "–" };

/** The code of a case. Sign-up and case are written together, so it is missing only for what a newer version wrote. */
export function codeOf(day: Pick<SchoolDayHere, "codes">, caseId: CaseId): ShownCode {
  return day.codes.get(caseId) ?? unknownCode;
}

export function casePath(schoolId: string, caseId: CaseId): string {
  return `/saker/${schoolId}/${caseId}`;
}

/** Somebody who is signed up: slot, code, who and what about. */
export function QueueEntryRow(props: { entry: QueueEntry; day: SchoolDayHere; begun?: boolean | undefined; href?: string | undefined }): JSX.Element {
  const { format } = useText();
  const words = createCaseWords();
  const one = () => props.entry.preRegistration;
  const code = () => codeOf(props.day, one().caseId);
  return (
    <QueueRow
      slot={props.entry.slot === null ? undefined : format.time(props.entry.slot)}
      colour={code().colour}
      number={code().number}
      title={code().label}
      detail={words.about(one())}
      tag={<EntryTag entry={props.entry} day={props.day} begun={props.begun} />}
      href={props.href}
      chevron={props.href !== undefined}
    />
  );
}

/** The one thing that is most worth knowing of a place in the queue. */
function EntryTag(props: { entry: QueueEntry; day: SchoolDayHere; begun: boolean | undefined }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const words = createCaseWords();
  const nth = () => words.nthTime(timeDiscussed(props.day.consultations, props.entry.preRegistration.caseId, momentOf(engine.now())));
  return (
    <Switch>
      <Match when={props.begun}>
        <Tag tone="now">{text("consultations.unfinished.heading")}</Tag>
      </Match>
      <Match when={props.entry.preRegistration.urgency === "wantsFirst"}>
        <Tag tone="now">{text("content.urgency.wantsFirst")}</Tag>
      </Match>
      <Match when={props.entry.carriedOver}>
        <Tag tone="now">{text("visits.queue.carriedOver")}</Tag>
      </Match>
      <Match when={nth()}>{(words) => <Tag>{words()}</Tag>}</Match>
    </Switch>
  );
}

/** The case that is on now. */
export function CurrentCase(props: { entry: QueueEntry; visit: Visit; day: SchoolDayHere; begun: boolean; href: string }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const actions = createVisitActions();
  const words = createCaseWords();
  const one = () => props.entry.preRegistration;
  const code = () => codeOf(props.day, one().caseId);
  const next = createMemo(() => nextVisit(props.day.visits, props.visit.date));
  const kicker = () => {
    const { slot } = props.entry;
    if (slot === null) return text("visits.queue.ifTime");
    const range = format.timeRange(slot, slotEnd(slot));
    return slot <= timeOf(momentOf(engine.now())) ? text("visits.queue.now", { range }) : text("visits.queue.next", { range });
  };
  const detail = () => {
    const last = earlierConsultations(props.day.consultations, one().caseId, momentOf(engine.now())).at(-1);
    const before = last === undefined ? "" : text("visits.queue.last", { date: format.date(last.heldOn, "day"), headline: words.headline(last) });
    return [words.wishes(one()), one().note ?? "", before].filter((part) => part !== "").join(" ");
  };
  return (
    <CurrentCard
      colour={code().colour}
      number={code().number}
      kicker={kicker()}
      title={code().label}
      tag={<EntryTag entry={props.entry} day={props.day} begun={props.begun} />}
      line={words.about(one())}
      detail={detail()}
    >
      <ButtonLink variant="primary" size="dock" icon="chat" grow href={props.href}>
        {text("visits.startConsultation")}
      </ButtonLink>
      <Show when={next()}>
        {(to) => (
          <Button variant="secondary" size="dock" onClick={() => void actions.postpone(props.day.school, one(), props.visit, to(), code().label)}>
            {text("visits.queue.postpone")}
          </Button>
        )}
      </Show>
    </CurrentCard>
  );
}

/** A drøfting that is saved. */
export function HeldRow(props: { head: ConsultationHead; day: SchoolDayHere; slot?: boolean | undefined }): JSX.Element {
  const { text, format } = useText();
  const words = createCaseWords();
  const code = () => codeOf(props.day, props.head.caseId);
  const detail = () => {
    const next = props.day.followUps
      .filter((followUp) => followUp.consultationId === props.head.id && waitsForAnswer(followUp))
      .map(({ dueOn }) => dueOn)
      .sort()[0];
    const headline = words.headline(props.head);
    return next === undefined ? headline : text("visits.queue.withFollowUp", { headline, date: format.date(next, "day") });
  };
  return (
    <QueueRow
      slot={format.time(timeOf(props.head.startedAt))}
      colour={code().colour}
      number={code().number}
      title={code().label}
      detail={detail()}
      tag={
        <>
          <Show when={props.day.onlyUs.has(props.head.id)}>
            <Tag icon="lock">{text("consultations.onlyUs.tag")}</Tag>
          </Show>
          <Tag tone="done" icon="check">
            {text("content.preRegistrationState.discussed")}
          </Tag>
        </>
      }
      href={casePath(props.day.schoolId, props.head.caseId)}
      done
    />
  );
}

/** A sign-up whose drøfting is kept where this reader does not see it. */
export function UnseenRow(props: { entry: QueueEntry; day: SchoolDayHere }): JSX.Element {
  const { text } = useText();
  const words = createCaseWords();
  const code = () => codeOf(props.day, props.entry.preRegistration.caseId);
  return (
    <QueueRow
      colour={code().colour}
      number={code().number}
      title={code().label}
      detail={words.about(props.entry.preRegistration)}
      tag={
        <Tag tone="done" icon="check">
          {text("content.preRegistrationState.discussed")}
        </Tag>
      }
      done
    />
  );
}

/** Put off from this visit. While the visit is open it asks why, in its place. */
function PostponedRow(props: { one: PreRegistration; visit: Visit; day: SchoolDayHere; askReason: boolean }): JSX.Element {
  const { text } = useText();
  const actions = createVisitActions();
  const code = () => codeOf(props.day, props.one.caseId);
  const byHand = () => props.one.postponedFrom === props.visit.id;
  const detail = () => {
    const { postponeReason } = props.one;
    if (!byHand()) return text("visits.queue.notReached");
    const postponed = text("content.preRegistrationState.postponed");
    return postponeReason === undefined ? postponed : `${postponed} · ${text(`content.postponeReason.${postponeReason}`)}`;
  };
  return (
    <>
      <QueueRow
        colour={code().colour}
        number={code().number}
        title={code().label}
        detail={detail()}
        tag={<Tag tone="bare">{text("visits.queue.firstNextTime")}</Tag>}
        done
      />
      <Show when={props.askReason && byHand()}>
        <li class="row-panel">
          <ChoiceChips
            legend={text("visits.queue.whyPostponed", { code: code().label })}
            hint={text("common.field.optional")}
            columns={3}
            phoneColumns={2}
            options={postponeReasons.map((value) => ({ value, label: text(`content.postponeReason.${value}`) }))}
            value={props.one.postponeReason}
            onChange={(reason) => {
              if (reason !== undefined) void actions.explainPostponing(props.day.school, props.one, reason);
            }}
          />
        </li>
      </Show>
    </>
  );
}

export function PostponedRows(props: { postponed: readonly PreRegistration[]; visit: Visit; day: SchoolDayHere; askReason: boolean }): JSX.Element {
  const rows = createStableList(() => props.postponed);
  return <For each={rows()}>{(one) => <PostponedRow one={one()} visit={props.visit} day={props.day} askReason={props.askReason} />}</For>;
}
