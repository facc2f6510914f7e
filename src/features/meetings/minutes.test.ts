import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { contentHash } from "../../engine/content-hash.ts";
import { nb } from "../../i18n/nb/all.ts";
import { createTranslator } from "../../i18n/translate.ts";
import { toBase64Url } from "#protocol/bytes.ts";
import { paperText } from "../../paper/plain-text.ts";
import { namesCase } from "../cases/rules.ts";
import { copyOf, idOf, meet } from "../features.test-data.ts";
import type { ActionItemId, ApprovalId, CorrectionId, DecisionId, ParticipantId } from "../ids.ts";
import { shippedAgenda } from "./agenda-rules.ts";
import {
  addActionItem,
  addCorrection,
  addDecision,
  addParticipant,
  answerActionItem,
  approveMinutes,
  beginMeeting,
  dropItem,
  endMeeting,
  notesOf,
  prepareMeeting,
  readActionItems,
  readMeetingDocument,
  readMeetings,
  removeActionItem,
  setNextMeeting,
  splitItem,
  takeBackApproval,
} from "./document.ts";
import { meetingId, preparation } from "./meetings.test-data.ts";
import { contentText, type MinutesContent, readContent, sectionsOf, withSection, writtenIn } from "./minutes-content-schema.ts";
import { minutesPaper } from "./minutes-paper.ts";
import { linesOf, minutesContent } from "./minutes-document.ts";
import { approvedMinutes, lineChanges, proposals } from "./minutes-rules.ts";
import { Approval, type Correction } from "./minutes-schema.ts";
import { controlCode, minutesInWords } from "./minutes-words.ts";
import { ItemId } from "./schema.ts";

type Device = { index: Y.Doc; doc: Y.Doc };
const words = { ...createTranslator(() => "nb", () => nb), language: "nb" } as const;

/** A start-up meeting that was held: written in, with a decision and something agreed. */
function held(): Device {
  const device = { index: new Y.Doc(), doc: new Y.Doc() };
  prepareMeeting(device.index, device.doc, preparation({ place: "Møterom 2", chair: "consultant", minuteTaker: "socialTeacher" }), shippedAgenda("startupMeeting").items);
  addParticipant(device.doc, { id: `participant-${idOf(1)}` as ParticipantId, role: "guardian", name: "Ola Nordmann" });
  addParticipant(device.doc, { id: `participant-${idOf(2)}` as ParticipantId, role: "contactTeacher" });
  beginMeeting(device.index, meetingId, "2026-12-03T14:02:00");
  notesOf(device.doc, "purposeAndFrames").insert(0, "Alle presenterte seg.\n");
  addDecision(device.doc, { id: `decision-${idOf(1)}` as DecisionId, itemId: "agreement", what: "Skolen tar imot ved porten.", decidedAt: "2026-12-03T14:50:00" });
  addActionItem(device.index, { id: `action-${idOf(1)}` as ActionItemId, meetingId, what: "Ringer om tidsplan", side: "childWelfare", dueOn: "2026-12-10", createdAt: "2026-12-03T14:52:00" });
  setNextMeeting(device.index, meetingId, { date: "2026-12-17", from: "14:00" });
  endMeeting(device.index, meetingId, "2026-12-03T15:10:00");
  return device;
}

const copy = ({ index, doc }: Device): Device => ({ index: copyOf(index), doc: copyOf(doc) });
const meetAll = (one: Device, other: Device) => {
  meet(one.index, other.index);
  meet(one.doc, other.doc);
};

function contentOf({ index, doc }: Device, ownProcedure = false): MinutesContent {
  return minutesContent(readMeetings(index).records[0]!, doc, readActionItems(index).records, ownProcedure);
}

async function approve(device: Device, number: number, at: string, by: Approval["by"] = "consultant"): Promise<Approval> {
  const content = contentText(contentOf(device));
  const stateVector = `sv-${toBase64Url(Y.encodeStateVector(device.doc))}` as const;
  const approval = { id: `approval-${idOf(number)}` as ApprovalId, at, by, content, hash: await contentHash(content), stateVector };
  approveMinutes(device.index, device.doc, meetingId, approval);
  return approval;
}

const approvedIn = ({ doc }: Device) => {
  const { approvals, corrections } = readMeetingDocument(doc);
  return approvedMinutes(approvals, corrections)!;
};
const proposedIn = (device: Device) => {
  const approved = approvedIn(device);
  return proposals(approved, contentOf(device, approved.original.ownProcedure), readMeetingDocument(device.doc).corrections);
};

