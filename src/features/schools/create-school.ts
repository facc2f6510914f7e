import { type Accessor, createMemo } from "solid-js";
import { indexDocId } from "../../engine/log/rights.ts";
import { capitalise } from "../../i18n/format.ts";
import type { SchoolYear } from "../../lib/school-year.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { planSchoolRoot, readHolidays, readSchoolHead, readSchools } from "../space/document.ts";
import type { Holiday, School, SchoolHead } from "../space/schema.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { planVisits, readVisits, visitRoots } from "../visits/document.ts";
import type { Visit } from "../visits/schema.ts";

/** What this device knows of a school: consultants have all of it, the school its head; undefined until it is read. */
export function createSchoolFacts(handle: Accessor<SchoolHandle | undefined>): {
  head: Accessor<SchoolHead | undefined>;
  full: Accessor<School | undefined>;
} {
  const workspace = useWorkspace();
  const service = createDocumentView(workspace.serviceIndex, ["schools"], (doc) => ({
    school: doc === undefined ? undefined : readSchools(doc).records.find(({ id }) => id === handle()?.schoolId),
  }));
  const plan = createDocumentView(
    () => handle()?.planIndex(),
    [planSchoolRoot],
    (doc) => ({ head: doc === undefined ? undefined : (readSchoolHead(doc) ?? undefined) }),
  );
  const full = createMemo(() => service().school);
  return { full, head: () => full() ?? plan().head };
}

/** All visits of the school's plan, in no order. */
export function createVisits(handle: Accessor<SchoolHandle | undefined>): Accessor<readonly Visit[]> {
  return createDocumentView(
    () => handle()?.planIndex(),
    visitRoots,
    (doc): readonly Visit[] => (doc === undefined ? [] : readVisits(doc).records),
  );
}

/** The school holidays that the service has stated, by date. */
export function createHolidays(): Accessor<readonly Holiday[]> {
  const workspace = useWorkspace();
  return createDocumentView(workspace.shelfIndex, ["holidays"], (doc): readonly Holiday[] => (doc === undefined ? [] : readHolidays(doc)));
}

/** «Åpen dør – påmelding» or «Fast møtearena: trinnmøte», and «Hver tredje uke, torsdager 13.30–15.30». */
export function createSchoolWords(): {
  arrangement(school: Pick<SchoolHead, "arrangement" | "arena">): string;
  rhythm(school: Pick<SchoolHead, "rhythm" | "weekday" | "from" | "to">): string;
} {
  const { text, format } = useText();
  return {
    arrangement({ arrangement, arena }) {
      const kind = text(`content.arrangement.${arrangement}`);
      return arrangement === "fixedArena" && arena !== undefined ? `${kind} – ${text(`content.arena.${arena}`).toLocaleLowerCase("nb")}` : kind;
    },
    rhythm: ({ rhythm, weekday, from, to }) =>
      text("schools.rhythmLine", {
        rhythm: capitalise(text(`content.rhythm.${rhythm}`)),
        weekdays: text(`content.weekdays.day${weekday}`),
        time: format.timeRange(from, to),
      }),
  };
}

/** Brings the plan of a school in line with its head and the stated holidays. Durable when it resolves. */
export async function planAgain(
  handle: SchoolHandle,
  year: { schoolYear: SchoolYear; holidays: readonly Holiday[]; today: string },
): Promise<void> {
  await handle.planRoom.edit([indexDocId], (plan) => {
    const head = plan === undefined ? null : readSchoolHead(plan);
    if (plan !== undefined && head !== null) planVisits(plan, head, year);
  });
}

/** Whether the documents that say which schools there are have been read. */
export function createSchoolsKnown(): Accessor<boolean> {
  const engine = useEngine();
  const workspace = useWorkspace();
  return () => {
    const room = workspace.serviceRoom();
    if (room !== undefined) return workspace.serviceIndex() !== undefined;
    return engine.rooms().length > 0;
  };
}
