import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { readCases } from "../cases/document.ts";
import { addFollowUp, readFollowUps } from "../follow-up/document.ts";
import { copyOf, idOf, meet, signUpForm, signUpOf, visitOn } from "../features.test-data.ts";
import {
  editPreRegistration,
  givePostponeReason,
  markDiscussed,
  postponePreRegistration,
  preRegister,
  readPreRegistrations,
  undoPostpone,
  undoWithdraw,
  withdrawPreRegistration,
} from "./document.ts";
import {
  checkSignUp,
  currentInQueue,
  freeSlots,
  blankSignUpQuestions,
  nextSignUpQuestion,
  preRegistrationState,
  queueOf,
  visitOfPreRegistration,
} from "./rules.ts";
import type { PreRegistration, PreRegistrationDraft } from "./schema.ts";

const now = "2026-11-19T09:00:00";
const visit = visitOn("2026-11-26");
const later = visitOn("2026-12-17");
const visits = [visit, later];
const today = "2026-11-24";

describe("signing up", () => {
  test("six taps: Meld opp sak, role, band, theme, wish, Meld opp", () => {
    let draft: PreRegistrationDraft = { urgency: "canWait" };
    const answers: Record<string, Partial<PreRegistrationDraft>> = {
      role: { role: "contactTeacher" },
      gradeBand: { gradeBand: "grades1to4" },
      themes: { themes: ["health"] },
      wishes: { wishes: ["isThisAReport"] },
    };
    let taps = 1;
    for (let next = nextSignUpQuestion(draft); next !== null; next = nextSignUpQuestion(draft)) {
      draft = { ...draft, ...answers[next] };
      taps++;
    }
    const school = new Y.Doc();
    expect(preRegister(school, signUpForm({ draft }), now).ok).toBe(true);
    expect(taps + 1).toBe(6);
  });

  test("the questions without an answer are told, in the order of the form", () => {
    expect(blankSignUpQuestions({ urgency: "canWait", gradeBand: "grades1to4", themes: [] })).toEqual(["role", "themes", "wishes"]);
  });

  test.each(["urgent", "violence"] as const)("%s makes no sign-up: nothing at all is written", (urgency) => {
    const school = new Y.Doc();
    const form = signUpForm();
    const result = preRegister(school, { ...form, draft: { ...form.draft, urgency } }, now);
    expect(result).toEqual({ ok: false, error: { type: "noSignUp", because: urgency } });
    expect(checkSignUp({ urgency }).ok).toBe(false);
    expect([readPreRegistrations(school).records, readCases(school).records]).toEqual([[], []]);
  });

  test("an edit that turns urgent leaves the sign-up as it was", () => {
    const school = new Y.Doc();
    const form = signUpForm();
    preRegister(school, form, now);
    const before = readPreRegistrations(school);
    expect(editPreRegistration(school, form.id, { ...form.draft, urgency: "violence" }).ok).toBe(false);
    expect(readPreRegistrations(school)).toEqual(before);
    expect(editPreRegistration(school, form.id, { ...form.draft, urgency: "wantsFirst", note: "  Kort  " }).ok).toBe(true);
    expect(readPreRegistrations(school).records).toMatchObject([{ urgency: "wantsFirst", note: "Kort", role: "contactTeacher" }]);
  });

  test("it makes the case, with the band and the code", () => {
    const school = new Y.Doc();
    preRegister(school, signUpForm(), now);
    expect(readCases(school).records).toEqual([{ id: idOf(20), colour: "bla", animal: "rev", number: 17, createdAt: now, gradeBand: "grades5to7" }]);
  });

  test("signing a case up again answers the «Drøfte igjen» that waited on it", () => {
    const school = new Y.Doc();
    addFollowUp(school, {
      id: idOf(40),
      caseId: idOf(20),
      consultationId: idOf(30),
      kind: "discussAgain",
      waitsOn: ["school"],
      createdOn: "2026-11-05",
      dueOn: "2026-11-26",
    });
    preRegister(school, signUpForm(), now);
    expect(readFollowUps(school).records).toMatchObject([{ answer: "yes", answeredAt: now }]);
  });

  test("blanks are left blank: nothing has to be answered", () => {
    const school = new Y.Doc();
    preRegister(school, signUpForm({ draft: { urgency: "canWait", note: " " } }), now);
    expect(readPreRegistrations(school).records).toEqual([
      { id: idOf(10), caseId: idOf(20), visitId: visit.id, themes: [], wishes: [], urgency: "canWait", createdAt: now },
    ]);
  });
});

