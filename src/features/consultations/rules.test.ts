import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { violenceAnswers } from "../../content/choices.ts";
import { idOf, signUpOf, visitOn } from "../features.test-data.ts";
import type { CaseId } from "../ids.ts";
import { nextStepsOf } from "../space/rules.ts";
import {
  adviceOptions,
  chooseAdvice,
  chooseDuty,
  chooseNextSteps,
  chooseTried,
  chosenAdvice,
  chosenDuty,
  chosenNextSteps,
  chosenTried,
  draftOf,
  dutyOptions,
  earlierConsultations,
  followUpBasis,
  formView,
  headlineOf,
  nextStepOptions,
  ownProcedureCases,
  prefill,
  savedAnswers,
  triedOptions,
} from "./rules.ts";
import type { ConsultationDraft, ConsultationHead } from "./schema.ts";

const steps = nextStepsOf([]);
const walkIn = { fromSignUp: false, expanded: false };
const fromSignUp = { fromSignUp: true, expanded: false };
const asked = (draft: ConsultationDraft, setting = walkIn) => formView(draft, setting, steps).questions.map(({ id }) => id);
const next = (draft: ConsultationDraft, setting = walkIn) => formView(draft, setting, steps).questions.find((question) => question.next)?.id ?? null;

const standard: ConsultationDraft = {
  role: "contactTeacher",
  gradeBand: "grades5to7",
  themes: ["familyRelations"],
  duration: "months",
  violence: "no",
  dutyToReport: "no",
  nextSteps: ["schoolTalksToParents"],
};

/** Taps every question the light points at, once, until it points at none. */
function tapThrough(start: ConsultationDraft, setting: typeof walkIn): { draft: ConsultationDraft; taps: number } {
  let draft = start;
  let taps = 0;
  for (let id = next(draft, setting); id !== null; id = next(draft, setting)) {
    draft = { ...draft, [id]: standard[id as keyof ConsultationDraft] };
    taps++;
  }
  return { draft, taps };
}

describe("taps", () => {
  const open = 1;
  const save = 1;

  test("nine for a walk-in: Ny drøfting, seven answers, Lagre", () => {
    const { draft, taps } = tapThrough({}, walkIn);
    expect(draft).toEqual(standard);
    expect(open + taps + save).toBe(9);
  });

  test("nine from the open form with advice: eight answers and Lagre", () => {
    const { draft, taps } = tapThrough({}, walkIn);
    const advised = chooseAdvice(draft, ["whetherToReport"]);
    const advice = 1;
    expect(formView(advised, walkIn, steps).questions.find(({ id }) => id === "advice")?.answered).toBe(true);
    expect(taps + advice + save).toBe(9);
  });

  test("eight when the role was tapped under «Noen som banker på?»", () => {
    expect(open + tapThrough({ role: "afterSchool" }, walkIn).taps + save).toBe(8);
  });

  test("six from a sign-up: Start drøfting, four answers, Lagre", () => {
    const signUp = signUpOf(1, visitOn("2026-11-26"), { role: "schoolNurse", gradeBand: "grades1to4", themes: ["health", "basicCare"] });
    expect(open + tapThrough(prefill(signUp), fromSignUp).taps + save).toBe(6);
  });

  test("a sign-up with blanks asks for what it lacks", () => {
    const draft = prefill(signUpOf(1, visitOn("2026-11-26"), { role: "schoolNurse" }));
    expect(formView(draft, fromSignUp, steps).summary).toEqual(["role"]);
    expect(next(draft, fromSignUp)).toBe("gradeBand");
  });
});