function correct(device: Device, number: number, more: Pick<Correction, "section" | "after" | "why"> & Partial<Correction>): void {
  const { hash } = approvedIn(device).approval;
  addCorrection(device.doc, { id: `correction-${idOf(number)}` as CorrectionId, at: `2026-12-04T09:${String(number).padStart(2, "0")}:00`, by: "socialTeacher", hash, ...more });
}

const paperOf = (device: Device) =>
  paperText(minutesPaper(minutesInWords(approvedIn(device), { reference: "M-305-BFL", school: "Granly skole", printedOn: "2026-12-05", notForParents: false }, words), words));

describe("what the minutes say", () => {
  test("is what was written and settled, in order, and without what is empty", () => {
    const content = contentOf(held());
    expect(content.about).toEqual({ type: "startupMeeting", date: "2026-12-03", from: "14:02", to: "15:10", place: "Møterom 2", chair: "consultant", minuteTaker: "socialTeacher" });
    expect(content.people).toEqual([{ role: "guardian", name: "Ola Nordmann" }, { role: "contactTeacher" }]);
    expect(content.items[0]).toEqual({ id: "purposeAndFrames", lines: [{ kind: "text", text: [{ text: "Alle presenterte seg." }] }], decisions: [] });
    expect(content.items.at(-1)?.decisions).toEqual(["Skolen tar imot ved porten."]);
    expect(content.actions).toEqual([{ id: `action-${idOf(1)}`, what: "Ringer om tidsplan", side: "childWelfare", dueOn: "2026-12-10" }]);
    expect(content.next).toEqual({ date: "2026-12-17", from: "14:00" });
  });

  test("is the same text on every device, whatever order the fields came in, and reads back as it was", () => {
    const device = held();
    const text = contentText(contentOf(device));
    expect(contentText(contentOf(copy(device)))).toBe(text);
    expect(readContent(text)).toEqual(contentOf(device));
    expect(readContent("{}")).toBeNull();
    expect(readContent("no")).toBeNull();
  });

  test("where violence is suspected, nothing of the parents", () => {
    const device = held();
    addActionItem(device.index, { id: `action-${idOf(5)}` as ActionItemId, meetingId, what: "Skriver om morgenene", side: "guardians", createdAt: "2026-12-03T14:53:00" });
    expect(contentOf(device).actions).toHaveLength(2);
    const { people, items, actions } = contentOf(device, true);
    expect(people).toEqual([{ role: "contactTeacher" }]);
    expect(actions.map(({ side }) => side)).toEqual(["childWelfare"]);
    expect(items.map(({ id }) => id)).not.toContain("parentsView");
  });

  test("lines have a kind and bold, and what this version does not know is left out", () => {
    const notes = new Y.Doc().getText("notes");
    notes.applyDelta([
      { insert: "Morgenene" },
      { insert: "\n", attributes: { kind: "heading" } },
      { insert: "Ring ", attributes: { tint: 1 } },
      { insert: "hjem" },
      { insert: " først", attributes: { bold: true } },
      { insert: "\n", attributes: { kind: "item" } },
      { insert: { image: 1 } },
      { insert: "   \n\nSlutt", attributes: {} },
    ]);
    expect(linesOf(notes)).toEqual([
      { kind: "heading", text: [{ text: "Morgenene" }] },
      { kind: "item", text: [{ text: "Ring hjem" }, { text: " først", isBold: true }] },
      { kind: "text", text: [{ text: "Slutt" }] },
    ]);
  });

  test("an item is replaced, taken out and put in by its section, and nothing else passes for one", () => {
    const content = contentOf(held());
    const key = "item/purposeAndFrames";
    const other = JSON.stringify({ id: "purposeAndFrames", lines: [], decisions: ["Ny"] });
    expect(withSection(content, key, other)?.items[0]?.decisions).toEqual(["Ny"]);
    expect(withSection(content, key, undefined)?.items.map(({ id }) => id)).not.toContain("purposeAndFrames");
    expect(withSection(content, "next", undefined)).not.toHaveProperty("next");
    expect(withSection(content, key, JSON.stringify({ id: "agreement", lines: [], decisions: [] }))).toBeNull();
    expect(withSection(content, "people", '{"role":"guardian"}')).toBeNull();
    expect(withSection(content, "about", undefined)).toBeNull();
  });
});

