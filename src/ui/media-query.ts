import { createSignal, onCleanup, type Accessor } from "solid-js";

/** Whether a media query holds now; follows it until the owner is disposed. */
export function createMediaQuery(query: string): Accessor<boolean> {
  const list = window.matchMedia(query);
  const [matches, setMatches] = createSignal(list.matches);
  const update = () => setMatches(list.matches);
  list.addEventListener("change", update);
  onCleanup(() => list.removeEventListener("change", update));
  return matches;
}

/** Where the page frame has its navigation at the side. */
export const railQuery = "(min-width: 68.75em)";
/** Where the page frame has the phone's layout. */
export const phoneQuery = "(max-width: 37.49em)";
