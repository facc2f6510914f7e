import { createMemo, For, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";

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
  const start = () => minutesOf(props.from);
  const length = () => Math.max(1, minutesOf(props.to) - start());
  const percentAt = (time: string) => Math.min(100, Math.max(0, ((minutesOf(time) - start()) / length()) * 100));
  const ticks = createMemo(() => {
    // At most five times on the line, on the half hour, the whole hour, or every second.
    const stepMinutes = [30, 60, 120, 240].find((step) => length() / step <= 5) ?? 240;
    const times: string[] = [];
    for (let minute = start(); minute <= start() + length(); minute += stepMinutes) times.push(timeOf(minute));
    return times;
  });
  return (
    <div class="visit-line" aria-hidden="true" data-running={props.now === undefined ? undefined : ""}>
      <div class="visit-track">
        <For each={props.segments}>
          {(segment) => (
            <span
              class="visit-segment"
              data-kind={segment.kind}
              style={{ left: `${percentAt(segment.from)}%`, width: `${percentAt(segment.to) - percentAt(segment.from)}%` }}
            >
              <span>
                <Show when={segment.kind === "done" && props.now !== undefined}>
                  <Icon name="check" size={20} />
                </Show>
                {segment.label}
              </span>
            </span>
          )}
        </For>
        <Show when={props.now}>
          {(now) => (
            <span class="visit-now" style={{ left: `${percentAt(now())}%` }}>
              <span>{props.formatTime(now())}</span>
            </span>
          )}
        </Show>
      </div>
      <div class="visit-times">
        <For each={ticks()}>
          {(time) => (
            <span style={{ left: `${percentAt(time)}%` }}>
              <span>{props.formatTime(time)}</span>
            </span>
          )}
        </For>
      </div>
    </div>
  );
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

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
