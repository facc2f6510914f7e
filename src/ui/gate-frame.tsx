import { Show, type JSX } from "solid-js";
import { CorridorScene } from "./corridor-scene.tsx";
import { Mark } from "./mark.tsx";
import { useText } from "./text-provider.tsx";

export interface GateFrameProps {
  readonly title: string;
  readonly detail?: string | undefined;
  /** At the bottom: the state line, and what works without a network. */
  readonly foot?: JSX.Element;
  readonly children: JSX.Element;
}

/** What one sees before the app is open: the corridor with its door ajar, and under or beside it what one has to write. */
export function GateFrame(props: GateFrameProps): JSX.Element {
  const { text } = useText();
  return (
    <main class="gate">
      <p class="gate-brand voice">
        <Mark size={40} />
        {text("common.appName")}
      </p>
      <CorridorScene door="open" />
      <div class="gate-content">
        <h1 class="voice">{props.title}</h1>
        <Show when={props.detail}>
          <p class="gate-detail">{props.detail}</p>
        </Show>
        {props.children}
        <Show when={props.foot}>
          <div class="gate-foot">{props.foot}</div>
        </Show>
      </div>
    </main>
  );
}
