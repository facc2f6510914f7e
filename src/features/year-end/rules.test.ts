import { expect, test } from "vitest";
import type { YearRecord } from "./document.ts";
import { destroyedOn, isInLastDays, keepUntilOf, standingOfYear } from "./rules.ts";

const record = (id: string, isFiled: boolean): YearRecord => ({
  id,
  kind: "case",
  label: "Blå rev 17",
  on: "2026-05-04",
  filing: isFiled ? { outcome: "notForArchive", on: "2026-08-03", markedAt: "2026-08-03T10:00:00" } : null,
});

test("a year is kept until the end of August, and at least for a month after it is closed", () => {
  expect(keepUntilOf(2025, "2026-06-20")).toBe("2026-08-31");
  expect(keepUntilOf(2025, "2026-08-01")).toBe("2026-08-31");
  expect(keepUntilOf(2025, "2026-08-02")).toBe("2026-09-01");
  expect(keepUntilOf(2025, "2026-11-26")).toBe("2026-12-26");
});

test("a consultant's device destroys it in the last week, and it is destroyed when the backups are gone", () => {
  expect(isInLastDays("2026-08-31", "2026-08-23")).toBe(false);
  expect(isInLastDays("2026-08-31", "2026-08-24")).toBe(true);
  expect(isInLastDays("2026-08-31", "2026-09-01")).toBe(true);
  expect(destroyedOn("2026-08-24")).toBe("2026-09-23");
});

test("a year is open while anything is not marked, or cannot be read", () => {
  const open = { keptUntil: null };
  expect(standingOfYear(open, [record("1", true), record("2", false)], 0)).toEqual({ type: "open", left: 1 });
  expect(standingOfYear(open, [record("1", true)], 2)).toEqual({ type: "open", left: 2 });
  expect(standingOfYear(open, [record("1", true)], 0)).toEqual({ type: "open", left: 0 });
  expect(standingOfYear({ keptUntil: "2026-08-31" }, [], 0)).toEqual({ type: "closed", keepUntil: "2026-08-31" });
  expect(standingOfYear({ keptUntil: "2026-08-31", shreddedOn: "2026-08-24" }, [], 0)).toEqual({ type: "shredded", destroyedOn: "2026-09-23" });
});
