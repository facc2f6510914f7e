import { Index, type JSX, Show } from "solid-js";
import { consentForms, consentKinds, consentObtainers } from "../../content/meetings.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DateField, TextArea } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { ConsentForm } from "./form-schema.ts";
import { consentsNeeded, mayObtainConsent } from "./rules.ts";
import { longestPurpose } from "./schema.ts";

/** Consents and waivers as they are given: who, what they cover, how, when, and taken back. */
export function ConsentFields(props: {
  consents: readonly ConsentForm[];
  isFifteen: boolean;
  ownProcedure: boolean;
  /** What is wrong with one, by its place. */
  error: (index: number) => string | undefined;
  onChange: (consents: ConsentForm[]) => void;
  onIsFifteen: (isFifteen: boolean) => void;
  onAdd: () => void;
}): JSX.Element {
  const { text } = useText();
  const change = (index: number, changes: Partial<ConsentForm>) => props.onChange(props.consents.map((one, place) => (place === index ? { ...one, ...changes } : one)));
  const obtainers = () => consentObtainers.filter((value) => mayObtainConsent(value, props.ownProcedure));
  return (
    <>
      <Show when={props.ownProcedure}>
        <Notice icon="shieldLock">{text("meetings.form.consentOwnProcedure")}</Notice>
      </Show>
      <Checkbox label={text("meetings.form.isFifteen")} hint={text("meetings.form.isFifteenHint")} checked={props.isFifteen} onChange={(checked) => props.onIsFifteen(checked)} />
      <Index each={props.consents}>
        {(consent, index) => (
          <div class="consent-form">
            <ChoiceChips
              legend={text("meetings.form.consentKind")}
              options={consentKinds.map((value) => ({ value, label: text(`meetings.consentKind.${value}`) }))}
              value={consent().kind}
              onChange={(kind) => change(index, { kind })}
              columns={2}
              phoneColumns={2}
            />
            <ChoiceChips
              legend={text("meetings.form.givenBy")}
              options={consentsNeeded(props.isFifteen).map((value) => ({ value, label: text(`meetings.consentGiver.${value}`) }))}
              value={consent().givenBy}
              onChange={(givenBy) => change(index, { givenBy })}
              columns={3}
              phoneColumns={2}
            />
            <TextArea
              label={text("meetings.form.scope")}
              hint={text("meetings.form.scopeHint")}
              value={consent().scope}
              onInput={(scope) => change(index, { scope })}
              maxLength={longestPurpose}
              error={props.error(index)}
            />
            <ChoiceChips
              legend={text("meetings.form.how")}
              options={consentForms.map((value) => ({ value, label: text(`meetings.consentForm.${value}`) }))}
              value={consent().how}
              onChange={(how) => change(index, { how })}
              columns={2}
              phoneColumns={2}
            />
            <ChoiceChips
              legend={text("meetings.form.obtainedBy")}
              options={obtainers().map((value) => ({ value, label: text(`meetings.consentObtainer.${value}`) }))}
              value={consent().obtainedBy}
              onChange={(obtainedBy) => change(index, { obtainedBy })}
              columns={2}
              phoneColumns={2}
            />
            <div class="field-row">
              <DateField label={text("meetings.form.givenOn")} value={consent().givenOn} onInput={(givenOn) => change(index, { givenOn })} />
              <DateField label={text("meetings.form.withdrawn")} aside={text("common.field.optional")} value={consent().withdrawnOn} onInput={(withdrawnOn) => change(index, { withdrawnOn })} />
            </div>
            <Button variant="quiet" icon="trash" onClick={() => props.onChange(props.consents.filter((_, place) => place !== index))}>
              {text("common.action.remove")}
            </Button>
          </div>
        )}
      </Index>
      <div class="button-row section-action">
        <Button variant="secondary" icon="plus" onClick={() => props.onAdd()}>
          {text("meetings.form.addConsent")}
        </Button>
      </div>
    </>
  );
}