describe("what is asked", () => {
  test("in the order of the tap", () => {
    expect(asked({})).toEqual([
      "role",
      "gradeBand",
      "themes",
      "duration",
      "violence",
      "parentsInformed",
      "interpreter",
      "tried",
      "dutyToReport",
      "advice",
      "nextSteps",
      "note",
    ]);
  });

  test("from a sign-up the answers stand in one line until «Endre», and what was tried comes before the note", () => {
    const draft = prefill(signUpOf(1, visitOn("2026-11-26"), { role: "ppt", gradeBand: "grades1to4", themes: ["health"] }));
    expect(formView(draft, fromSignUp, steps).summary).toEqual(["role", "gradeBand", "themes"]);
    expect(asked(draft, fromSignUp)).toEqual([
      "duration",
      "violence",
      "parentsInformed",
      "interpreter",
      "dutyToReport",
      "advice",
      "nextSteps",
      "tried",
      "note",
    ]);
    expect(asked(draft, { fromSignUp: true, expanded: true }).slice(0, 4)).toEqual(["role", "gradeBand", "themes", "duration"]);
  });

  test("the light is on one question at most, on a required one, and on none when all are answered", () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(standard)), (keys) => {
        const draft = Object.fromEntries(Object.entries(standard).filter(([key]) => keys.includes(key)));
        const lit = formView(draft, walkIn, steps).questions.filter((question) => question.next);
        expect(lit.length).toBe(keys.length === Object.keys(standard).length ? 0 : 1);
        expect(lit.every(({ required, answered }) => required && !answered)).toBe(true);
      }),
    );
  });
});

describe("violence", () => {
  const full: ConsultationDraft = {
    ...standard,
    parentsInformed: "yes",
    interpreter: "yes",
    tried: ["talkWithParents", "talkWithChild"],
    advice: ["talkWithParents", "whetherToReport"],
    nextSteps: ["schoolTalksToParents", "ppt", "threeWayTalk"],
    note: "Kort.",
  };
  const flipped: ConsultationDraft = { ...full, violence: "yes" };

  test("yes makes it another form: who decides, and no question about the parents", () => {
    const view = formView(flipped, walkIn, steps);
    expect(view.guard).toBe("frame");
    expect(view.summary).toEqual(["role", "gradeBand", "themes", "duration"]);
    expect(asked(flipped)).toEqual(["violence", "whoDecides", "dutyToReport", "advice", "nextSteps", "tried", "note"]);
  });

  test("what was not answered before stays a question", () => {
    expect(asked({ role: "ppt", violence: "yes" }).slice(0, 4)).toEqual(["gradeBand", "themes", "duration", "violence"]);
  });

  test("no option that is left has the parents in it", () => {
    for (const violence of ["yes", "unsure"] as const) {
      const draft = { ...full, violence };
      expect(adviceOptions(draft)).not.toContain("talkWithParents");
      expect(triedOptions(draft)).not.toContain("talkWithParents");
      expect(nextStepOptions(draft, steps).filter(({ involvesParents }) => involvesParents)).toEqual([]);
      expect(nextStepOptions(draft, steps).map(({ id }) => id)).not.toContain("schoolTalksToParents");
    }
  });

  test("the duty is set to yes, with two choices", () => {
    expect(chosenDuty(flipped)).toBe("yes");
    expect(dutyOptions(flipped)).toEqual(["yes", "avert"]);
    expect(chosenDuty(chooseDuty(flipped, "avert"))).toBe("avert");
    expect(chosenDuty(chooseDuty(flipped, "no"))).toBe("yes");
    expect(dutyOptions(full)).toEqual(["no", "unsure", "yes", "avert"]);
  });

  test("saved, it holds nothing of what the form took away", () => {
    const saved = savedAnswers(chooseNextSteps(chooseAdvice(flipped, ["keepChildsWords"]), ["schoolReportsToday"], steps), steps);
    expect(saved).toEqual({
      role: "contactTeacher",
      gradeBand: "grades5to7",
      themes: ["familyRelations"],
      duration: "months",
      violence: "yes",
      ownProcedure: true,
      whoDecides: undefined,
      dutyToReport: "yes",
      dutyClarifyBy: undefined,
      nextSteps: ["schoolReportsToday"],
      advice: ["keepChildsWords"],
      tried: ["talkWithChild"],
      parentsInformed: undefined,
      interpreter: undefined,
      note: "Kort.",
    });
    expect(JSON.stringify(saved)).not.toMatch(/parent/i);
  });

  test("no follow-up of a suspected case has the parents in it, whatever was chosen before", () => {
    const basis = followUpBasis(flipped, steps, false);
    expect(basis.nextSteps).toEqual([]);
    expect(followUpBasis({ ...full, violence: "unsure" }, steps, false).nextSteps).toEqual(["ppt"]);
  });

  test("back to «Nei» restores everything, whatever was tapped meanwhile", () => {
    let draft = chooseAdvice(flipped, ["doNotQuestionChild"]);
    draft = chooseDuty(chooseNextSteps(draft, ["policeNotified"], steps), "avert");
    draft = chooseTried({ ...draft, whoDecides: "police" }, ["measuresInClass"]);
    draft = { ...draft, violence: "no" };
    expect(chosenAdvice(draft)).toEqual(full.advice);
    expect(chosenNextSteps(draft, steps)).toEqual(full.nextSteps);
    expect(chosenDuty(draft)).toBe("no");
    expect(chosenTried(draft).sort()).toEqual(["measuresInClass", "talkWithParents"]);
    expect(savedAnswers(draft, steps)).toMatchObject({ parentsInformed: "yes", interpreter: "yes", whoDecides: undefined, ownProcedure: undefined });
  });

  test("unsure puts the card on top, keeps the form, and takes the parents out until someone has called", () => {
    const draft: ConsultationDraft = { ...full, violence: "unsure" };
    expect(formView(draft, walkIn, steps).guard).toBe("card");
    expect(asked(draft)).toEqual(["role", "gradeBand", "themes", "duration", "violence", "tried", "dutyToReport", "advice", "nextSteps", "note"]);
    expect(savedAnswers(draft, steps)).toMatchObject({ nextSteps: ["ppt"], advice: ["whetherToReport"], tried: ["talkWithChild"] });
    const tapped = chooseNextSteps(draft, ["bup"], steps);
    expect(chosenNextSteps({ ...tapped, violence: "no" }, steps).sort()).toEqual(["bup", "schoolTalksToParents", "threeWayTalk"]);
  });

  test("however the answers wander, a saved draft never says more than its last form showed", () => {
    const tap = fc.record({ violence: fc.constantFrom(...violenceAnswers), step: fc.constantFrom("ppt", "threeWayTalk", "policeNotified", "schoolTalksToParents") });
    fc.assert(
      fc.property(fc.array(tap, { minLength: 1, maxLength: 8 }), (taps) => {
        let draft: ConsultationDraft = full;
        for (const { violence, step } of taps) draft = chooseNextSteps({ ...draft, violence }, [step], steps);
        const saved = savedAnswers(draft, steps);
        const shown = nextStepOptions(draft, steps).map(({ id }) => id);
        expect(saved.nextSteps.every((step) => shown.includes(step))).toBe(true);
        if (draft.violence !== "no") expect(JSON.stringify(saved)).not.toMatch(/parent/i);
      }),
    );
  });
});

