import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import type { Clock } from "../engine/platform/clock.ts";

/** Whether the condition has been true for so many milliseconds without a break: for what need not be said when it is over at once. */
export function createLasting(condition: Accessor<boolean>, ms: number, clock: Clock): Accessor<boolean> {
  const [lasting, setLasting] = createSignal(false);
  createEffect(() => {
    setLasting(false);
    if (condition()) onCleanup(clock.after(ms, () => setLasting(true)));
  });
  return lasting;
}
