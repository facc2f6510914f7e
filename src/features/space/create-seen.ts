import { createSignal } from "solid-js";
import * as z from "zod/mini";
import { useEngine } from "../../reactive/engine-context.tsx";

/** What somebody has said, on this device, to have looked at. */
export type Seen = { has(id: string): boolean; add(ids: readonly string[]): void };

/** @param name of what is kept */
export function createSeen(name: string): Seen {
  const engine = useEngine();
  const [seen, setSeen] = createSignal<ReadonlySet<string>>(new Set());
  void engine.read(async () => {
    const stored = z.array(z.string()).safeParse(await engine.locals.load(name));
    if (stored.success) setSeen((now) => new Set([...stored.data, ...now]));
  });
  return {
    has: (id) => seen().has(id),
    add(ids) {
      const next = new Set([...seen(), ...ids]);
      void engine.run(async () => {
        await engine.locals.save(name, Array.from(next));
        setSeen(next);
      });
    },
  };
}
