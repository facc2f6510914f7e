import { type Accessor, createSignal } from "solid-js";
import { createDraft, type Draft } from "../../reactive/create-draft.ts";

type Changes<Fields> = { -readonly [Field in keyof Fields]?: Fields[Field] };

/** A form over something that exists: what the person has touched, and nothing else. */
export type FormChanges<Fields extends object> = {
  /** The field as the person left it, else as it is. */
  field<Field extends keyof Fields & string>(field: Field): Fields[Field];
  change<Field extends keyof Fields & string>(field: Field, value: Fields[Field]): void;
  /** All fields, as the form shows them. */
  all(): Fields;
  touched(): Changes<Fields>;
  /** Whether something typed earlier was found on disk, and has not been forgotten. */
  restored: Accessor<boolean>;
  draft: Pick<Draft<object>, "discard">;
  /** Forgets what was typed, here and on disk; the form can be used on. */
  forget(): Promise<void>;
};

/**
 * A draft that holds only what was touched, so that a colleague's change of another field is neither hidden by an old draft nor undone by saving it.
 * @param current the fields as they are; read again whenever they change
 * @param read what was on disk, without what it does not know
 */
export function createFormChanges<Fields extends object>(
  draftId: string,
  current: () => Fields,
  read: (stored: unknown) => Changes<Fields> | null,
): FormChanges<Fields> {
  const [restored, setRestored] = createSignal(false);
  const draft = createDraft<{ changes: Changes<Fields> }>(draftId, { changes: {} }, (stored) => {
    const changes = read((stored as { changes?: unknown } | null)?.changes);
    if (changes === null || Object.keys(changes).length === 0) return null;
    setRestored(true);
    return { changes };
  });
  const set = draft.set as (key: "changes", ...rest: unknown[]) => void;
  return {
    field: (field) => draft.value.changes[field] ?? current()[field],
    change: (field, value) => set("changes", field, value),
    all: () => ({ ...current(), ...draft.value.changes }),
    touched: () => ({ ...draft.value.changes }),
    restored,
    draft,
    async forget() {
      const emptied = Object.fromEntries(Object.keys(draft.value.changes).map((field) => [field, undefined]));
      setRestored(false);
      set("changes", emptied);
      await draft.flush();
    },
  };
}
