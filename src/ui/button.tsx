import { Show, splitProps, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

export interface ButtonLook {
  /** Primary is solid: one on a screen. Quiet has no edge. Default secondary. */
  readonly variant?: "primary" | "secondary" | "quiet" | undefined;
  /** Danger is Rogn: the exit and what belongs to the violence frame, nothing else. */
  readonly tone?: "danger" | undefined;
  readonly icon?: IconName | undefined;
  /** `dock` is 60 high; `small` is 48 high with ink text in a row. Default 48. */
  readonly size?: "dock" | "small" | undefined;
  readonly grow?: boolean | undefined;
  /** The icon alone, 48 square; the children are its name for screen readers. */
  readonly iconOnly?: boolean | undefined;
}

export type ButtonProps = ButtonLook & Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "size">;
export type ButtonLinkProps = ButtonLook & JSX.AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string };

const lookKeys = ["variant", "tone", "icon", "size", "grow", "iconOnly", "children", "class"] as const;

export function Button(props: ButtonProps): JSX.Element {
  const [look, rest] = splitProps(props, lookKeys);
  return (
    <button type="button" {...rest} {...attributesOf(look)} class={`ds-button button ${look.class ?? ""}`}>
      <ButtonContent icon={look.icon} iconOnly={look.iconOnly}>
        {look.children}
      </ButtonContent>
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, a button does something. */
export function ButtonLink(props: ButtonLinkProps): JSX.Element {
  const [look, rest] = splitProps(props, lookKeys);
  return (
    <a {...rest} {...attributesOf(look)} class={`ds-button button ${look.class ?? ""}`}>
      <ButtonContent icon={look.icon} iconOnly={look.iconOnly}>
        {look.children}
      </ButtonContent>
    </a>
  );
}

function ButtonContent(props: { icon: IconName | undefined; iconOnly: boolean | undefined; children: JSX.Element }): JSX.Element {
  return (
    <>
      <Show when={props.icon}>{(icon) => <Icon name={icon()} />}</Show>
      <span class={props.iconOnly ? "ds-sr-only" : "button-label"}>{props.children}</span>
    </>
  );
}

function attributesOf(look: ButtonLook): Record<string, string | undefined> {
  const variants = { primary: undefined, secondary: "secondary", quiet: "tertiary" } as const;
  return {
    "data-variant": variants[look.variant ?? "secondary"],
    "data-color": look.tone,
    "data-height": look.size,
    "data-grow": look.grow ? "" : undefined,
    "data-icon": look.iconOnly ? "" : undefined,
  };
}