describe("approved minutes", () => {
  test("name exactly this content, and the edits it has", async () => {
    const device = held();
    const before = toBase64Url(Y.encodeStateVector(device.doc));
    const approval = await approve(device, 1, "2026-12-03T15:12:00");
    const [read] = readMeetingDocument(device.doc).approvals;
    expect(read).toEqual(approval);
    expect(read?.stateVector).toBe(`sv-${before}`);
    expect(await contentHash(read!.content)).toBe(read!.hash);
    expect(await contentHash(read!.content.replace("porten", "døra"))).not.toBe(read!.hash);
    expect(controlCode(read!.hash)).toMatch(/^[0-9A-F]{4} [0-9A-F]{4}$/);
    expect(readMeetings(device.index).records[0]?.approved).toEqual({ at: "2026-12-03T15:12:00", by: "consultant" });
    expect(proposedIn(device)).toEqual([]);
  });

  test("what a colleague wrote offline meanwhile is proposed, and is never in the approved text", async () => {
    const tablet = held();
    const phone = copy(tablet);
    await approve(tablet, 1, "2026-12-03T15:12:00");
    notesOf(phone.doc, "purposeAndFrames").insert(0, "Mor kom sent. ");
    addDecision(phone.doc, { id: `decision-${idOf(2)}` as DecisionId, itemId: "agreement", what: "Mor ringer selv.", decidedAt: "2026-12-03T15:11:00" });
    meetAll(tablet, phone);
    for (const device of [tablet, phone]) {
      expect(contentText(approvedIn(device).corrected)).not.toContain("Mor");
      expect(proposedIn(device).map(({ section }) => section)).toEqual(["item/purposeAndFrames", "item/agreement"]);
      expect(paperOf(device)).not.toContain("Mor kom sent");
    }
  });

  test("a correction that is taken in says who, when and why, and the original stays", async () => {
    const device = held();
    await approve(device, 1, "2026-12-03T15:12:00");
    notesOf(device.doc, "purposeAndFrames").insert(0, "Mor kom sent. ");
    const [proposal] = proposedIn(device);
    correct(device, 1, { ...proposal!, why: { accepted: true, reason: "missing" }, note: "Mor ba om det" });
    expect(proposedIn(device)).toEqual([]);
    const approved = approvedIn(device);
    expect(contentText(approved.original)).not.toContain("Mor kom sent");
    expect(contentText(approved.corrected)).toContain("Mor kom sent");
    const paper = paperOf(device);
    for (const said of ["Alle presenterte seg.", "4. desember 2026, sosiallærer:", "Sto: Alle presenterte seg.", "Skal stå: Mor kom sent. Alle presenterte seg.", "Grunn: Noe manglet. Mor ba om det"]) expect(paper).toContain(said);
  });

  test("the same proposal taken in on two devices is one correction, the first", async () => {
    const tablet = held();
    await approve(tablet, 1, "2026-12-03T15:12:00");
    notesOf(tablet.doc, "purposeAndFrames").insert(0, "Mor kom sent. ");
    const phone = copy(tablet);
    const why = { accepted: true, reason: "missing" } as const;
    correct(tablet, 2, { ...proposedIn(tablet)[0]!, why });
    correct(phone, 1, { ...proposedIn(phone)[0]!, why });
    meetAll(tablet, phone);
    expect(readMeetingDocument(tablet.doc).corrections).toHaveLength(2);
    expect(approvedIn(tablet).corrections.map(({ correction }) => correction.id)).toEqual([`correction-${idOf(1)}`]);
    expect(paperOf(tablet)).not.toContain("Bare utseendet er endret");
  });

  test("what is declined is not proposed again, until somebody writes something else there", async () => {
    const device = held();
    await approve(device, 1, "2026-12-03T15:12:00");
    notesOf(device.doc, "purposeAndFrames").insert(0, "Mor kom sent. ");
    correct(device, 1, { ...proposedIn(device)[0]!, why: { accepted: false, reason: "notSaid" } });
    expect(proposedIn(device)).toEqual([]);
    expect(contentText(approvedIn(device).corrected)).not.toContain("Mor kom sent");
    notesOf(device.doc, "purposeAndFrames").insert(0, "Far også. ");
    expect(proposedIn(device)).toHaveLength(1);
    // Back to what was approved: nothing is proposed, and what was declined before is no longer the last word.
    notesOf(device.doc, "purposeAndFrames").delete(0, "Far også. Mor kom sent. ".length);
    expect(proposedIn(device)).toEqual([]);
  });

  test("two approve the same words: both have; two approve different ones: the first stands, and the rest is proposed", async () => {
    const tablet = held();
    const phone = copy(tablet);
    await approve(tablet, 1, "2026-12-03T15:12:00");
    await approve(phone, 2, "2026-12-03T15:13:00", "socialTeacher");
    const other = copy(phone);
    meetAll(tablet, phone);
    expect(approvedIn(tablet).approvers.map(({ by }) => by)).toEqual(["consultant", "socialTeacher"]);
    expect(approvedIn(tablet).others).toEqual([]);
    expect(minutesInWords(approvedIn(tablet), { reference: "", school: "", printedOn: "2026-12-05", notForParents: false }, words).approved?.by).toBe("fagkonsulent og sosiallærer");

    notesOf(other.doc, "schoolsView").insert(0, "Trives i gymmen.");
    await approve(other, 3, "2026-12-03T15:11:00", "socialTeacher");
    meetAll(tablet, other);
    expect(approvedIn(tablet).approval.id).toBe(`approval-${idOf(3)}`);
    expect(approvedIn(tablet).others).toHaveLength(2);
    expect(approvedIn(other).approval).toEqual(approvedIn(tablet).approval);
  });

  test("an approval that was filed or corrected stands, though one with other words comes from a device whose clock is behind", async () => {
    const tablet = held();
    const [phone, third] = [copy(tablet), copy(tablet)];
    const { hash } = await approve(tablet, 1, "2026-12-03T15:12:00");
    notesOf(phone.doc, "schoolsView").insert(0, "Trives i gymmen.");
    await approve(phone, 2, "2026-12-03T15:00:00", "socialTeacher");
    meet(third.doc, tablet.doc);
    meet(third.doc, phone.doc);
    const { approvals } = readMeetingDocument(third.doc);
    expect(approvedMinutes(approvals, [])?.approval.id).toBe(`approval-${idOf(2)}`);
    expect(approvedMinutes(approvals, [], hash)?.approval.id).toBe(`approval-${idOf(1)}`);
    correct(tablet, 1, { section: "people", after: "[]", why: { accepted: true, reason: "mistake" } });
    meetAll(tablet, phone);
    expect(approvedIn(phone).approval.hash).toBe(hash);
    expect(approvedIn(phone).corrected.people).toEqual([]);
  });

  test("of two answers in the same second, or by a clock that is behind, the later holds", async () => {
    const device = held();
    await approve(device, 1, "2026-12-03T15:12:00");
    const notes = notesOf(device.doc, "purposeAndFrames");
    notes.insert(0, "Mor kom sent. ");
    correct(device, 9, { ...proposedIn(device)[0]!, why: { accepted: true, reason: "missing" } });
    notes.insert(0, "Feil linje. ");
    // Of its id alone it would come first.
    correct(device, 1, { ...proposedIn(device)[0]!, why: { accepted: false, reason: "notSaid" }, at: "2026-12-04T09:09:00" });
    expect(proposedIn(device)).toEqual([]);
    notes.insert(0, "Og én til. ");
    correct(device, 2, { ...proposedIn(device)[0]!, why: { accepted: true, reason: "missing" }, at: "2026-12-04T08:00:00" });
    expect(contentText(approvedIn(device).corrected)).toContain("Og én til.");
    expect(proposedIn(device)).toEqual([]);
  });

  test("each agreement is a proposal of its own", async () => {
    const device = held();
    await approve(device, 1, "2026-12-03T15:12:00");
    removeActionItem(device.index, `action-${idOf(1)}` as ActionItemId);
    for (const number of [2, 3]) addActionItem(device.index, { id: `action-${idOf(number)}` as ActionItemId, meetingId, what: `Sak ${number}`, side: "school", createdAt: `2026-12-04T10:0${number}:00` });
    const proposed = proposedIn(device);
    expect(proposed.map(({ section, after }) => [section, after === undefined])).toEqual([
      [`action/action-${idOf(1)}`, true],
      [`action/action-${idOf(2)}`, false],
      [`action/action-${idOf(3)}`, false],
    ]);
    correct(device, 1, { ...proposed[0]!, why: { accepted: true, reason: "mistake" } });
    correct(device, 2, { ...proposed[2]!, why: { accepted: true, reason: "missing" } });
    expect(approvedIn(device).corrected.actions.map(({ what }) => what)).toEqual(["Sak 3"]);
    expect(proposedIn(device)).toHaveLength(1);
  });

  test("what people wrote is looked through as it is read, also where a part of a code is bold", () => {
    const device = held();
    notesOf(device.doc, "agreement").applyDelta([{ insert: "Som med Blå " }, { insert: "rev", attributes: { bold: true } }, { insert: " 17 i fjor", attributes: { bold: null } }]);
    expect(namesCase(contentText(contentOf(device)))).toBe(false);
    expect(namesCase(writtenIn(contentOf(device)))).toBe(true);
    expect(namesCase(writtenIn(contentOf(held())))).toBe(false);
  });

  test("an approval that is taken back leaves a colleague's", async () => {
    const tablet = held();
    const phone = copy(tablet);
    await approve(phone, 2, "2026-12-03T15:13:00", "socialTeacher");
    meetAll(tablet, phone);
    const mine = await approve(tablet, 1, "2026-12-03T15:14:00");
    takeBackApproval(tablet.index, tablet.doc, meetingId, mine.id);
    expect(approvedIn(tablet).approvers.map(({ by }) => by)).toEqual(["socialTeacher"]);
    expect(readMeetings(tablet.index).records[0]?.approved).toEqual({ at: "2026-12-03T15:13:00", by: "socialTeacher" });
    takeBackApproval(tablet.index, tablet.doc, meetingId, `approval-${idOf(2)}` as ApprovalId);
    expect(readMeetings(tablet.index).records[0]).not.toHaveProperty("approved");
  });

  test("an answer on «Oppfølging» changes nothing of them; another agreement, or an item that goes, does", async () => {
    const device = held();
    await approve(device, 1, "2026-12-03T15:12:00");
    answerActionItem(device.index, `action-${idOf(1)}` as ActionItemId, "yes", "2026-12-09T10:00:00", 1);
    expect(proposedIn(device)).toEqual([]);
    addActionItem(device.index, { id: `action-${idOf(2)}` as ActionItemId, meetingId, what: "Sender brev", side: "school", createdAt: "2026-12-09T10:00:00" });
    dropItem(device.doc, "concernLevel");
    splitItem(device.doc, "parentsView", 3.5);
    expect(proposedIn(device).map(({ section }) => section)).toEqual(["item/parentsView", "item/concernLevel", "item/parentsView-second", `action/action-${idOf(2)}`]);
  });

  test("an approval whose content is not one is passed by, and so is one that names a case", async () => {
    const device = held();
    const approval = await approve(device, 1, "2026-12-03T15:12:00");
    expect(approvedMinutes([{ ...approval, content: "{}" }], [])).toBeNull();
    expect(Approval.safeParse({ ...approval, content: approval.content.replace("porten", "blå rev 17") }).success).toBe(false);
    expect(Approval.safeParse({ ...approval, content: "Blå rev 17" }).success).toBe(false);
  });

  test("whatever is written afterwards, in whatever order it meets: the original is as it was, and taking everything in gives what stands in the documents", async () => {
    const keys = ["purposeAndFrames", "goThroughReport", "parentsView", "schoolsView"];
    const edit = fc.record({ who: fc.boolean(), item: fc.constantFrom(...keys), at: fc.nat(60), cut: fc.nat(12), words: fc.constantFrom("Ja. ", "Æøå\n", "", "ሰላም ") });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 12 }), fc.nat(12), async (edits, meetAfter) => {
        const tablet = held();
        const phone = copy(tablet);
        const { content } = await approve(tablet, 1, "2026-12-03T15:12:00");
        edits.forEach(({ who, item, at, cut, words: written }, place) => {
          const notes = notesOf((who ? tablet : phone).doc, ItemId.parse(item));
          const from = Math.min(at, notes.length);
          notes.delete(from, Math.min(cut, notes.length - from));
          notes.insert(from, written);
          if (place === meetAfter) meetAll(tablet, phone);
        });
        meetAll(tablet, phone);
        expect(proposedIn(tablet)).toEqual(proposedIn(phone));
        proposedIn(tablet).forEach((proposal, place) => correct(tablet, place + 1, { ...proposal, why: { accepted: true, reason: "writtenOffline" } }));
        meetAll(tablet, phone);
        for (const device of [tablet, phone]) {
          expect(contentText(approvedIn(device).original)).toBe(content);
          expect(proposedIn(device)).toEqual([]);
          expect(sectionsOf(approvedIn(device).corrected)).toEqual(sectionsOf(contentOf(device)));
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("lines that differ stand together: what went, and what came in its place", () => {
  expect(lineChanges(["a", "b", "c"], ["a", "x", "y", "c", "d"])).toEqual([
    { removed: ["b"], added: ["x", "y"] },
    { removed: [], added: ["d"] },
  ]);
  expect(lineChanges(["a"], ["a"])).toEqual([]);
});
