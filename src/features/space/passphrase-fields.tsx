import { createMemo, type JSX, Show } from "solid-js";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { isLongEnough, leastPassphraseLength, passphraseStrength } from "./passphrase-strength.ts";

/** A new passphrase with a word on its strength; it can be shown while it is written, so it is written once. Once it has been `tried` it says whether it is long enough. */
export function NewPassphraseField(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  tried: boolean;
}): JSX.Element {
  const { text } = useText();
  const error = () => {
    if (!props.tried || isLongEnough(props.value)) return undefined;
    return props.value === "" ? text("space.create.required") : text("space.create.tooShort", { length: leastPassphraseLength });
  };
  const strength = createMemo(() => (props.value === "" ? null : passphraseStrength(props.value)));
  return (
    <div>
      <TextField
        label={props.label}
        hint={text("space.passphrase.hint", { length: leastPassphraseLength })}
        type="password"
        autocomplete="new-password"
        value={props.value}
        onInput={props.onInput}
        error={error()}
        required
      />
      <Show when={strength()}>
        {(level) => (
          <p class="strength" data-level={level()} role="status">
            <span class="strength-bar" aria-hidden="true" />
            {text(`space.passphrase.${level()}`)}
          </p>
        )}
      </Show>
    </div>
  );
}
