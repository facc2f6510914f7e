import { capitalise } from "../../i18n/format.ts";
import type { Translator } from "../../i18n/translate.ts";
import type { IsoDate, TimeOfDay } from "../../lib/iso-date.ts";
import { type Paper, type PaperBlock, type PaperFact, type PaperText, plain } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { MinutesLine } from "./minutes-content-schema.ts";

/** A meeting's minutes as they are to be read: roles, types and reasons as words, dates as data. */
export type Minutes = {
  readonly meeting: string;
  readonly reference: string;
  readonly school: string;
  readonly date: IsoDate;
  readonly from: TimeOfDay;
  readonly to: TimeOfDay | null;
  readonly place: string;
  readonly purpose: string;
  readonly chair: string;
  readonly minuteTaker: string;
  readonly present: readonly string[];
  readonly absent: readonly string[];
  /** The language; null without an interpreter. */
  readonly interpreter: string | null;
  readonly items: readonly { readonly title: string; readonly lines: readonly MinutesLine[]; readonly decisions: readonly string[] }[];
  readonly actions: readonly AgreedAction[];
  readonly next: NextMeetingWords;
  /** `code` is a short check of the content: see `controlCode`. */
  readonly approved: { readonly on: IsoDate; readonly by: string; readonly code: string } | null;
  readonly corrections: readonly { readonly on: IsoDate; readonly by: string; readonly what: string; readonly why: string }[];
  readonly printedOn: IsoDate;
  /** Violence or abuse is suspected now, though the minutes may have been written before anybody did. */
  readonly notForParents: boolean;
};

/** @property due null when nothing was agreed */
export type AgreedAction = { readonly what: string; readonly who: string; readonly due: { readonly on: IsoDate } | "nextMeeting" | null };
export type NextMeetingWords = { readonly date: IsoDate; readonly from: TimeOfDay | null; readonly place: string } | { readonly reason: string };

/** The minutes to be filed in the case system or the school's archive: complete, and marked as a draft until they are approved. */
export function minutesPaper(minutes: Minutes, words: LanguageWords): Paper {
  const { text, format, language } = words;
  const { meeting, approved } = minutes;
  const fact = (label: string, value: string): PaperFact[] => (value.trim() === "" ? [] : [{ label, value: plain(value) }]);
  return {
    language,
    title: text("papers.minutes.title", { meeting }),
    under:
      approved === null
        ? []
        : [text("papers.minutes.approved", { date: format.date(approved.on, "dayYear"), by: approved.by }), text("papers.minutes.controlCode", { code: approved.code })],
    blocks: [
      ...(minutes.notForParents ? [notForParents(text)] : []),
      ...(approved === null
        ? [{ type: "notice", label: text("papers.minutes.draft"), lead: text("papers.minutes.notApproved"), text: "" } as const]
        : []),
      {
        type: "facts",
        arrangement: "rows",
        facts: [
          ...fact(text("papers.minutes.date"), capitalise(format.date(minutes.date, "weekdayYear"))),
          ...fact(text("papers.minutes.time"), minutes.to === null ? format.time(minutes.from) : format.timeRange(minutes.from, minutes.to)),
          ...fact(text("papers.minutes.place"), minutes.place),
          ...fact(text("papers.minutes.purpose"), minutes.purpose),
          ...fact(text("papers.minutes.chair"), minutes.chair),
          ...fact(text("papers.minutes.minuteTaker"), minutes.minuteTaker),
          ...fact(text("papers.minutes.present"), format.list(minutes.present)),
          ...fact(text("papers.minutes.absent"), format.list(minutes.absent)),
          ...fact(text("papers.minutes.interpreter"), minutes.interpreter ?? ""),
        ],
      },
      ...minutes.items.flatMap(({ title, lines, decisions }, index): PaperBlock[] => [
        { type: "heading", level: 2, text: text("papers.minutes.item", { number: index + 1, title }) },
        ...(lines.length === 0 && decisions.length === 0
          ? [{ type: "paragraph", text: plain(text("papers.minutes.nothingNoted")), isQuiet: true } as const]
          : lineBlocks(lines)),
        ...decisions.map((decision) => ({
          type: "paragraph" as const,
          text: [{ text: text("papers.minutes.decision"), isBold: true }, { text: ` ${decision}` }],
        })),
      ]),
      { type: "heading", level: 2, text: text("papers.minutes.actions") },
      minutes.actions.length === 0
        ? { type: "paragraph", text: plain(text("papers.minutes.noActions")), isQuiet: true }
        : actionTable(minutes.actions, "dayYear", words),
      { type: "heading", level: 2, text: text("papers.nextMeeting") },
      { type: "paragraph", text: plain(nextMeetingLine(minutes.next, words)) },
      ...correctionBlocks(minutes.corrections, words),
    ],
    footer: text("papers.minutes.footer", { reference: minutes.reference, school: minutes.school, date: format.date(minutes.printedOn, "dayYear") }),
    pageLabel: (page, pages) => text("papers.page", { page, pages }),
    textSize: "normal",
  };
}

