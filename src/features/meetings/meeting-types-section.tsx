import { createSignal, type JSX } from "solid-js";
import { adjacentMeetings, type AdjacentMeeting } from "../../content/meetings.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Section } from "../../ui/card.tsx";
import { MultiChips } from "../../ui/chip-group.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { agendaRoots, readSwitchedOn, switchMeetingType } from "./document.ts";

/** The adjacent types of meeting that the service has switched on. A meeting that has one keeps it when it is switched off. */
export function MeetingTypesSection(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const switchedOn = createDocumentReading(workspace.shelfIndex, agendaRoots, readSwitchedOn);
  const [saved, setSaved] = createSignal(false);
  const choose = async (types: readonly AdjacentMeeting[]) => {
    setSaved(false);
    setSaved(
      await engine.run(async () => {
        const before = switchedOn() ?? [];
        await workspace.shelfRoom()?.edit([indexDocId], (shelf) => {
          if (shelf === undefined) return;
          for (const type of adjacentMeetings) if (types.includes(type) !== before.includes(type)) switchMeetingType(shelf, type, types.includes(type));
        });
      }),
    );
  };
  return (
    <Section heading={text("meetings.title")}>
      <MultiChips
        legend={text("meetings.settings.adjacent")}
        hint={text("meetings.settings.adjacentHint")}
        options={adjacentMeetings.map((value) => ({ value, label: text(`meetings.type.${value}`) }))}
        values={switchedOn() ?? []}
        onChange={(types) => void choose(types)}
        columns={2}
        phoneColumns={2}
      />
      <div class="saved-line">
        <p role="status">{saved() ? text("settings.saved") : ""}</p>
      </div>
    </Section>
  );
}
