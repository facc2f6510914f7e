import { createHash } from "node:crypto";
import type { Role } from "#protocol/control.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { serviceTokenHash } from "../../src/engine/keys/service-token.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { seedChance } from "./cheap-crypto.ts";
import { createNetwork, goodLink, type Network } from "./network.ts";
import { contentOf, createProfile, openTab, type Profile, resetTabs, type Tab, type TabParts } from "./profile.ts";
import { createRelayHost, type RelayHost } from "./relay-host.ts";
import { atOnce, createScene, drained, type Scene, type Violation } from "./scene.ts";
import { editsInRows, editsInStored, nameOfEdit } from "./truth.ts";

/** What stands still while people, networks and disks do what a seed says: everything that a step of a plan may touch. */
export type World = {
  readonly scene: Scene;
  readonly host: RelayHost;
  readonly network: Network;
  readonly profiles: Profile[];
  readonly rooms: { roomId: string; kind: Room["kind"]; label: string; genesis: string }[];
  readonly counts: Counts;
  tabs(): Tab[];
  open(profile: Profile): Tab;
  edit(tab: Tab, roomId: string, docIds: readonly string[], where: number): void;
  join(tab: Tab, roomId: string): void;
  add(by: Tab, newcomer: Profile, roomId: string): void;
  /** After something was taken back for good: what no disk holds any more is nobody's fault, and is counted. */
  takeStock(what: "profile" | "relay"): Promise<void>;
  checkDisk(profile: Profile): void;
  /** Edits that nobody has to have any more. */
  readonly excused: Set<string>;
};

/** What happened in a world, for the table of what worlds cover. */
export type Counts = Record<string, number>;

export type WorldResult = { seed: number; violations: readonly Violation[]; lines: readonly string[]; trace: string; counts: Counts };

export const caseDocId = documentId("case", "ca".repeat(16));
const docIds = [indexDocId, caseDocId];
const serviceId = "5e".repeat(16);
const allOf = { maxBytes: Number.POSITIVE_INFINITY, maxEnvelopes: Number.POSITIVE_INFINITY };
/** How long a world has to come to rest once nothing is wrong any more. */
const healMs = 60 * 60_000;
const tendMs = 4000;
/** What was said before may still be under way. */
const longestWayMs = 60_000;

/** A plan is what happens to the world from outside: the same for the same seed. */
export type Plan = {
  people: readonly Role[];
  rooms: readonly Room["kind"][];
  steps: readonly { afterMs: number; story: string; run(world: World): void | Promise<void> }[];
};

export async function runWorld(seed: number, makePlan: (seed: number) => Plan): Promise<WorldResult> {
  seedChance(seed);
  resetTabs();
  const plan = makePlan(seed);
  const scene = createScene(seed);
  const world = await createWorld(scene, plan);
  const unhandled = (error: unknown) => scene.broken("unhandled", inWords(error));
  process.on("unhandledRejection", unhandled);
  try {
    for (const { afterMs, story, run } of plan.steps) {
      await passTo(scene, scene.timeline.now() + afterMs);
      scene.note(`- ${story}`);
      await run(world);
      await drained();
      if (scene.violations.length > 0) break;
    }
    if (scene.violations.length === 0) await heal(world);
  } finally {
    for (const tab of world.tabs()) tab.kill();
    world.host.kill();
    await drained();
    process.off("unhandledRejection", unhandled);
  }
  const trace = createHash("sha256").update(scene.lines.join("\n")).digest("hex").slice(0, 16);
  return { seed, violations: scene.violations, lines: scene.lines, trace, counts: world.counts };
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}

async function passTo(scene: Scene, untilMs: number): Promise<void> {
  while (scene.violations.length === 0 && scene.timeline.step(untilMs)) await drained();
}

