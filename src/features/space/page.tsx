import { useLocation } from "@solidjs/router";
import { createMemo, type JSX, onCleanup, onMount } from "solid-js";
import { createLasting } from "../../reactive/create-lasting.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { createMediaQuery, phoneQuery } from "../../ui/media-query.ts";
import type { NavItem } from "../../ui/nav.tsx";
import { PageFrame, type PageFrameProps } from "../../ui/page-frame.tsx";
import { StateLine, type StateLineProps } from "../../ui/state-line.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { UndoToast } from "../../ui/undo-toast.tsx";
import { sideOf } from "../follow-up/follow-ups-context.tsx";
import { waitingNow } from "../follow-up/rules.ts";
import { useWaiting } from "../follow-up/waiting-context.tsx";
import { needsUpdateAlone } from "./matters.ts";
import { useMatters } from "./matters-context.tsx";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";
import { StorageFullError } from "../../engine/platform/errors.ts";

export type PageProps = Pick<PageFrameProps, "title" | "back" | "dock" | "width" | "stateInBar"> & {
  /** A focus screen has no navigation: only the way back and the dock. */
  focus?: boolean | undefined;
  /** Shown in place of the state line, such as when a draft was saved. */
  state?: JSX.Element | undefined;
  children: JSX.Element;
};

/** A page of the open app: the frame with its state line, navigation, lock, Skjul and undo. */
export function Page(props: PageProps): JSX.Element {
  const { text } = useText();
  const shell = useShell();
  const nav = createNavItems();
  // A new page has taken away what had focus: whoever uses the keyboard or a screen reader goes on from its beginning.
  onMount(() => {
    // With the frame: to focus at once would lay the page out once more.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) {
        document.getElementById("content")?.focus({ preventScroll: true });
      }
    });
    onCleanup(() => cancelAnimationFrame(frame));
  });
  return (
    <PageFrame
      title={props.title}
      {...(props.back === undefined ? {} : { back: props.back })}
      state={props.state ?? <SyncStateLine />}
      stateInBar={props.stateInBar}
      nav={props.focus === true ? undefined : nav()}
      onLock={shell.lock}
      onHide={shell.hide}
      dock={props.dock}
      toast={<UndoToast undo={shell.undo} />}
      badge={shell.example ? text("common.example") : undefined}
      width={props.width}
    >
      {props.children}
    </PageFrame>
  );
}

function createNavItems(): () => NavItem[] {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const all = useWaiting();
  const location = useLocation();
  const current = (path: string) => (path === "/" ? location.pathname === "/" : location.pathname.startsWith(path));
  return createMemo(() => {
    const item = (href: string, label: string, icon: NavItem["icon"], more: Partial<NavItem> = {}): NavItem => ({
      href,
      label,
      icon,
      current: current(href),
      ...more,
    });
    const settings = item("/innstillinger", text("common.nav.settings"), "cog", { phone: "top" });
    if (workspace.role() === "serviceLead") return [item("/", text("space.lead.title"), "barChart", { phone: "bar" }), settings];
    const today = item("/", text("common.nav.today"), "sun", { currentIcon: "sunFill", phone: "bar" });
    const visits = item("/besok", text("common.nav.visits"), "doorOpen", { phone: "bar" });
    const schools = item("/skoler", text("common.nav.schools"), "school", { phone: "bar" });
    if (workspace.role() === "principal") return [today, visits, schools, settings];
    const side = sideOf(workspace.role());
    const waiting = side === null ? 0 : waitingNow(all(), side, engine.today()).length;
    const followUp = item("/oppfolging", text("common.nav.followUp"), "tasklist", {
      phone: "bar",
      ...(waiting > 0 ? { badge: waiting } : {}),
    });
    return [today, visits, followUp, schools, settings];
  });
}

/** A disk that takes a saving sooner than this is not spoken of: «Lagrer …» would cost a frame more than the saving, and be read aloud each time. */
const unnoticedMs = 150;

/** What is true of everything written here: on disk, sent, or in need of somebody. Says «lagret» only after the disk. */
function SyncStateLine(): JSX.Element {
  const { text, plural } = useText();
  const engine = useEngine();
  const shell = useShell();
  const matters = useMatters();
  const space = fromObservable(engine.space.status);
  const left = fromObservable(engine.space.left);
  const sync = fromObservable(engine.space.sync.status);
  const updateWaiting = fromObservable(shell.updateWaiting);
  const isPhone = createMediaQuery(phoneQuery);
  const isTouch = createMediaQuery("(pointer: coarse)");
  const device = () =>
    text(isPhone() ? "common.device.phone" : isTouch() || innerWidth < 1100 ? "common.device.tablet" : "common.device.computer");
  const failure = () => engine.failure() ?? sync().failure;
  const isSaving = createMemo(() => space().saving > 0);
  const isSavingLong = createLasting(isSaving, unnoticedMs, engine.clock);

  /** Of the newest saving. Where there is little room, it says nothing. */
  const readBy = () => {
    const readers = space().lastSaved?.readers ?? 0;
    return readers === 0 || isPhone() ? undefined : plural(readers, "common.state.readOne", "common.state.readMany");
  };

  const state = createMemo((): StateLineProps => {
    const { unsent } = space();
    const saved = text("common.state.saved", { device: device() });
    const attentionHref = "/innstillinger#trenger-deg";
    const seeWhat = { label: text("common.state.attentionAction"), href: attentionHref };
    if (failure() instanceof StorageFullError) {
      return { kind: "full", fact: text("common.state.full"), action: { label: text("common.state.fullAction"), href: "/innstillinger#lagring" } };
    }
    if (failure() !== null) {
      return { kind: "attention", fact: text("common.state.notSaved"), action: seeWhat };
    }
    if (isSavingLong()) return { kind: "saving", fact: text("common.state.saving") };
    const update = { kind: "update", fact: text("common.state.newVersion"), action: { label: text("common.state.newVersionAction"), onPress: shell.takeUpdate } } as const;
    if (left().length === 0 && needsUpdateAlone(matters.all())) {
      return updateWaiting() ? update : { kind: "attention", fact: text("common.state.tooOld"), action: { label: text("common.state.tooOldAction"), href: attentionHref } };
    }
    const problems = matters.all().size + left().length;
    if (problems > 0) {
      return { kind: "attention", fact: plural(problems, "common.state.attentionOne", "common.state.attentionMany"), action: seeWhat };
    }
    if (updateWaiting()) return update;
    if (unsent > 0) return { kind: "unsent", fact: saved, rest: text("common.state.notSent", { count: unsent }) };
    if (sync().reached === false) return { kind: "offline", fact: saved, rest: text("common.state.allSent") };
    return { kind: "sent", fact: saved, rest: text("common.state.allSent"), note: readBy() };
  });
  return <StateLine {...state()} />;
}
