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

export type PassphraseFault = { type: "wrongPassphrase" } | { type: "damaged" };
export type PasskeyFault = { type: "wrongPasskey" } | { type: "damaged" };

type Unlocked<Fault> = { ok: true; keys: DeviceKeys } | { ok: false; fault: Fault };

/** A passkey that opens this device. Nothing of it is secret without its authenticator. */
export type Passkey = {
  /** base64url, as WebAuthn names it. */
  credentialId: string;
  /** What its authenticator is asked with; 32 bytes. */
  salt: Bytes;
  /** ms since 1970. */
  addedAt: number;
};

export type Vault = {
  exists(): Promise<boolean>;
  /** @throws {Error} when the vault exists already: nothing is overwritten */
  create(passphrase: string): Promise<DeviceKeys>;
  /** The first half of `create`, which a weak device may fail at: nothing is stored before `keep`. */
  prepare(passphrase: string): Promise<{ keep(): Promise<DeviceKeys> }>;
  unlock(passphrase: string): Promise<Unlocked<PassphraseFault>>;
  /** Readable while locked. None where the lock is damaged: `unlock` says that. */
  passkeys(): Promise<Passkey[]>;
  /** @param output 32 bytes that only the passkey's authenticator makes of its salt */
  unlockWithPasskey(credentialId: string, output: Bytes): Promise<Unlocked<PasskeyFault>>;
  /** Asks for the passphrase first, so that nobody adds a key of their own to a device that lies open. */
  prepareToAdd(passphrase: string): Promise<{ ok: true; addPasskey(passkey: Passkey, output: Bytes): Promise<void> } | { ok: false; fault: PassphraseFault }>;
  /** The passphrase always stays. */
  removePasskey(credentialId: string): Promise<void>;
  /** The passkeys stay. */
  changePassphrase(from: string, to: string): Promise<{ ok: true } | { ok: false; fault: PassphraseFault }>;
};

const PassphraseSlot = z.object({
  type: z.literal("passphrase"),
  kdf: z.literal("argon2id"),
  memoryKiB: z.int().check(z.minimum(leastMemoryKiB), z.maximum(1024 * 1024)),
  iterations: z.int().check(z.minimum(2), z.maximum(100)),
  parallelism: z.int().check(z.minimum(1), z.maximum(16)),
  salt: z.string(),
  sealed: z.string(),
});
type PassphraseSlot = z.infer<typeof PassphraseSlot>;

const PasskeySlot = z.object({
  type: z.literal("passkey"),
  credentialId: z.string(),
  salt: z.string(),
  sealed: z.string(),
  addedAt: z.number(),
});
type PasskeySlot = z.infer<typeof PasskeySlot>;

const Slots = z
  .array(z.discriminatedUnion("type", [PassphraseSlot, PasskeySlot]))
  .check(z.refine((slots) => slots.some(({ type }) => type === "passphrase")));
type Slots = z.infer<typeof Slots>;

const slotsName = "slots";
const encoder = new TextEncoder();
const slotContext = encoder.encode("aapen-dor/v1/slot");
const passkeyContext = encoder.encode("aapen-dor/v1/slot/passkey");

/**
 * The passphrase opens a slot, and so may passkeys, each its own; every slot holds the same random master key, which gives the device keys.
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

  async function sealSlot(master: Bytes, passphrase: string): Promise<PassphraseSlot> {
    const salt = random(16);
    const key = await importSealKey(await stretch(normal(passphrase), salt, cost));
    const sealed = await sealLocal(key, master, slotContext);
    return { type: "passphrase", kdf: "argon2id", ...cost, salt: toBase64Url(salt), sealed: toBase64Url(sealed) };
  }

  async function readSlots(): Promise<Slots | null> {
    const slots = Slots.safeParse((await storing(() => database.meta.get(slotsName)))?.value);
    return slots.success ? slots.data : null;
  }

  /** One transaction, so that two tabs lose nothing of each other's. */
  async function changeSlots(change: (slots: Slots) => Slots): Promise<void> {
    await storing(() =>
      database.transaction("rw", database.meta, async () => {
        const slots = await readSlots();
        if (slots !== null) await database.meta.put({ name: slotsName, value: change(slots) });
      }),
    );
  }

  async function openMaster(passphrase: string): Promise<Bytes | PassphraseFault> {
    const slots = await readSlots();
    if (slots === null) return { type: "damaged" };
    for (const slot of slots) {
      if (slot.type !== "passphrase") continue;
      const key = await importSealKey(await stretch(normal(passphrase), fromBase64Url(slot.salt), slot));
      const master = await openSlot(key, slot, slotContext);
      if (master !== null) return master;
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
    async passkeys() {
      return ((await readSlots()) ?? []).flatMap((slot) =>
        slot.type === "passkey" ? [{ credentialId: slot.credentialId, salt: fromBase64Url(slot.salt), addedAt: slot.addedAt }] : [],
      );
    },
    async unlockWithPasskey(credentialId, output) {
      const slots = await readSlots();
      if (slots === null) return { ok: false, fault: { type: "damaged" } };
      const slot = slots.find((candidate) => candidate.type === "passkey" && candidate.credentialId === credentialId);
      const master = slot === undefined ? null : await openSlot(await passkeyKey(output), slot, passkeyContext);
      return master === null ? { ok: false, fault: { type: "wrongPasskey" } } : { ok: true, keys: await deriveDeviceKeys(master) };
    },
    async prepareToAdd(passphrase) {
      const master = await openMaster(passphrase);
      if ("type" in master) return { ok: false, fault: master };
      return {
        ok: true,
        async addPasskey({ credentialId, salt, addedAt }, output) {
          const sealed = toBase64Url(await sealLocal(await passkeyKey(output), master, passkeyContext));
          const slot: PasskeySlot = { type: "passkey", credentialId, salt: toBase64Url(salt), sealed, addedAt };
          await changeSlots((slots) => [...slots, slot]);
        },
      };
    },
    removePasskey: (credentialId) => changeSlots((slots) => slots.filter((slot) => slot.type !== "passkey" || slot.credentialId !== credentialId)),
    async changePassphrase(from, to) {
      const master = await openMaster(from);
      if ("type" in master) return { ok: false, fault: master };
      const changed = await sealSlot(master, to);
      await changeSlots((slots) => [changed, ...slots.filter(({ type }) => type !== "passphrase")]);
      return { ok: true };
    },
  };
}

/** The master key, or null where the slot is not under this key. */
async function openSlot(key: SealKey, { sealed }: { sealed: string }, context: Bytes): Promise<Bytes | null> {
  try {
    return await openLocal(key, fromBase64Url(sealed), context);
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
}

async function passkeyKey(output: Bytes): Promise<SealKey> {
  return importSealKey(await hkdf(output, new Uint8Array(0), encoder.encode("aapen-dor/v1/device/passkey")));
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
