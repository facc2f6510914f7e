import type { JSX } from "solid-js";
import { SmallDoor } from "./door-hero.tsx";

/** A small door, one sentence, and at most one button. */
export function EmptyState(props: { readonly text: string; readonly children?: JSX.Element | undefined }): JSX.Element {
  return (
    <div class="empty">
      <SmallDoor />
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}