async function createWorld(scene: Scene, plan: Plan): Promise<World> {
  const network: Network = createNetwork(scene, () => host);
  const host: RelayHost = createRelayHost(scene, () => network.cut(() => true));
  const serviceToken = globalThis.crypto.getRandomValues(new Uint8Array(32));
  const tokenHash = await serviceTokenHash(serviceToken);
  await host.storage().write((tx) => tx.insertService(serviceId, { tokenHash }, scene.timeline.now()));
  host.start();
  const profiles = await Promise.all(plan.people.map((role, index) => createProfile("ABCDEFGH"[index] as string, role)));
  const counts: Counts = {};
  const excused = new Set<string>();
  const readRows = new Map<string, string[]>();
  let editNumber = 0;

  const count = (what: string, by = 1) => (counts[what] = (counts[what] ?? 0) + by);
  const tabParts: TabParts = { scene, network, serviceToken, mayGoBack: () => host.restoredAt() !== null, opened: watchTab };

  function watchTab(tab: Tab): void {
    const { space, profile } = tab;
    if (space === null) return;
    const look = () => {
      for (const { roomId, fault, quarantined } of space.status.get().attention) {
        scene.broken("alarm", `${tab.name} ${roomId.slice(0, 4)}: ${JSON.stringify(fault)}, ${quarantined} aside`);
      }
    };
    look();
    space.status.subscribe(look);
    let saidAt: number | null = null;
    space.sync.status.subscribe(({ inStepAt, failure }) => {
      if (!tab.isAlive()) return;
      if (failure !== null) scene.broken("failure", `${tab.name}: ${inWords(failure)}`);
      if (inStepAt === null || inStepAt === saidAt) return;
      saidAt = inStepAt;
      const restoredAt = host.restoredAt();
      const saved = Array.from(tab.saved).filter((edit) => !excused.has(edit));
      if (saved.length === 0 || (restoredAt !== null && scene.timeline.now() - restoredAt < longestWayMs)) return;
      void editsAtRelay(host, Array.from(profile.saved.values())).then((there) => {
        const lacking = saved.filter((edit) => !there.has(edit));
        if (lacking.length > 0) scene.broken("in step", `${tab.name} says so, and the relay lacks ${lacking.join(" ")}`);
      });
    });
  }

  const world: World = {
    scene,
    host,
    network,
    profiles,
    rooms: [],
    counts,
    excused,
    tabs: () => profiles.flatMap(({ tabs }) => Array.from(tabs)),
    open: (profile) => openTab(profile, tabParts),
    edit(tab, roomId, editedIds, where) {
      const room = tab.room(roomId);
      if (room === undefined) return;
      const name = nameOfEdit(++editNumber);
      room
        .edit(editedIds, (...docs) => {
          for (const doc of docs) {
            const text = doc.getText("text");
            if (where % 7 === 3 && text.length > 4) text.delete(where % (text.length - 3), 3);
            text.insert(where % (text.length + 1), name);
            doc.getMap("edits").set(name, tab.name);
          }
        })
        .then(
          () => {
            if (!tab.isAlive()) return;
            count("edits");
            tab.saved.add(name);
            tab.profile.saved.set(name, roomId);
            scene.note(`${tab.name} saved ${name}`);
          },
          (error: unknown) => {
            scene.note(`${tab.name} could not save ${name}: ${inWords(error)}`);
            const isExpected = tab.profile.entries.get(roomId)?.isAdded === false || inWords(error).includes("keyMissing");
            if (tab.isAlive() && !isExpected) scene.broken("edit", `${tab.name} ${name}: ${inWords(error)}`);
          },
        );
    },
    join(tab, roomId) {
      const { profile } = tab;
      const room = world.rooms.find((one) => one.roomId === roomId);
      const { space } = tab;
      if (room === undefined || space === null || tab.room(roomId) !== undefined) return;
      if (hasOnDisk(profile, roomId)) return;
      const entry = profile.entries.get(roomId);
      if (entry === undefined) {
        void generateLeaf().then((leaf) => {
          profile.entries.set(roomId, { roomId, memberId: leaf.deviceId, leaf, isAdded: false, addedBy: null });
          world.join(tab, roomId);
        });
        return;
      }
      const { memberId, leaf } = entry;
      space.joinRoom({ ...room, role: profile.role, memberId }, leaf).then(
        () => scene.note(`${tab.name} joins ${roomId.slice(0, 4)}`),
        (error: unknown) => tab.isAlive() && !hasOnDisk(profile, roomId) && scene.broken("join", `${tab.name}: ${inWords(error)}`),
      );
    },
    add(by, newcomer, roomId) {
      const entry = newcomer.entries.get(roomId);
      if (entry === undefined || entry.isAdded || entry.addedBy?.isAlive() === true || by.space === null || by.profile.role !== "consultant" || by.room(roomId) === undefined) return;
      const { memberId, leaf } = entry;
      entry.addedBy = by;
      const member = { memberId, role: newcomer.role, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
      const adding = by.space.addMember(roomId, member, newcomer.name).catch(inWords);
      void adding.then((added) => {
        entry.addedBy = null;
        entry.isAdded ||= added === true;
        scene.note(`${by.name} adds ${newcomer.name} to ${roomId.slice(0, 4)}: ${added}`);
        if (added === true) count("added");
      });
    },
    async takeStock(what) {
      count(what === "relay" ? "relay restored" : "profile set back");
      const held = await editsAtRelay(host, world.rooms.map(({ roomId }) => roomId));
      for (const { disk } of profiles) for (const edit of editsInRows(disk.rows("records"), readRows)) held.add(edit);
      for (const { saved } of profiles) {
        for (const edit of saved.keys()) {
          if (held.has(edit) || excused.has(edit)) continue;
          excused.add(edit);
          count(host.restoredAt() === null ? "lost unsent on a disk set back" : "lost with both disks set back");
        }
      }
    },
    checkDisk(profile) {
      const held = editsInRows(profile.disk.rows("records"), readRows);
      const lacking = Array.from(profile.saved.keys()).filter((edit) => !held.has(edit) && !excused.has(edit));
      if (lacking.length > 0) scene.broken("disk", `${profile.name} has lost ${lacking.join(" ")}`);
    },
  };

  const founder = profiles[0] as Profile;
  const first = world.open(founder);
  await drained();
  for (const kind of plan.rooms) {
    const room = await first.space?.createRoom({ kind, serviceId, label: kind, name: founder.name, recovery: null });
    if (room === undefined) throw new Error("the founder has no space");
    const { roomId, label, genesis } = room;
    world.rooms.push({ roomId, kind, label, genesis });
  }
  for (const profile of profiles.slice(1)) {
    const tab = world.open(profile);
    await drained();
    for (const { roomId } of world.rooms) world.join(tab, roomId);
    await drained();
  }
  return world;
}

function hasOnDisk({ disk }: Profile, roomId: string): boolean {
  return disk.rows("roomKeys").some((row) => row.roomId === roomId);
}

async function editsAtRelay(host: RelayHost, roomIds: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const roomId of new Set(roomIds)) {
    for (const entry of (await host.storage().log(roomId, 0, allOf))?.page ?? []) {
      if (!("dropped" in entry)) for (const edit of editsInStored(entry.bytes)) found.add(edit);
    }
  }
  return found;
}

