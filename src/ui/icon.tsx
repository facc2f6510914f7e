import type { JSX } from "solid-js";
import { iconPaths, type IconName } from "./icon-paths.ts";

export type { IconName } from "./icon-paths.ts";

export interface IconProps {
  readonly name: IconName;
  /** Side in px at normal text size; it grows with the text. Default 24. */
  readonly size?: number | undefined;
  readonly class?: string | undefined;
}

/** A drawing beside a word that says the same: hidden from screen readers. */
export function Icon(props: IconProps): JSX.Element {
  return (
    <svg
      class={`icon ${props.class ?? ""}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      style={{ "--icon-size": props.size === undefined ? undefined : `${props.size / 16}rem` }}
    >
      <path fill="currentColor" fill-rule="evenodd" d={iconPaths[props.name]} />
    </svg>
  );
}
