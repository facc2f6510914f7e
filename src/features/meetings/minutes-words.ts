import { fromBase64Url, toHex } from "#protocol/bytes.ts";
import type { Translator } from "../../i18n/translate.ts";
import { capitalise } from "../../i18n/format.ts";
import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { inSentence, itemTitle, personLine } from "./invitation-text.ts";
import type { ItemContent, MinutesContent, SectionKey } from "./minutes-content-schema.ts";
import { type AgreedAction, dueWords, type Minutes, nextMeetingLine, type NextMeetingWords } from "./minutes-paper.ts";
import { type ApprovedMinutes, lineChanges } from "./minutes-rules.ts";
import type { Correction } from "./minutes-schema.ts";
import type { NextMeeting } from "./schema.ts";
import { hasInterpreter } from "./rules.ts";

/** Where the minutes are kept, as it is shown, and whom they must not reach. */
export type MinutesPlace = { readonly reference: string; readonly school: string; readonly printedOn: IsoDate; readonly notForParents: boolean };

/** Minutes as they are read: what is approved as it was approved, with its corrections after it. @param minutes a draft, or what is approved */
export function minutesInWords(minutes: MinutesContent | ApprovedMinutes, place: MinutesPlace, words: LanguageWords): Minutes {
  const approved = "approval" in minutes ? minutes : null;
  const { about, people, items, actions, next } = "approval" in minutes ? minutes.original : minutes;
  const { text } = words;
  return {
    ...place,
    meeting: text(`meetings.type.${about.type}`),
    date: about.date,
    from: about.from,
    to: about.to ?? null,
    place: about.place ?? "",
    purpose: about.purpose ?? "",
    chair: roleWords(about.chair, words),
    minuteTaker: roleWords(about.minuteTaker, words),
    present: peopleWords(people.filter(({ absent }) => absent !== true), words),
    absent: peopleWords(people.filter(({ absent }) => absent === true), words),
    interpreter: interpreterWords(about.interpreter, words),
    items: items.map((item) => ({ title: itemTitle(item, words), lines: item.lines, decisions: item.decisions })),
    actions: actions.map((action) => agreedAction(action, words)),
    next: nextInWords(next, words),
    approved: approved === null ? null : approvalInWords(approved, words),
    corrections: (approved?.corrections ?? []).map(({ correction, before, after }) => ({
      on: dateOf(correction.at),
      by: writerInSentence(correction.by, words),
      what: changeInWords(correction.section, before, after, words),
      why: whyInWords(correction, words),
    })),
  };
}

/** Who approved it and when it was first approved, with a short check of the content. */
function approvalInWords({ approval, approvers }: ApprovedMinutes, words: LanguageWords): Minutes["approved"] {
  const by = Array.from(new Set(approvers.map((one) => one.by)), (one) => writerInSentence(one, words));
  return { on: dateOf(approval.at), by: words.format.list(by), code: controlCode(approval.hash) };
}

const controlBytes = 4;

/** The beginning of a content's hash, to be compared by eye: «7F3A 91BC». */
export function controlCode(hash: string): string {
  const hex = toHex(fromBase64Url(hash).subarray(0, controlBytes)).toUpperCase();
  return `${hex.slice(0, controlBytes)} ${hex.slice(controlBytes)}`;
}

export function writerInSentence(writer: Correction["by"], { text }: Pick<Translator, "text">): string {
  return inSentence(text(`meetings.role.${writer}`));
}

export function whyInWords({ why, note }: Pick<Correction, "why" | "note">, { text }: Pick<Translator, "text">): string {
  const reason = why.accepted ? text(`meetings.correctionReason.${why.reason}`) : text(`meetings.declineReason.${why.reason}`);
  return note === undefined ? reason : `${reason}. ${note}`;
}

/** The name of a section, by its place in these minutes. */
export function sectionName(section: SectionKey, content: MinutesContent, words: LanguageWords): string {
  const { text } = words;
  if (section === "about") return text("papers.minutes.about");
  if (section === "people") return text("papers.minutes.present");
  if (section.startsWith("action/")) return text("papers.minutes.actions");
  if (section === "next") return text("papers.nextMeeting");
  const place = content.items.findIndex(({ id }) => `item/${id}` === section);
  const item = content.items[place];
  return item === undefined ? text("papers.minutes.goneItem") : text("papers.minutes.item", { number: place + 1, title: itemTitle(item, words) });
}

