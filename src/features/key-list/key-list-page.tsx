import { Navigate, useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Match, onCleanup, onMount, Show, Switch } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { DeviceOnly } from "../../ui/device-only.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createKeyList } from "./create-key-list.ts";
import { createKeyListCases, type KeyListCase } from "./create-key-list-cases.ts";
import { KeyListForm } from "./key-list-form.tsx";
import { entryOf } from "./rules.ts";
import type { KeyList } from "./schema.ts";
import { tileOfLabel } from "./tile-rules.ts";

/** Which child a code is: on the sosiallærer's own device and on her paper. For anybody else there is no such page. */
export function KeyListPage(): JSX.Element {
  const workspace = useWorkspace();
  return (
    <Show when={workspace.role() === "socialTeacher"} fallback={<Navigate href="/" />}>
      <OwnKeyList />
    </Show>
  );
}

function OwnKeyList(): JSX.Element {
  const { text } = useText();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ sak?: string; ny?: string }>();
  const keyList = createKeyList();
  const cases = createKeyListCases();
  const list = () => {
    const state = keyList.state();
    return state.type === "open" ? state.list : undefined;
  };
  const [backFromForm, setBackFromForm] = createSignal(false);
  const entry = () => list()?.entries.find(({ caseId }) => caseId === search.sak) ?? null;
  const chosen = () => cases().find(({ caseId }) => caseId === search.sak);
  // A key that stays the same while others write: the form keeps its place and its focus.
  const asked = createMemo(() => {
    if (list() === undefined) return undefined;
    if (search.ny !== undefined) return "new";
    return chosen() === undefined && entry() === null ? undefined : search.sak;
  });

  return (
    <Switch>
      <Match when={keyList.state().type === "unreadable"}>
        <Page back={{ label: text("common.nav.today"), href: "/" }}>
          <PageTitle title={text("keyList.title")} />
          <Alert>{text("keyList.unreadable")}</Alert>
        </Page>
      </Match>
      <Match when={asked()} keyed>
        {(_key) => (
          <KeyListForm
            keyList={keyList}
            entry={entry()}
            of={chosen()}
            without={cases().filter(({ caseId }) => entryOf(list() ?? { entries: [] }, caseId) === null)}
            onDone={() => {
              setBackFromForm(true);
              navigate("/nokkelliste");
            }}
          />
        )}
      </Match>
      <Match when={list()}>{(open) => <Lines list={open()} cases={cases()} takeFocus={backFromForm()} />}</Match>
    </Switch>
  );
}

function Lines(props: { list: KeyList; cases: readonly KeyListCase[]; takeFocus: boolean }): JSX.Element {
  const { text, format } = useText();
  const [printing, setPrinting] = createSignal(false);
  let title: HTMLDivElement | undefined;
  onMount(() => {
    if (props.takeFocus) title?.focus();
  });
  const lines = () => Array.from(props.list.entries).sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
  const unwritten = () => props.cases.filter(({ caseId }) => entryOf(props.list, caseId) === null);

  // The names are in the page only while it prints, from the button or from the browser's own menu.
  const toPrint = () => setPrinting(true);
  const printed = () => setPrinting(false);
  window.addEventListener("beforeprint", toPrint);
  window.addEventListener("afterprint", printed);
  onCleanup(() => {
    window.removeEventListener("beforeprint", toPrint);
    window.removeEventListener("afterprint", printed);
  });

  return (
    <Page
      back={{ label: text("common.nav.today"), href: "/" }}
      dock={
        <Dock>
          <Show when={unwritten().length > 0} fallback={<span class="dock-note">{text(props.cases.length === 0 ? "keyList.noCases" : "keyList.allWritten")}</span>}>
            <ButtonLink variant="primary" size="dock" icon="plus" grow href="/nokkelliste?ny=1">
              {text("keyList.add")}
            </ButtonLink>
          </Show>
        </Dock>
      }
    >
      <div class="no-print">
        <div tabindex="-1" ref={(element) => (title = element)}>
          <PageTitle title={text("keyList.title")} />
        </div>
        <DeviceOnly
          text={text("keyList.where")}
          rows={lines().map(({ caseId, codeLabel, text: who, expiresOn }) => ({
            ...tileOfLabel(codeLabel),
            title: codeLabel,
            detail: text("keyList.deletedOn", { date: format.date(expiresOn, "dayYear") }),
            secret: () => who,
            href: `/nokkelliste?sak=${caseId}`,
          }))}
        >
          <Show when={lines().length === 0}>
            <EmptyState text={text("keyList.empty")} />
          </Show>
        </DeviceOnly>
        <Show when={lines().length > 0}>
          <p class="detail key-list-help">
            {text("keyList.hold")} {text("keyList.holdKeys")}
          </p>
        </Show>
        <div class="button-row form-end">
          <Button icon="printer" grow onClick={() => window.print()}>
            {text("keyList.print")}
          </Button>
        </div>
        <Notice icon="printer">{text("keyList.printHint")}</Notice>
      </div>
      <Show when={printing()}>
        <Paper list={props.list} cases={props.cases} />
      </Show>
    </Page>
  );
}

/** The paper twin: every code of the school, with its name or a line to write one on. */
function Paper(props: { list: KeyList; cases: readonly KeyListCase[] }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const rows = () => {
    const written = props.list.entries.map(({ codeLabel, text: who, expiresOn }) => ({ code: codeLabel, who, until: format.date(expiresOn, "dayYear") }));
    const blank = props.cases.filter(({ caseId }) => entryOf(props.list, caseId) === null).map(({ label }) => ({ code: label, who: "", until: "" }));
    return [...written, ...blank];
  };
  return (
    <article class="print-only">
      <h1 class="voice">{text("keyList.paper.title", { school: format.list(workspace.schools().map(({ name }) => name)) })}</h1>
      <table class="print-table">
        <thead>
          <tr>
            <th scope="col">{text("keyList.paper.code")}</th>
            <th scope="col">{text("keyList.paper.who")}</th>
            <th scope="col">{text("keyList.paper.until")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr>
                <td class="paper-code">{row.code}</td>
                <td class="paper-wide">{row.who}</td>
                <td>{row.until}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <p>{text("keyList.paper.made", { date: format.date(engine.today(), "dayYear") })}</p>
    </article>
  );
}
