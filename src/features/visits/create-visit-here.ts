import { useParams } from "@solidjs/router";
import { type Accessor, createMemo } from "solid-js";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createSchoolDay, type SchoolDayHere } from "../today/create-school-days.ts";
import { visitPath } from "./create-visit-actions.ts";
import type { Visit } from "./schema.ts";

/** What the address of a visit's page names. Undefined until it is read; the visit also when there is none. */
export type VisitHere = {
  readonly path: () => string;
  readonly school: Accessor<SchoolHandle | undefined>;
  readonly day: Accessor<SchoolDayHere | undefined>;
  readonly visit: Accessor<Visit | undefined>;
};

export function createVisitHere(): VisitHere {
  const params = useParams<{ schoolId: string; visitId: string }>();
  const workspace = useWorkspace();
  const school = createMemo(() => workspace.school(params.schoolId));
  const day = createSchoolDay(school);
  return {
    path: () => visitPath(params.schoolId, params.visitId),
    school,
    day,
    visit: createMemo(() => day()?.visits.find(({ id }) => id === params.visitId)),
  };
}
