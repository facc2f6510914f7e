import { type Accessor, createMemo } from "solid-js";
import { type RoutineId, routineIds } from "../../content/routines.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useText } from "../../ui/text-provider.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createVersionWords, type VersionWords } from "../templates/create-version-words.ts";
import { type TemplateLink, templatePath } from "../templates/template-links.tsx";
import { readRoutineTemplates, routineTemplateRoots } from "./document.ts";
import type { RoutineTemplate } from "./schema.ts";
import { schoolTemplate, serviceTemplate, type TemplateHere } from "./template-rules.ts";

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
export function createSchoolTemplates(school: Accessor<SchoolHandle | undefined>): (routine: RoutineId) => TemplateHere {
  const service = createServiceVersions();
  const own = createSchoolVersions(school);
  return (routine) => schoolTemplate(routine, own(), service());
}

/** Each routine as the service has it: its own, else what we ship, which it is measured against. */
export function createServiceTemplates(): (routine: RoutineId) => TemplateHere {
  const service = createServiceVersions();
  return (routine) => serviceTemplate(routine, service());
}

/** Which version a run follows, in words. */
export function createRoutineVersionWords(school: Accessor<SchoolHandle | undefined>): VersionWords {
  return createVersionWords("routines", createSchoolVersions(school), createServiceVersions());
}

/** The way to each routine: a school's, or the service's where no school is given. */
export function createRoutineLinks(school: Accessor<SchoolHandle | undefined>): Accessor<TemplateLink[]> {
  const { text } = useText();
  const ofService = createServiceTemplates();
  const ofSchool = createSchoolTemplates(school);
  const words = createRoutineVersionWords(school);
  return createMemo(() =>
    routineIds.map((routine) => {
      const here = school();
      const { template, isOwn, isBehind } = here === undefined ? ofService(routine) : ofSchool(routine);
      return { title: text(`routines.name.${routine}`), version: words(template.version), isOwn, isBehind, href: templatePath(here, "rutiner", routine) };
    }),
  );
}
