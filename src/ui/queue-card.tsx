import { Show, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";
import { CaseTile, IconTile, type TileColour } from "./case-tile.tsx";
import { Unbroken } from "./unbroken.tsx";

/** Rows on one card. The children are `QueueRow`, `InfoRow` or any `<li>`. */
export function RowList(props: { readonly children: JSX.Element; readonly label?: string | undefined }): JSX.Element {
  return (
    <ul class="card" data-list="" aria-label={props.label}>
      {props.children}
    </ul>
  );
}

interface RowTarget {
  /** The whole row is the target: a link, or a button when `onPress` is given. */
  readonly href?: string | undefined;
  readonly onPress?: (() => void) | undefined;
  /** An arrow at the right end, where no tag says more. */
  readonly chevron?: boolean | undefined;
  /** Sunk and tinted: done today, or put off. */
  readonly done?: boolean | undefined;
}

export interface QueueRowProps extends RowTarget {
  /** The time, or a date, at the left. */
  readonly slot?: string | undefined;
  readonly colour: TileColour;
  readonly number: number;
  /** The whole case code. */
  readonly title: string;
  readonly detail: string;
  readonly tag?: JSX.Element | undefined;
  /** A button of its own at the right; the row is then no target. */
  readonly action?: JSX.Element | undefined;
}

/** Slot, tile, code and what it is about. */
export function QueueRow(props: QueueRowProps): JSX.Element {
  return (
    <Row target={props}>
      <Show when={props.slot}>
        <span class="row-slot">{props.slot}</span>
      </Show>
      <CaseTile colour={props.colour} number={props.number} />
      <RowBody end={[props.tag, props.action]}>
        <span class="row-title voice">{props.title}</span>
        <span class="row-detail">
          <Unbroken text={props.detail} />
        </span>
      </RowBody>
    </Row>
  );
}

export interface InfoRowProps extends RowTarget {
  readonly icon?: IconName | undefined;
  readonly tone?: "now" | "info" | "neutral" | undefined;
  readonly slot?: string | undefined;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tag?: JSX.Element | undefined;
  readonly action?: JSX.Element | undefined;
}

/** A row that is not about a case: next visit, next in the year wheel, a member, a device. */
export function InfoRow(props: InfoRowProps): JSX.Element {
  return (
    <Row target={props}>
      <Show when={props.slot}>
        <span class="row-slot">{props.slot}</span>
      </Show>
      <Show when={props.icon}>
        {(icon) => (
          <IconTile tone={props.tone ?? "info"}>
            <Icon name={icon()} size={28} />
          </IconTile>
        )}
      </Show>
      <RowBody end={[props.tag, props.action]}>
        <span class="row-title">{props.title}</span>
        <Show when={props.detail}>
          <span class="row-detail">
            <Unbroken text={props.detail ?? ""} />
          </span>
        </Show>
      </RowBody>
    </Row>
  );
}

function Row(props: { target: RowTarget; children: JSX.Element }): JSX.Element {
  const chevron = () => (
    <Show when={props.target.chevron}>
      <Icon name="chevronRight" class="row-chevron" />
    </Show>
  );
  return (
    <li class="row-item" data-done={props.target.done ? "" : undefined}>
      <Show
        when={props.target.href !== undefined}
        fallback={
          <Show when={props.target.onPress} fallback={<div class="row">{props.children}</div>}>
            {(onPress) => (
              <button type="button" class="row" onClick={() => onPress()()}>
                {props.children}
                {chevron()}
              </button>
            )}
          </Show>
        }
      >
        <a class="row" href={props.target.href}>
          {props.children}
          {chevron()}
        </a>
      </Show>
    </li>
  );
}

/** Text and what stands at the right end, which goes under the text where there is no room for both. */
function RowBody(props: { children: JSX.Element; end: JSX.Element }): JSX.Element {
  return (
    <span class="row-body">
      <span class="row-text">{props.children}</span>
      <span class="row-end">{props.end}</span>
    </span>
  );
}
