import type * as Y from "yjs";
import type { Role } from "#protocol/control.ts";
import { generateLeaf } from "../../src/engine/keys/keyring.ts";
import { uploadSealed } from "../../src/engine/log/upload.ts";
import { StorageFullError } from "../../src/engine/platform/errors.ts";
import type { Room, Space } from "../../src/engine/space.ts";
import type { LogStore } from "../../src/engine/storage/log-store.ts";
import { crashing } from "../support/crashing-log-store.ts";
import { createMemoryProfile, type MemoryProfile, openMemoryTab } from "../support/memory-device.ts";
import type { MemoryDisk } from "../support/memory-log-store.ts";
import { goodLink, type Link, type Network, type Sender } from "./network.ts";
import type { Scene } from "./scene.ts";
import { watched } from "./watched-store.ts";

export type Leaf = Awaited<ReturnType<typeof generateLeaf>>;

/** How a profile comes into a room that it did not make. `addedBy`: who is at it. */
export type Entry = { roomId: string; memberId: string; leaf: Leaf; isAdded: boolean; addedBy: Tab | null };

/** Whether the room lies on the profile's disk. */
export function hasOnDisk({ disk }: Pick<Profile, "disk">, roomId: string): boolean {
  return disk.rows("roomKeys").some((row) => row.roomId === roomId);
}

/** One profile of one browser: its disk, and the tabs that are open on it. */
export type Profile = {
  readonly name: string;
  readonly role: Role;
  /** Whose second device it is. */
  readonly personOf: Profile | null;
  keys: MemoryProfile["deviceKeys"];
  disk: MemoryDisk;
  link: Link;
  /** How far its clock is ahead of the world's. */
  skewMs: number;
  /** How long a tab may take to hear of what another has written: browsers let those wait that nobody looks at. */
  slowestWordMs: number;
  /** How likely it is that its disk has no room for what is to be written. */
  fullness: number;
  /** Whether it was set back or copied: then there are, or were, two of it. */
  isOneOfTwo: boolean;
  readonly tabs: Set<Tab>;
  entries: Map<string, Entry>;
  /** Rooms that its disk has had. */
  had: Set<string>;
  /** Edits that it was told are saved, and their room. */
  saved: Map<string, string>;
  readonly backups: ProfileBackup[];
};

export type ProfileBackup = { disk: MemoryDisk; saved: Map<string, string>; entries: Map<string, Entry>; had: Set<string> };

export type Tab = Sender & {
  readonly profile: Profile;
  readonly space: Space | null;
  /** Edits saved through this tab. */
  readonly saved: Set<string>;
  /** Ends it at a later step of its disk, or before a later request of its. */
  dieAt(at: { steps: number } | { calls: number } | "never"): void;
  /** Without a word to anybody. */
  kill(): void;
  close(): Promise<void>;
  room(roomId: string): Room | undefined;
};

/** More steps of its disk than anything takes that waits for no time. */
const stepsMax = 20_000;

export async function createProfile(name: string, role: Role, personOf: Profile | null): Promise<Profile> {
  const { disk, deviceKeys } = await createMemoryProfile();
  return { name, role, personOf, keys: deviceKeys, disk, link: { ...goodLink }, skewMs: 0, slowestWordMs: 20, fullness: 0, isOneOfTwo: false, tabs: new Set(), entries: new Map(), had: new Set(), saved: new Map(), backups: [] };
}

export function backUp({ disk, saved, entries, had }: ProfileBackup): ProfileBackup {
  return { disk: disk.clone(), saved: new Map(saved), entries: new Map(Array.from(entries, ([roomId, entry]) => [roomId, { ...entry, addedBy: null }])), had: new Set(had) };
}

export type TabParts = {
  scene: Scene;
  network: Network;
  serviceToken: Uint8Array;
  /** Whether the relay has lost something that it acked. */
  mayGoBack: () => boolean;
  opened: (tab: Tab) => void;
  /** How likely it is that a disk lets a tab wait, so that another comes between. */
  slowness: () => number;
};

let tabNumber = 0;

/** Tabs are counted from one again. */
export function resetTabs(): void {
  tabNumber = 0;
}

