import { type Paper, type PaperBlock, type PaperFact, plain } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { MeetingDocument } from "../meetings/document.ts";
import { inSentence, itemTitle, personLine } from "../meetings/invitation-text.ts";
import { type MinutesContent, readContent, sectionsOf, withSection } from "../meetings/minutes-content-schema.ts";
import type { Approval, Correction } from "../meetings/minutes-schema.ts";
import { controlCode, sectionLines, sectionName, whyInWords } from "../meetings/minutes-words.ts";
import { sideOf } from "../meetings/rules.ts";
import type { ActionItem, ConsentRecord, Decision, Filing, Interpreter, ItemId, Meeting, MeetingItem, Opening, Participant } from "../meetings/schema.ts";
import type { RunWriter } from "../routines/schema.ts";
import { type ToldWords, toldWords } from "./told-words.ts";
import { type DisclosureFrame, disclosurePaper, factBlock, heading, quiet } from "./disclosure-paper.ts";
import { fact, factsOf, linesOf, type ToldFields } from "./told-fields.ts";

/** Everything of one meeting that this device can read. */
export type MeetingHeld = DisclosureFrame & {
  readonly meeting: Meeting;
  readonly details: MeetingDocument;
  /** What is written under an item, as it stands. */
  readonly notes: (item: ItemId) => string;
  /** The meeting's own. */
  readonly actionItems: readonly ActionItem[];
  /** Which version its agenda was copied from, in words. */
  readonly agendaVersion: string;
  /** Of the run that it belongs to, as it is shown; null for one that is not on this device. */
  readonly run: string | null;
  /** The words of its step. */
  readonly step: string | null;
};

/** The paper of a meeting: how it was planned, who took part, what was consented to, written, decided and agreed. Nothing of a drøfting. */
export function meetingDisclosure(held: MeetingHeld, languageWords: LanguageWords): Paper {
  const words = toldWords(languageWords);
  const { text, at } = words;
  const { meeting, details } = held;
  const told = meetingFields(held, words);
  const items = Array.from(details.items).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  const onAgenda = new Set<string>(items.map(({ id }) => id));
  const openingFact = (one: Opening) => fact(text("disclosure.meeting.opened"), linesOf(factsOf(one, told.opening)));
  const decisionFact = (one: Decision) => fact(text("minutes.decision"), text("disclosure.meeting.decided", { what: one.what, at: at(one.decidedAt) }));
  const lost = [
    ...details.openings.filter(({ itemId }) => !onAgenda.has(itemId)).flatMap(openingFact),
    ...details.decisions.filter(({ itemId }) => !onAgenda.has(itemId)).flatMap(decisionFact),
  ];
  const each = <One>(all: readonly One[], tell: (one: One, index: number) => PaperBlock[]) => (all.length === 0 ? [quiet(text("disclosure.none"))] : all.flatMap(tell));
  const content: PaperBlock[] = [
    heading(text("disclosure.meeting.heading")),
    ...factBlock([
      ...fact(text("disclosure.meeting.type"), text(`meetings.type.${meeting.type}`)),
      ...fact(text("disclosure.meeting.when"), at(`${meeting.date}T${meeting.from}:00`)),
      ...factsOf(meeting, told.meeting),
      ...fact(text("disclosure.meeting.isFifteen"), details.isFifteen ? text("disclosure.yes") : ""),
    ]),
    heading(text("disclosure.meeting.participants")),
    ...each(details.participants, (one, index) => [heading(text("disclosure.meeting.participant", { number: index + 1 }), 3), ...factBlock(factsOf(one, told.participant))]),
    heading(text("disclosure.meeting.consents")),
    ...each(details.consents, (one) => [heading(text(`meetings.consentKind.${one.kind}`), 3), ...factBlock(factsOf(one, told.consent))]),
    heading(text("disclosure.meeting.agenda")),
    ...each(items, (item) => {
      const notes = held.notes(item.id);
      return [
        heading(itemTitle(item, words), 3),
        ...factBlock([
          ...factsOf(item, told.item),
          ...details.openings.filter(({ itemId }) => itemId === item.id).flatMap(openingFact),
          ...details.decisions.filter(({ itemId }) => itemId === item.id).flatMap(decisionFact),
        ]),
        ...(notes.trim() === "" ? [] : [{ type: "paragraph", text: [{ text: text("disclosure.meeting.notes"), isBold: true }, { text: `\n${notes}` }] } as const]),
      ];
    }),
    ...(lost.length === 0 ? [] : [heading(text("disclosure.meeting.otherItems"), 3), ...factBlock(lost)]),
    heading(text("disclosure.meeting.actions")),
    ...each(held.actionItems, (one) => [{ type: "paragraph", text: plain(one.what) } as const, ...factBlock([...factsOf(one, told.action)])]),
    heading(text("disclosure.meeting.history")),
    ...each(details.approvals, (one) => [heading(text("disclosure.history.approval"), 3), ...factBlock(factsOf(one, told.approval))]),
    ...details.corrections.flatMap((one) => [
      heading(text(one.why.accepted ? "disclosure.history.correction" : "disclosure.history.declined"), 3),
      ...factBlock(factsOf(one, told.correction)),
    ]),
  ];
  return disclosurePaper("meeting", held, meeting.deletedAt === undefined ? content : factBlock(deletedFacts(meeting, words)), words);
}