describe("the state", () => {
  const school = () => {
    const doc = new Y.Doc();
    preRegister(doc, signUpForm(), now);
    return doc;
  };
  const only = (doc: Y.Doc) => readPreRegistrations(doc).records[0]!;

  test("signed up, put off, withdrawn, and each taken back", () => {
    const doc = school();
    const before = only(doc);
    expect(preRegistrationState(before)).toBe("signedUp");
    postponePreRegistration(doc, before.id, { from: visit.id, visitId: later.id, reason: undefined }, "2026-11-26T15:00:00");
    givePostponeReason(doc, before.id, "staffLeft");
    expect(only(doc)).toMatchObject({ visitId: later.id, postponedFrom: visit.id, postponeReason: "staffLeft" });
    expect(preRegistrationState(only(doc))).toBe("postponed");
    undoPostpone(doc, before);
    expect(only(doc)).toEqual(before);
    withdrawPreRegistration(doc, before.id, now);
    expect(preRegistrationState(only(doc))).toBe("withdrawn");
    undoWithdraw(doc, before.id);
    expect(only(doc)).toEqual(before);
  });

  test("discussed on the tablet counts over withdrawn on the telephone, when they meet", () => {
    const phone = school();
    const tablet = copyOf(phone);
    withdrawPreRegistration(phone, idOf(10), "2026-11-26T13:00:00");
    markDiscussed(tablet, idOf(10), "2026-11-26T13:50:00", idOf(30));
    meet(phone, tablet);
    expect(preRegistrationState(only(phone))).toBe("discussed");
    expect(only(tablet)).toEqual(only(phone));
  });
});

describe("which visit a sign-up belongs to", () => {
  const one = signUpOf(1, visit);

  test("its own, until that is over, cancelled, dropped or gone; then the next planned one", () => {
    expect(visitOfPreRegistration(one, visits, today)).toBe(visit);
    expect(visitOfPreRegistration(one, visits, "2026-11-27")).toBe(later);
    expect(visitOfPreRegistration(one, [{ ...visit, cancelledAt: now }, later], today)).toBe(later);
    expect(visitOfPreRegistration(one, [{ ...visit, dropped: true }, later], today)).toBe(later);
    expect(visitOfPreRegistration(one, [later], today)).toBe(later);
    expect(visitOfPreRegistration(one, [{ ...visit, startedAt: now, closedAt: now }], "2026-11-26")).toBeNull();
  });

  test("an open visit keeps its sign-ups, also after midnight", () => {
    const open = { ...visit, startedAt: now };
    expect(visitOfPreRegistration(one, [open, later], "2026-11-27")).toBe(open);
  });

  test("what has been discussed stays where it was", () => {
    const closed = { ...visit, startedAt: now, closedAt: now };
    expect(visitOfPreRegistration({ ...one, discussedAt: now }, [closed, later], "2026-12-01")).toBe(closed);
  });

  test("a cancelled visit ahead sends its sign-ups on, not back", () => {
    const earlier = visitOn("2026-11-25");
    expect(visitOfPreRegistration(one, [earlier, { ...visit, cancelledAt: now }, later], today)).toBe(later);
  });
});

