import { type JSX, createSignal, Show } from "solid-js";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { unreachable } from "../../lib/assert.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { saveFile } from "../../ui/save-file.ts";
import { useText } from "../../ui/text-provider.tsx";
import { readCases } from "../cases/document.ts";
import { small } from "../consultations/create-next-steps.ts";
import { readFollowUps } from "../follow-up/document.ts";
import { sideOf } from "../follow-up/follow-ups-context.tsx";
import type { FollowUp } from "../follow-up/schema.ts";
import { readActionItems, readMeetings } from "../meetings/document.ts";
import { readRoutineRuns } from "../routines/document.ts";
import { createHolidays } from "../schools/create-school.ts";
import { useWorkspace } from "../space/workspace.tsx";
import { readVisits } from "../visits/document.ts";
import { type CalendarEvent, calendarEvents, type CalendarSource } from "./rules.ts";

/** One's visits, meetings and deadlines as a file for one's own calendar. What lies before today is left as it is there. */
export function CalendarDownload(): JSX.Element {
  const { text, plural } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const holidays = createHolidays();
  const [made, setMade] = createSignal<number>();
  const titleOf = ({ subject }: CalendarEvent): string => {
    const { school } = subject;
    switch (subject.type) {
      case "visit":
        return text("calendar.title.visit", { school });
      case "deadline":
        return text("calendar.title.deadline", { deadline: text(`routines.deadline.${subject.deadline}`), school });
      case "step":
        return subject.step === null ? text("calendar.title.step", { school }) : text("calendar.title.deadline", { deadline: text(`routines.step.${subject.step}`), school });
      case "meeting":
        return text("calendar.title.meeting", { meeting: text(`meetings.type.${subject.meeting}`), school });
      case "actionItem":
        return text("calendar.title.actionItem", { meeting: small(text(`meetings.type.${subject.meeting}`)), school });
      case "followUp":
        return text("calendar.title.followUp", { what: text(`content.followUp.${subject.kind}.short`), school });
      default:
        return unreachable(subject);
    }
  };
  const download = () =>
    engine.read(async () => {
      const onlyUs = await readOnlyUs(workspace.serviceRoom());
      const sources = await Promise.all(
        workspace.schools().map(async ({ schoolId, name, planRoom, schoolRoom }): Promise<CalendarSource> => {
          const index = await schoolRoom?.open(indexDocId);
          return {
            school: { name },
            visits: readVisits(await planRoom.open(indexDocId)).records,
            runs: index === undefined ? [] : readRoutineRuns(index).records,
            meetings: index === undefined ? [] : readMeetings(index).records,
            actionItems: index === undefined ? [] : readActionItems(index).records,
            followUps: [...(index === undefined ? [] : readFollowUps(index).records), ...onlyUs(schoolId)],
            closed: holidays(),
          };
        }),
      );
      const events = calendarEvents(sources, engine.today(), sideOf(workspace.role()));
      const { calendarFile } = await import("./calendar-file.ts");
      const file = calendarFile(events, titleOf, new Date(engine.clock.now()));
      saveFile(new Blob([file], { type: "text/calendar;charset=utf-8" }), `${text("calendar.fileName")}.ics`);
      setMade(events.length);
    });
  return (
    <Section heading={text("calendar.heading")}>
      <p class="section-text detail">{text("calendar.detail")}</p>
      <div class="button-row">
        <Button variant="secondary" icon="download" onClick={() => void download()}>
          {text("calendar.download")}
        </Button>
      </div>
      <div role="status">
        <Show when={made() !== undefined}>
          <Notice icon="check">{plural(made() ?? 0, "calendar.madeOne", "calendar.madeMany")}</Notice>
        </Show>
      </div>
    </Section>
  );
}

/** What waits of drøftinger «bare oss», by school: in the service room, for the consultants alone. */
async function readOnlyUs(serviceRoom: Room | undefined): Promise<(schoolId: string) => FollowUp[]> {
  const service = await serviceRoom?.open(indexDocId);
  if (service === undefined) return () => [];
  const schoolOf = new Map(readCases(service).records.map(({ id, schoolId }) => [id, schoolId]));
  const { records } = readFollowUps(service);
  return (schoolId) => records.filter(({ caseId }) => schoolOf.get(caseId) === schoolId);
}
