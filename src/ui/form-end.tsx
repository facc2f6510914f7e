import type { JSX } from "solid-js";
import { Button } from "./button.tsx";
import { useText } from "./text-provider.tsx";

export interface FormEndProps {
  /** What the first button is called. Default «Lagre». */
  readonly label?: string | undefined;
  /** The form is being sent: pressing again does nothing. */
  readonly busy?: boolean | undefined;
  /** Without it the first button sends the form it stands in, and is the one that stands out. */
  readonly onSave?: (() => void) | undefined;
  readonly onClose: () => void;
  /** Other buttons, between the two. */
  readonly children?: JSX.Element;
}

/** The end of a form that opens in place: saves it, or closes it and leaves everything as it was. */
export function FormEnd(props: FormEndProps): JSX.Element {
  const { text } = useText();
  const submits = () => props.onSave === undefined;
  return (
    <div class="button-row section-action">
      <Button type={submits() ? "submit" : "button"} variant={submits() ? "primary" : "secondary"} aria-disabled={props.busy} onClick={() => props.onSave?.()}>
        {props.label ?? text("common.action.save")}
      </Button>
      {props.children}
      <Button variant="quiet" onClick={() => props.onClose()}>
        {text("common.action.cancel")}
      </Button>
    </div>
  );
}

export interface PartFormProps {
  readonly ref?: (form: HTMLFormElement) => void;
  readonly class?: string;
  /** Called once at a time, however often one presses. */
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  /** What the button is called that sends it. Default «Lagre». */
  readonly submitLabel?: string;
  readonly children: JSX.Element;
}

/** A form for one part of a page, in its place: Escape closes it. */
export function PartForm(props: PartFormProps): JSX.Element {
  let busy = false;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await props.onSubmit();
    } finally {
      busy = false;
    }
  };
  return (
    <form
      class={props.class}
      ref={(form) => props.ref?.(form)}
      onSubmit={(event) => void submit(event)}
      novalidate
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onClose();
      }}
    >
      {props.children}
      <FormEnd label={props.submitLabel} onClose={props.onClose} />
    </form>
  );
}
