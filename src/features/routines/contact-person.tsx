import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PartForm } from "../../ui/form-end.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createRunActions } from "./create-run-actions.ts";
import { contactProblem, currentLeg, isSettled, stepsOf } from "./rules.ts";
import type { RunHere } from "./runs-context.tsx";
import { longestTitle } from "./schema.ts";

/** Who to reach at the child welfare service now. After the handover it asks, until somebody has said that it is so. */
export function ContactPerson(props: { here: RunHere }): JSX.Element {
  const { text } = useText();
  const actions = createRunActions();
  const [changing, setChanging] = createSignal(false);
  let place: HTMLElement | undefined;
  const known = () => props.here.run.contactPerson;
  /** The step of the handover that is about it, while it is open. */
  const asked = createMemo(() => {
    const { run } = props.here;
    if (currentLeg(run)?.routine !== "handover") return undefined;
    return stepsOf(run).find(({ step, result, isLeft }) => step.id === "contactPersonKnown" && !isLeft && !isSettled(result));
  });
  const focusBack = () => queueMicrotask(() => place?.querySelector<HTMLElement>("button")?.focus());
  const close = () => {
    setChanging(false);
    focusBack();
  };
  const confirm = async () => {
    const step = asked();
    if (step !== undefined && (await actions.done(props.here, step))) focusBack();
  };
  const detail = () => {
    if (asked() === undefined) return text("routines.contact.detail");
    return text(known() === undefined ? "routines.contact.askNew" : "routines.contact.askStill");
  };
  return (
    <section class="contact-person" aria-labelledby="kontaktperson" ref={(element) => (place = element)}>
      <Card kind={asked() === undefined ? "plain" : "now"}>
        <h2 class="detail" id="kontaktperson">
          {text("routines.contact.heading")}
        </h2>
        <Show
          when={changing()}
          fallback={
            <>
              <p class="contact-name voice">{known() ?? text("routines.contact.unknown")}</p>
              <p class="detail">{detail()}</p>
              <div class="button-row section-action">
                <Show when={asked() !== undefined && known() !== undefined}>
                  <Button icon="check" onClick={() => void confirm()}>
                    {text("routines.contact.still")}
                  </Button>
                </Show>
                <Button variant="secondary" icon="pencil" onClick={() => setChanging(true)}>
                  {text(known() === undefined ? "routines.contact.enter" : "routines.contact.change")}
                </Button>
              </div>
            </>
          }
        >
          <ContactForm here={props.here} onClose={close} />
        </Show>
      </Card>
    </section>
  );
}

function ContactForm(props: { here: RunHere; onClose: () => void }): JSX.Element {
  const { text } = useText();
  const actions = createRunActions();
  const before = props.here.run.contactPerson ?? "";
  const [name, setName] = createSignal(before);
  const [tried, setTried] = createSignal(false);
  const problem = () => (name().trim() === "" ? null : contactProblem(name()));
  const save = async () => {
    setTried(true);
    if (problem() !== null) return;
    const contactPerson = name().trim() === "" ? undefined : name().trim();
    if (contactPerson !== props.here.run.contactPerson && !(await actions.enter(props.here, { contactPerson }))) return;
    props.onClose();
  };
  return (
    <PartForm onSubmit={save} onClose={props.onClose}>
      <TextField
        label={text("routines.contact.name")}
        hint={text("routines.contact.hint")}
        value={name()}
        onInput={setName}
        maxLength={longestTitle}
        error={tried() && problem() === "namesCase" ? text("routines.templateProblem.namesCase") : undefined}
        spellcheck={false}
        autofocus
      />
    </PartForm>
  );
}
