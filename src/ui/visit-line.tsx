import { createMemo, For, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { percentAt, placesOn, ticksOf } from "./visit-line-places.ts";

export interface VisitSegment {
  /** `HH:MM` */
  readonly from: string;
  readonly to: string;
  readonly kind: "done" | "current" | "planned" | "dialog";
  /** The case's number, or the words for faglig dialog. */
  readonly label: string;
}

export interface VisitLineProps {
  readonly from: string;
  readonly to: string;
  readonly segments: readonly VisitSegment[];
  /** A line at this time while the visit is on; done segments then carry a tick. */
  readonly now?: string | undefined;
  /** How a time is written. */
  readonly formatTime: (timeOfDay: string) => string;
}

/** Besøkslinja: the visit's window as a track. Decorative for screen readers: a list on the same page carries all of it. */
export function VisitLine(props: VisitLineProps): JSX.Element {
  const line = () => ({ from: props.from, to: props.to });
  const isPast = ({ kind }: VisitSegment) => kind === "done" || kind === "dialog";
  // What was held moves along; what is planned keeps its own time, and lies under it.
  const placed = createMemo(() =>
    [props.segments.filter((segment) => !isPast(segment)), props.segments.filter(isPast)].flatMap((segments) =>
      placesOn(line(), segments).map((place, index) => ({ place, segment: segments[index] })),
    ),
  );
  return (
    <div class="visit-line" aria-hidden="true" data-running={props.now === undefined ? undefined : ""}>
      <div class="visit-track">
        <For each={placed()}>
          {({ place, segment }) => (
            <span class="visit-segment" data-kind={segment?.kind} style={{ left: `${place.left}%`, width: `${place.width}%` }}>
              <span>
                <Show when={segment?.kind === "done" && props.now !== undefined}>
                  <Icon name="check" size={20} />
                </Show>
                <span>{segment?.label}</span>
              </span>
            </span>
          )}
        </For>
        <Show when={props.now}>
          {(now) => (
            <span class="visit-now" data-edge={edgeOf(percentAt(now(), line()), 6)} style={{ left: `${percentAt(now(), line())}%` }}>
              <span>{props.formatTime(now())}</span>
            </span>
          )}
        </Show>
      </div>
      <div class="visit-times">
        <For each={ticksOf(line())}>
          {(time) => (
            <span data-edge={edgeOf(percentAt(time, line()), 0)} style={{ left: `${percentAt(time, line())}%` }}>
              <span>{props.formatTime(time)}</span>
            </span>
          )}
        </For>
      </div>
    </div>
  );
}

/** Which end of the line a label has to keep clear of; undefined when it is more than `room` percent away from both. */
function edgeOf(percent: number, room: number): "start" | "end" | undefined {
  if (percent <= room) return "start";
  return percent >= 100 - room ? "end" : undefined;
}

export interface VisitCardProps {
  readonly heading: string;
  readonly detail: string;
  /** At the right: «Neste ledige tid» and the time. */
  readonly aside?: { readonly label: string; readonly value: string } | undefined;
  /** A `VisitLine`. */
  readonly children: JSX.Element;
}

/** The large card of a visit that is on. */
export function VisitCard(props: VisitCardProps): JSX.Element {
  return (
    <section class="card" data-kind="hero">
      <div class="visit-head">
        <div>
          <h1 class="voice">{props.heading}</h1>
          <p class="detail">{props.detail}</p>
        </div>
        <Show when={props.aside}>
          {(aside) => (
            <p class="detail">
              {aside().label} <strong class="voice">{aside().value}</strong>
            </p>
          )}
        </Show>
      </div>
      {props.children}
    </section>
  );
}
