import { expect, test } from "vitest";
import type { CaseId, PreRegistrationId, VisitId } from "../ids.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import type { Visit } from "../visits/schema.ts";
import { homeRows } from "./home-rules.ts";

const today = "2026-11-30";
const next: Visit = { id: "v2" as VisitId, plannedOn: "2026-12-17", date: "2026-12-17", from: "13:30", to: "15:30" };
const last: Visit = { id: "v1" as VisitId, plannedOn: "2026-11-26", date: "2026-11-26", from: "13:30", to: "15:30", startedAt: "2026-11-26T13:30:00", closedAt: "2026-11-26T15:20:00" };

function signUp(id: string, visitId: VisitId, more: Partial<PreRegistration> = {}): PreRegistration {
  return { id: id as PreRegistrationId, caseId: `case ${id}` as CaseId, visitId, themes: [], wishes: [], urgency: "canWait", createdAt: `2026-11-2${id.length}T09:00:00`, ...more };
}

const ids = (preRegistrations: PreRegistration[]) =>
  homeRows({ visits: [last, next], preRegistrations, today }).map(({ preRegistration, slot }) => [preRegistration.id, slot]);

test("what waits stands in the order it comes up, first the one that was put off", () => {
  expect(ids([signUp("new", next.id), signUp("putOff", next.id, { postponedFrom: last.id }), signUp("leftOver", last.id)])).toEqual([
    ["putOff", "13:30"],
    ["leftOver", "13:55"],
    ["new", "14:20"],
  ]);
});

test("without a planned visit it still stands there, without a time", () => {
  expect(homeRows({ visits: [last], preRegistrations: [signUp("waits", last.id)], today })).toMatchObject([{ visit: null, slot: null }]);
});

test("what was drøftet stands for three weeks, what was withdrawn for the day", () => {
  expect(
    ids([
      signUp("old", last.id, { discussedAt: "2026-11-05T14:00:00" }),
      signUp("lately", last.id, { discussedAt: "2026-11-26T14:00:00" }),
      signUp("gone", last.id, { withdrawnAt: "2026-11-29T14:00:00" }),
      signUp("regretted", last.id, { withdrawnAt: `${today}T08:00:00` }),
      signUp("waits", next.id),
    ]),
  ).toEqual([
    ["waits", "13:30"],
    ["regretted", null],
    ["lately", null],
  ]);
});

test("a case that is signed up again stands once, as waiting", () => {
  const discussed = signUp("first", last.id, { discussedAt: "2026-11-26T14:00:00" });
  expect(ids([discussed, signUp("again", next.id, { caseId: discussed.caseId })])).toEqual([["again", "13:30"]]);
});
