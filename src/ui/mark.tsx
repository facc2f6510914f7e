import type { JSX } from "solid-js";

/** The mark: a door ajar, and light through it. Decorative; the name stands beside it. */
export function Mark(props: { readonly size?: number | undefined }): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 36 36" width={props.size ?? 36} height={props.size ?? 36} aria-hidden="true">
      <path class="art-light" d="M10 4.7h14.3a1 1 0 0 1 1 1v23H18V8Z" />
      <path class="art-light" opacity=".8" d="M18.9 28.7h6.4l6 4.7a.4.4 0 0 1-.2.7h-9.2a1 1 0 0 1-.9-.6Z" />
      <path
        class="art-door"
        d="M9.4 4 18 7.3a1 1 0 0 1 .7 1v23.3a1 1 0 0 1-1.3 1L9.2 30a1 1 0 0 1-.7-1V4.6A.7.7 0 0 1 9.4 4Z"
      />
      <circle class="art-knob" cx="15.7" cy="19.7" r="1.4" />
    </svg>
  );
}
