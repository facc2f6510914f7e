import { For, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Section } from "../../ui/card.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createPastYears, type PastYear } from "./create-past-years.ts";
import { destroyedOn } from "./rules.ts";

export function yearPath({ schoolYear, schoolId }: Pick<PastYear, "schoolYear" | "schoolId">): string {
  return `/skolear/${schoolYear}/${schoolId}`;
}

/** «Granly skole, 2025/26» */
export function createYearName(): (year: Pick<PastYear, "schoolYear" | "schoolId">) => string {
  const { text, format } = useText();
  const workspace = useWorkspace();
  return ({ schoolYear, schoolId }) => text("yearEnd.name", { school: workspace.schoolName(schoolId) ?? text("common.nav.schools"), year: format.schoolYear(schoolYear) });
}

/** Earlier years with how far each has come towards its end; nothing where there are none. */
export function PastYears(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const years = createPastYears();
  const yearName = createYearName();
  const detail = ({ keptUntil, shreddedOn }: PastYear) => {
    if (shreddedOn !== undefined) {
      const gone = destroyedOn(shreddedOn);
      return gone <= engine.today() ? text("yearEnd.list.destroyed") : text("yearEnd.list.shredded", { date: format.date(gone, "dayYear") });
    }
    return keptUntil === null ? text("yearEnd.list.open") : text("yearEnd.list.closed", { date: format.date(keptUntil, "dayYear") });
  };
  const isOpen = ({ keptUntil, shreddedOn }: PastYear) => keptUntil === null && shreddedOn === undefined;
  return (
    <Show when={(years() ?? []).length > 0}>
      <Section heading={text("yearEnd.list.heading")}>
        <RowList>
          <For each={years()}>
            {(year) => <InfoRow icon={isOpen(year) ? "tasklist" : "clock"} tone={isOpen(year) ? "now" : "neutral"} title={yearName(year)} detail={detail(year)} href={yearPath(year)} chevron />}
          </For>
        </RowList>
      </Section>
    </Show>
  );
}
