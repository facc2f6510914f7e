import { type JSX, Show } from "solid-js";
import { noNextReasons } from "../../content/meetings.ts";
import { addDays } from "../../lib/iso-date.ts";
import { Card, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { closingProblems } from "./rules.ts";
import type { Meeting, NextMeeting } from "./schema.ts";

/** The next date, or why there is none: a meeting does not end without. */
export function LeadClosing(props: { meeting: Meeting; asked: boolean; onNext: (next: NextMeeting | null) => void }): JSX.Element {
  const { text } = useText();
  const date = () => (props.meeting.next !== undefined && "date" in props.meeting.next ? props.meeting.next.date : "");
  const reason = () => (props.meeting.next !== undefined && "reason" in props.meeting.next ? props.meeting.next.reason : undefined);
  return (
    <Section heading={text("minutes.closing.heading")}>
      <Card>
        <DateField
          label={text("minutes.closing.when")}
          min={addDays(props.meeting.date, 1)}
          value={date()}
          onInput={(value) => props.onNext(value === "" ? null : { date: value })}
          error={closingProblems(props.meeting).includes("nextNotLater") ? text("minutes.closing.nextNotLater") : undefined}
        />
        <ChoiceChips
          legend={text("minutes.closing.orWhy")}
          options={noNextReasons.map((value) => ({ value, label: text(`meetings.noNextReason.${value}`) }))}
          value={reason()}
          onChange={(value) => props.onNext(value === undefined ? null : { reason: value })}
          columns={4}
          phoneColumns={2}
        />
      </Card>
      <Show when={closingProblems(props.meeting).includes("nextMissing")}>
        <Show when={props.asked} fallback={<Notice icon="calendar">{text("minutes.closing.nextMissing")}</Notice>}>
          <Alert>{text("minutes.closing.nextMissing")}</Alert>
        </Show>
      </Show>
    </Section>
  );
}
