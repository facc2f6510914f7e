import { createEffect, onCleanup, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { Mark } from "./mark.tsx";
import { createMediaQuery, railQuery } from "./media-query.ts";
import { Nav, type NavItem } from "./nav.tsx";
import { useText } from "./text-provider.tsx";

export interface PageFrameProps {
  /** The name beside the mark: the app, or the school one is at. Default the app's. */
  readonly title?: string | undefined;
  /** Where the mark leads. Default "/". */
  readonly homeHref?: string | undefined;
  /** In place of the mark: where one came from, or a way to give up (`cross`). */
  readonly back?: { readonly label: string; readonly href: string; readonly icon?: "arrowLeft" | "cross" | undefined };
  /** A `StateLine`. On a phone it has a line of its own, unless it is `stateInBar`. */
  readonly state?: JSX.Element | undefined;
  readonly stateInBar?: boolean | undefined;
  /** No navigation for a focus screen (visit, form, meeting, invitation): only back and dock. */
  readonly nav?: readonly NavItem[] | undefined;
  /** Locks the app. Left out where there is nothing to lock. */
  readonly onLock?: (() => void) | undefined;
  /** Skjul: the door handle, the last slot of a phone's navigation, and the key F2. */
  readonly onHide?: (() => void) | undefined;
  /** A `Dock`: over the navigation, or in its place. */
  readonly dock?: JSX.Element | undefined;
  /** An `UndoToast`. */
  readonly toast?: JSX.Element | undefined;
  /** A mark for the example service, in the top bar on every screen. */
  readonly badge?: string | undefined;
  /** `wide` for tables and lists with detail; `bare` without padding, for the lock screen. */
  readonly width?: "wide" | "bare" | undefined;
  readonly children: JSX.Element;
}

/** The router would take the address and leave the focus where it was. */
function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** What stands around every page: top bar, content, dock, navigation and Skjul, where each size of screen has them. */
export function PageFrame(props: PageFrameProps): JSX.Element {
  const { text } = useText();
  // The order in the document is the order on the screen: navigation first in a rail, last in a bar.
  const hasRail = createMediaQuery(railQuery);
  const nav = () => <Show when={props.nav}>{(items) => <Nav items={items()} onHide={props.onHide} />}</Show>;

  createEffect(() => {
    const onHide = props.onHide;
    if (onHide === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "F2") return;
      event.preventDefault();
      onHide();
    };
    window.addEventListener("keydown", onKey);
    onCleanup(() => window.removeEventListener("keydown", onKey));
  });

  return (
    <div class="frame" data-nav={props.nav ? "" : undefined} data-dock={props.dock ? "" : undefined} data-width={props.width}>
      <a class="skip-link" href="#content" onClick={skipToContent}>
        {text("common.nav.skipToContent")}
      </a>
      <header class="top-bar" data-state-in-bar={props.stateInBar ? "" : undefined}>
        <Show
          when={props.back}
          fallback={
            <a class="brand voice" href={props.homeHref ?? "/"}>
              <Mark />
              <span>{props.title ?? text("common.appName")}</span>
            </a>
          }
        >
          {(back) => (
            <a class="bar-button" data-back="" href={back().href}>
              <Icon name={back().icon ?? "arrowLeft"} />
              <span>{back().label}</span>
            </a>
          )}
        </Show>
        <Show when={props.badge}>
          <span class="tag top-badge" data-tone="info">
            {props.badge}
          </span>
        </Show>
        <div class="top-state">{props.state}</div>
        <Show when={props.nav?.filter((item) => item.phone === "top")}>
          {(items) => (
            <Show when={items().length > 0}>
              <nav class="top-nav" aria-label={text("common.nav.settings")}>
                {items().map((item) => (
                  <a class="bar-button" href={item.href} aria-current={item.current ? "page" : undefined}>
                    <Icon name={item.icon} />
                    <span class="ds-sr-only">{item.label}</span>
                  </a>
                ))}
              </nav>
            </Show>
          )}
        </Show>
        <Show when={props.onHide}>
          {(onHide) => (
            <button type="button" class="bar-button bar-hide" onClick={() => onHide()()}>
              <Icon name="eyeSlash" />
              <span>{text("common.hide.button")}</span>
            </button>
          )}
        </Show>
        <Show when={props.onLock}>
          {(onLock) => (
            <button type="button" class="bar-button bar-lock" onClick={() => onLock()()}>
              <Icon name="lock" />
              <span>{text("common.lock")}</span>
            </button>
          )}
        </Show>
      </header>
      <Show when={props.onHide}>
        {(onHide) => (
          <button type="button" class="handle" onClick={() => onHide()()}>
            <Icon name="eyeSlash" />
            <span>{text("common.hide.button")}</span>
          </button>
        )}
      </Show>
      <Show when={hasRail()}>{nav()}</Show>
      <main id="content" class="content" tabindex="-1">
        {props.children}
      </main>
      <div class="bottom">
        {props.toast}
        <Show when={props.dock}>
          <section class="dock" aria-label={text("common.nav.actions")}>
            {props.dock}
          </section>
        </Show>
        <Show when={!hasRail()}>{nav()}</Show>
      </div>
    </div>
  );
}
