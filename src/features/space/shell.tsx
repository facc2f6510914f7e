import { type Accessor, createContext, type JSX, useContext } from "solid-js";
import type { Observable } from "../../engine/platform/observable.ts";
import type { PasskeyRefusal } from "../../engine/platform/passkey-device.ts";
import type { UndoController } from "../../ui/create-undo.ts";
import type { Phone } from "./schema.ts";

export type PasskeyFailure = PasskeyRefusal | "wrongPassphrase" | "damaged";

/** The passkeys that open this device beside the passphrase. */
export type PasskeySettings = {
  isPossible(): Promise<boolean>;
  /** When each was added, in ms since 1970. */
  list(): Promise<readonly { credentialId: string; addedAt: number }[]>;
  /** @returns null when it opens the device from now on */
  add(passphrase: string, name: string): Promise<PasskeyFailure | null>;
  remove(credentialId: string): Promise<void>;
};

/** What stands around every page and outlives it. */
export type Shell = {
  /** Whether this is the invented service that anybody can try. */
  example: boolean;
  /** Saves what is open, forgets the keys and asks for the passphrase. */
  lock(): void;
  /** A clock in place of everything, at once. */
  hide(): void;
  undo: UndoController;
  /** Whether a newer version of the app waits. */
  updateWaiting: Observable<boolean>;
  /** Saves what is open and lets the newer version take over. */
  takeUpdate(): void;
  /** Minutes without touch before the app locks. */
  idleMinutes: Accessor<number>;
  setIdleMinutes(minutes: number): Promise<void>;
  changePassphrase(from: string, to: string): Promise<"changed" | "wrongPassphrase" | "damaged">;
  passkeys: PasskeySettings;
  /** Puts the numbers where the lock screen finds them. */
  savePublicPhones(phones: readonly Phone[]): Promise<void>;
  /** Removes the example, or a service that this device is in no room of any more, with everything that lies here. */
  emptyDevice(): Promise<void>;
};

const ShellContext = createContext<Shell>();

/** @throws outside of an unlocked app */
export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === undefined) throw new Error("useShell needs a ShellProvider above it");
  return shell;
}

export function ShellProvider(props: { shell: Shell; children: JSX.Element }): JSX.Element {
  return <ShellContext.Provider value={props.shell}>{props.children}</ShellContext.Provider>;
}
