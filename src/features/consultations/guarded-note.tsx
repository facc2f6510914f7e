import { createSignal, type JSX, Show } from "solid-js";
import { hasHard } from "../../guard/finding.ts";
import { Icon } from "../../ui/icon.tsx";
import { TextArea } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createNoteGuard, NoteFindings, type NoteGuard } from "../pre-registration/note-guard.tsx";

/** A note that is not sealed while something in it must be changed. */
export type GuardedText = {
  readonly guard: NoteGuard;
  /** Whether saving was refused, until the note is clear again. */
  readonly refused: () => boolean;
  /** Whether the note may be sealed. When it may not, says why and moves the focus there. */
  clear(): Promise<boolean>;
  /** Given by the field. */
  attach(findings: HTMLElement): void;
};

export function createGuardedText(note: () => string): GuardedText {
  const guard = createNoteGuard(note);
  const [refused, setRefused] = createSignal(false);
  let findings: HTMLElement | undefined;
  return {
    guard,
    refused: () => refused() && hasHard(guard.findings()),
    attach: (element) => (findings = element),
    async clear() {
      // Most notes are empty: «Lagre» then waits for nothing.
      if (note().trim() === "" || (await guard.check()) === 0) return true;
      setRefused(true);
      findings?.focus();
      findings?.scrollIntoView({ block: "center" });
      return false;
    },
  };
}

/** Free text, and under it what in it could tell who it is about, with what to write instead. */
export function GuardedNote(props: {
  label: string;
  placeholder: string;
  rows?: number | undefined;
  guarded: GuardedText;
  value: string;
  onInput: (value: string) => void;
}): JSX.Element {
  const { text } = useText();
  return (
    <>
      <TextArea
        label={props.label}
        aside={text("common.field.optional")}
        voice
        placeholder={props.placeholder}
        rows={props.rows}
        value={props.value}
        onInput={(value) => props.onInput(value)}
      />
      <div role="alert">
        <Show when={props.guarded.refused()}>
          <p class="field-error">
            <Icon name="warning" size={20} />
            <span>{text("guard.blocked")}</span>
          </p>
        </Show>
      </div>
      <NoteFindings guard={props.guarded.guard} ref={(element) => props.guarded.attach(element)} />
    </>
  );
}
