import { useNavigate } from "@solidjs/router";
import type * as Y from "yjs";
import type { FollowUpAnswer, NotYetReason } from "../../content/choices.ts";
import type { RoutineId, SchoolClock, SkipReason } from "../../content/routines.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { small } from "../consultations/create-next-steps.ts";
import { newReference } from "../references.ts";
import { readSettings } from "../space/document.ts";
import { schoolOfLabel } from "../space/invite-rules.ts";
import { useShell } from "../space/shell.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createRunWords } from "./create-run-words.ts";
import {
  answerClock,
  enterRunFacts,
  giveClockReason,
  handOverRun,
  markStepDone,
  putStepOff,
  readRoutineRuns,
  type RunFacts,
  skipStep,
  startRoutineRun,
  takeBackHandover,
  takeBackRoutineRun,
  undoClock,
  undoStep,
} from "./document.ts";
import { currentLeg, isSettled, newLegId, newRunId, type RunStep, stepsOf, writerOf } from "./rules.ts";
import type { RunHere } from "./runs-context.tsx";
import type { ClockAnswer } from "./schema.ts";
import type { Template } from "./template-rules.ts";

export function runPath(schoolId: string, runId: string): string {
  return `/forlop/${schoolId}/${runId}`;
}

/** What a person can do to a run: each is saved at once, and what can be undone offers it. All give whether it is on disk. */
export type RunActions = {
  /** Begins a run and goes to it. */
  start(school: SchoolHandle, template: Template, facts: RunFacts): Promise<boolean>;
  answer(here: RunHere, clock: SchoolClock, answer: FollowUpAnswer): Promise<boolean>;
  giveReason(here: RunHere, clock: SchoolClock, reason: NonNullable<ClockAnswer["reason"]>): Promise<boolean>;
  /** Another day on which what was answered with a yes happened. */
  moveAnswer(here: RunHere, clock: SchoolClock, on: IsoDate): Promise<boolean>;
  done(here: RunHere, step: RunStep): Promise<boolean>;
  /** Another day on which it was done. */
  moveStep(here: RunHere, step: RunStep, on: IsoDate): Promise<boolean>;
  skip(here: RunHere, step: RunStep, reason: SkipReason): Promise<boolean>;
  putOff(here: RunHere, step: RunStep): Promise<boolean>;
  /** Why it was put off or left out, said afterwards: undo still takes back the whole of it. */
  explain(here: RunHere, step: RunStep, reason: { notYet: NotYetReason } | { skipped: SkipReason }): Promise<boolean>;
  /** Back to open. */
  reopen(here: RunHere, step: RunStep): Promise<boolean>;
  /** What the review came to also says that the review has been. */
  enter(here: RunHere, facts: RunFacts): Promise<boolean>;
  handOver(here: RunHere, to: RoutineId, template: Template): Promise<boolean>;
};

