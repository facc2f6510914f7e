import { expect, test } from "vitest";
import { idOf } from "../features.test-data.ts";
import { defaultExpiry, emptyKeyList, entryOf, expiryChoices, withEntry, withoutEntry, withoutExpired } from "./rules.ts";
import { KeyList, type KeyListEntry } from "./schema.ts";

const entry = (number: number, expiresOn: string): KeyListEntry => ({
  caseId: idOf(number),
  codeLabel: `Blå rev ${number}`,
  text: "Linje",
  createdAt: "2026-11-26T09:00:00",
  expiresOn,
});

test("a line lasts to the end of the school year unless a sooner date is chosen", () => {
  expect(defaultExpiry("2026-11-26")).toBe("2027-07-31");
  expect(expiryChoices("2026-11-26")).toEqual(["2027-07-31", "2027-02-24", "2026-12-26"]);
  expect(expiryChoices("2027-07-20")).toEqual(["2027-07-31"]);
});

test("an expired line is gone the day after", () => {
  const list = withEntry(withEntry(emptyKeyList, entry(1, "2026-11-26")), entry(2, "2027-07-31"));
  expect(withoutExpired(list, "2026-11-26").entries).toHaveLength(2);
  expect(withoutExpired(list, "2026-11-27").entries.map(({ caseId }) => caseId)).toEqual([idOf(2)]);
});

test("a case has one line", () => {
  const list = withEntry(withEntry(emptyKeyList, entry(1, "2026-12-26")), { ...entry(1, "2027-07-31"), text: "Ny linje" });
  expect(list.entries).toHaveLength(1);
  expect(entryOf(list, idOf(1))?.text).toBe("Ny linje");
  expect(entryOf(withoutEntry(list, idOf(1)), idOf(1))).toBeNull();
});

test("what is on the device is parsed like everything else", () => {
  expect(KeyList.safeParse({ entries: [entry(1, "2027-07-31")] }).success).toBe(true);
  expect(KeyList.safeParse({ entries: [entry(1, "2027-02-31")] }).success).toBe(false);
  expect(KeyList.safeParse({ entries: [{ ...entry(1, "2027-07-31"), text: "" }] }).success).toBe(false);
});
