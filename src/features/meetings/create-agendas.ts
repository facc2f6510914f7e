import { type Accessor, createMemo } from "solid-js";
import type { MeetingType } from "../../content/meetings.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useText } from "../../ui/text-provider.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createVersionWords, type VersionWords } from "../templates/create-version-words.ts";
import { type TemplateLink, templatePath } from "../templates/template-links.tsx";
import { type AgendaHere, offeredTypes, schoolAgenda, serviceAgenda } from "./agenda-rules.ts";
import { agendaRoots, readAgendaTemplates, readSwitchedOn } from "./document.ts";
import type { AgendaTemplate } from "./schema.ts";

/** The service's versions of the agendas; none until the shelf is open. */
function createServiceVersions(): Accessor<readonly AgendaTemplate[]> {
  const workspace = useWorkspace();
  const read = createDocumentReading(workspace.shelfIndex, agendaRoots, (shelf) => readAgendaTemplates(shelf).records);
  return createMemo(() => read() ?? []);
}

function createSchoolVersions(school: Accessor<SchoolHandle | undefined>): Accessor<readonly AgendaTemplate[]> {
  const read = createDocumentReading(
    () => school()?.planIndex(),
    agendaRoots,
    (plan) => readAgendaTemplates(plan).records,
  );
  return createMemo(() => read() ?? []);
}

/** The types of meeting that can be made: ours, and the adjacent ones that the service has switched on. */
export function createOfferedTypes(): Accessor<MeetingType[]> {
  const workspace = useWorkspace();
  const switchedOn = createDocumentReading(workspace.shelfIndex, agendaRoots, readSwitchedOn);
  return createMemo(() => offeredTypes(switchedOn() ?? []));
}

/** Each agenda as a school has it: its own, else the service's. */
export function createSchoolAgendas(school: Accessor<SchoolHandle | undefined>): (type: MeetingType) => AgendaHere {
  const service = createServiceVersions();
  const own = createSchoolVersions(school);
  return (type) => schoolAgenda(type, own(), service());
}

/** Each agenda as the service has it: its own, else what we ship, which it is measured against. */
export function createServiceAgendas(): (type: MeetingType) => AgendaHere {
  const service = createServiceVersions();
  return (type) => serviceAgenda(type, service());
}

/** Which version of an agenda it is, in words. */
export function createAgendaVersionWords(school: Accessor<SchoolHandle | undefined>): VersionWords {
  return createVersionWords("agendas", createSchoolVersions(school), createServiceVersions());
}

/** The way to the agenda of each type: a school's, or the service's where no school is given. */
export function createAgendaLinks(school: Accessor<SchoolHandle | undefined>): Accessor<TemplateLink[]> {
  const { text } = useText();
  const types = createOfferedTypes();
  const ofService = createServiceAgendas();
  const ofSchool = createSchoolAgendas(school);
  const words = createAgendaVersionWords(school);
  return createMemo(() =>
    types().map((type) => {
      const here = school();
      const { template, isOwn, isBehind } = here === undefined ? ofService(type) : ofSchool(type);
      return { title: text(`meetings.type.${type}`), version: words(template.version), isOwn, isBehind, href: templatePath(here, "sakslister", type) };
    }),
  );
}