export function createRunActions(): RunActions {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const words = createRunWords();
  const { newId } = engine;
  const by = () => writerOf(workspace.role());
  const workingDays = () => {
    const shelf = workspace.shelfIndex();
    // Until the shelf is open, «ikke ennå» comes back on the next working day.
    return shelf === undefined ? 1 : readSettings(shelf).followUpWorkingDays;
  };
  const edit = ({ room }: Pick<RunHere, "room">, change: (index: Y.Doc) => void) =>
    engine.run(() => room.edit([indexDocId], (index) => index && change(index)));
  const offer = (here: RunHere, message: string, undo: (index: Y.Doc) => void) =>
    shell.undo.offer({ message: text("routines.run.toast", { reference: here.shown, what: message }), undo: () => void edit(here, undo) });
  const day = (date: IsoDate) => format.date(date, "day");

  const setStep = async (here: RunHere, step: RunStep, message: string, change: (index: Y.Doc) => void) => {
    const { id, results } = here.run;
    const before = results[step.key] ?? null;
    if (!(await edit(here, change))) return false;
    offer(here, message, (index) => undoStep(index, id, step.key, before));
    return true;
  };
  const answer: RunActions["answer"] = async (here, clock, value) => {
    const { run } = here;
    const at = engine.moment();
    if (!(await edit(here, (index) => answerClock(index, run.id, clock, { answer: value }, at, workingDays())))) return false;
    offer(here, text(`routines.clockToast.${value === "yes" ? clock : value}`, { date: day(dateOf(at)) }), (index) => undoClock(index, run, clock));
    return true;
  };

  return {
    async start(school, template, facts) {
      const room = school.schoolRoom;
      const id = newRunId(newId);
      const leg = newLegId(newId);
      const saved = await engine.run(async () => {
        if (room === undefined) throw new Error("runs are begun by those who have the school's room");
        const rooms = engine.rooms().filter(({ kind, label }) => kind === "school" && schoolOfLabel(label) === school.schoolId);
        const indexes = await Promise.all(rooms.map((one) => one.open(indexDocId)));
        const used = indexes.flatMap((index) => readRoutineRuns(index).records.map(({ reference }) => reference));
        const reference = newReference("routineRun", () => new DataView(engine.random(4).buffer).getUint32(0) / 2 ** 32, used);
        await room.edit([indexDocId], (index) => {
          if (index === undefined) return;
          startRoutineRun(index, { id, reference }, template, { leg, by: by(), now: engine.moment() });
          enterRunFacts(index, id, facts);
        });
      });
      if (!saved || room === undefined) return false;
      const path = runPath(school.schoolId, id);
      navigate(path, { replace: true });
      shell.undo.offer({
        message: text("routines.run.started", { routine: text(`routines.name.${template.routine}`) }),
        undo: () => {
          if (location.pathname === path) navigate(-1);
          void edit({ room }, (index) => takeBackRoutineRun(index, id));
        },
      });
      return true;
    },
    answer,
    giveReason: (here, clock, reason) => edit(here, (index) => giveClockReason(index, here.run.id, clock, reason)),
    async moveAnswer(here, clock, on) {
      const { run } = here;
      if (!(await edit(here, (index) => answerClock(index, run.id, clock, { answer: "yes", on }, engine.moment(), workingDays())))) return false;
      offer(here, text(`routines.clockToast.${clock}`, { date: day(on) }), (index) => undoClock(index, run, clock));
      return true;
    },
    done(here, step) {
      // The school's report is one thing, whether it is told of as a step or as a clock.
      if (step.step.legalDeadline === "dutyToReport") return answer(here, "reportSent", "yes");
      const on = dateOf(engine.moment());
      const message = text("routines.run.stepDone", { step: words.title(step.step), date: day(on) });
      return setStep(here, step, message, (index) => markStepDone(index, here.run.id, step.key, on, by()));
    },
    moveStep(here, step, on) {
      if (step.step.legalDeadline === "dutyToReport" && step.result?.by === null) return this.moveAnswer(here, "reportSent", on);
      const message = text("routines.run.stepDone", { step: words.title(step.step), date: day(on) });
      return setStep(here, step, message, (index) => markStepDone(index, here.run.id, step.key, on, by()));
    },
    skip(here, step, reason) {
      const message = text("routines.run.stepSkipped", { step: words.title(step.step), reason: small(text(`routines.skipReason.${reason}`)) });
      return setStep(here, step, message, (index) => skipStep(index, here.run.id, step.key, reason, dateOf(engine.moment()), by()));
    },
    putOff(here, step) {
      return setStep(here, step, text("routines.run.stepNotYet", { step: words.title(step.step) }), (index) =>
        putStepOff(index, here.run.id, step.key, { on: dateOf(engine.moment()), by: by() }, workingDays()),
      );
    },
    explain(here, step, reason) {
      const on = step.result?.on ?? dateOf(engine.moment());
      return edit(here, (index) => {
        if ("notYet" in reason) putStepOff(index, here.run.id, step.key, { on, by: by(), reason: reason.notYet }, workingDays());
        else skipStep(index, here.run.id, step.key, reason.skipped, on, by());
      });
    },
    reopen(here, step) {
      return setStep(here, step, text("routines.run.stepOpen", { step: words.title(step.step) }), (index) => undoStep(index, here.run.id, step.key));
    },
    async enter(here, facts) {
      const { run } = here;
      const before: Record<string, unknown> = {};
      for (const field of Object.keys(facts) as (keyof RunFacts)[]) before[field] = run[field];
      const reviewed = facts.screeningOutcome === undefined ? [] : stepsOf(run).filter(({ step, result, isLeft }) => step.legalDeadline === "reportScreening" && !isLeft && !isSettled(result));
      const told = facts.contactPerson === undefined ? [] : stepsOf(run).filter(({ step, result, isLeft }) => step.id === "contactPersonKnown" && !isLeft && !isSettled(result));
      const on = dateOf(engine.moment());
      const saved = await edit(here, (index) => {
        enterRunFacts(index, run.id, facts);
        for (const { key } of [...reviewed, ...told]) markStepDone(index, run.id, key, on, by());
      });
      if (!saved) return false;
      offer(here, text("routines.run.factsSaved"), (index) => {
        enterRunFacts(index, run.id, before);
        for (const { key } of [...reviewed, ...told]) undoStep(index, run.id, key, run.results[key] ?? null);
      });
      return true;
    },
    async handOver(here, to, template) {
      const leg = newLegId(newId);
      const from = currentLeg(here.run);
      if (from === null || !(await edit(here, (index) => handOverRun(index, here.run.id, template, { leg, by: by(), now: engine.moment() })))) return false;
      offer(here, text("routines.run.handedOver", { routine: text(`routines.name.${to}`) }), (index) => takeBackHandover(index, here.run.id, leg));
      return true;
    },
  };
}