/** Opens a tab; it is among the profile's at once, and has a space when it has read its disk. */
export function openTab(profile: Profile, { scene, network, serviceToken, mayGoBack, opened, slowness }: TabParts): Tab {
  const { timeline } = scene;
  let isAlive = true;
  let space: Space | null = null;
  let stepsLeft = Number.POSITIVE_INFINITY;
  let callsLeft = Number.POSITIVE_INFINITY;
  let stepsAt = 0;
  let steps = 0;
  const listeners: ((roomId: string) => void)[] = [];

  const tab: Tab = {
    name: `${profile.name}${++tabNumber}`,
    profile,
    saved: new Set(),
    get space() {
      return space;
    },
    isAlive: () => isAlive,
    link: () => profile.link,
    calls() {
      if (--callsLeft <= 0) die("before a request");
    },
    dieAt(at) {
      if (at === "never") stepsLeft = callsLeft = Number.POSITIVE_INFINITY;
      else if ("steps" in at) stepsLeft = at.steps;
      else callsLeft = at.calls;
    },
    kill,
    async close() {
      const closing = space;
      if (closing === null) return kill();
      await closing.close();
      kill();
    },
    room: (roomId) => space?.rooms.get().find((room) => room.roomId === roomId),
  };
  channels.set(tab, (roomId) => listeners.forEach((listener) => listener(roomId)));
  profile.tabs.add(tab);

  function kill(): void {
    isAlive = false;
    profile.tabs.delete(tab);
    network.cut((sender) => sender === tab);
  }

  function die(where: string): void {
    if (!isAlive) return;
    scene.note(`${tab.name} dies ${where}`);
    kill();
  }

  function diesAtStep(step: string): boolean {
    if (!isAlive) return true;
    if (timeline.now() !== stepsAt) {
      stepsAt = timeline.now();
      steps = 0;
    }
    if (++steps > stepsMax) {
      scene.broken("rest", `${tab.name} asks its disk without end`);
      kill();
    } else if (--stepsLeft <= 0) die(`at ${step}`);
    return !isAlive;
  }

  /** Whoever waits holds up what the same tab asks after it, and no other tab. */
  let turn: Promise<unknown> | null = null;
  function inTurn<T>(ask: () => Promise<T>): Promise<T> {
    if (slowness() > 0 && scene.chance.happens(slowness())) {
      const before = turn ?? Promise.resolve();
      const own: Promise<unknown> = before.then(() => new Promise<void>((resolve) => timeline.after(scene.chance.below(60), resolve)));
      turn = own;
      void own.then(() => (turn = turn === own ? null : turn));
    }
    return turn === null ? ask() : turn.then(ask);
  }

  const quickDisk = watched(profile.disk.open(), mayGoBack, (what) => scene.broken("standing", `${tab.name}: ${what}`));
  const fillingDisk = filling(quickDisk, () => (profile.fullness > 0 && scene.chance.happens(profile.fullness) ? scene.chance.pick(["begin", "commit"]) : null));
  const disk: LogStore = { read: (tables, work) => inTurn(() => fillingDisk.read(tables, work)), write: (tables, work) => inTurn(() => fillingDisk.write(tables, work)) };
  openMemoryTab({ disk: profile.disk, deviceKeys: profile.keys }, network.port(tab), {
    store: crashing(disk, diesAtStep),
    clock: {
      now: () => timeline.now() + profile.skewMs,
      after: (delayMs, run) => timeline.after(delayMs, () => isAlive && run()),
    },
    tabs: {
      announce(roomId) {
        for (const other of profile.tabs) {
          if (other === tab) continue;
          const delayMs = scene.chance.happens(0.05) ? scene.chance.below(30_000) : scene.chance.below(profile.slowestWordMs);
          timeline.after(delayMs, () => other.isAlive() && channels.get(other)?.(roomId));
        }
      },
      onAnnounced: (listener) => void listeners.push(listener),
      close: () => void (listeners.length = 0),
    },
  }).then(
    (open) => {
      open.serviceToken.current = serviceToken as Uint8Array<ArrayBuffer>;
      space = open.space;
      if (isAlive) opened(tab);
    },
    (error: unknown) => {
      if (error instanceof StorageFullError) kill();
      else if (isAlive) scene.broken("opening", `${tab.name}: ${String(error)}`);
    },
  );
  return tab;
}

/** A disk that is full now and then: what is refused has changed nothing. */
function filling(store: LogStore, refusesAt: () => "begin" | "commit" | null): LogStore {
  return {
    read: (tables, work) => store.read(tables, work),
    async write(tables, work) {
      const at = refusesAt();
      if (at === "begin") throw new StorageFullError("no room");
      return store.write(tables, async (tx) => {
        const result = await work(tx);
        if (at === "commit") throw new StorageFullError("no room");
        return result;
      });
    },
  };
}

/** Sends what lies sealed on the disk, as a service worker does while the app is locked. SPEC.md [U3]. */
export async function upload(profile: Profile, { scene, network, mayGoBack }: TabParts, diesAfter: number): Promise<void> {
  let stepsLeft = diesAfter;
  const sender: Sender = { name: `${profile.name}*`, isAlive: () => stepsLeft > 0, link: () => profile.link, calls: () => undefined };
  const relay = network.port(sender);
  const store = crashing(watched(profile.disk.open(), mayGoBack, (what) => scene.broken("standing", `${sender.name}: ${what}`)), () => --stepsLeft <= 0);
  const isDone = await uploadSealed({
    store,
    push: (token, roomId, envelopes) => relay.pushByToken(token, roomId, envelopes),
    now: scene.timeline.now() + profile.skewMs,
    committed(roomId) {
      for (const tab of profile.tabs) scene.timeline.after(scene.chance.below(profile.slowestWordMs), () => tab.isAlive() && channels.get(tab)?.(roomId));
    },
  });
  scene.note(`${profile.name} has uploaded: ${isDone}`);
}

const channels = new WeakMap<Tab, (roomId: string) => void>();

/** A room's document as it can be compared. */
export function contentOf(doc: Y.Doc): { edits: string[]; whole: string } {
  const edits = Array.from(doc.getMap("edits").keys()).sort();
  return { edits, whole: `${JSON.stringify(Object.fromEntries(edits.map((edit) => [edit, doc.getMap("edits").get(edit)])))} ${doc.getText("text").toJSON()}` };
}
