import type { JSX } from "solid-js";

/** How much of the planned time is used: fills in Gran, and stands full in Lys when it is over. Whole minutes beside it, no seconds, no sound. */
export function TimerRing(props: { readonly used: number; readonly planned: number; readonly amount: string; readonly detail: string }): JSX.Element {
  const isOver = () => props.used > props.planned;
  const share = () => (props.planned === 0 ? 0 : Math.min(1, props.used / props.planned));
  return (
    <div class="timer">
      <svg class="timer-ring" data-over={isOver() ? "" : undefined} viewBox="0 0 36 36" aria-hidden="true">
        <circle cx="18" cy="18" r="15.9155" />
        <circle class="timer-used" cx="18" cy="18" r="15.9155" stroke-dasharray={`${share() * 100} 100`} transform="rotate(-90 18 18)" />
      </svg>
      <p class="timer-words">
        <span class="voice">{props.amount}</span>
        <span>{props.detail}</span>
      </p>
    </div>
  );
}
