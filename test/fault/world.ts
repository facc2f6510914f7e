import { createHash } from "node:crypto";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { MemberDevice, Role } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import type { Membership } from "#protocol/membership.ts";
import type { LogEntry } from "#protocol/record.ts";
import { generateLeaf, openRoomKeys, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { createRecovery, parseRecoveryCode, recoveryAgreementPair } from "../../src/engine/keys/recovery.ts";
import { serviceTokenHash } from "../../src/engine/keys/service-token.ts";
import type { RoomChange } from "../../src/engine/log/changes.ts";
import { commitmentInput } from "../../src/engine/log/record.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import type { LogFault } from "../../src/engine/log/room-state.ts";
import { StorageFullError } from "../../src/engine/platform/errors.ts";
import type { Room } from "../../src/engine/space.ts";
import { sha256 } from "../../src/engine/crypto/primitives.ts";
import { seedChance } from "./cheap-crypto.ts";
import { checkLog } from "./log-truth.ts";
import { createNetwork, goodLink, type Network } from "./network.ts";
import { contentOf, createProfile, hasOnDisk, type Leaf, openTab, type Profile, resetTabs, type Tab, type TabParts, upload } from "./profile.ts";
import { createRelayHost, type RelayHost } from "./relay-host.ts";
import { atOnce, createScene, drained, type Scene, type Violation } from "./scene.ts";
import { editsInRows, editsInStored, factsIn, nameOfEdit, nameOfSecret, secretName, secretsInBytes, wordOfEdit } from "./truth.ts";

/** What a step of a plan may touch: the people's devices, the relay, and what is between them. */
export type World = {
  readonly scene: Scene;
  readonly host: RelayHost;
  readonly network: Network;
  readonly profiles: Profile[];
  readonly rooms: { roomId: string; kind: Room["kind"]; label: string; genesis: string }[];
  readonly counts: Counts;
  /** How likely it is that a disk lets a tab wait. */
  slowness: number;
  /** Edits that a profile has saved and whose disk has lost it since, and their room: some other disk has them. */
  readonly elsewhere: Map<string, string>;
  /** Edits that nobody has to have any more. */
  readonly excused: Set<string>;
  /** Edits of which somebody was told that they are not saved. */
  readonly unsaved: Set<string>;
  /** Edits whose author had let go of them when the relay was set back: others must give them back. */
  readonly withoutAuthor: Set<string>;
  /** On whose disks the edits were that the relay lost when it was last set back. */
  readonly heldThen: Map<string, readonly Profile[]>;
  tabs(): Tab[];
  open(profile: Profile): Tab;
  edit(tab: Tab, roomId: string, docIds: readonly string[], where: number): void;
  /** Something is written that must not stay. */
  mistake(tab: Tab, roomId: string, docId: string): void;
  /** Whatever was written so is taken out again. */
  takeOut(tab: Tab, roomId: string, docId: string): void;
  /** A profile that is what a recovery code gives, and is in no room yet. */
  mint(): Promise<Minted>;
  /** It is in the rooms, or is about to be. */
  enter(minted: Minted): void;
  /** What is sealed on the profile's disk is sent without a tab. */
  upload(profile: Profile, diesAfter: number): void;
  join(tab: Tab, roomId: string): void;
  add(by: Tab, newcomer: Profile, roomId: string): void;
  change(by: Tab, roomId: string, change: RoomChange): void;
  /** A device's id in a room; null while it has none. */
  deviceId(profile: Profile, roomId: string): string | null;
  memberId(profile: Profile, roomId: string): string | null;
  /** Whether somebody waits to hear that a change is made. */
  isChanging(): boolean;
  /** After something was taken back for good: what no disk holds any more is nobody's fault, and is counted. */
  takeStock(what: string): Promise<void>;
  checkDisk(profile: Profile): void;
  /** Whether the relay has lost what a purge carried on: that is made again by hand. SPEC.md [Z5]. */
  isLostWithPurge(edit: string): boolean;
  editsOnDisk(profile: Profile): Set<string>;
};

/** A recovery code, and the device that it gives. */
export type Minted = { profile: Profile; member: MemberDevice; leaf: Leaf };

/** What happened in a world, for the table of what worlds cover. */
export type Counts = Record<string, number>;

export type WorldResult = { seed: number; violations: readonly Violation[]; lines: readonly string[]; trace: string; counts: Counts };

export const caseDocId = documentId("case", "ca".repeat(16));
const docIds = [indexDocId, caseDocId];
const serviceId = "5e".repeat(16);
/** How long a world has to come to rest once nothing is wrong any more. */
const healMs = 60 * 60_000;
const tendMs = 4000;
const slowDiskMs = 5000;
/** What was said before may still be under way. */
const longestWayMs = 60_000;

/** A plan is what happens to the world from outside: the same for the same seed. */
export type Plan = {
  /** Whether the rooms have a recovery device. */
  hasRecovery: boolean;
  /** `personOf`: whose second device it is, by place. */
  people: readonly { role: Role; personOf: number | null }[];
  rooms: readonly Room["kind"][];
  steps: readonly { afterMs: number; story: string; run(world: World): void | Promise<void> }[];
};

export async function runWorld(seed: number, makePlan: (seed: number) => Plan): Promise<WorldResult> {
  seedChance(seed);
  resetTabs();
  const plan = makePlan(seed);
  const scene = createScene(seed);
  const unhandled = (error: unknown) => scene.broken("unhandled", inWords(error));
  process.on("unhandledRejection", unhandled);
  const world = await createWorld(scene, plan);
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

function isUnread({ type, seq }: LogFault): boolean {
  return type === "malformed" && seq === 1;
}

/** Nor can who was away when a device was let in know, once the room is destroyed by that one, that it was let in [Z6]. */
async function isShredOfStranger(host: RelayHost, tab: Tab, roomId: string, { type, seq }: LogFault): Promise<boolean> {
  const last = (await host.log(roomId)).at(-1);
  if (type !== "signature" || last?.seq !== seq || !("bytes" in last)) return false;
  const { control, deviceId } = factsIn(last.bytes);
  return control?.action === "shred" && tab.room(roomId)?.standing(deviceId) === null;
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
  const profiles: Profile[] = [];
  for (const [index, { role, personOf }] of plan.people.entries()) {
    profiles.push(await createProfile("ABCDEFGH"[index] as string, role, personOf === null ? null : (profiles[personOf] as Profile)));
  }
  const counts: Counts = {};
  const excused = new Set<string>();
  const destroyed = new Set<string>();
  const asked = new Set<{ by: Tab }>();
  const readRows = new Map<string, string[]>();
  const foundersIds = new Map<string, { deviceId: string; memberId: string }>();
  let editNumber = 0;
  let secretNumber = 0;

  const count = (what: string, by = 1) => (counts[what] = (counts[what] ?? 0) + by);
  const tabParts: TabParts = { scene, network, serviceToken, mayGoBack: () => host.restoredAt() !== null, opened: watchTab, slowness: () => world.slowness };

  /**
   * Who was let in and had read nothing when the room was destroyed cannot know that it was [Z6]; and what was written on what a lost purge carried on, or by
   * somebody whom the relay does not know any more, waits until that is made again by hand [Z5].
   */
  async function isBeyondHelp(tab: Tab, roomId: string, fault: LogFault | null, quarantined: number): Promise<boolean> {
    if (fault !== null && (await isShredOfStranger(host, tab, roomId, fault))) {
      count("shreds by somebody whom their reader has never heard of");
      return true;
    }
    if (fault !== null) return isUnread(fault) && (await host.membership(roomId))?.membership.shredded === true;
    return quarantined > 0 && (await host.hasLostPurge(roomId));
  }

  /** What was written in these, nobody is to have any more. SPEC.md [Z2]. */
  async function shreddedRooms(): Promise<Set<string>> {
    const found = await Promise.all(world.rooms.map(async ({ roomId }) => ((await host.membership(roomId))?.membership.shredded === true ? [roomId] : [])));
    return new Set(found.flat());
  }

  function watchTab(tab: Tab): void {
    const { space, profile } = tab;
    if (space === null) return;
    const look = () => {
      for (const { roomId, fault, quarantined, lost, restored, setBack } of space.status.get().attention) {
        const isTrue = fault === null && quarantined === 0 && (host.restoredAt() !== null || (lost === 0 && !restored)) && (!setBack || profile.isOneOfTwo);
        if (isTrue || !tab.isAlive()) continue;
        const alarm = () => scene.broken("alarm", `${tab.name} ${roomId.slice(0, 4)}: ${JSON.stringify(fault)}, ${quarantined} aside, ${lost} lost${restored ? ", restored" : ""}${setBack ? ", set back" : ""}`);
        void isBeyondHelp(tab, roomId, fault, quarantined).then((isBeyond) => isBeyond || alarm());
      }
    };
    look();
    space.status.subscribe(look);
    let saidAt: number | null = null;
    space.sync.status.subscribe(({ inStepAt, failure }) => {
      if (!tab.isAlive()) return;
      if (failure !== null && !(failure instanceof StorageFullError)) scene.broken("failure", `${tab.name}: ${inWords(failure)}`);
      if (inStepAt === null || inStepAt === saidAt) return;
      saidAt = inStepAt;
      const restoredAt = host.restoredAt();
      if (tab.saved.size === 0 || (restoredAt !== null && scene.timeline.now() - restoredAt < longestWayMs)) return;
      void Promise.all([host.edits(), ...world.rooms.map(({ roomId }) => host.membership(roomId))]).then(([there, ...rooms]) => {
        const isMember = new Map(world.rooms.map(({ roomId }, at) => [roomId, rooms[at]?.membership.devices[world.deviceId(profile, roomId) ?? ""] !== undefined]));
        const isShredded = (roomId: string) => rooms[world.rooms.findIndex((room) => room.roomId === roomId)]?.membership.shredded === true;
        const isOwed = (roomId: string) => isMember.get(roomId) === true && !isShredded(roomId) && tab.room(roomId) !== undefined;
        const lacking = Array.from(tab.saved).filter((edit) => !there.has(edit) && !excused.has(edit) && !world.isLostWithPurge(edit) && isOwed(profile.saved.get(edit) ?? ""));
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
    slowness: 0,
    elsewhere: new Map(),
    excused,
    withoutAuthor: new Set(),
    heldThen: new Map(),
    unsaved: new Set(),
    tabs: () => profiles.flatMap(({ tabs }) => Array.from(tabs)),
    open: (profile) => openTab(profile, tabParts),
    edit(tab, roomId, editedIds, where) {
      const room = tab.room(roomId);
      if (room === undefined || tab.profile.role === "recovery") return;
      const name = nameOfEdit(++editNumber);
      room
        .edit(editedIds, (...docs) => {
          for (const doc of docs) {
            const text = doc.getText("text");
            if (where % 7 === 3 && text.length > 4) text.delete(where % (text.length - 3), 3);
            text.insert(where % (text.length + 1), wordOfEdit(name));
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
            world.unsaved.add(name);
            const isExpected = tab.profile.entries.get(roomId)?.isAdded === false || /keyMissing|RoomOver|StorageFull/.test(inWords(error));
            if (tab.isAlive() && !isExpected) scene.broken("edit", `${tab.name} ${name}: ${inWords(error)}`);
          },
        );
    },
    mistake(tab, roomId, docId) {
      const name = nameOfSecret(++secretNumber);
      void tab.room(roomId)?.edit([docId], (doc) => doc?.getText("text").insert(0, name)).catch(() => undefined);
    },
    takeOut(tab, roomId, docId) {
      const room = tab.room(roomId);
      void room?.edit([docId], (doc) => {
        const text = doc?.getText("text");
        for (let at = text?.toJSON().search(secretName) ?? -1; text !== undefined && at >= 0; at = text.toJSON().search(secretName)) text.delete(at, nameOfSecret(0).length);
      }).catch(() => undefined);
    },
    async mint() {
      const { code, member, sign } = await createRecovery((length) => globalThis.crypto.getRandomValues(new Uint8Array(length)));
      const profile = await createProfile(`R${profiles.filter(({ role }) => role === "recovery").length}`, "recovery", null);
      const leaf = { sign, kem: await recoveryAgreementPair(parseRecoveryCode(code) as Bytes), deviceId: member.deviceId };
      return { profile, member, leaf };
    },
    enter({ profile, member: { memberId }, leaf }) {
      for (const { roomId } of world.rooms) profile.entries.set(roomId, { roomId, memberId, leaf, isAdded: true, addedBy: null });
      profiles.push(profile);
    },
    upload: (profile, diesAfter) => void upload(profile, tabParts, diesAfter),
    join(tab, roomId) {
      const { profile } = tab;
      const room = world.rooms.find((one) => one.roomId === roomId);
      const { space } = tab;
      if (room === undefined || space === null || tab.room(roomId) !== undefined) return;
      if (hasOnDisk(profile, roomId)) profile.had.add(roomId);
      // A device that has let go of a room has no way back into it.
      if (profile.had.has(roomId)) return;
      const entry = profile.entries.get(roomId);
      if (entry === undefined) {
        void generateLeaf().then((leaf) => {
          const memberId = (profile.personOf && world.memberId(profile.personOf, roomId)) ?? leaf.deviceId;
          profile.entries.set(roomId, { roomId, memberId, leaf, isAdded: false, addedBy: null });
          world.join(tab, roomId);
        });
        return;
      }
      const { memberId, leaf } = entry;
      space.joinRoom({ ...room, role: profile.role, memberId }, leaf).then(
        () => {
          profile.had.add(roomId);
          scene.note(`${tab.name} joins ${roomId.slice(0, 4)}`);
        },
        (error: unknown) => tab.isAlive() && !hasOnDisk(profile, roomId) && !(error instanceof StorageFullError) && scene.broken("join", `${tab.name}: ${inWords(error)}`),
      );
    },
    add(by, newcomer, roomId) {
      const entry = newcomer.entries.get(roomId);
      if (entry === undefined || entry.addedBy?.isAlive() === true || by.space === null || by.room(roomId) === undefined) return;
      const { memberId, leaf } = entry;
      entry.addedBy = by;
      const adding = async (): Promise<boolean> => {
        const { devices, removed } = (await host.membership(roomId))?.membership ?? { devices: {}, removed: {} };
        const others = [...Object.values(devices), ...Object.values(removed)].filter((other) => other.memberId === memberId);
        const action = others.length > 0 ? "addDevice" : "addMember";
        const member = { memberId, role: others[0]?.role ?? newcomer.role, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
        const isAdded = (await by.space?.change(roomId, { action, member, name: newcomer.name })) === true;
        if (isAdded) count(action);
        return isAdded;
      };
      void adding().catch(inWords).then((added) => {
        entry.addedBy = null;
        entry.isAdded ||= added === true;
        scene.note(`${by.name} adds ${newcomer.name} to ${roomId.slice(0, 4)}: ${added}`);
      });
    },
    change(by, roomId, change) {
      if (by.space === null || by.room(roomId) === undefined) return;
      const own = { by };
      asked.add(own);
      void by.space.change(roomId, change).catch(inWords).then((changed) => {
        asked.delete(own);
        scene.note(`${by.name} ${change.action} in ${roomId.slice(0, 4)}: ${changed}`);
        if (changed === true) count(change.action);
      });
    },
    isChanging: () => Array.from(asked).some(({ by }) => by.isAlive()),
    deviceId: ({ entries }, roomId) => entries.get(roomId)?.leaf.deviceId ?? foundersIds.get(roomId)?.deviceId ?? null,
    memberId: ({ entries }, roomId) => entries.get(roomId)?.memberId ?? foundersIds.get(roomId)?.memberId ?? null,
    async takeStock(what) {
      count(what);
      const there = await host.edits();
      const held = new Set(there);
      const shredded = await shreddedRooms();
      for (const edit of host.everTaken().keys()) if (profiles.every((profile) => !profile.saved.has(edit) || !world.editsOnDisk(profile).has(edit))) world.withoutAuthor.add(edit);
      world.heldThen.clear();
      for (const profile of profiles) {
        for (const edit of world.editsOnDisk(profile)) {
          if (!there.has(edit)) world.heldThen.set(edit, [...(world.heldThen.get(edit) ?? []), profile]);
          held.add(edit);
        }
      }
      for (const edit of [...profiles.flatMap(({ saved }) => [...saved.keys()]), ...world.elsewhere.keys(), ...host.everTaken().keys()]) {
        if (held.has(edit) || excused.has(edit)) continue;
        if (shredded.has(host.everTaken().get(edit) ?? "")) {
          destroyed.add(edit);
          continue;
        }
        excused.add(edit);
        if (!host.everTaken().has(edit)) count("unsent edits lost with a disk that was set back");
        else if (host.restoredAt() === null) scene.broken("acked", `nobody has ${edit} any more`);
        else count("edits lost with the relay's disk and their author's, both set back");
      }
      if (destroyed.size > 0) counts["edits destroyed with their room"] = destroyed.size;
    },
    isLostWithPurge: (edit) => host.restoredAt() !== null && host.purgedEdits().has(edit),
    editsOnDisk: ({ disk }) => editsInRows(disk.rows("records"), readRows),
    checkDisk(profile) {
      const held = world.editsOnDisk(profile);
      // A room that is none of its any more may be gone from it, with all that the relay has.
      const isThere = new Set(profile.disk.rows("roomKeys").map(({ roomId }) => roomId));
      const lacking = Array.from(profile.saved).flatMap(([edit, roomId]) => (held.has(edit) || excused.has(edit) || (!isThere.has(roomId) && host.everTaken().has(edit)) ? [] : [edit]));
      if (lacking.length > 0) scene.broken("disk", `${profile.name} has lost ${lacking.join(" ")}`);
    },
  };

  const founder = profiles[0] as Profile;
  const first = world.open(founder);
  await drained();
  const minted = plan.hasRecovery ? await world.mint() : null;
  for (const kind of plan.rooms) {
    const room = await first.space?.createRoom({ kind, serviceId, label: kind, name: founder.name, recovery: minted?.member ?? null });
    if (room === undefined) throw new Error("the founder has no space");
    const { roomId, label, genesis, deviceId } = room;
    foundersIds.set(roomId, { deviceId, memberId: (await room.members())[0]?.memberId ?? "" });
    world.rooms.push({ roomId, kind, label, genesis });
    founder.had.add(roomId);
  }
  if (minted !== null) world.enter(minted);
  for (const profile of profiles.slice(1)) {
    if (profile.role === "recovery") continue;
    const tab = world.open(profile);
    await drained();
    for (const { roomId } of world.rooms) world.join(tab, roomId);
    await drained();
  }
  return world;
}

/** Nothing is wrong any more, everyone is there: now all must come together. */
async function heal(world: World): Promise<void> {
  const { scene, host, network, profiles, rooms } = world;
  const { timeline } = scene;
  const count = (what: string, by = 1) => (world.counts[what] = (world.counts[what] ?? 0) + by);
  scene.note("- all is well from here on");
  if (host.relay() === null) host.start();
  world.slowness = 0;
  for (const profile of profiles) {
    Object.assign(profile.link, goodLink);
    profile.fullness = 0;
  }
  // What was asked of slow disks is answered.
  await passTo(scene, timeline.now() + slowDiskMs);
  let isOver = false;
  let code: MemberDevice | null = null;
  await tend();
  await drained();
  for (const tab of world.tabs()) tab.space?.sync.wake();

  let last = "nothing happened";
  const until = timeline.now() + healMs;
  while (scene.violations.length === 0) {
    if (!timeline.step(until)) {
      scene.broken("rest", last);
      break;
    }
    await drained();
    const lacking = (await whatLacks()) ?? (await whatDiffers()) ?? (await whoIsMissing());
    if (lacking === null) break;
    last = lacking;
  }
  isOver = true;
  if (scene.violations.length > 0) return;
  for (const { roomId } of rooms) if (await host.hasLostPurge(roomId)) count("rooms that have lost a purge with the relay's disk");
  await countExcused();
  await host.checkAcked();
  for (const profile of profiles) world.checkDisk(profile);
  for (const { roomId } of rooms) {
    const isStuck = broughtBack(roomId).length > 0 && (await isLeaderless(roomId));
    const left = isStuck ? "rooms in which nobody may remove again whom a restore has brought back" : (await isOrphaned(roomId)) ? "rooms whose members have let go of them before the relay was set back" : (await isLeaderless(roomId)) ? "rooms that a restore has left to people who may not change them" : null;
    if (left !== null) count(left);
  }
  await checkKeys();
  for (const { roomId } of rooms) await checkRoom(roomId);
  if (scene.violations.length === 0) await readAgain();
  if (scene.violations.length === 0) await renewCode();
  if (scene.violations.length === 0) await removeOne();

  /** The device's standing in a room, as the relay has it. */
  async function standing(profile: Profile, roomId: string): Promise<"member" | "removed" | "stranger"> {
    const membership = (await host.membership(roomId))?.membership;
    const deviceId = world.deviceId(profile, roomId) ?? "";
    if (membership?.devices[deviceId] !== undefined) return "member";
    return membership?.removed[deviceId] === undefined ? "stranger" : "removed";
  }

  /** How a room ends, as the relay has it. */
  async function endOfRoom(roomId: string): Promise<"closed" | "over" | null> {
    const membership = (await host.membership(roomId))?.membership;
    if (membership === undefined || membership.keepUntil === null) return null;
    return membership.shredded || isDayOver(membership) ? "over" : "closed";
  }

  function isDayOver({ keepUntil }: Pick<Membership, "keepUntil">): boolean {
    return keepUntil !== null && keepUntil < new Date(timeline.now()).toISOString().slice(0, 10);
  }

  /** What people do who find that something has not come about. */
  async function tend(): Promise<void> {
    if (isOver) return;
    timeline.after(tendMs, () => void tend());
    for (const profile of profiles) {
      for (const tab of profile.tabs) tab.dieAt("never");
      if (profile.tabs.size === 0) world.open(profile);
      const [tab] = profile.tabs;
      for (const { roomId } of rooms) {
        if (tab === undefined || (await endOfRoom(roomId)) === "over" || (await standing(profile, roomId)) === "removed") continue;
        if (hasOnDisk(profile, roomId) && Array.from(profile.tabs).every((one) => one.space !== null && one.room(roomId) === undefined)) world.open(profile);
        world.join(tab, roomId);
      }
    }
    for (const { roomId } of rooms) {
      const room = await host.membership(roomId);
      if (room === null || (await endOfRoom(roomId)) === "over") continue;
      const inRole = (role: Role) => world.tabs().filter((one) => one.room(roomId) !== undefined && room.membership.devices[world.deviceId(one.profile, roomId) ?? ""]?.role === role);
      // The code is for where nobody else can.
      const able = [...inRole("consultant"), ...inRole("recovery")];
      // Whom a restore has brought back is removed again, by somebody else; an old code gives way to a new one.
      const back = broughtBack(roomId);
      const people = back.filter((deviceId) => room.membership.devices[deviceId]?.role !== "recovery");
      const by = able.find((one) => !back.includes(world.deviceId(one.profile, roomId) ?? "")) ?? able[0];
      if (by === undefined) continue;
      const { logGen = 1, fromSeq = 0 } = room.generations.at(-1) ?? {};
      if (logGen > room.membership.acceptedGen && fromSeq > 0) world.change(by, roomId, { action: "acceptGen" });
      else if (people.length > 0) world.change(by, roomId, { action: "remove", devices: people.map((deviceId) => ({ deviceId })), reason: "" });
      else if (back.length > 0) world.change(by, roomId, { action: "replaceRecovery", member: (code ??= await newCode()) });
      else for (const profile of profiles) if (profile.role !== "recovery" && (await standing(profile, roomId)) === "stranger") world.add(by, profile, roomId);
    }
  }

  async function newCode(): Promise<MemberDevice> {
    const minted = await world.mint();
    world.enter(minted);
    return minted.member;
  }

  function broughtBack(roomId: string): string[] {
    return Array.from(new Set(world.tabs().flatMap((one) => one.room(roomId)?.broughtBack() ?? [])));
  }

  /** Whether the room is one of the profile's, by what it knows itself. */
  function isHeld(profile: Profile, roomId: string): boolean {
    return hasOnDisk(profile, roomId) && Array.from(profile.tabs).some((tab) => tab.space === null || tab.room(roomId) !== undefined);
  }

  /**
   * After the relay was set back, whoever may change the room has let go of it, or is to be removed again: nobody can accept that, let anybody in or shut
   * anybody out.
   */
  async function isLeaderless(roomId: string): Promise<boolean> {
    if (host.restoredAt() === null) return false;
    const devices: Membership["devices"] = (await host.membership(roomId))?.membership.devices ?? {};
    const back = broughtBack(roomId);
    // Who was in with the code may not remove the last consultant [C11]: the app comes with it from nothing each time, and would know of no removal.
    const mayShutOut = Object.entries(devices).some(([deviceId, { role }]) => role === "consultant" && !back.includes(deviceId));
    // Who has the code may enter with it at any time, but nobody enters twice here.
    const mayAct = (profile: Profile, role: Role | undefined) => (role === "consultant" && isHeld(profile, roomId)) || (role === "recovery" && ((hasOnDisk(profile, roomId) && mayShutOut) || !profile.had.has(roomId)));
    return !profiles.some((profile) => {
      const deviceId = world.deviceId(profile, roomId) ?? "";
      return mayAct(profile, devices[deviceId]?.role) && !back.includes(deviceId);
    });
  }

  /**
   * After the relay was set back, whoever has the room is no member there, and whoever is a member there has let go of it: nobody can give back what made
   * the others members. Or nobody is left who could remove again whom the others wait for.
   */
  async function isOrphaned(roomId: string): Promise<boolean> {
    if (host.restoredAt() === null) return false;
    if (broughtBack(roomId).length > 0 && (await isLeaderless(roomId))) return true;
    for (const profile of profiles) if (isHeld(profile, roomId) && (await standing(profile, roomId)) === "member") return false;
    return true;
  }

  async function whatLacks(): Promise<string | null> {
    for (const tab of world.tabs()) {
      if (tab.space === null) return `${tab.name} is not open`;
      const { inStepAt, refused } = tab.space.sync.status.get();
      if (inStepAt !== null && refused.size === 0) continue;
      const isExcused = async (roomId: string) => {
        if ((await isOrphaned(roomId)) || (await endOfRoom(roomId)) !== null) return true;
        const there = await standing(tab.profile, roomId);
        return there === "removed" || (there === "stranger" && (tab.profile.role === "recovery" || (await isLeaderless(roomId))));
      };
      if (!(await Promise.all(rooms.map(({ roomId }) => isExcused(roomId)))).includes(true)) return `${tab.name} is not in step: ${JSON.stringify([...refused])} ${JSON.stringify(tab.space.status.get())}`;
    }
    for (const { roomId } of rooms) {
      if (await isOrphaned(roomId)) continue;
      if ((await endOfRoom(roomId)) === "over") {
        const end = (await host.membership(roomId))?.membership;
        // By its day alone it may lie on a disk for a week, where nobody is shown it, and nothing of it is read any more, a shred neither. SPEC.md [Z1].
        const mustBeGone = (profile: Profile) => end?.shredded === true && (!isDayOver(end) || hasReadShred(profile, roomId));
        const isHolding = async (profile: Profile) => (mustBeGone(profile) ? hasOnDisk(profile, roomId) && !hasUnsent(profile, roomId) : isShown(profile, roomId)) && !(await hasNotRead(profile, roomId));
        const holder = (await Promise.all(profiles.map(async (profile) => ((await standing(profile, roomId)) !== "stranger" && (await isHolding(profile)) ? profile : null)))).find(Boolean);
        if (holder) return `${holder.name} has not let go of ${roomId.slice(0, 4)}, which is over`;
        continue;
      }
      if (await isLeaderless(roomId)) continue;
      const room = await host.membership(roomId);
      const { logGen = 1, fromSeq = 0 } = room?.generations.at(-1) ?? {};
      if (room !== null && fromSeq > 0 && logGen > room.membership.acceptedGen) return `nobody has accepted that ${roomId.slice(0, 4)} was set back`;
      if (broughtBack(roomId).length > 0) return `who was removed is back in ${roomId.slice(0, 4)}`;
      for (const profile of profiles) if (profile.role !== "recovery" && (await standing(profile, roomId)) === "stranger") return `${profile.name} is not in ${roomId.slice(0, 4)}`;
    }
    return network.underWay() > 0 || world.isChanging() ? "something is under way" : null;
  }

  async function hasNotRead(profile: Profile, roomId: string): Promise<boolean> {
    for (const tab of profile.tabs) {
      const fault = tab.space?.status.get().attention.find((one) => one.roomId === roomId)?.fault;
      if (fault && (isUnread(fault) || (await isShredOfStranger(host, tab, roomId, fault)))) return true;
    }
    return false;
  }

  function isShown(profile: Profile, roomId: string): boolean {
    return world.tabs().some((tab) => tab.profile === profile && tab.space?.rooms.get().some((room) => room.roomId === roomId) === true);
  }

  function hasReadShred({ disk }: Profile, roomId: string): boolean {
    return disk.rows("records").some((row) => row.roomId === roomId && row.bytes.length > 0 && factsIn(row.bytes).control?.action === "shred");
  }

  /** Something of its own that the relay has not, or never took: nobody forgets that by itself. */
  function hasUnsent({ disk }: Profile, roomId: string): boolean {
    return disk.rows("records").some((row) => row.roomId === roomId && (row.pending === 1 || row.pending === 3));
  }

  async function whatDiffers(): Promise<string | null> {
    const there = await host.edits();
    for (const { roomId } of rooms) {
      const end = await endOfRoom(roomId);
      if (end === "over" || (await isOrphaned(roomId)) || (await host.hasLostPurge(roomId))) continue;
      const members: Profile[] = [];
      for (const profile of profiles) if (isHeld(profile, roomId) && (await standing(profile, roomId)) === "member") members.push(profile);
      await excuseLetGo(roomId, there);
      const saved = members.flatMap((profile) => Array.from(profile.saved));
      const wanted = new Set([...saved, ...host.everTaken()].flatMap(([edit, of]) => (of === roomId && !world.excused.has(edit) && !world.isLostWithPurge(edit) && (end === null || there.has(edit)) ? [edit] : [])));
      const seen = new Map<string, string>();
      for (const docId of docIds) {
        let first: { name: string; whole: string } | null = null;
        for (const tab of members.flatMap(({ tabs }) => Array.from(tabs))) {
          const room = tab.room(roomId);
          if (room === undefined) continue;
          const doc = await atOnce(scene, `${tab.name} opens ${docId.slice(0, 2)}`, room.open(docId));
          if (doc === null) return null;
          const { edits, whole } = contentOf(doc);
          for (const edit of edits) if (world.unsaved.has(edit)) scene.broken("unsaved", `${tab.name} shows ${edit}, which was not saved`);
          for (const edit of edits) seen.set(`${tab.profile.name} ${edit}`, tab.name);
          first ??= { name: tab.name, whole };
          if (first.whole !== whole && end === null && (host.restoredAt() === null || host.purgedEdits().size === 0)) return `${roomId.slice(0, 4)} ${docId.slice(0, 2)}: ${first.name} has ${first.whole}, ${tab.name} has ${whole}`;
        }
      }
      for (const { name } of members) {
        const lacking = Array.from(wanted).filter((edit) => !seen.has(`${name} ${edit}`) && !isOnlyWithTheRemoved(edit, members, there));
        if (lacking.length > 0) return `${name} has not ${lacking.join(" ")} in ${roomId.slice(0, 4)}`;
      }
      const unsent = Array.from(wanted).filter((edit) => !there.has(edit) && !isOnlyWithTheRemoved(edit, members, there));
      if (unsent.length > 0) return `the relay has not ${unsent.join(" ")} of ${roomId.slice(0, 4)}`;
      const head = (await host.log(roomId)).at(-1)?.seq ?? 0;
      const behind = members.find(({ disk }) => !disk.rows("records").some((row) => row.roomId === roomId && row.seq === head));
      if (behind !== undefined) return `${behind.name} has not read ${roomId.slice(0, 4)} to its end`;
    }
    return null;
  }

  /**
   * The relay has lost a room's close with what stood before it, and all who had that have let go of the room since: its last day was over. Who had not
   * read the close goes on without it.
   */
  async function excuseLetGo(roomId: string, there: ReadonlySet<string>): Promise<void> {
    if (!(await host.hasLostClose(roomId))) return;
    for (const [edit, of] of host.everTaken()) {
      const held = world.heldThen.get(edit);
      if (of !== roomId || there.has(edit) || world.excused.has(edit) || held === undefined || held.some((profile) => hasOnDisk(profile, roomId))) continue;
      world.excused.add(edit);
      count("edits let go of with a room whose close the relay has lost");
    }
  }

  /** What the relay had taken, has lost, and is in no room any more, and why nobody has to have it. */
  async function countExcused(): Promise<void> {
    const there = await host.edits();
    for (const [edit, roomId] of host.everTaken()) {
      if (there.has(edit) || world.excused.has(edit) || (await endOfRoom(roomId)) !== null || (await isOrphaned(roomId))) continue;
      if (world.isLostWithPurge(edit)) count("edits lost with the purge that carried them on: it is made again by hand");
      else if (await host.hasLostPurge(roomId)) count("edits that wait for a lost purge to be made again by hand");
      else count("edits that the relay has lost and that only removed devices have");
    }
  }

  /**
   * The relay has lost it, and its author was removed: before it could give it back, and then it lies there to be kept elsewhere; or before the relay lost
   * it, and then whoever else had it was removed since.
   */
  function isOnlyWithTheRemoved(edit: string, members: readonly Profile[], there: ReadonlySet<string>): boolean {
    if (host.restoredAt() === null || there.has(edit)) return false;
    const holds = (profile: Profile) => world.editsOnDisk(profile).has(edit);
    return !members.some(holds) && (world.withoutAuthor.has(edit) || profiles.some((profile) => holds(profile) && profile.saved.has(edit)));
  }

  async function checkRoom(roomId: string): Promise<void> {
    const { generations = [] } = (await host.membership(roomId)) ?? {};
    const isOneOfTwo = (deviceId: string) => profiles.some((profile) => profile.isOneOfTwo && world.deviceId(profile, roomId) === deviceId);
    const destroyed = checkLog({ roomId, entries: await host.log(roomId), generations, everTaken: host.everKnown(), isOneOfTwo, broken: scene.broken, excused: count });
    if (destroyed.size === 0) return;
    count("secrets destroyed", destroyed.size);
    for (const profile of profiles) {
      if (profile.isOneOfTwo || (await standing(profile, roomId)) !== "member") continue;
      const rows = [...profile.disk.rows("records").map(({ bytes }) => bytes), ...profile.disk.rows("snapshots").map(({ sealed }) => sealed)];
      const found = rows.flatMap((bytes) => secretsInBytes(bytes).filter((secret) => destroyed.has(secret)));
      if (found.length > 0) scene.broken("purge", `${profile.name} has ${found.join(" ")} still`);
    }
  }

  /** Everybody sees who is in a room. */
  async function whoIsMissing(): Promise<string | null> {
    for (const { roomId } of rooms) {
      if ((await isOrphaned(roomId)) || (await endOfRoom(roomId)) === "over") continue;
      const present = Object.keys((await host.membership(roomId))?.membership.devices ?? {});
      for (const tab of world.tabs()) {
        const room = tab.room(roomId);
        if (room === undefined || (await standing(tab.profile, roomId)) !== "member") continue;
        const members = (await atOnce(scene, `${tab.name} lists the members`, room.members())) ?? [];
        const isWhole = members.length === present.length && members.every(({ deviceId, name, role }) => (name !== null || role === "recovery") && present.includes(deviceId));
        if (!isWhole) return `${tab.name} sees ${members.map(({ name }) => name).join(" ")} of ${present.length} in ${roomId.slice(0, 4)}`;
      }
    }
    return null;
  }

  /** Who was removed has no key of what came after. */
  async function checkKeys(): Promise<void> {
    for (const { roomId } of rooms) {
      const { membership } = (await host.membership(roomId)) ?? {};
      const log = await host.log(roomId);
      for (const profile of profiles) {
        const removed = membership?.removed[world.deviceId(profile, roomId) ?? ""];
        const row = profile.disk.rows("roomKeys").find((one) => one.roomId === roomId);
        if (removed === undefined || row === undefined) continue;
        const secrets = Object.values((await openRoomKeys(profile.keys.keyring, row)).secrets);
        for (const entry of log.slice(removed.seq - 1)) {
          const { envelope, control } = "bytes" in entry ? factsIn(entry.bytes) : { envelope: null, control: null };
          if (envelope === null || control === null || !("history" in control)) continue;
          for (const secret of secrets) {
            const commitment = toHex(await sha256(commitmentInput(roomId, envelope.epoch, secret)));
            if (commitment === control.commitment) scene.broken("keys", `${profile.name} was removed from ${roomId.slice(0, 4)} and has the key of epoch ${envelope.epoch}`);
          }
        }
        await checkUnread(profile, roomId, log, removed.seq);
      }
    }
  }

  /** Nor anything of it on its screen. Where the relay was set back, it may have read it before. */
  async function checkUnread(profile: Profile, roomId: string, log: readonly LogEntry[], removedAt: number): Promise<void> {
    if (host.restoredAt() !== null) return;
    const editsOf = (entries: readonly LogEntry[]) => entries.flatMap((entry) => editsInStored("bytes" in entry ? entry.bytes : (host.everKnown().get(entry.dropped.envelopeId) ?? new Uint8Array(0))));
    // A later purge carries on what had been read before it.
    const earlier = new Set(editsOf(log.slice(0, removedAt)));
    const later = new Set(editsOf(log.slice(removedAt)).filter((edit) => !earlier.has(edit)));
    for (const tab of profile.tabs) {
      for (const docId of docIds) {
        const doc = await atOnce(scene, `${tab.name} opens ${docId.slice(0, 2)}`, tab.room(roomId)?.open(docId) ?? Promise.resolve(undefined));
        const read = doc ? contentOf(doc).edits.filter((edit) => later.has(edit) && !profile.saved.has(edit)) : [];
        if (read.length > 0) scene.broken("keys", `${tab.name} was removed and reads ${read.join(" ")}`);
      }
    }
  }

  /** In a room where all is well, somebody who may can shut somebody out: at once, or when it is tried again. */
  async function removeOne(): Promise<void> {
    const ends = await Promise.all(rooms.map(({ roomId }) => endOfRoom(roomId)));
    const roomId = rooms.findLast((_, at) => ends[at] === null)?.roomId;
    if (roomId === undefined || (await isOrphaned(roomId))) return;
    const told: string[] = [];
    for (let tries = 0; tries < 3; tries++) {
      const devices: Membership["devices"] = (await host.membership(roomId))?.membership.devices ?? {};
      const by: Tab | undefined = world.tabs().find((tab) => tab.room(roomId) !== undefined && devices[world.deviceId(tab.profile, roomId) ?? ""]?.role === "consultant");
      const gone = Object.keys(devices).find((deviceId) => by !== undefined && devices[deviceId]?.role !== "recovery" && deviceId !== world.deviceId(by.profile, roomId));
      if (by === undefined || gone === undefined) return;
      let how = "";
      const remove = async (): Promise<string> => (how = String(await by.space?.change(roomId, { action: "remove", devices: [{ deviceId: gone }], reason: "" }).catch(inWords)));
      void remove();
      const untilMs = timeline.now() + longestWayMs;
      while (how === "" && timeline.step(untilMs)) await drained();
      if (how === "true" && (await host.membership(roomId))?.membership.removed[gone] !== undefined) return;
      told.push(`${by.name}: ${how}`);
      // Somebody else may have tried to remove who tries now, in vain. SPEC.md [R16].
      await passTo(scene, timeline.now() + limits.removalHoldMs);
    }
    scene.broken("removal", told.join(", "));
  }

  /** Nor does an old code keep a new one out. */
  async function renewCode(): Promise<void> {
    const roomId = rooms[0]?.roomId ?? "";
    const devices: Membership["devices"] = (await host.membership(roomId))?.membership.devices ?? {};
    const by = world.tabs().find((tab) => tab.room(roomId) !== undefined && devices[world.deviceId(tab.profile, roomId) ?? ""]?.role === "consultant");
    const hasCode = Object.values(devices).some(({ role }) => role === "recovery");
    if (by === undefined || !hasCode || (await isOrphaned(roomId)) || (await endOfRoom(roomId)) !== null) return;
    const { member } = await world.mint();
    let how = "";
    void by.space?.change(roomId, { action: "replaceRecovery", member }).catch(inWords).then((told) => (how = String(told)));
    const untilMs = timeline.now() + longestWayMs;
    while (how === "" && timeline.step(untilMs)) await drained();
    const after = (await host.membership(roomId))?.membership.devices ?? {};
    const codes = Object.keys(after).filter((deviceId) => after[deviceId]?.role === "recovery");
    if (how !== "true" || codes.join() !== member.deviceId) scene.broken("code", `${by.name}: ${how}, ${codes.length} codes`);
  }

  /** What is on disk is what was on screen. */
  async function readAgain(): Promise<void> {
    for (const profile of profiles) {
      const [before] = profile.tabs;
      if (before === undefined) continue;
      const after = world.open(profile);
      await drained();
      for (const { roomId } of rooms) {
        for (const docId of docIds) {
          const opening = [before, after].map(async (tab) => tab.room(roomId)?.open(docId));
          const [was, is] = (await atOnce(scene, `${profile.name} reads again`, Promise.all(opening)))?.map((doc) => doc && contentOf(doc)) ?? [];
          if (was === undefined || is === undefined) continue;
          // A tab that died after it had committed has told nobody of that, nor of having saved.
          const untold = is.edits.filter((edit) => !was.edits.includes(edit));
          const isSame = untold.length === 0 ? was.whole === is.whole : untold.every((edit) => !profile.saved.has(edit));
          if (!isSame) scene.broken("reading", `${profile.name} ${roomId.slice(0, 4)}: ${was.whole} on screen, ${is.whole} on disk`);
        }
      }
      after.kill();
    }
  }
}
