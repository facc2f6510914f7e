import * as z from "zod/mini";
import { type Bytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import { hkdf, importSealKey, openLocal, sealLocal, type SealKey } from "../crypto/primitives.ts";
import type { RandomBytes } from "../platform/clock.ts";
import { type Database, storing } from "../storage/database.ts";
import { UnreadableError } from "../platform/errors.ts";

/** What stretching a passphrase costs. Argon2id, version 0x13. */
export type StretchCost = { memoryKiB: number; iterations: number; parallelism: number };

/** @returns 32 bytes */
export type StretchPassphrase = (passphrase: string, salt: Bytes, cost: StretchCost) => Promise<Bytes>;

export const standardCost: StretchCost = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 };
/** OWASP's least; a slot below it was tampered with. */
const leastMemoryKiB = 19 * 1024;

/** The keys that everything on this device is sealed under; they exist only while it is unlocked. */
export type DeviceKeys = {
  readonly keyring: SealKey;
  readonly state: SealKey;
  readonly snapshot: SealKey;
  readonly draft: SealKey;
  readonly local: SealKey;
};

export type UnlockFault = { type: "wrongPassphrase" } | { type: "damaged" };

export type Vault = {
  exists(): Promise<boolean>;
  /** @throws {Error} when the vault exists already: nothing is overwritten */
  create(passphrase: string): Promise<DeviceKeys>;
  /** The first half of `create`, which a weak device may fail at: nothing is stored before `keep`. */
  prepare(passphrase: string): Promise<{ keep(): Promise<DeviceKeys> }>;
  unlock(passphrase: string): Promise<{ ok: true; keys: DeviceKeys } | { ok: false; fault: UnlockFault }>;
  changePassphrase(from: string, to: string): Promise<{ ok: true } | { ok: false; fault: UnlockFault }>;
};

const Slot = z.object({
  type: z.literal("passphrase"),
  kdf: z.literal("argon2id"),
  memoryKiB: z.int().check(z.minimum(leastMemoryKiB), z.maximum(1024 * 1024)),
  iterations: z.int().check(z.minimum(2), z.maximum(100)),
  parallelism: z.int().check(z.minimum(1), z.maximum(16)),
  salt: z.string(),
  sealed: z.string(),
});
type Slot = z.infer<typeof Slot>;
const Slots = z.array(Slot).check(z.minLength(1));

const slotsName = "slots";
const encoder = new TextEncoder();
const slotContext = encoder.encode("aapen-dor/v1/slot");

/**
 * The passphrase opens a slot, the slot holds a random master key, the master key gives the device keys.
 * Two spellings of one passphrase are the same: Unicode NFKC, outer and repeated spaces ignored.
 */
export function createVault(parts: {
  database: Database;
  stretch: StretchPassphrase;
  random: RandomBytes;
  cost?: StretchCost;
}): Vault {
  const { database, stretch, random } = parts;
  const cost = parts.cost ?? standardCost;

  async function sealSlot(master: Bytes, passphrase: string): Promise<Slot> {
    const salt = random(16);
    const key = await importSealKey(await stretch(normal(passphrase), salt, cost));
    const sealed = await sealLocal(key, master, slotContext);
    return { type: "passphrase", kdf: "argon2id", ...cost, salt: toBase64Url(salt), sealed: toBase64Url(sealed) };
  }

  async function openMaster(passphrase: string): Promise<Bytes | UnlockFault> {
    const slots = Slots.safeParse((await storing(() => database.meta.get(slotsName)))?.value);
    if (!slots.success) return { type: "damaged" };
    for (const slot of slots.data) {
      try {
        const key = await importSealKey(await stretch(normal(passphrase), fromBase64Url(slot.salt), slot));
        return await openLocal(key, fromBase64Url(slot.sealed), slotContext);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
      }
    }
    return { type: "wrongPassphrase" };
  }

  async function prepare(passphrase: string): ReturnType<Vault["prepare"]> {
    const master = random(32);
    const slot = await sealSlot(master, passphrase);
    return {
      async keep() {
        await storing(() => database.meta.add({ name: slotsName, value: [slot] }));
        return deriveDeviceKeys(master);
      },
    };
  }

  return {
    async exists() {
      return (await storing(() => database.meta.get(slotsName))) !== undefined;
    },
    prepare,
    create: async (passphrase) => (await prepare(passphrase)).keep(),
    async unlock(passphrase) {
      const master = await openMaster(passphrase);
      if ("type" in master) return { ok: false, fault: master };
      return { ok: true, keys: await deriveDeviceKeys(master) };
    },
    async changePassphrase(from, to) {
      const master = await openMaster(from);
      if ("type" in master) return { ok: false, fault: master };
      const slot = await sealSlot(master, to);
      await storing(() => database.meta.put({ name: slotsName, value: [slot] }));
      return { ok: true };
    },
  };
}

function normal(passphrase: string): string {
  return passphrase.normalize("NFKC").trim().replaceAll(/\s+/g, " ");
}

/** Keys of a device that is to leave nothing behind: what is sealed under them opens no more once they are gone from memory. */
export function passingDeviceKeys(random: RandomBytes): Promise<DeviceKeys> {
  return deriveDeviceKeys(random(32));
}

async function deriveDeviceKeys(master: Bytes): Promise<DeviceKeys> {
  const derive = async (use: string) =>
    importSealKey(await hkdf(master, new Uint8Array(0), encoder.encode(`aapen-dor/v1/device/${use}`)));
  const [keyring, state, snapshot, draft, local] = await Promise.all(
    ["keyring", "state", "snapshot", "draft", "local"].map(derive),
  );
  return { keyring, state, snapshot, draft, local } as DeviceKeys;
}