describe("the queue", () => {
  const queue = (preRegistrations: PreRegistration[], day = today) => queueOf(visit, { visits, preRegistrations, today: day });
  const shape = (preRegistrations: PreRegistration[]) =>
    queue(preRegistrations).map(({ preRegistration, slot }) => [Number.parseInt(preRegistration.id, 16), slot]);

  test("those put off first, then those who wish to be first, then in the order they came", () => {
    const before = visitOn("2026-11-05", { startedAt: "a", closedAt: "b" });
    expect(
      shape([
        signUpOf(1, visit),
        signUpOf(2, visit, { urgency: "wantsFirst" }),
        signUpOf(3, visit, { postponedFrom: before.id, postponedAt: now }),
        signUpOf(4, visit),
        signUpOf(5, visit),
      ]),
    ).toEqual([
      [3, "13:30"],
      [2, "13:55"],
      [1, "14:20"],
      [4, "14:45"],
      [5, null],
    ]);
  });

  test("a preferred slot is kept where it is free; of two the first in turn has it", () => {
    expect(
      shape([
        signUpOf(1, visit),
        signUpOf(2, visit, { preferredSlot: "14:20" }),
        signUpOf(3, visit, { preferredSlot: "14:20" }),
        signUpOf(4, visit, { preferredSlot: "09:00" }),
      ]),
    ).toEqual([
      [1, "13:30"],
      [3, "13:55"],
      [2, "14:20"],
      [4, "14:45"],
    ]);
  });

  test("what is discussed keeps its slot; a withdrawal frees one", () => {
    const first = signUpOf(1, visit, { discussedAt: now });
    expect(shape([first, signUpOf(2, visit)])).toEqual([[1, "13:30"], [2, "13:55"]]);
    expect(shape([{ ...first, discussedAt: undefined, withdrawnAt: now }, signUpOf(2, visit)])).toEqual([[2, "13:30"]]);
    expect(currentInQueue(queue([first, signUpOf(2, visit)]))?.slot).toBe("13:55");
  });

  test("free from 14.45 when three are signed up", () => {
    const three = queue([1, 2, 3].map((number) => signUpOf(number, visit)));
    expect(freeSlots(visit, three)).toEqual(["14:45"]);
    expect(freeSlots(visit, three, "14:50")).toEqual([]);
    expect(freeSlots(later, queueOf(later, { visits, preRegistrations: [], today }))).toHaveLength(4);
  });

  test("each slot once, everyone in once, whoever signs up", () => {
    const sign = fc.record({
      wantsFirst: fc.boolean(),
      preferredSlot: fc.constantFrom(undefined, "13:30", "14:20", "16:00"),
      postponed: fc.boolean(),
      discussed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 9 }), (signs) => {
        const all = signs.map(({ wantsFirst, preferredSlot, postponed, discussed }, index) =>
          signUpOf(index + 1, visit, {
            urgency: wantsFirst ? "wantsFirst" : "canWait",
            preferredSlot,
            ...(postponed ? { postponedFrom: later.id } : {}),
            ...(discussed ? { discussedAt: now } : {}),
          }),
        );
        const entries = queue(all);
        const slots = entries.flatMap(({ slot }) => slot ?? []);
        expect(new Set(slots).size).toBe(slots.length);
        expect(slots).toHaveLength(Math.min(4, all.length));
        expect(new Set(entries.map(({ preRegistration }) => preRegistration.id)).size).toBe(all.length);
        expect(queue(all.toReversed())).toEqual(entries);
      }),
    );
  });
});

test("whatever phone and tablet do to the same sign-up, they agree in the end", () => {
  const command = fc.record({ device: fc.nat(1), kind: fc.constantFrom("withdraw", "undo", "postpone", "discuss", "edit", "meet") });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
      const phone = new Y.Doc();
      preRegister(phone, signUpForm(), now);
      const devices = [phone, copyOf(phone)] as const;
      for (const { device, kind } of commands) {
        const doc = devices[device]!;
        if (kind === "withdraw") withdrawPreRegistration(doc, idOf(10), now);
        else if (kind === "undo") undoWithdraw(doc, idOf(10));
        else if (kind === "postpone") postponePreRegistration(doc, idOf(10), { from: visit.id, visitId: later.id, reason: "outOfTime" }, now);
        else if (kind === "discuss") markDiscussed(doc, idOf(10), now);
        else if (kind === "edit") editPreRegistration(doc, idOf(10), { urgency: device === 0 ? "wantsFirst" : "canWait" });
        else meet(...devices);
      }
      meet(...devices);
      expect(readPreRegistrations(devices[0])).toEqual(readPreRegistrations(devices[1]));
      expect(readPreRegistrations(devices[0]).broken).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
