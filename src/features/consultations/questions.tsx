import { createMemo, For, type JSX, Match, Switch } from "solid-js";
import {
  type Advice,
  deciders,
  durations,
  type DutyAnswer,
  gradeBands,
  interpreterAnswers,
  parentsInformedAnswers,
  staffRoles,
  themeGroups,
  violenceAnswers,
} from "../../content/choices.ts";
import { ChoiceChips, MultiChips, QuestionPair } from "../../ui/chip-group.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { NextStep } from "../space/rules.ts";
import { createNextSteps } from "./create-next-steps.ts";
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
  dutyOptions,
  type FormView,
  nextStepOptions,
  type QuestionId,
  triedOptions,
} from "./rules.ts";
import type { ConsultationDraft } from "./schema.ts";

export type QuestionsProps = {
  view: FormView;
  draft: ConsultationDraft;
  steps: readonly NextStep[];
  onChange: (draft: ConsultationDraft) => void;
  /** Under the violence question while the answer is «Usikker». */
  guardCard: JSX.Element;
  note: JSX.Element;
};

type QuestionProps = Omit<QuestionsProps, "view" | "guardCard" | "note"> & {
  /** The light stands at this one. */
  next: boolean;
  framed: boolean;
};

/** The questions in their order. Each keeps its place and its focus for as long as it is asked. */
export function Questions(props: QuestionsProps): JSX.Element {
  // Ids, not objects: what is drawn for a question stays while the answers change.
  const ids = createMemo(() => props.view.questions.map(({ id }) => id).filter((id) => id !== "interpreter"));
  const nextId = createMemo(() => props.view.questions.find(({ next }) => next)?.id);
  return (
    <div class="questions" data-framed={props.view.guard === "frame" ? "" : undefined}>
      <For each={ids()}>
        {(id) => {
          const asked: QuestionProps = {
            get draft() {
              return props.draft;
            },
            get steps() {
              return props.steps;
            },
            get next() {
              return nextId() === id;
            },
            get framed() {
              return props.view.guard === "frame";
            },
            onChange: (draft) => props.onChange(draft),
          };
          return (
            <>
              <OneQuestion id={id} asked={asked} note={props.note} />
              <Switch>
                <Match when={id === "violence" && props.view.guard === "card"}>{props.guardCard}</Match>
              </Switch>
            </>
          );
        }}
      </For>
    </div>
  );
}

function OneQuestion(props: { id: QuestionId; asked: QuestionProps; note: JSX.Element }): JSX.Element {
  switch (props.id) {
    case "role":
      return <RoleQuestion {...props.asked} />;
    case "gradeBand":
      return <GradeBandQuestion {...props.asked} />;
    case "themes":
      return <ThemesQuestion {...props.asked} />;
    case "duration":
      return <DurationQuestion {...props.asked} />;
    case "violence":
      return <ViolenceQuestion {...props.asked} />;
    case "whoDecides":
      return <WhoDecidesQuestion {...props.asked} />;
    case "parentsInformed":
    case "interpreter":
      return <ParentsQuestions {...props.asked} />;
    case "tried":
      return <TriedQuestion {...props.asked} />;
    case "dutyToReport":
      return <DutyQuestion {...props.asked} />;
    case "advice":
      return <AdviceQuestion {...props.asked} />;
    case "nextSteps":
      return <NextStepsQuestion {...props.asked} />;
    default:
      return props.note;
  }
}

function RoleQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <ChoiceChips
      legend={text("consultations.question.role")}
      columns={5}
      phoneColumns={2}
      options={staffRoles.map((value) => ({ value, label: text(`content.role.${value}`) }))}
      value={props.draft.role}
      onChange={(role) => props.onChange({ ...props.draft, role })}
      next={props.next}
    />
  );
}

function GradeBandQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <ChoiceChips
      legend={text("consultations.question.gradeBand")}
      columns={3}
      options={gradeBands.map((value) => ({ value, label: text(`content.gradeBand.${value}`) }))}
      value={props.draft.gradeBand}
      onChange={(gradeBand) => props.onChange({ ...props.draft, gradeBand })}
      next={props.next}
    />
  );
}

function ThemesQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <MultiChips
      legend={text("consultations.question.themes")}
      hint={text("common.field.chooseOneOrMore")}
      groups={themeGroups.map(({ id, themes }) => ({
        label: text(`content.themeGroup.${id}`),
        options: themes.map((value) => ({ value, label: text(`content.theme.${value}`) })),
      }))}
      values={props.draft.themes ?? []}
      onChange={(themes) => props.onChange({ ...props.draft, themes })}
      next={props.next}
    />
  );
}

function DurationQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <ChoiceChips
      legend={text("consultations.question.duration")}
      columns={4}
      phoneColumns={2}
      options={durations.map((value) => ({ value, label: text(`content.duration.${value}`) }))}
      value={props.draft.duration}
      onChange={(duration) => props.onChange({ ...props.draft, duration })}
      next={props.next}
    />
  );
}

function ViolenceQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <ChoiceChips
      legend={text("consultations.question.violence")}
      hint={props.framed ? undefined : text("consultations.question.violenceHint")}
      columns={3}
      options={violenceAnswers.map((value) => ({
        value,
        label: text(`content.violence.${value}`),
        tone: value === "yes" ? ("guard" as const) : undefined,
      }))}
      value={props.draft.violence}
      onChange={(violence) => props.onChange({ ...props.draft, violence })}
      next={props.next}
    />
  );
}

function WhoDecidesQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <ChoiceChips
      legend={text("consultations.question.whoDecides")}
      columns={4}
      phoneColumns={2}
      options={deciders.map((value) => ({ value, label: text(`content.decider.${value}`) }))}
      value={props.draft.whoDecides}
      onChange={(whoDecides) => props.onChange({ ...props.draft, whoDecides })}
      next={props.next}
    />
  );
}

function ParentsQuestions(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <QuestionPair>
      <ChoiceChips
        legend={text("consultations.question.parentsInformed")}
        columns={3}
        options={parentsInformedAnswers.map((value) => ({ value, label: text(`content.parentsInformed.${value}`) }))}
        value={props.draft.parentsInformed}
        onChange={(parentsInformed) => props.onChange({ ...props.draft, parentsInformed })}
      />
      <ChoiceChips
        legend={text("consultations.question.interpreter")}
        columns={2}
        phoneColumns={2}
        options={interpreterAnswers.map((value) => ({ value, label: text(`content.interpreter.${value}`) }))}
        value={props.draft.interpreter}
        onChange={(interpreter) => props.onChange({ ...props.draft, interpreter })}
      />
    </QuestionPair>
  );
}

function TriedQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <MultiChips
      legend={text("consultations.question.tried")}
      hint={text("common.field.optional")}
      columns="auto"
      options={triedOptions(props.draft).map((value) => ({ value, label: text(`content.tried.${value}`) }))}
      values={chosenTried(props.draft)}
      onChange={(tried) => props.onChange(chooseTried(props.draft, tried))}
    />
  );
}

function DutyQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  const label = (value: DutyAnswer) =>
    props.framed && (value === "yes" || value === "avert") ? text(`content.guardDuty.${value}`) : text(`content.duty.${value}`);
  return (
    <ChoiceChips
      legend={text(props.framed ? "consultations.question.guardDuty" : "consultations.question.dutyToReport")}
      hint={props.framed ? text("consultations.question.guardDutyHint") : undefined}
      columns={props.framed ? 2 : 4}
      phoneColumns={2}
      required={props.framed}
      options={dutyOptions(props.draft).map((value) => ({ value, label: label(value) }))}
      value={chosenDuty(props.draft)}
      onChange={(duty) => props.onChange(chooseDuty(props.draft, duty))}
      next={props.next}
    />
  );
}

function AdviceQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  return (
    <MultiChips<Advice>
      legend={text("consultations.question.advice")}
      hint={text("common.field.optional")}
      columns={3}
      options={adviceOptions(props.draft).map((value) => ({ value, label: text(`content.advice.${value}`) }))}
      values={chosenAdvice(props.draft)}
      onChange={(advice) => props.onChange(chooseAdvice(props.draft, advice))}
    />
  );
}

function NextStepsQuestion(props: QuestionProps): JSX.Element {
  const { text } = useText();
  const { label } = createNextSteps();
  // Ids, compared: the chips stay, with their focus, while one after the other is chosen.
  const offered = createMemo(() => nextStepOptions(props.draft, props.steps).map(({ id }) => id), [], {
    equals: (before, now) => before.join() === now.join(),
  });
  return (
    <MultiChips
      legend={text("consultations.question.nextSteps")}
      columns={3}
      options={offered().map((id) => ({ value: id, label: label(id) }))}
      values={chosenNextSteps(props.draft, props.steps)}
      onChange={(chosen) => props.onChange(chooseNextSteps(props.draft, chosen, props.steps))}
      next={props.next}
    />
  );
}
