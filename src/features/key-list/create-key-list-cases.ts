import { createMemo, mapArray } from "solid-js";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { caseRoots, readCases } from "../cases/document.ts";
import { shownCodes } from "../cases/rules.ts";
import type { CaseId, SchoolId } from "../ids.ts";
import { useWorkspace } from "../space/workspace.tsx";

/** A case that a line can be about. */
export type KeyListCase = { readonly caseId: CaseId; readonly schoolId: SchoolId; readonly label: string; readonly createdAt: string };

/** The cases of her school or schools, the newest first. */
export function createKeyListCases(): () => KeyListCase[] {
  const workspace = useWorkspace();
  const bySchool = createMemo(
    mapArray(workspace.schools, (school) => {
      const cases = createDocumentView(school.schoolIndex, caseRoots, (doc) => (doc === undefined ? [] : readCases(doc).records));
      return (): KeyListCase[] => {
        const codes = shownCodes(cases());
        return cases().map(({ id, createdAt }) => ({ caseId: id, schoolId: school.schoolId, label: codes.get(id)?.label ?? "", createdAt }));
      };
    }),
  );
  return createMemo(() =>
    bySchool()
      .flatMap((read) => read())
      .sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1)),
  );
}
