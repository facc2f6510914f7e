import { schoolClocks, type SchoolClock } from "../../content/routines.ts";
import type { Paper, PaperBlock, PaperFact } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { inSentence } from "../meetings/invitation-text.ts";
import type { MeetingState } from "../meetings/rules.ts";
import type { Meeting } from "../meetings/schema.ts";
import { stepKeyOf } from "../routines/rules.ts";
import type { ClockAnswer, OwnDeadline, RoutineRun, RoutineStep, RunLeg, StepKey, StepResult, TemplateVersion } from "../routines/schema.ts";
import { isShippedStep } from "../routines/template-rules.ts";
import { type ToldWords, toldWords } from "./told-words.ts";
import { type DisclosureFrame, disclosurePaper, factBlock, heading, quiet } from "./disclosure-paper.ts";
import { fact, factsOf, linesOf, type ToldFields } from "./told-fields.ts";

/** Everything of one run that this device can read. */
export type RunHeld = DisclosureFrame & {
  readonly run: RoutineRun;
  /** A version of its routine, in words. */
  readonly version: (version: TemplateVersion) => string;
  /** Its meetings in order, each with its reference as it is shown. What is held of a meeting is under that reference. */
  readonly meetings: readonly { readonly reference: string; readonly meeting: Pick<Meeting, "type" | "date" | "from">; readonly state: MeetingState | "deleted" }[];
};

/** The words of a step, one's own or ours. */
export function stepTitle({ id, title }: Pick<RoutineStep, "id" | "title">, { text }: Pick<LanguageWords, "text">): string {
  return title ?? (isShippedStep(id) ? text(`routines.step.${id}`) : text("routines.notInRoutine"));
}

/** The paper of a routine run: the routines it has followed, every step and what became of it, the days that were entered, the school's three questions and its meetings. */
export function runDisclosure(held: RunHeld, languageWords: LanguageWords): Paper {
  const words = toldWords(languageWords);
  const { text, at } = words;
  const { run, meetings } = held;
  const told = runFields(held, words);
  const inLegs = new Set<string>(run.legs.flatMap(({ routine, steps }) => steps.map((step) => stepKeyOf(routine, step))));
  const lost = (Object.keys(run.results) as StepKey[]).filter((key) => !inLegs.has(key));
  const resultFacts = (result: StepResult | undefined) => (result === undefined ? [] : fact(text("disclosure.run.result"), linesOf(toldResult(result, words))));
  const answers = schoolClocks.flatMap((clock) => {
    const answer = run.answers[clock];
    return answer === undefined ? [] : fact(text(`routines.clock.${clock}`), linesOf(toldAnswer(clock, answer, words)));
  });
  const content: PaperBlock[] = [
    heading(text("disclosure.run.heading")),
    ...factBlock(factsOf(run, told.run)),
    ...run.legs.flatMap((leg): PaperBlock[] => [
      heading(text(`routines.name.${leg.routine}`)),
      ...factBlock(factsOf(leg, told.leg)),
      ...leg.steps.flatMap((step) => [
        heading(stepTitle(step, words), 3),
        ...factBlock([...factsOf(step, told.step), ...resultFacts(run.results[stepKeyOf(leg.routine, step)])]),
      ]),
    ]),
    ...(lost.length === 0 ? [] : [heading(text("disclosure.run.otherSteps")), ...factBlock(lost.flatMap((key) => resultFacts(run.results[key])))]),
    heading(text("routines.run.clocks")),
    ...(answers.length === 0 ? [quiet(text("disclosure.none"))] : factBlock(answers)),
    heading(text("disclosure.run.meetings")),
    ...(meetings.length === 0
      ? [quiet(text("disclosure.none"))]
      : [
          ...factBlock(
            meetings.flatMap(({ reference, meeting, state }) =>
              fact(reference, [text(`meetings.type.${meeting.type}`), at(`${meeting.date}T${meeting.from}:00`), inSentence(state === "deleted" ? text("disclosure.deleted") : text(`meetings.state.${state}`))].join(", ")),
            ),
          ),
          quiet(text("disclosure.run.meetingsOwn")),
        ]),
  ];
  return disclosurePaper("run", held, content, words);
}

