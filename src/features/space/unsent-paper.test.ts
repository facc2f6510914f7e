import { expect, test } from "vitest";
import { nb } from "../../i18n/nb/all.ts";
import { createTranslator } from "../../i18n/translate.ts";
import { paperText } from "../../paper/plain-text.ts";
import { documentId, indexDocId } from "../../engine/log/rights.ts";
import { unsentPaper } from "./unsent-paper.ts";

const words = { language: "nb" as const, ...createTranslator(() => "nb", () => nb) };
const at = (root: string, field: string, value: unknown) => ({ root, record: "aa".repeat(16), field, value });

test("what was never sent is told in the words of the form, with its code, and without ids and marks of time", () => {
  const index = [
    at("cases", "colour", "bla"),
    at("cases", "animal", "rev"),
    at("cases", "number", 17),
    at("preRegistrations", "caseId", "bb".repeat(16)),
    at("preRegistrations", "visitId", `${"bb".repeat(16)}-2026-11-26`),
    at("preRegistrations", "createdAt", "2026-11-26T13:31:00"),
    at("preRegistrations", "role", "contactTeacher"),
    at("preRegistrations", "themes", ["familyRelations", "health"]),
    at("preRegistrations", "preferredSlot", "13:30"),
    at("preRegistrations", "note", "Ringte ikke tilbake"),
    at("preRegistrations", "role", "a role of a later app"),
  ];
  const authoredAt = new Date(2026, 10, 26, 13, 31).getTime();
  const savings = [{ authoredAt, documents: [{ docId: indexDocId, values: index }, { docId: documentId("case", "cc".repeat(16)), values: null }] }];
  const text = paperText(unsentPaper("Granly skole", savings, "2026-11-27", words));
  for (const said of ["Ikke sendt fra Granly skole", "26. november 2026 kl. 13.31", "Blå rev 17", nb.content.role.contactTeacher, nb.content.theme.familyRelations, "13.30", "Ringte ikke tilbake", "a role of a later app", nb.people.left.unreadable]) {
    expect(text).toContain(said);
  }
  expect(text).not.toMatch(/bbbb|2026-11-26T/);
});
