import { createMemo, type JSX, Show } from "solid-js";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { GuardCard } from "../../ui/guard-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { caseRoots, readCases } from "../cases/document.ts";
import { shownCodes } from "../cases/rules.ts";
import { followUpRoots, readFollowUps } from "../follow-up/document.ts";
import { waitsForAnswer } from "../follow-up/rules.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { consultationRoots, readConsultations } from "./document.ts";
import { ownProcedureCases } from "./rules.ts";

/** What not to do, and whom to call, while a case of the school has a procedure of its own: where the school looks, not in the case alone. */
export function OwnProcedureCard(props: { school: SchoolHandle }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const read = createDocumentReading(
    () => props.school.schoolIndex(),
    [...caseRoots, ...consultationRoots, ...followUpRoots],
    (index) => ({
      codes: shownCodes(readCases(index).records),
      consultations: readConsultations(index).records,
      waiting: new Set(readFollowUps(index).records.filter(waitsForAnswer).map(({ caseId }) => caseId)),
    }),
  );
  const codes = createMemo(() => {
    const here = read();
    if (here === undefined) return [];
    return ownProcedureCases(here.consultations, here.waiting, engine.today()).flatMap((caseId) => here.codes.get(caseId)?.label ?? []);
  });
  return (
    <Show when={codes().length > 0}>
      <GuardCard
        heading={text("consultations.guard.frameHeading")}
        text={`${text("consultations.guard.about", { codes: format.list(codes()) })} ${text("consultations.guard.frameText")}`}
        phones={workspace.guardPhones()}
        takeFocus={false}
      />
    </Show>
  );
}
