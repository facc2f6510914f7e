import type { JSX } from "solid-js";

/** The colour words of case codes, as ASCII ids. */
export type TileColour =
  | "bla"
  | "gronn"
  | "gul"
  | "rod"
  | "gra"
  | "hvit"
  | "brun"
  | "lilla"
  | "oransje"
  | "rosa"
  | "turkis"
  | "svart";

export interface CaseTileProps {
  readonly colour: TileColour;
  readonly number: number;
  /** Side in px. Default 48. */
  readonly size?: 36 | 48 | 60 | undefined;
}

/** The colour and number of a case code. Decorative: the whole code always stands beside it. */
export function CaseTile(props: CaseTileProps): JSX.Element {
  return (
    <span
      class="tile"
      data-size-px={props.size ?? 48}
      data-bordered={props.colour === "hvit" ? "" : undefined}
      style={{ background: `var(--ad-tile-${props.colour})`, color: `var(--ad-tile-${props.colour}-ink)` }}
      aria-hidden="true"
    >
      {props.number}
    </span>
  );
}

/** A tile with a drawing in it, for rows that are not about a case. Lys only for what is now. */
export function IconTile(props: { readonly children: JSX.Element; readonly tone?: "now" | "info" | "neutral" | undefined }): JSX.Element {
  return (
    <span class="tile" data-size-px="48" data-tone={props.tone ?? "info"} aria-hidden="true">
      {props.children}
    </span>
  );
}