describe("the service's own list", () => {
  test("a hidden step is not offered, an own step is, and one that involves the parents goes with them", () => {
    const own = nextStepsOf([
      { id: "bup", hidden: true },
      { id: "own1", label: "Nattergalen", involvesParents: true },
    ]);
    expect(nextStepOptions({}, own).map(({ id }) => id)).toContain("own1");
    expect(nextStepOptions({}, own).map(({ id }) => id)).not.toContain("bup");
    expect(nextStepOptions({ violence: "unsure" }, own).map(({ id }) => id)).not.toContain("own1");
  });

  test("a step that was chosen before it was hidden is still offered, and still saved", () => {
    const hidden = nextStepsOf([{ id: "bup", hidden: true }]);
    const draft: ConsultationDraft = { ...standard, nextSteps: ["bup", "ppt"] };
    expect(nextStepOptions(draft, hidden).map(({ id }) => id)).toEqual(nextStepOptions(draft, steps).map(({ id }) => id));
    expect(savedAnswers(draft, hidden).nextSteps).toEqual(["bup", "ppt"]);
    expect(savedAnswers(chooseNextSteps(draft, ["bup"], hidden), hidden).nextSteps).toEqual(["bup"]);
    expect(savedAnswers(chooseNextSteps(draft, ["ppt"], hidden), hidden).nextSteps).toEqual(["ppt"]);
    expect(nextStepOptions({ ...draft, nextSteps: ["ppt"] }, hidden).map(({ id }) => id)).not.toContain("bup");
    expect(savedAnswers({ ...draft, violence: "unsure" }, hidden).nextSteps).toEqual(["bup", "ppt"]);
  });

  test("a step whose words have not come yet is kept, but not where it may lead to the parents", () => {
    const draft: ConsultationDraft = { ...standard, nextSteps: ["ppt", "own1"] };
    expect(savedAnswers(draft, steps).nextSteps).toEqual(["ppt", "own1"]);
    expect(savedAnswers({ ...draft, violence: "unsure" }, steps).nextSteps).toEqual(["ppt"]);
    expect(savedAnswers({ ...draft, violence: "yes" }, steps).nextSteps).toEqual([]);
  });

  test("what has nothing to choose is not asked, and the light does not wait at it", () => {
    const none = steps.map((step) => ({ ...step, hidden: true }));
    const draft: ConsultationDraft = { ...standard, nextSteps: undefined };
    const { questions } = formView(draft, walkIn, none);
    expect(questions.map(({ id }) => id)).not.toContain("nextSteps");
    expect(questions.filter((question) => question.next)).toEqual([]);
  });
});

