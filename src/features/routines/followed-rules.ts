import type { RoutineId } from "../../content/routines.ts";
import type { RoutineTemplate } from "./schema.ts";
import { newestVersions, schoolTemplate, type SchoolTemplate } from "./template-rules.ts";

/** A template with what it is measured against, and what else somebody made of the same version at the same time. */
export type TemplateHere = SchoolTemplate & { readonly others: readonly RoutineTemplate[] };

/** A routine as those follow it who made `own`. @param above the versions that these go back to; none where that is what we ship */
export function templateHere(routine: RoutineId, own: readonly RoutineTemplate[], above: readonly RoutineTemplate[]): TemplateHere {
  const others = newestVersions(routine, own).slice(1);
  return { ...schoolTemplate(routine, followed(routine, own), above), others: others.filter(({ isReset }) => isReset !== true) };
}

/** The versions that hold: none of the routine where the newest says that the original is followed again. */
export function followed(routine: RoutineId, versions: readonly RoutineTemplate[]): readonly RoutineTemplate[] {
  return newestVersions(routine, versions)[0]?.isReset === true ? versions.filter((version) => version.routine !== routine) : versions;
}
