import { expect, test } from "vitest";
import type { FollowUpProposal } from "../follow-up/rules.ts";
import { nextStepsOf } from "../space/rules.ts";
import { addedProposals, changedProposals, proposalKey, seatedView, toSumUp, withAll } from "./open-form-rules.ts";
import type { ConsultationDraft } from "./schema.ts";

const steps = nextStepsOf([]);
const idsOf = (draft: ConsultationDraft, signedUp: boolean, summedUp = toSumUp(draft, signedUp, steps)) =>
  seatedView(draft, signedUp, summedUp, steps).questions.map(({ id }) => id);

test("what is signed up stands in one line", () => {
  const draft: ConsultationDraft = { role: "schoolNurse", gradeBand: "grades1to4", themes: ["health"] };
  const view = seatedView(draft, true, toSumUp(draft, true, steps), steps);
  expect(view.summary).toEqual(["role", "gradeBand", "themes"]);
  expect(view.questions[0]).toMatchObject({ id: "duration", next: true });
});

test("what is answered after the form was opened keeps its seat, also when the line has room for it", () => {
  const opened: ConsultationDraft = { role: "schoolNurse", gradeBand: "grades1to4" };
  const summedUp = toSumUp(opened, true, steps);
  expect(summedUp).toEqual(["role", "gradeBand"]);
  const before = idsOf(opened, true, summedUp);
  expect(before[0]).toBe("themes");
  expect(idsOf({ ...opened, themes: ["health"], duration: "weeks" }, true, summedUp)).toEqual(before);
});

test("«Endre» opens all of it in its usual places", () => {
  const draft: ConsultationDraft = { role: "schoolNurse", gradeBand: "grades1to4", themes: ["health"] };
  expect(idsOf(draft, true, []).slice(0, 4)).toEqual(["role", "gradeBand", "themes", "duration"]);
});

test("«Ja» turns the form over and sums up what was answered; a theme chosen after that stays where it is", () => {
  const draft: ConsultationDraft = { role: "contactTeacher", gradeBand: "grades5to7", duration: "weeks", violence: "yes" };
  const summedUp = toSumUp(draft, false, steps);
  expect(summedUp).toEqual(["role", "gradeBand", "duration"]);
  expect(idsOf(draft, false, summedUp).slice(0, 3)).toEqual(["themes", "violence", "whoDecides"]);
  expect(idsOf({ ...draft, themes: ["protection"] }, false, summedUp)).toContain("themes");
});

test("a walk-in has nothing summed up", () => {
  expect(toSumUp({ role: "contactTeacher", gradeBand: "grades5to7", themes: ["health"], duration: "days" }, false, steps)).toEqual([]);
});

const proposals: FollowUpProposal[] = [
  { kind: "reportSent", waitsOn: ["consultant", "school"], dueOn: "2026-11-27" },
  { kind: "contactMade", waitsOn: ["school"], dueOn: "2026-11-27", nextStep: "ppt" },
  { kind: "contactMade", waitsOn: ["school"], dueOn: "2026-11-27", nextStep: "bup" },
];

test("a follow-up gets the person's date, or is left out; two services are two follow-ups", () => {
  expect(proposals.map(proposalKey)).toEqual(["reportSent", "contactMade/ppt", "contactMade/bup"]);
  const changed = changedProposals(proposals, { reportSent: { dueOn: "2026-12-01" }, "contactMade/bup": { left: true } });
  expect(changed).toEqual([{ ...proposals[0], dueOn: "2026-12-01" }, proposals[1]]);
});

test("a change outlives an answer that comes and goes, and one that was taken back counts for nothing", () => {
  expect(changedProposals(proposals, { parentTalk: { dueOn: "2026-12-01" }, reportSent: { left: false } })).toEqual(proposals);
});

test("a list of what has been chosen once grows, and is the same one when nothing is new", () => {
  const chosen = ["bup", "ppt"];
  expect(withAll(chosen, ["ppt"])).toBe(chosen);
  expect(withAll(chosen, [])).toBe(chosen);
  expect(withAll(chosen, ["ppt", "schoolReports"])).toEqual(["bup", "ppt", "schoolReports"]);
});

test("a correction adds neither what was proposed before nor what stands", () => {
  const [reportSent, ppt, bup] = proposals as [FollowUpProposal, FollowUpProposal, FollowUpProposal];
  expect(addedProposals(proposals, [ppt], [reportSent])).toEqual([bup]);
});
