import { expect, test } from "vitest";
import { retentionDate, schoolYearOf, schoolYearRange } from "./school-year.ts";

test("a school year runs from 1 August to 31 July", () => {
  expect(schoolYearOf("2026-07-31")).toBe(2025);
  expect(schoolYearOf("2026-08-01")).toBe(2026);
  expect(schoolYearOf("2027-01-15")).toBe(2026);
  expect(schoolYearRange(2026)).toEqual({ from: "2026-08-01", to: "2027-07-31" });
});

test("what is written in 2026/27 is gone by 31 August 2027", () => {
  expect(retentionDate(2026)).toBe("2027-08-31");
});
