import { For, Show, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  /** The drawing while one is there; the same as `icon` when left out. */
  readonly currentIcon?: IconName | undefined;
  readonly current?: boolean | undefined;
  /** How many things wait there; 0 shows nothing. */
  readonly badge?: number | undefined;
  /** Where a phone has it: in the bar (default), as an icon in the top bar, or not at all. */
  readonly phone?: "bar" | "top" | "none" | undefined;
}

/** The main navigation: a bar at the bottom, or a rail at the side on a wide screen. */
export function Nav(props: { readonly items: readonly NavItem[]; readonly onHide?: (() => void) | undefined }): JSX.Element {
  const { text } = useText();
  return (
    <nav class="nav" aria-label={text("common.nav.label")}>
      <ul>
        <For each={props.items}>
          {(item) => (
            <li data-phone={item.phone ?? "bar"}>
              <NavLink item={item} />
            </li>
          )}
        </For>
      </ul>
      <Show when={props.onHide}>
        {(onHide) => (
          <button type="button" class="nav-hide" onClick={() => onHide()()}>
            <Icon name="eyeSlash" />
            <span>{text("common.hide.button")}</span>
          </button>
        )}
      </Show>
    </nav>
  );
}

function NavLink(props: { item: NavItem }): JSX.Element {
  const { plural } = useText();
  const badge = () => props.item.badge ?? 0;
  return (
    <a class="nav-link" href={props.item.href} aria-current={props.item.current ? "page" : undefined}>
      <span class="nav-pill">
        <Icon name={props.item.current ? (props.item.currentIcon ?? props.item.icon) : props.item.icon} />
        <Show when={badge() > 0}>
          <span class="nav-badge" aria-hidden="true">
            {badge()}
          </span>
        </Show>
      </span>
      <span class="nav-label">{props.item.label}</span>
      {/* In brackets: a screen reader hears a space between two boxes, which a comma must not follow. */}
      <Show when={badge() > 0}>
        <span class="ds-sr-only">({plural(badge(), "common.nav.waitingOne", "common.nav.waitingMany")})</span>
      </Show>
    </a>
  );
}
