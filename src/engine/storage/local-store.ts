import { openLocal, sealLocal, type SealKey } from "../crypto/primitives.ts";
import { type Database, storing } from "./database.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Sealed JSON that lives on this device only and is never part of any log: the key list, settings. */
export type LocalStore = {
  save(name: string, value: unknown): Promise<void>;
  /** @throws {UnreadableError} when it was changed: never taken for «nothing there» */
  load(name: string): Promise<unknown>;
  remove(name: string): Promise<void>;
};

export function createLocalStore(database: Database, key: SealKey): LocalStore {
  const context = (name: string) => encoder.encode(`aapen-dor/v1/local/${name}`);
  return {
    async save(name, value) {
      const sealed = await sealLocal(key, encoder.encode(JSON.stringify(value)), context(name));
      await storing(() => database.locals.put({ name, sealed }));
    },
    async load(name) {
      const row = await storing(() => database.locals.get(name));
      if (row === undefined) return undefined;
      return JSON.parse(decoder.decode(await openLocal(key, row.sealed, context(name))));
    },
    async remove(name) {
      await storing(() => database.locals.delete(name));
    },
  };
}
