import { createSignal, type JSX, onMount, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";

type Protection = "asking" | "persisted" | "notPersisted" | "refused" | "unknown";

const bytesInMegabyte = 1_000_000;

/** Whether the device has promised to keep what is stored, and how much that is. */
export function StorageSection(): JSX.Element {
  const { text, format } = useText();
  const [protection, setProtection] = createSignal<Protection>("asking");
  const [estimate, setEstimate] = createSignal<StorageEstimate>({});
  // An insecure or old browser has no storage manager, whatever the types say.
  const storage = navigator.storage as StorageManager | undefined;

  onMount(() => {
    storage?.estimate?.().then(setEstimate, () => undefined);
    if (storage?.persisted === undefined) setProtection("unknown");
    else storage.persisted().then((persisted) => setProtection(persisted ? "persisted" : "notPersisted"), () => setProtection("unknown"));
  });
  const ask = () => {
    if (storage?.persist === undefined) return setProtection("unknown");
    storage.persist().then((persisted) => setProtection(persisted ? "persisted" : "refused"), () => setProtection("unknown"));
  };
  const size = (bytes: number) => {
    const megabytes = bytes / bytesInMegabyte;
    return megabytes < 1000 ? `${format.number(megabytes, megabytes < 10 ? 1 : 0)} MB` : `${format.number(megabytes / 1000, 1)} GB`;
  };
  const usage = () => {
    const { usage: used, quota } = estimate();
    return used === undefined || quota === undefined ? undefined : text("space.settings.usage", { used: size(used), quota: size(quota) });
  };
  const words = () => {
    switch (protection()) {
      case "persisted":
        return text("space.settings.persisted");
      case "notPersisted":
        return text("space.settings.notPersisted");
      case "refused":
        return text("settings.persistRefused");
      case "unknown":
        return text("space.settings.persistUnknown");
      case "asking":
        return "";
    }
  };

  return (
    <Section heading={text("space.settings.storage")}>
      <p role="status">{words()}</p>
      <Show when={protection() === "notPersisted" || protection() === "refused"}>
        <div class="button-row section-action">
          <Button variant="secondary" icon="shieldLock" onClick={ask}>
            {text("space.settings.askPersist")}
          </Button>
        </div>
      </Show>
      <Show when={usage()}>{(known) => <Notice icon="tablet">{known()}</Notice>}</Show>
    </Section>
  );
}
