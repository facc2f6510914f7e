import * as z from "zod/mini";
import { stretchPassphrase } from "../../../src/engine/keys/argon2.ts";
import { createVault, type DeviceKeys, standardCost } from "../../../src/engine/keys/vault.ts";
import { systemClock, systemRandom } from "../../../src/engine/platform/clock.ts";
import { openSpace } from "../../../src/engine/space.ts";
import { openDatabase } from "../../../src/engine/storage/database.ts";
import { createDraftStore } from "../../../src/engine/storage/draft-store.ts";
import { createDexieLogStore } from "../../../src/engine/storage/dexie-log-store.ts";
import { createFieldCommands } from "../field/own-commands.ts";

// The engine in a page, on the browser's own storage and cryptography, without the app around it.

z.config({ jitless: true });

const database = openDatabase("field");
const vault = createVault({ database, stretch: stretchPassphrase, random: systemRandom });
let deviceKeys: Promise<DeviceKeys> | null = null;

const field = createFieldCommands({
  async openDevice(relay) {
    deviceKeys ??= vault.create("passfrase");
    const serviceToken: { current: Uint8Array<ArrayBuffer> | null } = { current: null };
    const space = await openSpace({
      store: createDexieLogStore(database),
      deviceKeys: await deviceKeys,
      relay,
      clock: systemClock,
      random: systemRandom,
      chance: Math.random,
      tabs: { announce() {}, onAnnounced() {}, close() {} },
      serviceToken: () => serviceToken.current,
    });
    return { space, serviceToken, drafts: createDraftStore(database, (await deviceKeys).draft, systemClock) };
  },
  now: () => performance.timeOrigin + performance.now(),
  traffic: () => ({ up: 0, down: 0 }),
});

/** What a passphrase costs here, in ms. */
async function stretch(): Promise<number> {
  const startedAt = performance.now();
  await stretchPassphrase("passfrase", systemRandom(16), standardCost);
  return performance.now() - startedAt;
}

const commands = { ...field, stretch };
export type FieldPage = typeof commands;
Object.assign(globalThis, { bench: commands });
