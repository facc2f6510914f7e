import { documentKinds } from "../../engine/log/rights.ts";
import { capitalise } from "../../i18n/format.ts";
import type { TextKey } from "../../i18n/translate.ts";
import { dateOf, momentOf, timeOf } from "../../lib/iso-date.ts";
import { type Paper, type PaperBlock, type PaperText, plain } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { codeLabel } from "../cases/rules.ts";
import { CaseCode } from "../cases/schema.ts";
import type { WrittenValue } from "./unsent-document.ts";

/** A saving that never reached anybody. Times are in ms; `values` is null where it cannot be read. */
export type UnsentSaving = { authoredAt: number; documents: readonly { docId: string; values: readonly WrittenValue[] | null }[] };

/** Where the words of a choice stand, by the name of the field that has it. */
const choices = {
  role: "role",
  gradeBand: "gradeBand",
  themes: "theme",
  duration: "duration",
  violence: "violence",
  parentsInformed: "parentsInformed",
  interpreter: "interpreter",
  tried: "tried",
  dutyToReport: "duty",
  advice: "advice",
  nextSteps: "nextStep",
  nextStep: "nextStep",
  whoDecides: "decider",
  wishes: "wish",
  urgency: "urgency",
  postponeReason: "postponeReason",
  arrangement: "arrangement",
} as const;

/** Questions whose own words stand beside the answer. */
const questions = ["role", "gradeBand", "themes", "duration", "violence", "parentsInformed", "interpreter", "tried", "dutyToReport", "advice", "nextSteps", "note"] as const;

/** Everything that was never sent, saving by saving, for who has lost the room: to be read, printed or saved. */
export function unsentPaper(place: string, savings: readonly UnsentSaving[], madeOn: string, words: LanguageWords): Paper {
  const { text, format, language } = words;
  const blocks = savings.flatMap(({ authoredAt, documents }): PaperBlock[] => {
    const moment = momentOf(new Date(authoredAt));
    const written = text("people.left.writtenAt", { date: format.date(dateOf(moment), "dayYear"), time: format.time(timeOf(moment)) });
    return [
      { type: "heading", level: 2, text: written },
      // What was opened is nothing that anybody wrote.
      ...documents.filter(({ docId }) => !docId.startsWith(documentKinds.access)).flatMap(({ docId, values }): PaperBlock[] => [
        { type: "heading", level: 3, text: documentName(docId, words) },
        values === null ? { type: "paragraph", text: plain(text("people.left.unreadable")), isQuiet: true } : { type: "list", items: linesOf(values, words) },
      ]),
    ];
  });
  return {
    language,
    title: text("people.left.paperTitle", { place }),
    under: [],
    blocks,
    footer: format.date(madeOn, "dayYear"),
    pageLabel: (page, pages) => text("papers.page", { page, pages }),
    textSize: "normal",
  };
}

function documentName(docId: string, { text }: LanguageWords): string {
  const kind = (["case", "meeting"] as const).find((one) => docId.startsWith(documentKinds[one])) ?? "index";
  return text(`people.left.document.${kind}`);
}

function linesOf(values: readonly WrittenValue[], words: LanguageWords): PaperText[] {
  const codes = Array.from(Map.groupBy(values.filter(({ root }) => root === "cases"), ({ record }) => record).values(), codeIn);
  const told = values.filter(({ root }) => root !== "cases").flatMap((value) => lineOf(value, words));
  return Array.from(new Set([...codes.filter((code) => code !== ""), ...told]), plain);
}

/** «Blå rev 17» */
function codeIn(values: readonly WrittenValue[]): string {
  const code = CaseCode.safeParse(Object.fromEntries(values.map(({ field, value }) => [field, value])));
  return code.success ? codeLabel(code.data) : "";
}

/** A value with its question, in words. Ids, marks of time and switches say nothing to who wrote it. */
function lineOf({ field, value }: WrittenValue, words: LanguageWords): string[] {
  const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => (typeof one === "string" || typeof one === "number" ? wordsOf(field, one, words) : []));
  if (parts.length === 0) return [];
  const question = questions.find((one) => one === field);
  const said = parts.join("; ");
  if (question === undefined) return [said];
  const asked = words.text(`consultations.question.${question}`);
  return [asked.endsWith("?") ? `${asked} ${said}` : `${asked}: ${said}`];
}

function wordsOf(field: string | null, value: string | number, { text, format }: LanguageWords): string[] {
  if (typeof value === "number") return [format.number(value)];
  if (value.trim() === "" || /^[0-9a-f]{32}/.test(value) || /^\d{4}-\d{2}-\d{2}T/.test(value)) return [];
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return [format.date(value, "dayYear")];
  if (/^\d{2}:\d{2}$/.test(value)) return [format.time(value)];
  if (field === null || !(field in choices)) return [value];
  const key = `content.${choices[field as keyof typeof choices]}.${value}`;
  // A key that there is no text for comes back as it is.
  const found = text(key as Extract<TextKey, `content.role.${string}`>);
  return [found === key ? value : capitalise(found)];
}
