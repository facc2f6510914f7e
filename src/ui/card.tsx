import { Show, type JSX } from "solid-js";

export interface CardProps {
  /** `hero` is the one large card of a screen; `now` is lit, for the current case; `device` is dashed, for what never leaves this device. */
  readonly kind?: "plain" | "hero" | "now" | "device" | undefined;
  /** Rows with hairlines between, no padding of its own. */
  readonly list?: boolean | undefined;
  readonly children: JSX.Element;
  readonly class?: string | undefined;
}

/** A sheet of paper on the page. Never a card in a card. */
export function Card(props: CardProps): JSX.Element {
  return (
    <div class={`card ${props.class ?? ""}`} data-kind={props.kind} data-list={props.list ? "" : undefined}>
      {props.children}
    </div>
  );
}

export interface PageTitleProps {
  readonly title: string;
  /** A line above: the date, the school. */
  readonly kicker?: string | undefined;
  /** A line below. */
  readonly detail?: string | undefined;
  /** A tile at the left, for a case. */
  readonly tile?: JSX.Element | undefined;
  /** Filters or a button at the right. */
  readonly aside?: JSX.Element | undefined;
  /** Said aloud when it changes: it becomes how something ended. */
  readonly live?: boolean | undefined;
  /** The size of a row: the case is known, and the form is what matters. */
  readonly compact?: boolean | undefined;
}

/** The page's only first-level heading. */
export function PageTitle(props: PageTitleProps): JSX.Element {
  return (
    <header class="page-title" data-size-of={props.compact ? "row" : props.tile ? "case" : undefined}>
      {props.tile}
      <div class="page-title-text" role={props.live ? "status" : undefined}>
        <Show when={props.kicker}>
          <p class="kicker">{props.kicker}</p>
        </Show>
        <h1 class="voice">{props.title}</h1>
        <Show when={props.detail}>
          <p class="detail">{props.detail}</p>
        </Show>
      </div>
      <Show when={props.aside}>
        <div class="page-title-aside">{props.aside}</div>
      </Show>
    </header>
  );
}

export interface SectionProps {
  readonly heading: string;
  /** A few words or a count beside the heading. */
  readonly hint?: string | undefined;
  readonly children: JSX.Element;
}

/** A second-level heading in serif and what belongs under it. */
export function Section(props: SectionProps): JSX.Element {
  return (
    <section class="section">
      <h2 class="section-heading voice">
        {props.heading}
        <Show when={props.hint}>
          <span class="hint"> {props.hint}</span>
        </Show>
      </h2>
      {props.children}
    </section>
  );
}
