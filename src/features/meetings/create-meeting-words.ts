import { capitalise } from "../../i18n/format.ts";
import { useText } from "../../ui/text-provider.tsx";
import { inSentence, itemTitle, personLine } from "./invitation-text.ts";
import { hasInterpreter, meetingState } from "./rules.ts";
import type { ConsentRecord, Meeting, MeetingItem, Participant } from "./schema.ts";
import { addedByInterpreter, lengthOf, plannedEnd } from "./timer-rules.ts";

/** How a meeting is told of, in the language of the page. */
export function createMeetingWords() {
  const translator = useText();
  const { text, format } = translator;
  return {
    type: ({ type }: Pick<Meeting, "type">) => text(`meetings.type.${type}`),
    /** «14.00–15.30» */
    times: (meeting: Meeting) => format.timeRange(meeting.from, plannedEnd(meeting)),
    /** «Torsdag 3. desember 2026, 14.00–15.30» */
    when: (meeting: Meeting) =>
      text("meetings.page.whenValue", { date: capitalise(format.date(meeting.date, "weekdayYear")), time: format.timeRange(meeting.from, plannedEnd(meeting)) }),
    item: (item: Pick<MeetingItem, "id" | "title" | "talk">) => itemTitle(item, translator),
    people: (participants: readonly Pick<Participant, "role" | "name">[]) => participants.map((one) => personLine(one, translator)),
    interpreter({ interpreter }: Meeting): string {
      if (interpreter === undefined || !interpreter.needed) return text("meetings.page.interpreterNone");
      const { language, bookedBy, refusedReason } = interpreter;
      if (refusedReason !== undefined) return text("meetings.page.interpreterRefused", { reason: inSentence(text(`meetings.interpreterRefusal.${refusedReason}`)) });
      if (language === undefined) return text("meetings.page.interpreterNeeded");
      if (bookedBy === undefined) return capitalise(language);
      return text("meetings.page.interpreterBooked", { language: capitalise(language), booker: text(`meetings.interpreterBooker.${bookedBy}`) });
    },
    plan: (meeting: Meeting) =>
      hasInterpreter(meeting.interpreter)
        ? text("meetings.page.planLonger", { total: lengthOf(meeting), added: addedByInterpreter(meeting) })
        : text("meetings.page.itemMinutes", { minutes: meeting.plannedMinutes }),
    consent(consent: ConsentRecord): string {
      const line = text("meetings.page.consentLine", {
        kind: text(`meetings.consentKind.${consent.kind}`),
        giver: inSentence(text(`meetings.consentGiver.${consent.givenBy}`)),
        how: inSentence(text(`meetings.consentForm.${consent.how}`)),
        date: format.date(consent.givenOn, "dayYear"),
      });
      const withdrawn = consent.withdrawnOn === undefined ? [] : [text("meetings.form.withdrawnOn", { date: format.date(consent.withdrawnOn, "dayYear") })];
      return [line, consent.scope, text("meetings.page.consentBy", { obtainer: inSentence(text(`meetings.consentObtainer.${consent.obtainedBy}`)) }), ...withdrawn].join(" · ");
    },
    /** What a list says of it besides when it is; null for a meeting that is only planned. */
    state(meeting: Meeting): { label: string; tone: "now" | "done" | "neutral" } | null {
      const state = meetingState(meeting);
      if (state === "planned") return null;
      if (state === "held" && meeting.approved !== undefined) return { label: text("meetings.state.approved"), tone: "done" };
      return { label: text(`meetings.state.${state}`), tone: state === "open" ? "now" : state === "held" ? "done" : "neutral" };
    },
  };
}
