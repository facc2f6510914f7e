import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { Observable } from "../engine/platform/observable.ts";

/** The observable's value as a signal, for as long as the owner lives. */
export function fromObservable<T>(observable: Observable<T>): Accessor<T> {
  const [value, setValue] = createSignal(observable.get());
  onCleanup(observable.subscribe((next) => setValue(() => next)));
  return value;
}
