import { createUniqueId, For, onCleanup, onMount, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";

export interface GuardPhone {
  readonly name: string;
  /** When or for what: «kveld og helg». */
  readonly detail: string;
  /** As people read it; spaces are left out of the link. */
  readonly number: string;
}

export interface GuardCardProps {
  readonly heading: string;
  readonly text: string;
  readonly phones: readonly GuardPhone[];
  /** The heading takes focus when the card comes. Default true; false when a page opens with the card already there. */
  readonly takeFocus?: boolean | undefined;
  readonly children?: JSX.Element | undefined;
}

/** Who to call, and what not to do: on top of the form when violence is suspected or unsure. */
export function GuardCard(props: GuardCardProps): JSX.Element {
  const id = createUniqueId();
  let heading: HTMLHeadingElement | undefined;
  onMount(() => {
    if (props.takeFocus !== false) heading?.focus();
  });
  return (
    <section class="guard" aria-labelledby={id} aria-live="assertive">
      <div class="guard-head">
        <Icon name="warningFill" size={36} />
        <div>
          <h2 class="voice" id={id} tabindex="-1" ref={(element) => (heading = element)}>
            {props.heading}
          </h2>
          <p>{props.text}</p>
        </div>
      </div>
      <ul class="guard-phones">
        <For each={props.phones}>{(phone) => <PhoneCard phone={phone} />}</For>
      </ul>
      <Show when={props.children}>{props.children}</Show>
    </section>
  );
}

/** One number to call, as a large target. Also used on the page of important numbers, outside the guard. */
export function PhoneCard(props: { readonly phone: GuardPhone }): JSX.Element {
  return (
    <li>
      <a class="phone" href={`tel:${props.phone.number.replaceAll(/[^+\d]/g, "")}`}>
        <Icon name="phoneFill" size={26} />
        <span class="phone-name">{props.phone.name}</span>
        <span class="phone-detail">{props.phone.detail}</span>
        <span class="phone-number voice">{props.phone.number}</span>
      </a>
    </li>
  );
}

/** Rogn round the whole viewport for as long as it is mounted. Says nothing of its own: the guard card does. */
export function ViolenceFrame(): JSX.Element {
  onMount(() => {
    document.documentElement.dataset["guardFrame"] = "";
  });
  onCleanup(() => {
    delete document.documentElement.dataset["guardFrame"];
  });
  return <div class="guard-frame" aria-hidden="true" />;
}

/** A grey line: what is left out of this form, and why. */
export function LeftOut(props: { readonly children: JSX.Element }): JSX.Element {
  return (
    <p class="left-out">
      <Icon name="eyeSlash" />
      <span>{props.children}</span>
    </p>
  );
}
