import { useLocation, useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createResource, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Alert } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { VisitId } from "../ids.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createVisitActions, visitPath } from "../visits/create-visit-actions.ts";
import { readDialogs, readVisits } from "../visits/document.ts";
import { openDialog } from "../visits/rules.ts";
import { ChildKnown } from "./child-known.tsx";
import { ConsultationForm } from "./consultation-form.tsx";
import { openConsultation, type OpenRequest } from "./open-consultation.ts";

/** A drøfting: the form for what the address asks for, or what follows when the child has become known. */
export function ConsultationPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; visitId: string }>();
  const [search, setSearch] = useSearchParams<OpenRequest>();
  const engine = useEngine();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const location = useLocation();
  const actions = createVisitActions();
  const [childKnown, setChildKnown] = createSignal(false);
  let address = "";
  const back = () => ({ label: workspace.school(params.schoolId)?.name ?? text("common.nav.visits"), href: visitPath(params.schoolId, params.visitId) });

  /** The school when all that the form reads is open. */
  const readySchool = createMemo(() => {
    const school = workspace.school(params.schoolId);
    if (school?.schoolRoom === undefined || workspace.serviceRoom() === undefined) return undefined;
    const indexes = [school.planIndex(), school.schoolIndex(), workspace.serviceIndex(), workspace.shelfIndex()];
    return indexes.includes(undefined) ? undefined : school;
  });

  const [opened, { refetch }] = createResource(readySchool, (school) =>
    openConsultation(
      { pamelding: search.pamelding, sak: search.sak, rolle: search.rolle, endre: search.endre },
      { engine, workspace, school, visitId: VisitId.parse(params.visitId), now: engine.moment() },
    ),
  );

  // The address names the case from now on, so that a reload and «Tilbake» find the same draft.
  createEffect(() => {
    const form = opened.error === undefined ? opened()?.beginning.form : undefined;
    if (form === undefined || form.preRegistrationId !== undefined || search.endre !== undefined) return;
    if (search.sak !== form.caseId) setSearch({ sak: form.caseId, rolle: undefined }, { replace: true });
  });
  createEffect(() => (address = location.pathname + location.search));

  // Whoever starts a drøfting is no longer in faglig dialog.
  createEffect(() => {
    const school = readySchool();
    const plan = school?.planIndex();
    if (school === undefined || plan === undefined || opened() === undefined || search.endre !== undefined) return;
    const visit = readVisits(plan).records.find(({ id }) => id === params.visitId);
    const dialog = visit === undefined ? null : openDialog(visit, readDialogs(plan).records);
    if (dialog !== null) void actions.leaveDialog(school, dialog);
  });

  return (
    <Switch fallback={<Page focus back={back()}>{null}</Page>}>
      <Match when={opened.error !== undefined || workspace.role() !== "consultant"}>
        <Page focus back={back()}>
          <Alert>{text("consultations.notFound")}</Alert>
        </Page>
      </Match>
      <Match when={childKnown()}>
        <ChildKnown back={back()} />
      </Match>
      <Match when={opened()} keyed>
        {(consultation) => (
          <Show when={readySchool()} keyed>
            {(school) => (
              <ConsultationForm
                opened={consultation}
                school={school}
                back={back()}
                onDone={() =>
                  navigate(search.endre === undefined ? back().href : `/saker/${params.schoolId}/${consultation.beginning.form.caseId}`, { replace: true })
                }
                onReopen={(path) => navigate(path)}
                onChildKnown={() => setChildKnown(true)}
                onChildUnknown={() => {
                  setChildKnown(false);
                  void refetch();
                  // «Angre» may be pressed from the page one has gone on to.
                  navigate(address);
                }}
              />
            )}
          </Show>
        )}
      </Match>
    </Switch>
  );
}
