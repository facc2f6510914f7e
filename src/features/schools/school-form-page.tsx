import { useNavigate, useParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import * as z from "zod/mini";
import { arenas, arrangements, rhythms, visitWeekdays } from "../../content/choices.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { capitalise } from "../../i18n/format.ts";
import { schoolYearRange } from "../../lib/school-year.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips, Question } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DateField, TextField, TimeField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { SchoolId } from "../ids.ts";
import { changeSchool, writeSchoolHead } from "../space/document.ts";
import { Page } from "../space/page.tsx";
import { longestSchoolName, proposedStart, schoolHeadOf, schoolProblems } from "../space/rules.ts";
import type { School } from "../space/schema.ts";
import { createFormChanges } from "../space/settings-changes.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { planVisits } from "../visits/document.ts";
import { rhythmDates } from "../visits/rules.ts";
import { createHolidays, createSchoolFacts, createSchoolsKnown } from "./create-school.ts";

/** Everything of a school that this form asks for; a text that is empty is not set. */
const SchoolFields = z.object({
  name: z.string(),
  arrangement: z.enum(arrangements),
  arena: z.union([z.enum(arenas), z.literal("")]),
  rhythm: z.enum(rhythms),
  weekday: z.literal(visitWeekdays),
  from: z.string(),
  to: z.string(),
  startsOn: z.string(),
  contactName: z.string(),
  contactPhone: z.string(),
  reportsTo: z.string(),
  reportsToPhone: z.string(),
  registersConsultations: z.boolean(),
});
type SchoolFields = z.infer<typeof SchoolFields>;
const StoredChanges = z.partial(SchoolFields);

/** A new school, or the change of one. Works offline. */
export function SchoolFormPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId?: string }>();
  const workspace = useWorkspace();
  const known = createSchoolsKnown();
  const handle = createMemo(() => (params.schoolId === undefined ? undefined : workspace.school(params.schoolId)));
  const { full } = createSchoolFacts(handle);
  const isConsultant = () => workspace.role() === "consultant";
  return (
    <Switch>
      <Match when={isConsultant() && params.schoolId === undefined && workspace.serviceIndex() !== undefined}>
        <SchoolForm />
      </Match>
      <Match when={isConsultant() && handle() !== undefined && full()}>
        {(school) => <SchoolForm school={school()} handle={handle()} />}
      </Match>
      <Match when={known()}>
        <Page focus back={{ label: text("common.nav.schools"), href: "/skoler" }}>
          <PageTitle title={text("schools.title")} />
          <EmptyState text={text("schools.notFound")} />
        </Page>
      </Match>
    </Switch>
  );
}

