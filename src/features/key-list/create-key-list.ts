import { type Accessor, createSignal } from "solid-js";
import type { LocalStore } from "../../engine/storage/local-store.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import type { CaseId } from "../ids.ts";
import { emptyKeyList, withEntry, withoutEntry, withoutExpired } from "./rules.ts";
import { KeyList, type KeyListEntry } from "./schema.ts";

/** The one sealed row of this device that holds the list. It is in no draft, document or log. */
const rowName = "keyList";

/** The row is there and is not a key list this version knows. It is left as it is. */
export class UnknownKeyListError extends Error {
  override readonly name = "UnknownKeyListError";
}

export type KeyListState = { type: "loading" } | { type: "unreadable" } | { type: "open"; list: KeyList };

export type DeviceKeyList = {
  state: Accessor<KeyListState>;
  /** @returns whether it is on disk */
  write(entry: KeyListEntry): Promise<boolean>;
  remove(caseId: CaseId): Promise<boolean>;
};

/** Deletes the lines whose last day has passed, whether or not anybody looks at the list. */
export async function forgetExpiredLines(locals: LocalStore, today: IsoDate): Promise<void> {
  const stored = await load(locals);
  const kept = withoutExpired(stored, today);
  if (kept.entries.length < stored.entries.length) await locals.save(rowName, kept);
}

async function load(locals: LocalStore): Promise<KeyList> {
  const stored = await locals.load(rowName);
  if (stored === undefined) return emptyKeyList;
  const parsed = KeyList.safeParse(stored);
  // What cannot be read is never taken for an empty list: the next save would wipe the names out.
  if (!parsed.success) throw new UnknownKeyListError("the key list on this device is not one this version knows");
  return parsed.data;
}

/** This device's key list. Opening it deletes the lines whose last day has passed. */
export function createKeyList(): DeviceKeyList {
  const engine = useEngine();
  const [state, setState] = createSignal<KeyListState>({ type: "loading" });
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time, each on what is on disk: another tab may have written meanwhile. */
  const change = (make: (list: KeyList) => KeyList): Promise<boolean> => {
    const run = last.then(() =>
      engine.run(async () => {
        const stored = await load(engine.locals);
        const list = make(withoutExpired(stored, engine.today()));
        if (JSON.stringify(list) !== JSON.stringify(stored)) await engine.locals.save(rowName, list);
        setState({ type: "open", list });
      }),
    );
    last = run;
    return run;
  };

  void change((list) => list).then((opened) => {
    if (!opened) setState({ type: "unreadable" });
  });

  return {
    state,
    write: (entry) => change((list) => withEntry(list, entry)),
    remove: (caseId) => change((list) => withoutEntry(list, caseId)),
  };
}