/** Of a meeting that was deleted, only that it was, and what became of its minutes: the rest is hidden for all. */
function deletedFacts({ type, deletedAt, filed }: Meeting, words: ToldWords): PaperFact[] {
  const { text, at } = words;
  return [
    ...fact(text("disclosure.meeting.type"), text(`meetings.type.${type}`)),
    ...fact(text("disclosure.meeting.deletedAt"), deletedAt === undefined ? "" : at(deletedAt)),
    ...fact(text("minutes.filing.heading"), filed === undefined ? "" : filedWords(filed, words)),
  ];
}

function filedWords(filed: Filing, { text, day, at }: ToldWords): string {
  const what =
    filed.outcome === "transferred"
      ? text("minutes.filing.transferred", { date: day(filed.on), where: filed.where })
      : text("minutes.filing.notForArchive", { date: day(filed.on) });
  return text("disclosure.reasonAt", { reason: what, at: at(filed.markedAt) });
}

/** Minutes as they were approved, to the letter: a line for each that is read. */
function contentWords(content: MinutesContent | null, words: ToldWords): string {
  if (content === null) return words.text("disclosure.history.unread");
  const sections = Array.from(sectionsOf(content).keys()).map((section) => [sectionName(section, content, words), ...sectionLines(section, content, words)].join("\n"));
  return [...(content.ownProcedure ? [words.text("content.ownProcedure")] : []), ...sections].join("\n\n");
}

/** What a correction puts in the place of a section. */
function correctedWords({ section, after, hash }: Correction, approvals: readonly Approval[], words: ToldWords): string {
  const original = readContent(approvals.find((one) => one.hash === hash)?.content ?? "");
  const corrected = original === null ? null : withSection(original, section, after);
  return corrected === null ? words.text("disclosure.history.unread") : sectionLines(section, corrected, words).join("\n");
}

/** The name of a section, in the minutes before it or after it. */
function sectionWords({ section, after, hash }: Correction, approvals: readonly Approval[], words: ToldWords): string {
  const original = readContent(approvals.find((one) => one.hash === hash)?.content ?? "");
  if (original === null) return words.text("disclosure.history.unread");
  const isBefore = sectionsOf(original).has(section);
  const name = sectionName(section, isBefore ? original : (withSection(original, section, after) ?? original), words);
  return after === undefined ? words.text("disclosure.history.gone", { section: name }) : name;
}

