import { type Accessor, createEffect, createSignal, For, type JSX, on, onCleanup, Show, untrack } from "solid-js";
import type { Finding } from "../../guard/finding.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "../space/workspace.tsx";

/** How long after the last key the note is read: not while a word is half written. */
const pauseMs = 500;

export type NoteGuard = {
  findings: Accessor<readonly Finding[]>;
  note: Accessor<string>;
  /** Marks a finding as a mistake, for as long as the form is open. */
  dismiss(finding: Finding): void;
  /** Reads the note as it is now. @returns how many findings must be changed before it may be sealed */
  check(): Promise<number>;
};

/** Reads a note for what could tell who it is about, a moment after each change. The guard's words and names are loaded with the first note. */
export function createNoteGuard(note: Accessor<string>): NoteGuard {
  const engine = useEngine();
  const workspace = useWorkspace();
  const [findings, setFindings] = createSignal<readonly Finding[]>([]);
  // Only in memory: the keys hold the words that were found.
  const [dismissed, setDismissed] = createSignal<ReadonlySet<string>>(new Set());

  const read = async (): Promise<readonly Finding[]> => {
    const text = untrack(note);
    if (text.trim() === "") {
      setFindings([]);
      return [];
    }
    const { inspect } = await import("../../guard/inspect.ts");
    const found = untrack(() =>
      inspect(text, {
        today: engine.today(),
        dismissed: dismissed(),
        publicPhones: workspace.guardPhones().map(({ number }) => number),
      }),
    );
    if (untrack(note) === text) setFindings(found);
    return found;
  };

  createEffect(
    on([note, dismissed], () => {
      onCleanup(engine.clock.after(pauseMs, () => void read()));
    }),
  );

  return {
    findings,
    note,
    dismiss: (finding) => setDismissed((before) => new Set([...before, finding.key])),
    check: async () => (await read()).filter(({ severity }) => severity === "hard").length,
  };
}

/** What the guard found, under the note: what, why, and what to write instead. */
export function NoteFindings(props: { guard: NoteGuard; ref?: ((element: HTMLElement) => void) | undefined }): JSX.Element {
  const { text, plural } = useText();
  const hard = () => props.guard.findings().filter(({ severity }) => severity === "hard").length;
  const soft = () => props.guard.findings().length - hard();
  return (
    <div class="findings" tabindex="-1" ref={(element) => props.ref?.(element)} role="status">
      <Show when={props.guard.findings().length > 0}>
        <p class="findings-head">{hard() > 0 ? plural(hard(), "guard.hardOne", "guard.hardMany") : plural(soft(), "guard.softOne", "guard.softMany")}</p>
        <ul class="findings-list">
          <For each={props.guard.findings()}>
            {(finding) => (
              <li>
                <Icon name={finding.severity === "hard" ? "warning" : "information"} size={20} />
                <div>
                  <p>
                    <b>{text(`guard.kind.${finding.kind}.label`)}</b>: {text("guard.words", { words: props.guard.note().slice(finding.start, finding.end) })}
                  </p>
                  <p class="detail">
                    {finding.dismissible ? `${text(`guard.reason.${finding.reason}`)} ` : ""}
                    {text(`guard.kind.${finding.kind}.advice`)}
                  </p>
                  <Show when={finding.dismissible && finding.severity === "hard"}>
                    <Button variant="quiet" size="small" onClick={() => props.guard.dismiss(finding)}>
                      {text(`guard.dismiss.${mistakeOf(finding)}`)}
                    </Button>
                  </Show>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}

/** What it is not, in the words of the button. */
function mistakeOf({ kind }: Finding): "name" | "address" | "date" | "number" | "other" {
  switch (kind) {
    case "fullName":
    case "givenName":
      return "name";
    case "address":
      return "address";
    case "birthDate":
      return "date";
    case "accountNumber":
    case "longNumber":
    case "licencePlate":
      return "number";
    default:
      return "other";
  }
}
