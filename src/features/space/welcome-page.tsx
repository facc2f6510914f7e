import { createSignal, type JSX } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { GateFrame } from "../../ui/gate-frame.tsx";
import { useText } from "../../ui/text-provider.tsx";

/** A device that has nothing yet: make a service, try the example, come with an invitation or with the recovery code. */
export function WelcomePage(props: { onCreate: () => void; onUseCode: () => void; onExample: () => Promise<void> }): JSX.Element {
  const { text } = useText();
  const [preparing, setPreparing] = createSignal(false);
  const tryExample = async () => {
    if (preparing()) return;
    setPreparing(true);
    await props.onExample();
    setPreparing(false);
  };
  return (
    <GateFrame title={text("space.welcome.title")} detail={text("space.welcome.detail")}>
      <div class="stack">
        <Button variant="primary" size="dock" onClick={() => props.onCreate()}>
          {text("space.welcome.create")}
        </Button>
        <p class="gate-note">{text("space.welcome.createHelp")}</p>
        <Button variant="secondary" size="dock" aria-disabled={preparing()} onClick={() => void tryExample()}>
          {preparing() ? text("space.welcome.preparing") : text("space.welcome.example")}
        </Button>
        <p class="gate-note">{text("space.welcome.exampleHelp")}</p>
        <p class="gate-note">{text("space.welcome.invited")}</p>
        <Button variant="quiet" icon="key" onClick={() => props.onUseCode()}>
          {text("space.welcome.useCode")}
        </Button>
      </div>
    </GateFrame>
  );
}
