import type { RelayPort } from "#protocol/messages.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { importSealKey } from "../../src/engine/crypto/primitives.ts";
import type { DeviceKeys } from "../../src/engine/keys/vault.ts";
import { type Clock, type RandomBytes, systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import type { TabChannel } from "../../src/engine/platform/tab-channel.ts";
import { openSpace, type Space } from "../../src/engine/space.ts";
import type { LogStore } from "../../src/engine/storage/log-store.ts";
import { createMemoryDisk, type MemoryDisk } from "./memory-log-store.ts";

/** A profile that is not open: what outlives a device that dies. */
export type MemoryProfile = { disk: MemoryDisk; deviceKeys: DeviceKeys };

export type MemoryTab = { space: Space; serviceToken: { current: Bytes | null } };

/** Device keys as a vault would give them, without the vault. */
export async function createMemoryProfile(random: RandomBytes = systemRandom): Promise<MemoryProfile> {
  const key = () => importSealKey(random(32));
  const [keyring, state, snapshot, draft, local] = await Promise.all([key(), key(), key(), key(), key()]);
  return { disk: createMemoryDisk(), deviceKeys: { keyring, state, snapshot, draft, local } };
}

/** Opens a tab of the profile. @param world what differs from a device that is alone, on the clock of the machine, and does not die */
export async function openMemoryTab(
  { disk, deviceKeys }: MemoryProfile,
  relay: RelayPort,
  world: { store?: LogStore; clock?: Clock; random?: RandomBytes; chance?: () => number; tabs?: TabChannel } = {},
): Promise<MemoryTab> {
  const serviceToken: { current: Bytes | null } = { current: null };
  const space = await openSpace({
    store: disk.open(),
    deviceKeys,
    relay,
    clock: systemClock,
    random: systemRandom,
    chance: Math.random,
    tabs: { announce() {}, onAnnounced() {}, close() {} },
    serviceToken: () => serviceToken.current,
    ...world,
  });
  return { space, serviceToken };
}