describe("a saved drøfting", () => {
  const head: ConsultationHead = {
    id: idOf(30),
    caseId: idOf(20),
    heldOn: "2026-11-26",
    startedAt: "2026-11-26T13:31:00",
    endedAt: "2026-11-26T13:50:00",
    themes: [],
    nextSteps: [],
  };

  test("one line says what came of it, and never the word violence", () => {
    expect(headlineOf({ ...head, ownProcedure: true, whoDecides: "childWelfare", nextSteps: ["schoolCallsNow"] })).toEqual({
      type: "ownProcedure",
      whoDecides: "childWelfare",
    });
    expect(headlineOf({ ...head, nextSteps: ["schoolReports", "noMore"] })).toEqual({ type: "nextSteps", nextSteps: ["schoolReports"] });
    expect(headlineOf({ ...head, nextSteps: ["noMore"], dutyToReport: "no" })).toEqual({ type: "dutyNotTriggered" });
    expect(headlineOf(head)).toEqual({ type: "notRegistered" });
  });

  test("a procedure of its own is told of while something waits, and three weeks on", () => {
    const framed = { ...head, ownProcedure: true };
    const none = new Set<CaseId>();
    expect(ownProcedureCases([framed, { ...framed, id: idOf(31) }], none, "2026-12-17")).toEqual([head.caseId]);
    expect(ownProcedureCases([framed], none, "2026-12-18")).toEqual([]);
    expect(ownProcedureCases([framed], new Set([head.caseId]), "2027-03-01")).toEqual([head.caseId]);
    expect(ownProcedureCases([head], new Set([head.caseId]), "2026-11-27")).toEqual([]);
  });

  test("becomes a draft again that saves the same", () => {
    const drafts: ConsultationDraft[] = [
      { ...standard, parentsInformed: "no", tried: ["talkWithParents"], advice: ["talkWithParents"], note: "Kort." },
      { ...standard, violence: "yes", whoDecides: "police", guardDuty: "avert", guardAdvice: ["howToSend"], guardNextSteps: ["policeNotified"] },
      { violence: "unsure", dutyToReport: "unsure", dutyClarifyBy: "2026-12-01" },
      {},
    ];
    for (const draft of drafts) {
      const saved = savedAnswers(draft, steps);
      const { parentsInformed, interpreter, tried, dutyClarifyBy, advice, note, violence, ...rest } = saved;
      const detail = { id: idOf<"consultation">(30), parentsInformed, interpreter, tried, dutyClarifyBy, advice, note, violence };
      expect(savedAnswers(draftOf({ ...head, ...rest }, detail), steps)).toEqual(saved);
    }
  });

  test("earlier talks of a case are those before, oldest first", () => {
    const talks = ["2026-11-26", "2026-11-05", "2026-12-17"].map((date, index) => ({ ...head, id: idOf<"consultation">(index), startedAt: `${date}T13:30:00` }));
    expect(earlierConsultations(talks, idOf(20), "2026-12-01T00:00:00").map(({ startedAt }) => startedAt.slice(5, 10))).toEqual(["11-05", "11-26"]);
    expect(earlierConsultations(talks, idOf(21), "2026-12-01T00:00:00")).toEqual([]);
  });
});
