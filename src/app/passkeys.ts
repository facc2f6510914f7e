import type { PasskeyFault, Vault } from "../engine/keys/vault.ts";
import { systemClock, systemRandom } from "../engine/platform/clock.ts";
import { createPasskeyDevice, type PasskeyRefusal } from "../engine/platform/passkey-device.ts";
import type { DeviceKeys } from "../engine/keys/vault.ts";
import type { PasskeySettings } from "../features/space/shell.tsx";

const device = () => createPasskeyDevice(window, systemRandom);

/** @returns what opens the vault by a passkey; null where it has none, or the browser has not what it takes */
export async function passkeyUnlock(
  vault: Vault,
): Promise<(() => Promise<{ ok: true; keys: DeviceKeys } | { ok: false; fault: PasskeyFault | { type: PasskeyRefusal } }>) | null> {
  const passkeys = await vault.passkeys();
  if (passkeys.length === 0 || !(await device().isPossible())) return null;
  return async () => {
    const answer = await device().ask(passkeys);
    return answer.ok ? vault.unlockWithPasskey(answer.credentialId, answer.output) : { ok: false, fault: { type: answer.refusal } };
  };
}

export function createPasskeySettings(vault: Vault): PasskeySettings {
  return {
    isPossible: () => device().isPossible(),
    list: () => vault.passkeys(),
    async add(passphrase, name) {
      const prepared = await vault.prepareToAdd(passphrase);
      if (!prepared.ok) return prepared.fault.type;
      const salt = systemRandom(32);
      const known = (await vault.passkeys()).map(({ credentialId }) => credentialId);
      const made = await device().make({ salt, name, known });
      if (!made.ok) return made.refusal;
      await prepared.addPasskey({ credentialId: made.credentialId, salt, addedAt: systemClock.now() }, made.output);
      return null;
    },
    remove: (credentialId) => vault.removePasskey(credentialId),
  };
}
