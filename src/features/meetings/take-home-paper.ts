import type { NoNextReason } from "../../content/meetings.ts";
import { capitalise } from "../../i18n/format.ts";
import type { IsoDate, TimeOfDay } from "../../lib/iso-date.ts";
import { bold, type Paper, type PaperBlock, plain } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { type AgreedAction, actionTable } from "./minutes-paper.ts";

/** What the parents take with them: nothing that names anybody, and nothing that was only said. */
export type TakeHome = {
  /** Violence or abuse is suspected. */
  readonly ownProcedure: boolean;
  readonly meeting: string;
  readonly school: string;
  /** As it was written; empty when it was not. */
  readonly place: string;
  readonly date: IsoDate;
  readonly hadInterpreter: boolean;
  readonly decisions: readonly string[];
  /** There are others, which the sheet does not tell. */
  readonly leavesOutDecisions: boolean;
  readonly actions: readonly AgreedAction[];
  readonly next: { readonly date: IsoDate; readonly from: TimeOfDay | null; readonly place: string } | { readonly reason: NoNextReason };
  /** The language that an interpreter is booked for next time, as a word; null without one. */
  readonly nextInterpreter: string | null;
  /** What is explained under «what happens now». */
  readonly explains: "investigation" | null;
  readonly phones: readonly { readonly label: string; readonly number: string }[];
};

const writingLines = 3;

/** The parents' own sheet in plain language, or null: where violence or abuse is suspected there is none. */
export function takeHomePaper(meeting: TakeHome, words: LanguageWords): Paper | null {
  if (meeting.ownProcedure) return null;
  const { text, format, language } = words;
  const { decisions, actions, phones } = meeting;
  const nothingAgreed = decisions.length + actions.length === 0 && !meeting.leavesOutDecisions;
  const where = whereWords(meeting, words);
  return {
    language,
    over: text("papers.takeHome.after", { date: format.date(meeting.date, "weekdayYear") }),
    title: text("papers.takeHome.title"),
    under: [meeting.hadInterpreter ? `${where} ${text("papers.takeHome.interpreterPresent")}` : where],
    blocks: [
      ...(decisions.length === 0 ? [] : [{ type: "list", items: decisions.map(plain) } as const]),
      ...(actions.length === 0 ? [] : [actionTable(actions, "day", words)]),
      ...(nothingAgreed ? [{ type: "paragraph", text: plain(text("papers.takeHome.nothingAgreed")) } as const] : []),
      nextMeetingNotice(meeting, words),
      ...(meeting.explains === null
        ? []
        : [
            { type: "heading", level: 2, text: text("papers.takeHome.whatNow") } as const,
            { type: "paragraph", text: plain(text(`papers.takeHome.${meeting.explains}`)) } as const,
          ]),
      ...(phones.length === 0
        ? []
        : [
            { type: "heading", level: 2, text: text("papers.takeHome.questions") } as const,
            { type: "facts", arrangement: "columns", facts: phones.map(({ label, number }) => ({ label, value: bold(number) })) } as const,
          ]),
      { type: "heading", level: 2, text: text("papers.takeHome.ownNotes") },
      { type: "writingLines", count: writingLines },
      { type: "paragraph", text: plain(text("papers.takeHome.yours")), isQuiet: true },
    ],
    footer: "",
    pageLabel: (page, pages) => text("papers.page", { page, pages }),
    textSize: "large",
  };
}

/** At the school, or with it and somewhere else. */
function whereWords({ meeting, school, place }: TakeHome, { text }: LanguageWords): string {
  if (place.trim() === school) return text("papers.takeHome.atSchool", { meeting, school });
  return place.trim() === "" ? text("papers.takeHome.withSchool", { meeting, school }) : text("papers.takeHome.elsewhere", { meeting, school, place: place.trim() });
}

function nextMeetingNotice({ next, nextInterpreter }: TakeHome, { text, format }: LanguageWords): PaperBlock {
  const label = text("papers.nextMeeting");
  if ("reason" in next) {
    const lead = text(next.reason === "lastMeeting" ? "papers.takeHome.noMore" : "papers.takeHome.noDateYet");
    return { type: "notice", label, lead, text: next.reason === "lastMeeting" ? "" : text(`papers.takeHome.noNext.${next.reason}`) };
  }
  const date = capitalise(format.date(next.date));
  const lead = next.from === null ? date : text("papers.dateAndTime", { date, time: format.time(next.from) });
  const place = next.place === "" ? [] : [`${next.place}.`];
  const interpreter = nextInterpreter === null ? [] : [text("papers.takeHome.bookInterpreter", { language: nextInterpreter })];
  return { type: "notice", label, lead, text: [...place, ...interpreter].join(" ") };
}
