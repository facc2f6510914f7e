import { type Paper, type PaperBlock, plain } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { MeetingDocument } from "../meetings/document.ts";
import { inSentence, itemTitle, personLine } from "../meetings/invitation-text.ts";
import { type MinutesContent, readContent, type SectionKey, sectionsOf, withSection } from "../meetings/minutes-content-schema.ts";
import { approvedMinutes } from "../meetings/minutes-rules.ts";
import type { Approval, Correction } from "../meetings/minutes-schema.ts";
import { controlCode, sectionLines, sectionName, whyInWords } from "../meetings/minutes-words.ts";
import { decisionsOf, sideOf } from "../meetings/rules.ts";
import type { ActionItem, ConsentRecord, Decision, Interpreter, ItemId, Meeting, MeetingItem, Opening, Participant } from "../meetings/schema.ts";
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
          ...decisionsOf(details.decisions, item.id).flatMap(decisionFact),
        ]),
        ...(notes.trim() === "" ? [] : [{ type: "paragraph", text: [{ text: text("disclosure.meeting.notes"), isBold: true }, { text: `\n${notes}` }] } as const]),
      ];
    }),
    ...(lost.length === 0 ? [] : [heading(text("disclosure.meeting.otherItems"), 3), ...factBlock(lost)]),
    heading(text("disclosure.meeting.actions")),
    ...each(held.actionItems, (one) => [{ type: "paragraph", text: plain(one.what) } as const, ...factBlock([...factsOf(one, told.action)])]),
    ...approvalBlocks(details, words),
  ];
  return disclosurePaper("meeting", held, meeting.deletedAt === undefined ? content : deletedBlocks(meeting, told.meeting, words), words);
}

/** Of a meeting that was deleted, that it was, and what became of its minutes: the rest is hidden for all. */
function deletedBlocks(meeting: Meeting, told: ToldFields<Meeting>, { text }: ToldWords): PaperBlock[] {
  const fields = Object.keys(told) as (keyof Meeting)[];
  const hidden = Object.fromEntries(fields.filter((field) => field !== "deletedAt" && field !== "filed").map((field) => [field, "elsewhere"] as const));
  return factBlock([...fact(text("disclosure.meeting.type"), text(`meetings.type.${meeting.type}`)), ...factsOf(meeting, { ...told, ...hidden })]);
}

/** What was approved, word for word, and what has been corrected or left out since. */
function approvalBlocks({ approvals, corrections }: MeetingDocument, words: ToldWords): PaperBlock[] {
  if (approvals.length + corrections.length === 0) return [];
  const { text, at } = words;
  const by = (writer: RunWriter) => text(`meetings.role.${writer}`);
  /** The minutes that it corrects: as they were approved, and as they stood when it was answered, without it and with it. */
  const changeOf = (one: Correction) => {
    const earlier = corrections.filter(({ at, id }) => at + id < one.at + one.id);
    const approved = approvedMinutes(
      approvals.filter(({ hash }) => hash === one.hash),
      earlier,
    );
    const after = approved === null ? null : withSection(approved.corrected, one.section, one.after);
    return approved === null || after === null ? null : { original: approved.original, before: approved.corrected, after };
  };
  // An item's lines begin with its title, which its name has already.
  const linesUnder = (key: SectionKey, content: MinutesContent) => sectionLines(key, content, words).slice(key.startsWith("item/") ? 1 : 0);
  const allLines = (content: MinutesContent) => Array.from(sectionsOf(content).keys(), (key) => [sectionName(key, content, words), ...linesUnder(key, content)].join("\n")).join("\n\n");
  const approval: ToldFields<Approval> = {
    id: "identity",
    at: { label: text("disclosure.meeting.approved"), value: (moment, one) => text("disclosure.byAt", { by: by(one.by), at: at(moment) }) },
    by: "elsewhere",
    content: { label: text("disclosure.meeting.approvedWords"), value: (stored) => readable(readContent(stored), allLines, words) },
    hash: { label: text("disclosure.meeting.controlCode"), value: controlCode },
    stateVector: "identity",
  };
  const correction: ToldFields<Correction> = {
    id: "identity",
    at: { label: text("disclosure.meeting.correctedAt"), value: (moment, one) => text("disclosure.byAt", { by: by(one.by), at: at(moment) }) },
    by: "elsewhere",
    hash: { label: text("disclosure.meeting.controlCode"), value: controlCode },
    section: {
      label: text("disclosure.meeting.section"),
      value: (section, one) =>
        readable(changeOf(one), ({ original, before, after }) => sectionName(section, [before, after].find((content) => sectionsOf(content).has(section)) ?? original, words), words),
    },
    after: "elsewhere",
    why: { label: text("disclosure.reason"), value: (why) => text(why.accepted ? "disclosure.meeting.accepted" : "disclosure.meeting.declined", { reason: whyInWords({ why }, words) }) },
    note: { label: text("minutes.proposal.note"), value: (note) => note },
  };
  const afterFact = (one: Correction) =>
    fact(text("disclosure.meeting.after"), readable(changeOf(one), ({ after }) => sectionLines(one.section, after, words).join("\n") || text("disclosure.meeting.nothing"), words));
  return [
    heading(text("disclosure.meeting.history")),
    ...approvals.flatMap((one, index) => [heading(text("disclosure.meeting.approval", { number: index + 1 }), 3), ...factBlock(factsOf(one, approval))]),
    ...corrections.flatMap((one, index) => [heading(text("disclosure.meeting.correction", { number: index + 1 }), 3), ...factBlock([...factsOf(one, correction), ...afterFact(one)])]),
  ];
}

function readable<Read>(content: Read | null, tell: (content: Read) => string, { text }: ToldWords): string {
  return content === null ? text("disclosure.meeting.notReadable") : tell(content);
}

function meetingFields({ run, step, agendaVersion }: MeetingHeld, words: ToldWords) {
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
    filed: {
      label: text("disclosure.meeting.filed"),
      value: (filed) => {
        const marked = { date: day(filed.on), at: at(filed.markedAt) };
        const outcome = filed.outcome === "transferred" ? text("disclosure.meeting.transferred", { where: filed.where, ...marked }) : text("disclosure.meeting.notForArchive", marked);
        return filed.content === undefined ? outcome : `${outcome}. ${text("papers.minutes.controlCode", { code: controlCode(filed.content) })}`;
      },
    },
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
    askOn: { label: text("disclosure.action.askOn"), value: day },
    createdAt: { label: text("disclosure.action.createdAt"), value: at },
    answered: {
      label: text("disclosure.answer"),
      value: (answer) =>
        [answer.answer === "yes" ? text("disclosure.action.done") : text(`content.followUp.${answer.answer}`), linesOf(words.answered(answer))].join("\n"),
    },
  };
  return { meeting, participant, consent, item, opening, action };
}
