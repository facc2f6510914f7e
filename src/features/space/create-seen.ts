import { createSignal } from "solid-js";
import * as z from "zod/mini";
import { useEngine } from "../../reactive/engine-context.tsx";

/** What somebody has said, on this device, to have looked at. Everything counts as that until the disk has been read: nothing is shown to be taken away again. */
export type Seen = { has(id: string): boolean; add(ids: readonly string[]): void };

/** @param name of what is kept */
export function createSeen(name: string): Seen {
  const engine = useEngine();
  const [seen, setSeen] = createSignal<ReadonlySet<string> | null>(null);
  void engine.read(async () => {
    const stored = z.array(z.string()).safeParse(await engine.locals.load(name));
    setSeen((now) => new Set([...(stored.success ? stored.data : []), ...(now ?? [])]));
  });
  return {
    has: (id) => seen()?.has(id) ?? true,
    add(ids) {
      const next = new Set([...(seen() ?? []), ...ids]);
      void engine.run(async () => {
        await engine.locals.save(name, Array.from(next));
        setSeen(next);
      });
    },
  };
}
