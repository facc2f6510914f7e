import { createMemo, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import type * as Y from "yjs";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { createLanguageChoice, LanguageChips } from "../../ui/language-choice.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PaperActions } from "../../ui/paper-actions.tsx";
import { PaperView } from "../../ui/paper-view.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useRuns } from "../routines/runs-context.tsx";
import { createSchoolFacts } from "../schools/create-school.ts";
import { readPhones } from "../space/document.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createMeetingAtAddress } from "./create-meeting-at-address.ts";
import { type MeetingHere, meetingPath } from "./create-meetings.ts";
import { createMinutes } from "./create-minutes.ts";
import type { MeetingDocument } from "./document.ts";
import { NoMeeting } from "./no-meeting.tsx";
import { meetingState, offersParentSurface } from "./rules.ts";
import { takeHomeOf } from "./take-home-content.ts";
import { takeHomePaper } from "./take-home-paper.ts";
import { isInvestigated, type ToldTalks, toldTalks } from "./take-home-rules.ts";

/** The parents' own sheet of a meeting that has been held. Where violence is suspected there is none, and the page says so. */
export function TakeHomePage(): JSX.Element {
  const { text } = useText();
  const at = createMeetingAtAddress();
  const back = () => {
    const one = at.here();
    return one === undefined ? { label: text("common.nav.visits"), href: "/besok" } : { label: text("papers.sheet.back"), href: meetingPath(one.school.schoolId, one.id) };
  };
  return (
    <Page focus title={at.school()?.name} back={back()}>
      <Show when={at.here()} fallback={<NoMeeting at={at} />}>
        {(here) => (
          <>
            <PageTitle title={text("papers.sheet.title")} />
            <Switch>
              <Match when={here().ownProcedure}>
                <LeftOut>{text("papers.sheet.ownProcedure")}</LeftOut>
              </Match>
              <Match when={!offersParentSurface("takeHome", here().meeting.type, here().ownProcedure)}>
                <EmptyState text={text("papers.sheet.noParents")} />
              </Match>
              <Match when={meetingState(here().meeting) !== "held"}>
                <EmptyState text={text("papers.sheet.notHeld")} />
              </Match>
              <Match when={at.details()}>{(read) => <Sheet here={here()} doc={at.doc()} details={read()} />}</Match>
            </Switch>
          </>
        )}
      </Show>
    </Page>
  );
}

/** In characters: with a country's number in front and spaces between. */
const longestPhone = 24;

function Sheet(props: { here: MeetingHere; doc: Y.Doc | undefined; details: MeetingDocument }): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const runs = useRuns();
  const choice = createLanguageChoice();
  const { full } = createSchoolFacts(() => props.here.school);
  const phones = createDocumentReading(workspace.shelfIndex, ["phones"], readPhones);
  const minutes = createMinutes(
    () => props.here,
    () => props.doc,
    () => props.details,
  );
  const run = () => runs().find(({ id }) => id === props.here.meeting.runId)?.run ?? null;
  const [explained, setExplained] = createSignal<boolean>();
  const explainsInvestigation = () => explained() ?? isInvestigated(props.here.meeting, run());
  const [ownPhone, setOwnPhone] = createSignal<string>();
  const [talks, setTalks] = createSignal<ToldTalks>("none");
  const content = () => minutes.approved()?.corrected ?? minutes.live();
  const hadTalks = () => content()?.items.some(({ talk }) => talk !== undefined) === true;
  const schoolPhone = () => ownPhone() ?? full()?.contactPhone ?? "";
  const paper = createMemo(() => {
    const [words, said] = [choice.words(), content()];
    if (words === undefined || said === undefined) return null;
    const { ownProcedure, school } = props.here;
    const chosen = { schoolPhone: schoolPhone(), explainsInvestigation: explainsInvestigation(), toldTalks: talks() };
    return takeHomePaper(takeHomeOf({ content: said, ownProcedure, school: school.name, phones: phones() ?? [], ...chosen }, words), words);
  });
  return (
    <>
      <LanguageChips legend={text("papers.sheet.language")} choice={choice} />
      <Show when={hadTalks()}>
        <ChoiceChips<ToldTalks>
          legend={text("papers.sheet.talks.legend")}
          hint={text("papers.sheet.talks.hint")}
          options={toldTalks.map((value) => ({ value, label: text(`papers.sheet.talks.${value}`) }))}
          value={talks()}
          onChange={(value) => value !== undefined && setTalks(value)}
          columns={4}
          phoneColumns={2}
          required
        />
      </Show>
      <Checkbox label={text("papers.sheet.explain")} hint={text("papers.sheet.explainHint")} checked={explainsInvestigation()} onChange={setExplained} />
      <TextField
        type="tel"
        label={text("papers.sheet.schoolPhone")}
        hint={text("papers.sheet.schoolPhoneHint")}
        value={schoolPhone()}
        onInput={setOwnPhone}
        maxLength={longestPhone}
      />
      <Notice icon="information">{text("papers.sheet.written")}</Notice>
      <Show when={paper()}>
        {(sheet) => (
          <>
            <PaperActions paper={sheet()} fileName={`${text("papers.sheet.title")} ${props.here.reference}`} />
            <PaperView paper={sheet()} titleLevel={2} />
          </>
        )}
      </Show>
    </>
  );
}
