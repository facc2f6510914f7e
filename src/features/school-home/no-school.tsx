import type { JSX } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { yearOfLabel } from "../space/invite-rules.ts";
import { useWorkspace } from "../space/workspace.tsx";

/** What somebody at a school is told while no school is theirs this year. Nothing while a first one is on its way. */
export function NoSchool(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const said = () => {
    const year = format.schoolYear(workspace.schoolYear());
    const isAwaited = engine.rooms().some((room) => room.isAwaited);
    const hasPast = engine.rooms().some(({ label, isAwaited: isNew }) => !isNew && (yearOfLabel(label) ?? workspace.schoolYear()) < workspace.schoolYear());
    if (hasPast) return text(isAwaited ? "schools.waiting" : "schools.between", { year });
    return isAwaited ? "" : text("schools.noneShared");
  };
  return <EmptyState text={said()} />;
}

/** The same as «I dag». */
export function NoSchoolToday(): JSX.Element {
  const { text } = useText();
  return (
    <>
      <PageTitle title={text("common.nav.today")} />
      <NoSchool />
    </>
  );
}
