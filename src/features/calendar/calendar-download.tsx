import { type JSX, createSignal, Show } from "solid-js";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { readRoutineRuns } from "../routines/document.ts";
import { createHolidays } from "../schools/create-school.ts";
import { useWorkspace } from "../space/workspace.tsx";
import { readVisits } from "../visits/document.ts";
import { type CalendarEvent, calendarEvents } from "./rules.ts";

/** One's visits and deadlines as a file for one's own calendar. What lies before today is left as it is there. */
export function CalendarDownload(): JSX.Element {
  const { text, plural } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const holidays = createHolidays();
  const [made, setMade] = createSignal<number>();
  const titleOf = ({ subject }: CalendarEvent) => {
    if (subject.type === "visit") return text("calendar.title.visit", { school: subject.school });
    if (subject.type === "deadline") return text("calendar.title.deadline", { deadline: text(`routines.deadline.${subject.deadline}`), school: subject.school });
    return text("calendar.title.meeting", { meeting: text(`routines.meeting.${subject.meeting}`), school: subject.school });
  };
  const download = () =>
    engine.read(async () => {
      const sources = await Promise.all(
        workspace.schools().map(async ({ name, planRoom, schoolRoom }) => ({
          school: { name },
          visits: readVisits(await planRoom.open(indexDocId)).records,
          runs: schoolRoom === undefined ? [] : readRoutineRuns(await schoolRoom.open(indexDocId)).records,
          closed: holidays(),
        })),
      );
      const events = calendarEvents(sources, engine.today());
      const { calendarFile } = await import("./calendar-file.ts");
      const address = URL.createObjectURL(new Blob([calendarFile(events, titleOf, new Date(engine.clock.now()))], { type: "text/calendar;charset=utf-8" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = `${text("calendar.fileName")}.ics`;
      link.click();
      URL.revokeObjectURL(address);
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
