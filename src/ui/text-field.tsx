import { createSignal, createUniqueId, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

interface FieldFrameProps {
  readonly label: string;
  /** What to write, or why; stands under the label. */
  readonly hint?: string | undefined;
  /** Words beside the label, such as «Kan stå tomt». */
  readonly aside?: string | undefined;
  /** What is wrong and what to do. Read out when it appears. */
  readonly error?: string | undefined;
  /** The label in serif: the field is a question of its own. */
  readonly voice?: boolean | undefined;
  /** In UTF-16 units, as the browser counts. The field says so when it is full, and takes nothing that would be cut. */
  readonly maxLength?: number | undefined;
  readonly value: string;
}

interface FieldProps extends FieldFrameProps {
  readonly onInput: (value: string) => void;
  readonly onBlur?: (() => void) | undefined;
  readonly required?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly autofocus?: boolean | undefined;
  readonly ref?: ((element: HTMLInputElement) => void) | undefined;
}

export interface TextFieldProps extends FieldProps {
  readonly type?: "text" | "password" | "tel" | "email" | "url" | "search" | undefined;
  readonly autocomplete?: JSX.HTMLAutocomplete | undefined;
  readonly inputMode?: "text" | "numeric" | "tel" | "email" | "url" | undefined;
  readonly spellcheck?: boolean | undefined;
}

export interface DateFieldProps extends FieldProps {
  /** Dates are `YYYY-MM-DD`. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

export interface TextAreaProps extends FieldFrameProps {
  readonly onInput: (value: string) => void;
  readonly onBlur?: (() => void) | undefined;
  readonly placeholder?: string | undefined;
  /** How many lines there is room for before it grows. Default 2. */
  readonly rows?: number | undefined;
  readonly ref?: ((element: HTMLTextAreaElement) => void) | undefined;
}

/** One line of text. A password field gets a button that shows what is written. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { text } = useText();
  const [revealed, setRevealed] = createSignal(false);
  const isPassword = () => props.type === "password";
  return (
    <FieldFrame frame={props}>
      {(ids) => (
        <span class="field-control" data-password={isPassword() ? "" : undefined}>
          <input
            {...inputAttributes(props, ids)}
            type={isPassword() && revealed() ? "text" : (props.type ?? "text")}
            autocomplete={props.autocomplete ?? "off"}
            inputMode={props.inputMode}
            maxLength={props.maxLength}
            onPaste={ids.onPaste}
            spellcheck={props.spellcheck ?? !isPassword()}
            autocapitalize={isPassword() ? "off" : undefined}
          />
          <Show when={isPassword()}>
            <button
              type="button"
              class="ds-button button field-reveal"
              data-variant="tertiary"
              aria-pressed={revealed()}
              aria-controls={ids.input}
              onClick={() => setRevealed(!revealed())}
            >
              <Icon name={revealed() ? "eyeSlash" : "eye"} />
              <span>{text(revealed() ? "common.field.hidePassword" : "common.field.showPassword")}</span>
            </button>
          </Show>
        </span>
      )}
    </FieldFrame>
  );
}

/** The browser's own date picker. */
export function DateField(props: DateFieldProps): JSX.Element {
  return (
    <FieldFrame frame={props}>
      {(ids) => <input {...inputAttributes(props, ids)} type="date" min={props.min} max={props.max} data-narrow="" />}
    </FieldFrame>
  );
}

/** The browser's own time picker; `HH:MM`. */
export function TimeField(props: FieldProps): JSX.Element {
  return <FieldFrame frame={props}>{(ids) => <input {...inputAttributes(props, ids)} type="time" data-narrow="" />}</FieldFrame>;
}

/** Several lines of text, growing with what is written. */
export function TextArea(props: TextAreaProps): JSX.Element {
  return (
    <FieldFrame frame={props}>
      {(ids) => (
        <textarea
          class="ds-input input"
          id={ids.input}
          ref={props.ref}
          autocomplete="off"
          aria-describedby={ids.describedBy()}
          aria-invalid={props.error ? "true" : undefined}
          value={props.value}
          placeholder={props.placeholder}
          style={{ "--rows": props.rows ?? 2 }}
          maxLength={props.maxLength}
          onPaste={ids.onPaste}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          onBlur={() => props.onBlur?.()}
        />
      )}
    </FieldFrame>
  );
}

interface FieldIds {
  readonly input: string;
  readonly describedBy: () => string | undefined;
  readonly onPaste: (event: ClipboardEvent & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => void;
}

function inputAttributes(props: FieldProps, ids: FieldIds): JSX.InputHTMLAttributes<HTMLInputElement> {
  return {
    class: "ds-input input",
    id: ids.input,
    ref: (element: HTMLInputElement) => {
      props.ref?.(element);
      if (props.autofocus) queueMicrotask(() => element.focus());
    },
    onInput: (event) => props.onInput(event.currentTarget.value),
    onBlur: () => props.onBlur?.(),
    get value() {
      return props.value;
    },
    get required() {
      return props.required;
    },
    get disabled() {
      return props.disabled;
    },
    get "aria-describedby"() {
      return ids.describedBy();
    },
    get "aria-invalid"() {
      return props.error ? ("true" as const) : undefined;
    },
  };
}

function FieldFrame(props: { frame: FieldFrameProps; children: (ids: FieldIds) => JSX.Element }): JSX.Element {
  const { text } = useText();
  const id = createUniqueId();
  // What the value was when something too long was to be pasted: the words go when it changes.
  const [refusedAt, setRefusedAt] = createSignal<string>();
  const tooLong = () => {
    const { maxLength, value } = props.frame;
    if (maxLength === undefined) return undefined;
    if (refusedAt() === value) return text("common.field.pasteTooLong", { count: maxLength });
    return value.length >= maxLength ? text("common.field.full", { count: maxLength }) : undefined;
  };
  const onPaste: FieldIds["onPaste"] = (event) => {
    const { maxLength } = props.frame;
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (maxLength === undefined || value.length - ((selectionEnd ?? 0) - (selectionStart ?? 0)) + pasted.length <= maxLength) return;
    event.preventDefault();
    setRefusedAt(value);
  };
  const has = (part: string | undefined) => part !== undefined && part !== "";
  const describedBy = () => {
    const parts = [
      has(props.frame.aside) ? `${id}-aside` : "",
      has(props.frame.hint) ? `${id}-hint` : "",
      has(props.frame.error ?? tooLong()) ? `${id}-error` : "",
    ];
    return parts.filter((part) => part !== "").join(" ") || undefined;
  };
  return (
    <div class="field">
      <div class="field-head">
        <label class="ds-label" for={id} data-voice={props.frame.voice ? "" : undefined}>
          {props.frame.label}
        </label>
        <Show when={props.frame.aside}>
          <span class="hint" id={`${id}-aside`}>
            {props.frame.aside}
          </span>
        </Show>
      </div>
      <Show when={props.frame.hint}>
        <p class="field-hint" id={`${id}-hint`}>
          {props.frame.hint}
        </p>
      </Show>
      {props.children({ input: id, describedBy, onPaste })}
      {/* Always there, so that a screen reader hears the error when it comes. */}
      <div id={`${id}-error`} aria-live="polite">
        <Show when={props.frame.error} fallback={<Show when={tooLong()}>{(words) => <p class="field-full">{words()}</p>}</Show>}>
          <p class="field-error">
            <Icon name="warning" size={20} />
            <span>{props.frame.error}</span>
          </p>
        </Show>
      </div>
    </div>
  );
}