function SchoolForm(props: { school?: School | undefined; handle?: SchoolHandle | undefined }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const holidays = createHolidays();
  const [tried, setTried] = createSignal(false);
  const [saving, setSaving] = createSignal(false);
  let element: HTMLFormElement | undefined;

  const beginning = createMemo(
    (): SchoolFields =>
      props.school === undefined
        ? {
            name: "",
            arrangement: "openDoorSignUp",
            arena: "",
            rhythm: "everyThirdWeek",
            weekday: 4,
            from: "13:30",
            to: "15:30",
            startsOn: proposedStart(engine.today(), holidays()),
            contactName: "",
            contactPhone: "",
            reportsTo: "",
            reportsToPhone: "",
            registersConsultations: true,
          }
        : fieldsOf(props.school),
  );
  const form = createFormChanges<SchoolFields>(`school/${props.school?.id ?? "new"}`, beginning, (stored) => {
    const parsed = StoredChanges.safeParse(stored);
    return parsed.success ? (parsed.data as Partial<SchoolFields>) : null;
  });
  const { field, change } = form;

  const problems = createMemo(() => schoolProblems({ name: field("name"), from: field("from"), to: field("to") }));
  const nameError = () => {
    const problem = problems().find(({ field }) => field === "name");
    if (problem?.type === "tooLong") return text("schools.form.nameTooLong", { count: problem.by, length: longestSchoolName });
    return tried() && problem !== undefined ? text("schools.form.nameMissing") : undefined;
  };
  const windowError = () => (problems().some((problem) => problem.field === "to") ? text("schools.form.windowTooShort") : undefined);
  const startError = () => (tried() && field("startsOn") === "" ? text("schools.form.startsOnMissing") : undefined);
  const year = () => format.schoolYear(workspace.schoolYear());
  const dates = createMemo(() => {
    if (field("startsOn") === "") return [];
    const { rhythm, weekday, startsOn } = form.all();
    const range = schoolYearRange(workspace.schoolYear());
    return rhythmDates({ rhythm, weekday, startsOn }, { from: engine.today() > range.from ? engine.today() : range.from, to: range.to }, holidays());
  });
  const preview = () => {
    const [first] = dates();
    if (first === undefined) return text("schools.form.previewNone", { year: year() });
    const date = format.date(first, "weekday");
    return dates().length === 1
      ? text("schools.form.previewOne", { year: year(), date })
      : text("schools.form.previewMany", { count: dates().length, year: year(), date });
  };
  const backHref = () => (props.school === undefined ? "/skoler" : `/skoler/${props.school.id}`);

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (saving()) return;
    setTried(true);
    if (problems().length > 0 || field("startsOn") === "" || field("from") === "" || field("to") === "") {
      queueMicrotask(() => element?.querySelector<HTMLElement>("[aria-invalid=true], :invalid")?.focus());
      return;
    }
    setSaving(true);
    let schoolId: string | undefined;
    const saved = await engine.run(async () => {
      schoolId = props.school === undefined ? await saveNew() : await saveChanges(props.school.id, props.handle);
    });
    setSaving(false);
    if (!saved || schoolId === undefined) return;
    await form.draft.discard();
    navigate(`/skoler/${schoolId}`);
  };
  const plan = () => ({ schoolYear: workspace.schoolYear(), holidays: [...holidays()], today: engine.today() });
  const saveNew = async () => {
    const school = schoolFieldsOf(form.all());
    const made = await workspace.addSchool(school);
    await made.planRoom.edit([indexDocId], (doc) => doc && planVisits(doc, schoolHeadOf({ ...school, id: made.schoolId }), plan()));
    return made.schoolId;
  };
  const saveChanges = async (id: SchoolId, handle: SchoolHandle | undefined) => {
    const school = schoolFieldsOf(form.all());
    // The arena follows from the arrangement, so it is written also when only the arrangement was touched.
    const touched = new Set([...Object.keys(form.touched()), "arena"]);
    const changes = Object.fromEntries(Object.entries(school).filter(([name]) => touched.has(name)));
    await workspace.serviceRoom()?.edit([indexDocId], (doc) => doc && changeSchool(doc, id, changes));
    await handle?.planRoom.edit([indexDocId], (doc) => {
      if (doc === undefined) return;
      const head = schoolHeadOf({ ...school, id });
      writeSchoolHead(doc, head);
      planVisits(doc, head, plan());
    });
    return id;
  };

  return (
    <form ref={(form) => (element = form)} onSubmit={save} novalidate>
      <Page
        focus
        back={{ label: props.school?.name ?? text("common.nav.schools"), href: backHref() }}
        dock={
          <Dock>
            <Button type="submit" variant="primary" size="dock" icon="check" grow aria-disabled={saving()}>
              {saving() ? text("common.state.saving") : text("common.action.save")}
            </Button>
          </Dock>
        }
      >
        <PageTitle
          title={props.school === undefined ? text("schools.form.titleNew") : text("schools.form.titleChange", { school: props.school.name })}
          detail={props.school === undefined ? undefined : text("schools.form.keepsTouched")}
        />
        <Show when={form.restored()}>
          <div class="draft-line">
            <Notice icon="pencil">{text("schools.form.draft")}</Notice>
            <Button variant="quiet" onClick={() => void form.forget()}>
              {text("schools.form.forget")}
            </Button>
          </div>
        </Show>
        <TextField
          voice
          label={text("schools.form.name")}
          value={field("name")}
          onInput={(value) => change("name", value)}
          error={nameError()}
          autofocus={props.school === undefined}
          required
        />
        <ChoiceChips
          legend={text("schools.form.arrangement")}
          options={arrangements.map((value) => ({ value, label: text(`content.arrangement.${value}`) }))}
          value={field("arrangement")}
          onChange={(value) => value !== undefined && change("arrangement", value)}
          columns={3}
          phoneColumns={2}
          required
        />
        <Show when={field("arrangement") === "fixedArena"}>
          <ChoiceChips
            legend={text("schools.form.arena")}
            options={arenas.map((value) => ({ value, label: text(`content.arena.${value}`) }))}
            value={field("arena") || undefined}
            onChange={(value) => change("arena", value ?? "")}
            columns={3}
            phoneColumns={2}
          />
        </Show>
        <ChoiceChips
          legend={text("schools.form.rhythm")}
          options={rhythms.map((value) => ({ value, label: text(`content.rhythm.${value}`) }))}
          value={field("rhythm")}
          onChange={(value) => value !== undefined && change("rhythm", value)}
          columns={4}
          phoneColumns={2}
          required
        />
        <ChoiceChips
          legend={text("schools.form.weekday")}
          options={visitWeekdays.map((weekday) => ({ value: String(weekday), label: capitalise(format.weekdayName(weekday)) }))}
          value={String(field("weekday"))}
          onChange={(value) => {
            const weekday = visitWeekdays.find((candidate) => String(candidate) === value);
            if (weekday !== undefined) change("weekday", weekday);
          }}
          columns={5}
          phoneColumns={3}
          required
        />
        <Question legend={text("schools.form.window")} hint={text("schools.form.windowHint")}>
          <div class="field-row" data-times="">
            <TimeField label={text("schools.form.from")} value={field("from")} onInput={(value) => change("from", value)} required />
            <TimeField label={text("schools.form.to")} value={field("to")} onInput={(value) => change("to", value)} error={windowError()} required />
            <DateField
              label={text("schools.form.startsOn")}
              value={field("startsOn")}
              onInput={(value) => change("startsOn", value)}
              error={startError()}
              required
            />
          </div>
          <p class="preview" role="status">
            {preview()}
          </p>
          <Show when={holidays().length === 0}>
            <Notice icon="calendar">
              {text("schools.form.noHolidays")}{" "}
              <a class="inline-target" href="/innstillinger#ferier">
                {text("schools.form.addHolidays")}
              </a>
            </Notice>
          </Show>
        </Question>
        <Question legend={text("schools.form.contact")} hint={text("common.field.optional")}>
          <div class="field-row">
            <TextField label={text("schools.form.contactName")} value={field("contactName")} onInput={(value) => change("contactName", value)} maxLength={80} />
            <TextField
              label={text("schools.form.contactPhone")}
              type="tel"
              value={field("contactPhone")}
              onInput={(value) => change("contactPhone", value)}
              maxLength={30}
            />
          </div>
        </Question>
        <Question legend={text("schools.form.reports")} hint={text("schools.form.reportsHint")}>
          <div class="field-row">
            <TextField label={text("schools.form.reportsTo")} value={field("reportsTo")} onInput={(value) => change("reportsTo", value)} maxLength={80} />
            <TextField
              label={text("schools.form.reportsToPhone")}
              type="tel"
              value={field("reportsToPhone")}
              onInput={(value) => change("reportsToPhone", value)}
              maxLength={30}
            />
          </div>
        </Question>
        <Checkbox
          label={text("schools.form.registers")}
          hint={text("schools.form.registersHint")}
          checked={field("registersConsultations")}
          onChange={(checked) => change("registersConsultations", checked)}
        />
      </Page>
    </form>
  );
}

function fieldsOf(school: School): SchoolFields {
  const { name, arrangement, rhythm, weekday, from, to, startsOn, registersConsultations } = school;
  return {
    name,
    arrangement,
    rhythm,
    weekday,
    from,
    to,
    startsOn,
    registersConsultations,
    arena: school.arena ?? "",
    contactName: school.contactName ?? "",
    contactPhone: school.contactPhone ?? "",
    reportsTo: school.reportsTo ?? "",
    reportsToPhone: school.reportsToPhone ?? "",
  };
}

/** As it is stored: an empty text is no text, and only a fixed arena has a meeting of the school's. */
function schoolFieldsOf(fields: SchoolFields): Omit<School, "id"> {
  const filled = (value: string) => (value.trim() === "" ? undefined : value.trim());
  return {
    ...fields,
    name: fields.name.trim(),
    arena: fields.arrangement === "fixedArena" && fields.arena !== "" ? fields.arena : undefined,
    contactName: filled(fields.contactName),
    contactPhone: filled(fields.contactPhone),
    reportsTo: filled(fields.reportsTo),
    reportsToPhone: filled(fields.reportsToPhone),
  };
}