/** Nothing is wrong any more, everyone is there: now all must come together. */
async function heal(world: World): Promise<void> {
  const { scene, host, network, profiles, rooms } = world;
  const { timeline } = scene;
  scene.note("- all is well from here on");
  if (host.relay() === null) host.start();
  for (const profile of profiles) Object.assign(profile.link, goodLink);
  const healedAt = timeline.now();
  let isOver = false;
  tend();
  await drained();
  for (const tab of world.tabs()) tab.space?.sync.wake();

  let last = "nothing happened";
  const until = healedAt + healMs;
  while (scene.violations.length === 0) {
    if (!timeline.step(until)) {
      scene.broken("rest", last);
      break;
    }
    await drained();
    const lacking = whatLacks() ?? (await whatDiffers());
    if (lacking === null) break;
    last = lacking;
  }
  isOver = true;
  if (scene.violations.length > 0) return;
  await host.checkAcked();
  for (const profile of profiles) world.checkDisk(profile);
  for (const tab of world.tabs()) {
    const { refused } = tab.space?.sync.status.get() ?? {};
    for (const [roomId, refusal] of refused ?? []) scene.broken("refused", `${tab.name} ${roomId.slice(0, 4)}: ${refusal.type}`);
  }
  if (scene.violations.length === 0) await readAgain();

  /** What people do who find that something has not come about. */
  function tend(): void {
    if (isOver) return;
    for (const profile of profiles) {
      for (const tab of profile.tabs) tab.dieAt("never");
      if (profile.tabs.size === 0) world.open(profile);
      const [tab] = profile.tabs;
      for (const { roomId } of rooms) {
        if (tab === undefined) continue;
        if (hasOnDisk(profile, roomId) && Array.from(profile.tabs).every((one) => one.space !== null && one.room(roomId) === undefined)) world.open(profile);
        world.join(tab, roomId);
        const by = world.tabs().find((one) => one.profile.role === "consultant" && one.room(roomId) !== undefined && one.profile.entries.get(roomId)?.isAdded !== false);
        if (by !== undefined) world.add(by, profile, roomId);
      }
    }
    timeline.after(tendMs, tend);
  }

  function whatLacks(): string | null {
    for (const { name, entries } of profiles) {
      for (const { roomId, isAdded } of entries.values()) if (!isAdded) return `${name} is not in ${roomId.slice(0, 4)}`;
    }
    for (const { name, space } of world.tabs()) {
      if (space === null) return `${name} is not open`;
      const { inStepAt, refused } = space.sync.status.get();
      if (inStepAt === null) return `${name} is not in step: ${JSON.stringify([...refused])} ${JSON.stringify(space.status.get())}`;
    }
    return network.underWay() > 0 ? "something is under way" : null;
  }

  async function whatDiffers(): Promise<string | null> {
    for (const { roomId } of rooms) {
      const wanted = expectedIn(roomId);
      const seen = new Map<string, string>();
      for (const docId of docIds) {
        let first: { name: string; whole: string } | null = null;
        for (const tab of world.tabs()) {
          const room = tab.room(roomId);
          if (room === undefined) continue;
          const doc = await atOnce(scene, `${tab.name} opens ${docId.slice(0, 2)}`, room.open(docId));
          if (doc === null) return null;
          const { edits, whole } = contentOf(doc);
          for (const edit of edits) seen.set(`${tab.profile.name} ${edit}`, tab.name);
          first ??= { name: tab.name, whole };
          if (first.whole !== whole) return `${roomId.slice(0, 4)} ${docId.slice(0, 2)}: ${first.name} has ${first.whole}, ${tab.name} has ${whole}`;
        }
      }
      for (const { name } of profiles) {
        const lacking = wanted.filter((edit) => !seen.has(`${name} ${edit}`));
        if (lacking.length > 0) return `${name} has not ${lacking.join(" ")} in ${roomId.slice(0, 4)}`;
      }
    }
    return null;
  }

  function expectedIn(roomId: string): string[] {
    return profiles.flatMap(({ saved }) => Array.from(saved).flatMap(([edit, of]) => (of === roomId && !world.excused.has(edit) ? [edit] : [])));
  }

  /** What is on disk is what was on screen. */
  async function readAgain(): Promise<void> {
    for (const profile of profiles) {
      const [before] = Array.from(profile.tabs).filter((tab) => rooms.every(({ roomId }) => tab.room(roomId) !== undefined));
      if (before === undefined) continue;
      const after = world.open(profile);
      await drained();
      for (const { roomId } of rooms) {
        for (const docId of docIds) {
          const opening = [before, after].map(async (tab) => tab.room(roomId)?.open(docId));
          const [was, is] = (await atOnce(scene, `${profile.name} reads again`, Promise.all(opening)))?.map((doc) => doc && contentOf(doc).whole) ?? [];
          if (was !== is) scene.broken("reading", `${profile.name} ${roomId.slice(0, 4)}: ${was} on screen, ${is} on disk`);
        }
      }
      after.kill();
    }
  }
}
