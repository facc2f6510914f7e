import { Show, type JSX } from "solid-js";
import { CaseTile, type TileColour } from "./case-tile.tsx";
import { Unbroken } from "./unbroken.tsx";

export interface CurrentCardProps {
  readonly colour: TileColour;
  readonly number: number;
  /** «Nå · 13.55–14.20» */
  readonly kicker: string;
  readonly title: string;
  readonly tag?: JSX.Element | undefined;
  readonly line: string;
  readonly detail?: string | undefined;
  /** The buttons; give the primary `grow`. */
  readonly children: JSX.Element;
}

/** The case that is on now: the only lit card of the screen. */
export function CurrentCard(props: CurrentCardProps): JSX.Element {
  return (
    <section class="card current-card" data-kind="now" aria-label={props.title}>
      <div class="current-head">
        <CaseTile colour={props.colour} number={props.number} size={60} />
        <div class="row-body">
          <div class="row-text">
            <p class="kicker">
              <Unbroken text={props.kicker} />
            </p>
            <h2 class="voice">{props.title}</h2>
          </div>
          <span class="row-end">{props.tag}</span>
        </div>
      </div>
      <p class="current-line">
        <Unbroken text={props.line} />
      </p>
      <Show when={props.detail}>
        <p class="detail">{props.detail}</p>
      </Show>
      <div class="button-row">{props.children}</div>
    </section>
  );
}
