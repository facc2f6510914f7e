import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { openLocal, sealLocal } from "../crypto/primitives.ts";
import { systemRandom } from "../platform/clock.ts";
import { type Database, openDatabase } from "../storage/database.ts";
import { stretchPassphrase } from "./argon2.ts";
import { createVault, type Vault } from "./vault.ts";

const cost = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 };
const context = new Uint8Array([1]);
let database: Database;
let vault: Vault;

beforeEach(() => {
  database = openDatabase("vault", { indexedDB: new IDBFactory(), IDBKeyRange });
  vault = createVault({ database, stretch: stretchPassphrase, random: systemRandom, cost });
});

test("the same passphrase, however spaced or composed, opens the same keys", async () => {
  const keys = await vault.create("blå  fjell trikk ma\u030ane");
  const sealed = await sealLocal(keys.draft, new Uint8Array([7]), context);
  const unlocked = await vault.unlock(" blå fjell trikk måne ");
  if (!unlocked.ok) throw new Error(unlocked.fault.type);
  expect(await openLocal(unlocked.keys.draft, sealed, context)).toEqual(new Uint8Array([7]));
});

test("preparing a vault stores nothing, and what is kept then opens with its passphrase", async () => {
  const prepared = await vault.prepare("blå fjell trikk måne");
  expect(await vault.exists()).toBe(false);
  const keys = await prepared.keep();
  const sealed = await sealLocal(keys.draft, new Uint8Array([7]), context);
  const unlocked = await vault.unlock("blå fjell trikk måne");
  if (!unlocked.ok) throw new Error(unlocked.fault.type);
  expect(await openLocal(unlocked.keys.draft, sealed, context)).toEqual(new Uint8Array([7]));
});

test("a wrong passphrase is told from a damaged lock, and neither changes anything", async () => {
  await vault.create("blå fjell trikk måne");
  expect(await vault.unlock("blå fjell trikk mane")).toEqual({ ok: false, fault: { type: "wrongPassphrase" } });
  const before = await database.meta.get("slots");
  await database.meta.put({ name: "slots", value: "nonsense" });
  expect(await vault.unlock("blå fjell trikk måne")).toEqual({ ok: false, fault: { type: "damaged" } });
  await database.meta.put(before!);
  expect((await vault.unlock("blå fjell trikk måne")).ok).toBe(true);
});

test("stretching made cheaper on disk is taken for damage, not used", async () => {
  await vault.create("blå fjell trikk måne");
  const [slot] = (await database.meta.get("slots"))!.value as Record<string, unknown>[];
  await database.meta.put({ name: "slots", value: [{ ...slot, memoryKiB: 8 }] });
  expect(await vault.unlock("blå fjell trikk måne")).toEqual({ ok: false, fault: { type: "damaged" } });
});

test("a vault is never made over another", async () => {
  await vault.create("blå fjell trikk måne");
  await expect(vault.create("noe annet som er langt")).rejects.toThrow();
  expect((await vault.unlock("blå fjell trikk måne")).ok).toBe(true);
});

test("a new passphrase takes over at once and the old one is spent", async () => {
  await vault.create("blå fjell trikk måne");
  expect(await vault.changePassphrase("feil", "kanel")).toEqual({ ok: false, fault: { type: "wrongPassphrase" } });
  expect(await vault.changePassphrase("blå fjell trikk måne", "kanel skog lampe vind")).toEqual({ ok: true });
  expect((await vault.unlock("blå fjell trikk måne")).ok).toBe(false);
  expect((await vault.unlock("kanel skog lampe vind")).ok).toBe(true);
});

const passkey = { credentialId: "a-key", salt: new Uint8Array(32).fill(3), addedAt: 5 };
const output = new Uint8Array(32).fill(9);

async function addPasskey(credentialId = passkey.credentialId, its = output): Promise<void> {
  const prepared = await vault.prepareToAdd("blå fjell trikk måne");
  if (!prepared.ok) throw new Error(prepared.fault.type);
  await prepared.addPasskey({ ...passkey, credentialId }, its);
}

test("a passkey opens the same keys as the passphrase, beside it, until it is removed", async () => {
  const keys = await vault.create("blå fjell trikk måne");
  const sealed = await sealLocal(keys.draft, new Uint8Array([7]), context);
  await addPasskey();
  await addPasskey("another", new Uint8Array(32).fill(8));
  expect((await vault.passkeys())[0]).toEqual(passkey);
  const unlocked = await vault.unlockWithPasskey("a-key", output);
  if (!unlocked.ok) throw new Error(unlocked.fault.type);
  expect(await openLocal(unlocked.keys.draft, sealed, context)).toEqual(new Uint8Array([7]));
  expect((await vault.unlock("blå fjell trikk måne")).ok).toBe(true);
  await vault.removePasskey("a-key");
  expect(await vault.unlockWithPasskey("a-key", output)).toEqual({ ok: false, fault: { type: "wrongPasskey" } });
  expect((await vault.passkeys()).map(({ credentialId }) => credentialId)).toEqual(["another"]);
});

test("another authenticator's answer opens nothing, and without the passphrase no passkey is added", async () => {
  await vault.create("blå fjell trikk måne");
  await addPasskey();
  expect(await vault.unlockWithPasskey("a-key", new Uint8Array(32))).toEqual({ ok: false, fault: { type: "wrongPasskey" } });
  expect(await vault.prepareToAdd("feil")).toEqual({ ok: false, fault: { type: "wrongPassphrase" } });
});

test("a new passphrase leaves the passkeys as they are", async () => {
  await vault.create("blå fjell trikk måne");
  await addPasskey();
  expect(await vault.changePassphrase("blå fjell trikk måne", "kanel skog lampe vind")).toEqual({ ok: true });
  expect((await vault.unlockWithPasskey("a-key", output)).ok).toBe(true);
  expect((await vault.unlock("blå fjell trikk måne")).ok).toBe(false);
});

test("a lock with passkeys alone is taken for damage: a passphrase always opens it", async () => {
  await vault.create("blå fjell trikk måne");
  await addPasskey();
  const slots = (await database.meta.get("slots"))!.value as { type: string }[];
  await database.meta.put({ name: "slots", value: slots.filter(({ type }) => type === "passkey") });
  expect(await vault.unlockWithPasskey("a-key", output)).toEqual({ ok: false, fault: { type: "damaged" } });
});