function meetingFields({ run, step, agendaVersion, details }: MeetingHeld, words: ToldWords) {
  const { text, day, at, yesNo } = words;
  const writer = (by: RunWriter) => text(`meetings.role.${by}`);
  const minutes = (count: number) => text("meetings.page.itemMinutes", { minutes: count });
  const interpreter: ToldFields<Interpreter> = {
    needed: { label: text("disclosure.meeting.interpreterNeeded"), value: yesNo },
    language: { label: text("disclosure.meeting.interpreterLanguage"), value: (language) => language },
    bookedBy: { label: text("disclosure.meeting.interpreterBookedBy"), value: (booker) => text(`meetings.interpreterBooker.${booker}`) },
    refusedReason: { label: text("disclosure.meeting.interpreterRefused"), value: (reason) => text(`meetings.interpreterRefusal.${reason}`) },
  };
  const meeting: ToldFields<Meeting> = {
    id: "identity",
    reference: "elsewhere",
    type: "elsewhere",
    date: "elsewhere",
    from: "elsewhere",
    preparedAt: { label: text("disclosure.meeting.preparedAt"), value: at },
    preparedBy: { label: text("disclosure.meeting.preparedBy"), value: writer },
    plannedMinutes: { label: text("disclosure.meeting.plannedMinutes"), value: minutes },
    place: { label: text("meetings.page.place"), value: (place) => place },
    purpose: { label: text("meetings.page.purpose"), value: (purpose) => purpose },
    chair: { label: text("meetings.page.chair"), value: (role) => text(`meetings.role.${role}`) },
    minuteTaker: { label: text("meetings.page.minuteTaker"), value: (role) => text(`meetings.role.${role}`) },
    ownProcedure: { label: text("content.ownProcedure"), value: yesNo },
    interpreter: { label: text("meetings.page.interpreter"), value: (one) => linesOf(factsOf(one, interpreter)) },
    runId: { label: text("disclosure.meeting.run"), value: () => run ?? text("disclosure.meeting.runNotHere") },
    step: { label: text("disclosure.meeting.step"), value: () => step ?? text("routines.notInRoutine") },
    agenda: { label: text("disclosure.meeting.agendaVersion"), value: () => agendaVersion },
    startedAt: { label: text("disclosure.meeting.startedAt"), value: at },
    endedAt: { label: text("disclosure.meeting.endedAt"), value: at },
    notHeld: {
      label: text("meetings.page.notHeld"),
      value: (one) => text("disclosure.reasonAt", { reason: text(`meetings.notHeldReason.${one.reason}`), at: at(one.at) }),
    },
    next: {
      label: text("meetings.page.next"),
      value: (next) => {
        if ("reason" in next) return text("meetings.page.noNext", { reason: inSentence(text(`meetings.noNextReason.${next.reason}`)) });
        return next.from === undefined ? day(next.date) : at(`${next.date}T${next.from}:00`);
      },
    },
    approved: { label: text("disclosure.meeting.approved"), value: (one) => text("disclosure.byAt", { by: writer(one.by), at: at(one.at) }) },
    filed: { label: text("minutes.filing.heading"), value: (filed) => filedWords(filed, words) },
    deletedAt: { label: text("disclosure.meeting.deletedAt"), value: at },
  };
  const participant: ToldFields<Participant> = {
    id: "identity",
    role: { label: text("disclosure.meeting.who"), value: (role, { name }) => personLine(name === undefined ? { role } : { role, name }, words) },
    name: "elsewhere",
    side: { label: text("disclosure.meeting.side"), value: (_, one) => text(`meetings.side.${sideOf(one)}`) },
    absent: { label: text("papers.minutes.absent"), value: yesNo },
  };
  const consent: ToldFields<ConsentRecord> = {
    id: "identity",
    kind: "elsewhere",
    givenBy: { label: text("meetings.form.givenBy"), value: (giver) => text(`meetings.consentGiver.${giver}`) },
    scope: { label: text("meetings.form.scope"), value: (scope) => scope },
    how: { label: text("meetings.form.how"), value: (how) => text(`meetings.consentForm.${how}`) },
    givenOn: { label: text("meetings.form.givenOn"), value: day },
    obtainedBy: { label: text("meetings.form.obtainedBy"), value: (obtainer) => text(`meetings.consentObtainer.${obtainer}`) },
    withdrawnOn: { label: text("meetings.form.withdrawn"), value: day },
  };
  const item: ToldFields<MeetingItem> = {
    id: "identity",
    title: "elsewhere",
    talk: "elsewhere",
    order: "elsewhere",
    minutes: { label: text("disclosure.meeting.plannedMinutes"), value: minutes },
    owner: { label: text("disclosure.meeting.owner"), value: (owner) => text(`meetings.owner.${owner}`) },
    involvesParents: { label: text("disclosure.meeting.involvesParents"), value: yesNo },
    dropped: { label: text("disclosure.meeting.dropped"), value: (isDropped) => (isDropped ? text("disclosure.yes") : "") },
  };
  const opening: ToldFields<Opening> = {
    id: "identity",
    itemId: "identity",
    openedAt: { label: text("disclosure.from"), value: at },
    closedAt: { label: text("disclosure.to"), value: at },
  };
  const action: ToldFields<ActionItem> = {
    id: "identity",
    meetingId: "identity",
    what: "elsewhere",
    side: { label: text("disclosure.action.who"), value: (side) => text(`meetings.side.${side}`) },
    role: { label: text("disclosure.action.role"), value: (role) => text(`meetings.role.${role}`) },
    dueOn: { label: text("disclosure.followUp.dueOn"), value: day },
    createdAt: { label: text("disclosure.action.createdAt"), value: at },
    answered: {
      label: text("disclosure.answer"),
      value: (answer) =>
        [answer.answer === "yes" ? text("disclosure.action.done") : text(`content.followUp.${answer.answer}`), linesOf(words.answered(answer))].join("\n"),
    },
  };
  const approval: ToldFields<Approval> = {
    id: "identity",
    at: { label: text("disclosure.history.at"), value: at },
    by: { label: text("disclosure.history.by"), value: writer },
    hash: { label: text("disclosure.history.code"), value: controlCode },
    stateVector: "identity",
    content: { label: text("disclosure.history.content"), value: (content) => contentWords(readContent(content), words) },
  };
  const correction: ToldFields<Correction> = {
    id: "identity",
    at: { label: text("disclosure.history.at"), value: at },
    by: { label: text("disclosure.history.by"), value: writer },
    hash: { label: text("disclosure.history.ofCode"), value: controlCode },
    section: { label: text("disclosure.history.section"), value: (_, one) => sectionWords(one, details.approvals, words) },
    after: { label: text("disclosure.history.after"), value: (_, one) => correctedWords(one, details.approvals, words) },
    why: { label: text("disclosure.reason"), value: (_, one) => whyInWords(one, words) },
    note: "elsewhere",
  };
  return { meeting, participant, consent, item, opening, action, approval, correction };
}
