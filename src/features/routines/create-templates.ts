import { type Accessor, createMemo } from "solid-js";
import type { RoutineId } from "../../content/routines.ts";
import type { Translator } from "../../i18n/translate.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useText } from "../../ui/text-provider.tsx";
import { dateOf } from "../../lib/iso-date.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { readRoutineTemplates, routineTemplateRoots } from "./document.ts";
import type { RoutineTemplate, TemplateVersion } from "./schema.ts";
import { followed, type TemplateHere, templateHere } from "./followed-rules.ts";

/** The service's versions of the routines; none until the shelf is open. */
function createServiceVersions(): Accessor<readonly RoutineTemplate[]> {
  const workspace = useWorkspace();
  const read = createDocumentReading(workspace.shelfIndex, routineTemplateRoots, (shelf) => readRoutineTemplates(shelf).records);
  return createMemo(() => read() ?? []);
}

function createSchoolVersions(school: Accessor<SchoolHandle | undefined>): Accessor<readonly RoutineTemplate[]> {
  const read = createDocumentReading(
    () => school()?.planIndex(),
    routineTemplateRoots,
    (plan) => readRoutineTemplates(plan).records,
  );
  return createMemo(() => read() ?? []);
}

/** Each routine as a school follows it: its own, else the service's. */
export function createSchoolTemplates(school: Accessor<SchoolHandle>): (routine: RoutineId) => TemplateHere {
  const service = createServiceVersions();
  const own = createSchoolVersions(school);
  return (routine) => templateHere(routine, own(), followed(routine, service()));
}

/** Each routine as the service has it: its own, else what we ship, which it is measured against. */
export function createServiceTemplates(): (routine: RoutineId) => TemplateHere {
  const service = createServiceVersions();
  return (routine) => templateHere(routine, service(), []);
}

/** Which version a run follows, in words: ours by its number, somebody's own by whose it is and from when. In the page's language, or in that of `words`. */
export function createVersionWords(school: Accessor<SchoolHandle | undefined>): (version: TemplateVersion, words?: Pick<Translator, "text" | "format">) => string {
  const own = useText();
  const service = createServiceVersions();
  const ofSchools = createSchoolVersions(school);
  return (version, { text, format } = own) => {
    const shipped = /^shipped-\w+-(\d+)$/.exec(version)?.[1];
    if (shipped !== undefined) return text("routines.version.shipped", { number: shipped });
    const madeAt = (versions: readonly RoutineTemplate[]) => versions.find(({ id }) => id === version)?.madeAt;
    const [ofSchool, ofService] = [madeAt(ofSchools()), madeAt(service())];
    if (ofSchool !== undefined) return text("routines.version.school", { date: format.date(dateOf(ofSchool), "dayYear") });
    return ofService === undefined ? text("routines.version.earlier") : text("routines.version.service", { date: format.date(dateOf(ofService), "dayYear") });
  };
}