/** What a section says, line by line, for showing what differs. */
export function sectionLines(section: SectionKey, content: MinutesContent, words: LanguageWords): string[] {
  const { text, format } = words;
  const { about, people, actions, next } = content;
  if (section === "people") {
    return people.map((one) => capitalise(peopleWords([one], words).join("") + (one.absent === true ? ` (${inSentence(text("papers.minutes.absent"))})` : "")));
  }
  if (section === "next") return next === undefined ? [] : [nextMeetingLine(nextInWords(next, words), words)];
  const action = actions.find(({ id }) => `action/${id}` === section);
  if (action !== undefined) {
    const { what, who, due } = agreedAction(action, words);
    return [text("papers.minutes.actionLine", { what, who, due: dueWords(due, "day", words) })];
  }
  if (section === "about") {
    const line = (label: string, value: string) => (value === "" ? [] : [`${label}: ${value}`]);
    return [
      text(`meetings.type.${about.type}`),
      ...line(text("papers.minutes.date"), format.date(about.date, "weekdayYear")),
      ...line(text("papers.minutes.time"), about.to === undefined ? format.time(about.from) : format.timeRange(about.from, about.to)),
      ...line(text("papers.minutes.place"), about.place ?? ""),
      ...line(text("papers.minutes.purpose"), about.purpose ?? ""),
      ...line(text("papers.minutes.chair"), roleWords(about.chair, words)),
      ...line(text("papers.minutes.minuteTaker"), roleWords(about.minuteTaker, words)),
      ...line(text("papers.minutes.interpreter"), interpreterWords(about.interpreter, words) ?? ""),
    ];
  }
  const item = content.items.find(({ id }) => `item/${id}` === section);
  return item === undefined ? [] : itemLines(item, words);
}

function itemLines(item: ItemContent, words: LanguageWords): string[] {
  return [
    itemTitle(item, words),
    ...item.lines.map(({ kind, text }) => (kind === "item" ? "– " : "") + text.map((run) => run.text).join("")),
    ...item.decisions.map((decision) => `${words.text("papers.minutes.decision")} ${decision}`),
  ];
}

/** «2. Foreldrenes syn: sto «…», skal stå «…»» */
function changeInWords(section: SectionKey, before: MinutesContent, after: MinutesContent, words: LanguageWords): string {
  const { text } = words;
  const name = sectionName(section, before.items.some(({ id }) => `item/${id}` === section) ? before : after, words);
  const quoted = (lines: readonly string[]) => lines.join("\n");
  const changes = lineChanges(sectionLines(section, before, words), sectionLines(section, after, words)).map(({ removed, added }) => {
    if (removed.length === 0) return text("papers.minutes.added", { lines: quoted(added) });
    if (added.length === 0) return text("papers.minutes.removed", { lines: quoted(removed) });
    return text("papers.minutes.changed", { before: quoted(removed), after: quoted(added) });
  });
  // Nothing that is read differs: only how it looks.
  return [name, ...(changes.length === 0 ? [text("papers.minutes.looks")] : changes)].join("\n");
}

function roleWords(role: MinutesContent["about"]["chair"], { text }: LanguageWords): string {
  return role === undefined ? "" : text(`meetings.role.${role}`);
}

function peopleWords(people: MinutesContent["people"], words: LanguageWords): string[] {
  return people.map((one) => (one.name === undefined ? inSentence(personLine(one, words)) : personLine(one, words)));
}

/** The language; null without an interpreter. */
function interpreterWords(interpreter: MinutesContent["about"]["interpreter"], { text }: LanguageWords): string | null {
  if (!interpreter?.needed) return null;
  if (hasInterpreter(interpreter)) return interpreter.language ?? text("meetings.page.interpreterNeeded");
  const { refusedReason } = interpreter;
  return refusedReason === undefined ? null : text("meetings.page.interpreterRefused", { reason: inSentence(text(`meetings.interpreterRefusal.${refusedReason}`)) });
}

export function agreedAction({ what, side, role, dueOn }: Omit<MinutesContent["actions"][number], "id">, { text }: Pick<Translator, "text">): AgreedAction {
  return { what, who: text(role === undefined ? `meetings.side.${side}` : `meetings.role.${role}`), due: dueOn === undefined ? null : { on: dueOn } };
}

/** What an ended meeting says of the next; one that another device ended without is as one whose date comes later. */
function nextInWords(next: NextMeeting | undefined, { text }: Pick<Translator, "text">): NextMeetingWords {
  if (next === undefined) return { reason: inSentence(text("meetings.noNextReason.dateComesLater")) };
  return "reason" in next ? { reason: inSentence(text(`meetings.noNextReason.${next.reason}`)) } : { date: next.date, from: next.from ?? null, place: "" };
}