function toldResult(result: StepResult, { text, day }: ToldWords): PaperFact[] {
  const answer = ({ done: "yes", skipped: "noLongerRelevant", notYet: "notYet" } as const)[result.state];
  const reason =
    result.state === "skipped" ? text(`routines.skipReason.${result.reason}`) : result.state === "notYet" && result.reason !== undefined ? text(`content.notYetReason.${result.reason}`) : "";
  return [
    ...fact(text("disclosure.answer"), text(`routines.stepAnswer.${answer}`)),
    ...fact(text("disclosure.run.on"), day(result.on)),
    ...fact(text("disclosure.run.by"), text(`meetings.role.${result.by}`)),
    ...fact(text("disclosure.reason"), reason),
    ...fact(text("disclosure.askAgainOn"), result.state === "notYet" ? day(result.askAgainOn) : ""),
  ];
}

function toldAnswer(clock: SchoolClock, answer: ClockAnswer, { text, day, answered }: ToldWords): PaperFact[] {
  const { on } = answer;
  return [
    ...fact(text("disclosure.answer"), answer.answer === "yes" ? text(`routines.clockDone.${clock}`) : text(`content.followUp.${answer.answer}`)),
    ...fact(text("disclosure.run.happenedOn"), on === undefined ? "" : day(on)),
    ...answered(answer),
  ];
}

function runFields({ version }: RunHeld, words: ToldWords) {
  const { text, format, day, at, yesNo } = words;
  const run: ToldFields<RoutineRun> = {
    id: "identity",
    reference: "elsewhere",
    legs: "elsewhere",
    results: "elsewhere",
    answers: "elsewhere",
    suspectedIn: "elsewhere",
    startedAt: { label: text("disclosure.run.startedAt"), value: at },
    sentOn: { label: text("routines.fact.sentOn"), value: day },
    receivedOn: { label: text("routines.fact.receivedOn"), value: day },
    screeningOutcome: { label: text("routines.fact.screeningOutcome"), value: (outcome) => text(`routines.screeningOutcome.${outcome}`) },
    closedOn: { label: text("routines.fact.closedOn"), value: day },
    isSpecialCase: { label: text("routines.fact.isSpecialCase"), value: yesNo },
    contactPerson: { label: text("disclosure.run.contactPerson"), value: (name) => name },
  };
  const leg: ToldFields<RunLeg> = {
    id: "identity",
    routine: "elsewhere",
    steps: "elsewhere",
    startedAt: { label: text("disclosure.run.legStartedAt"), value: at },
    startedBy: { label: text("disclosure.run.by"), value: (by) => text(`meetings.role.${by}`) },
    template: { label: text("routines.version.heading"), value: version },
  };
  const step: ToldFields<RoutineStep> = {
    id: "elsewhere",
    title: "elsewhere",
    note: { label: text("routines.template.note"), value: (note) => note },
    who: { label: text("routines.template.who"), value: (who) => format.list(who.map((actor, index) => (index === 0 ? text(`routines.actor.${actor}`) : inSentence(text(`routines.actor.${actor}`))))) },
    meeting: { label: text("disclosure.run.stepMeeting"), value: (meeting) => text(`routines.meeting.${meeting}`) },
    legalDeadline: { label: text("routines.template.deadlineLegal"), value: (deadline) => text(`routines.deadline.${deadline}`) },
    ownDeadline: { label: text("routines.template.deadlineOwn"), value: (own) => ownDeadlineWords(own, words) },
    involvesParents: { label: text("routines.template.involvesParents"), value: yesNo },
  };
  return { run, leg, step };
}

function ownDeadlineWords({ length, unit, countsFrom }: OwnDeadline, { text, plural }: ToldWords): string {
  const long = plural(length, `routines.template.unitOne.${unit}`, `routines.template.unitMany.${unit}`);
  return text("disclosure.run.ownDeadline", { length: long, from: text(`routines.template.from.${countsFrom}`) });
}
