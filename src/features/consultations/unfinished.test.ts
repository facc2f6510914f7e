import { expect, test } from "vitest";
import { consultationForm, idOf, visitOn } from "../features.test-data.ts";
import { draftIdOf, loadUnfinished } from "./unfinished.ts";

const visitId = visitOn("2026-11-26").id;

function draftsOf(stored: Readonly<Record<string, unknown>>) {
  const ids = Object.keys(stored);
  return {
    list: async () => ids.map((draftId, savedAt) => ({ draftId, savedAt })),
    load: async (draftId: string) => stored[draftId],
  };
}

test("the drøftinger of this visit that were begun, the latest first", async () => {
  const first = consultationForm({ caseId: idOf(20) });
  const second = consultationForm({ caseId: idOf(21) });
  const drafts = draftsOf({
    [draftIdOf(visitId, idOf(20))]: { form: first },
    [draftIdOf(visitId, idOf(21))]: { form: second },
    [draftIdOf(visitOn("2026-12-17").id, idOf(22))]: { form: consultationForm({ caseId: idOf(22) }) },
    [`close-visit/${visitId}`]: { note: "" },
  });
  expect(await loadUnfinished(drafts, visitId)).toEqual([
    { form: second, savedAt: 1 },
    { form: first, savedAt: 0 },
  ]);
});

test("a draft that this version cannot read is passed over, and left where it is", async () => {
  const drafts = draftsOf({ [draftIdOf(visitId, idOf(20))]: { form: { from: "a newer version" } } });
  expect(await loadUnfinished(drafts, visitId)).toEqual([]);
});
