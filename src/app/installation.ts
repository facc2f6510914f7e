import { Dexie } from "dexie";
import { createWorkerStretch } from "../engine/keys/argon2-in-worker.ts";
import { createVault, type StretchCost, type Vault } from "../engine/keys/vault.ts";
import { systemClock, systemRandom } from "../engine/platform/clock.ts";
import { openTabChannel } from "../engine/platform/tab-channel.ts";
import { type Database, openDatabase } from "../engine/storage/database.ts";
import { createDraftStore } from "../engine/storage/draft-store.ts";
import { createLocalStore } from "../engine/storage/local-store.ts";
import type { DeviceKeys } from "../engine/keys/vault.ts";
import type { SpaceReading } from "../engine/space.ts";
import type { UnlockedEngine } from "../reactive/engine-context.tsx";
import { afterDrawing } from "../ui/next-frame.ts";
import { holdUnlocked } from "./background-upload.ts";
import { serviceDatabase } from "./upload-words.ts";

/** A real service, or the invented one that everybody can try. Each has a database of its own. */
export type InstallationKind = "service" | "example";

const databaseNames: Record<InstallationKind, string> = { service: serviceDatabase, example: "aapen-dor-example" };

/** Nothing real is behind it: the least that the vault accepts, so that trying is quick. */
const exampleCost: StretchCost = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 };

/** What is on this device of one service, locked or not. */
export type Installation = {
  readonly kind: InstallationKind;
  readonly database: Database;
  readonly vault: Vault;
  /** Begins to read what `open` needs of the disk, sealed as it is: to be called when the passphrase is given. */
  readAhead(): Promise<SpaceReading>;
  /** Builds everything that exists only while unlocked, in order. */
  open(deviceKeys: DeviceKeys, ahead?: Promise<SpaceReading>): Promise<UnlockedEngine>;
  /** What would be lost with this device, as far as it can be counted while locked: savings that nobody else has, and drafts. */
  unsent(): Promise<{ savings: number; drafts: number }>;
  /** Removes every trace from this device. Only for the example, for a service that was never born, and when a person has said so in a word of their own. */
  destroy(): Promise<void>;
};

const loadSpace = async () => {
  const [space, stores, rooms] = await Promise.all([
    import("../engine/space.ts"),
    import("../engine/storage/dexie-log-store.ts"),
    import("../engine/log/stored-rooms.ts"),
  ]);
  return { ...space, ...stores, ...rooms };
};
const loadRelayClient = () => import("../engine/sync/relay-client.ts");

/** A request costs a slow tablet as much as a frame, and «Lagret» is to be on the screen before it. */
const fetchAfterDrawing: typeof fetch = async (...request) => {
  await afterDrawing();
  return fetch(...request);
};

/** Fetches the parts that only an unlocked app needs. */
export async function preloadEngine(): Promise<void> {
  await Promise.all([loadSpace(), loadRelayClient()]);
}

/** Which installation this device has, the real one first; null on a new device. */
export async function findInstallation(): Promise<InstallationKind | null> {
  for (const kind of ["service", "example"] as const) {
    if (!(await Dexie.exists(databaseNames[kind]))) continue;
    const installation = openInstallation(kind);
    const exists = await installation.vault.exists();
    installation.database.close();
    if (exists) return kind;
  }
  return null;
}

export function openInstallation(kind: InstallationKind): Installation {
  const name = databaseNames[kind];
  const database = openDatabase(name);
  const cost = kind === "example" ? { cost: exampleCost } : {};
  return {
    kind,
    database,
    vault: createVault({ database, stretch: createWorkerStretch(systemClock), random: systemRandom, ...cost }),
    async readAhead() {
      const { readAhead, createDexieLogStore } = await loadSpace();
      return readAhead(createDexieLogStore(database));
    },
    async open(deviceKeys, ahead) {
      const serviceToken: { current: Uint8Array | null } = { current: null };
      const relay =
        kind === "example"
          ? await (await import("./example-relay.ts")).openExampleRelay(database)
          : (await loadRelayClient()).createRelayClient(location.origin, fetchAfterDrawing, systemClock);
      const { openSpace, createDexieLogStore } = await loadSpace();
      const release = kind === "service" ? holdUnlocked() : () => {};
      const opening = openSpace({
        store: createDexieLogStore(database),
        ...(ahead === undefined ? {} : { ahead: await ahead }),
        deviceKeys,
        relay,
        clock: systemClock,
        random: systemRandom,
        chance: Math.random,
        tabs: openTabChannel(name),
        serviceToken: () => serviceToken.current,
      });
      opening.catch(release);
      const opened = await opening;
      return {
        space: { ...opened, close: () => opened.close().finally(release) },
        relay,
        serviceToken,
        drafts: createDraftStore(database, deviceKeys.draft, systemClock),
        locals: createLocalStore(database, deviceKeys.local),
        clock: systemClock,
        random: systemRandom,
      };
    },
    async unsent() {
      const { createDexieLogStore, readStoredRooms } = await loadSpace();
      const [rooms, drafts] = await Promise.all([readStoredRooms(createDexieLogStore(database)), database.drafts.count()]);
      return { savings: rooms.reduce((sum, { unsent }) => sum + unsent, 0), drafts };
    },
    async destroy() {
      database.close();
      await Dexie.delete(name);
    },
  };
}
