import { createEffect, createSignal, type JSX, Match, on, onCleanup, onMount, Switch } from "solid-js";
import { safeFileName } from "../paper/file-name.ts";
import type { Paper } from "../paper/paper.ts";
import type { PaperPdf } from "../paper/pdf/paper-pdf.ts";
import { paperText } from "../paper/plain-text.ts";
import { Button } from "./button.tsx";
import { Alert, Notice } from "./notice.tsx";
import { usePdfMaker } from "./pdf-maker-provider.tsx";
import { saveFile } from "./save-file.ts";
import { useText } from "./text-provider.tsx";

export interface PaperActionsProps {
  /** The one that the page shows in a `PaperView`: print.css leaves only that on paper. */
  readonly paper: Paper;
  /** What a file of it is called, in any letters and without an ending: what it is and its reference, never whom it is about. */
  readonly fileName: string;
}

type State =
  | { readonly type: "idle" | "making" | "makingLong" | "failed" | "copied" | "notCopied" }
  /** Made, and not saved yet: some letters could not be drawn. */
  | { readonly type: "incomplete"; readonly pdf: PaperPdf; readonly name: string }
  | { readonly type: "saved"; readonly name: string };

/** What is ready sooner than this is not spoken of. */
const unnoticedMs = 1000;

/** Print, PDF and plain text of the paper on the page. Nothing leaves the device; what is saved lies outside the app's lock, and the page says so. */
export function PaperActions(props: PaperActionsProps): JSX.Element {
  const { text } = useText();
  const { maker, now } = usePdfMaker();
  const [state, setState] = createSignal<State>({ type: "idle" });
  const isMaking = () => state().type === "making" || state().type === "makingLong";
  let attempt = 0;
  const stop = () => {
    attempt += 1;
    setState({ type: "idle" });
  };

  onMount(() => onCleanup(whenIdle(() => void maker.prepare(props.paper))));
  onCleanup(() => (attempt += 1));
  // What was said of a paper is not true of the next one.
  createEffect(on(() => props.paper, () => (isMaking() ? undefined : setState({ type: "idle" })), { defer: true }));

  const make = async () => {
    if (isMaking()) return;
    const mine = ++attempt;
    const name = `${safeFileName(props.fileName)}.pdf`;
    setState({ type: "making" });
    const timer = window.setTimeout(() => mine === attempt && setState({ type: "makingLong" }), unnoticedMs);
    try {
      const pdf = await maker.make(props.paper, now());
      if (mine !== attempt) return;
      if (pdf.missing > 0) setState({ type: "incomplete", pdf, name });
      else save(pdf, name);
    } catch {
      // The library or a font could not be fetched; nothing else can go wrong, and the paper is on the page still.
      if (mine === attempt) setState({ type: "failed" });
    } finally {
      window.clearTimeout(timer);
    }
  };
  const save = ({ bytes }: PaperPdf, name: string) => {
    saveFile(new Blob([bytes], { type: "application/pdf" }), name);
    setState({ type: "saved", name });
  };
  const copy = async () => {
    if (isMaking()) stop();
    try {
      await navigator.clipboard.writeText(paperText(props.paper));
      setState({ type: "copied" });
    } catch {
      setState({ type: "notCopied" });
    }
  };

  return (
    <div class="paper-actions no-print">
      <div class="button-row">
        <Button icon="printer" onClick={() => window.print()}>
          {text("common.action.print")}
        </Button>
        <Button icon="download" onClick={() => void make()}>
          {text("papers.actions.savePdf")}
        </Button>
        <Button icon="copy" onClick={() => void copy()}>
          {text("papers.actions.copyText")}
        </Button>
      </div>
      <div role="status">
        <Switch>
          <Match when={state().type === "makingLong"}>
            <Notice icon="clock">{text("papers.actions.making")}</Notice>
          </Match>
          <Match when={stateOf(state(), "saved")}>
            {(saved) => <Notice icon="check">{text("papers.actions.saved", { name: saved().name })}</Notice>}
          </Match>
          <Match when={state().type === "copied"}>
            <Notice icon="check">{text("papers.actions.copied")}</Notice>
          </Match>
        </Switch>
      </div>
      <Switch>
        <Match when={state().type === "makingLong"}>
          <Button variant="quiet" onClick={stop}>
            {text("common.action.cancel")}
          </Button>
        </Match>
        <Match when={stateOf(state(), "incomplete")}>
          {(made) => <Incomplete missing={made().pdf.missing} onSave={() => save(made().pdf, made().name)} />}
        </Match>
        <Match when={state().type === "failed"}>
          <Alert>{text("papers.actions.failed")}</Alert>
        </Match>
        <Match when={state().type === "notCopied"}>
          <Alert>{text("papers.actions.notCopied")}</Alert>
        </Match>
      </Switch>
    </div>
  );
}

/** Said before anything is saved: the paper has letters that the PDF cannot show. */
function Incomplete(props: { missing: number; onSave: () => void }): JSX.Element {
  const { text, plural } = useText();
  return (
    <Alert
      title={plural(props.missing, "papers.actions.missingOne", "papers.actions.missingMany")}
      action={
        <Button variant="secondary" onClick={() => props.onSave()}>
          {text("papers.actions.saveAnyway")}
        </Button>
      }
    >
      {text("papers.actions.missingHow")}
    </Alert>
  );
}

function stateOf<Type extends State["type"]>(state: State, type: Type): Extract<State, { type: Type }> | false {
  return state.type === type ? (state as Extract<State, { type: Type }>) : false;
}

/** When the page has nothing else to do; soon in any case. Safari has no idle callback. @returns what calls it off */
function whenIdle(run: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(run, 500);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(run, { timeout: 2000 });
  return () => window.cancelIdleCallback(handle);
}
