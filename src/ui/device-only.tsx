import { For, Show, type JSX } from "solid-js";
import { CaseTile, type TileColour } from "./case-tile.tsx";
import { Icon } from "./icon.tsx";
import { HoldToShow } from "./hold-to-show.tsx";
import { useText } from "./text-provider.tsx";

export interface SecretRow {
  readonly colour: TileColour;
  readonly number: number;
  /** The whole case code. */
  readonly title: string;
  /** When the row is deleted. */
  readonly detail: string;
  /** What «Vis» shows; called only while it is held. */
  readonly secret: () => JSX.Element;
  readonly href?: string | undefined;
}

/** Dashed in Fjord, with a phone: what never leaves this device. Used for nothing else. */
export function DeviceOnly(props: { readonly text: string; readonly rows: readonly SecretRow[]; readonly children?: JSX.Element }): JSX.Element {
  const { text } = useText();
  return (
    <section class="card" data-kind="device">
      <h2 class="device-head">
        <Icon name="mobile" />
        {text("common.onlyThisDevice")}
      </h2>
      <p class="device-text">{props.text}</p>
      <ul class="device-rows">
        <For each={props.rows}>
          {(row) => (
            <li>
              <CaseTile colour={row.colour} number={row.number} size={36} />
              <span class="row-text">
                <Show when={row.href} fallback={<span class="row-title voice">{row.title}</span>}>
                  <a class="row-title voice" href={row.href}>
                    {row.title}
                  </a>
                </Show>
                <span class="row-detail">{row.detail}</span>
              </span>
              <HoldToShow label={row.title}>{row.secret}</HoldToShow>
            </li>
          )}
        </For>
      </ul>
      {props.children}
    </section>
  );
}

/** The way to what lies only on this device, in the same dress. */
export function DeviceOnlyLink(props: { readonly href: string; readonly label: string }): JSX.Element {
  const { text } = useText();
  return (
    <a class="card row device-link" data-kind="device" href={props.href}>
      <Icon name="key" />
      <span class="row-text">
        <span class="row-title">{props.label}</span>
        <span class="small">{text("common.onlyThisDevice")}</span>
      </span>
      <Icon name="chevronRight" />
    </a>
  );
}