/** What a paper begins with where violence or abuse is suspected: it must not reach the home. */
export function notForParents(text: Translator["text"]): PaperBlock {
  return { type: "notice", label: text("content.ownProcedure"), lead: text("papers.notForParents.lead"), text: text("papers.notForParents.text") };
}

export function dueWords(due: AgreedAction["due"], dateStyle: "day" | "dayYear", { text, format }: Pick<LanguageWords, "text" | "format">): string {
  if (due === null) return text("papers.noDate");
  return due === "nextMeeting" ? text("papers.atNextMeeting") : format.date(due.on, dateStyle);
}

/** What, who and when; every deadline bold, for it is what people look for. */
export function actionTable(actions: readonly AgreedAction[], dateStyle: "day" | "dayYear", words: LanguageWords): PaperBlock {
  const { text } = words;
  return {
    type: "table",
    columns: [
      { title: text("papers.what"), share: 56 },
      { title: text("papers.who"), share: 20 },
      { title: text("papers.when"), share: 24 },
    ],
    rows: actions.map(({ what, who, due }) => [plain(what), plain(who), [{ text: dueWords(due, dateStyle, words), isBold: due !== null }]]),
  };
}

/** Neighbouring items are one list. */
function lineBlocks(lines: readonly MinutesLine[]): PaperBlock[] {
  const blocks: PaperBlock[] = [];
  let items: PaperText[] | null = null;
  for (const { kind, text } of lines) {
    if (kind === "item") {
      if (items === null) {
        items = [];
        blocks.push({ type: "list", items });
      }
      items.push(text);
      continue;
    }
    items = null;
    if (kind === "heading") blocks.push({ type: "heading", level: 3, text: text.map((run) => run.text).join("") });
    else if (text.some((run) => run.text.trim() !== "")) blocks.push({ type: "paragraph", text });
  }
  return blocks;
}

export function nextMeetingLine(next: NextMeetingWords, { text, format }: Pick<LanguageWords, "text" | "format">): string {
  if ("reason" in next) return text("papers.minutes.noNextMeeting", { reason: next.reason });
  const date = capitalise(format.date(next.date, "weekdayYear"));
  const when = next.from === null ? date : text("papers.dateAndTime", { date, time: format.time(next.from) });
  return next.place === "" ? when : `${when}, ${next.place}`;
}

function correctionBlocks(corrections: Minutes["corrections"], { text, format }: LanguageWords): PaperBlock[] {
  if (corrections.length === 0) return [];
  const items = corrections.map(({ on, by, what, why }): PaperText => [
    { text: text("papers.minutes.correction", { date: format.date(on, "dayYear"), by }), isBold: true },
    { text: ` ${what}\n${text("papers.minutes.correctionWhy", { why })}` },
  ]);
  return [{ type: "heading", level: 2, text: text("papers.minutes.corrections") }, { type: "list", items }];
}
