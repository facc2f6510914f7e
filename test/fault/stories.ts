import { indexDocId } from "../../src/engine/log/rights.ts";
import type { RoomChange } from "../../src/engine/log/changes.ts";
import type { Chance } from "./chance.ts";
import { backUp, type Profile, type ProfileBackup, type Tab } from "./profile.ts";
import { caseDocId, type Plan, type World } from "./world.ts";

// What takes several steps in one order, and would come about too seldom by itself. A world has one of them at most, and all its troubles beside.

type Step = Plan["steps"][number];
export type Run = (world: World) => void | Promise<void>;

export type Story = { weight: number; tell(chance: Chance): Step[] };

/** Steps one after another. */
export function steps(name: string, ...told: (readonly [afterMs: number, run: Run])[]): Step[] {
  return told.map(([afterMs, run]) => ({ afterMs, story: name, run }));
}

const isIn = (profile: Profile, roomId: string) => profile.entries.get(roomId)?.isAdded !== false && profile.role !== "recovery";

export function tabsIn(world: World, roomId: string, isMeant: (profile: Profile) => boolean = () => true): Tab[] {
  return world.tabs().filter((tab) => isIn(tab.profile, roomId) && isMeant(tab.profile) && tab.room(roomId) !== undefined);
}

export const firstRoom = ({ rooms }: World): string => rooms[0]?.roomId ?? "";
export const isConsultant = ({ role }: Profile) => role === "consultant";
export const pickOrNull = <T>(chance: Chance, from: readonly T[]): T | null => (from.length === 0 ? null : chance.pick(from));
export const write = (world: World, tab: Tab, roomId: string, chance: Chance) => world.edit(tab, roomId, [chance.happens(0.6) ? indexDocId : caseDocId], chance.below(1000));

export function setLink(world: World, profile: Profile, isUp: boolean): void {
  profile.link.isUp = isUp;
  if (!isUp) world.network.cut((sender) => profile.tabs.has(sender as Tab));
  else for (const tab of profile.tabs) tab.space?.sync.wake();
}

/** The profile's disk is what it once was; what others, or the relay, still hold of what it has saved since must come back. */
export async function setBack(world: World, profile: Profile, backup: ProfileBackup): Promise<void> {
  for (const tab of profile.tabs) tab.kill();
  const { disk, saved, entries, had } = backUp(backup);
  for (const [edit, roomId] of profile.saved) if (!saved.has(edit)) world.elsewhere.set(edit, roomId);
  Object.assign(profile, { disk, saved, entries, had, isOneOfTwo: true });
  await world.takeStock("profile set back");
}

/** @param isAuthorLast whether who has written in the lost epoch comes back when the others have given that back */
export function lostEpoch(chance: Chance, isAuthorLast: boolean): Step[] {
  let [stays, author, backup]: [Tab | null, Tab | null, number] = [null, null, 0];
  // Or one alone has what is lost, and is removed by who does not know of it.
  const isAlone = !isAuthorLast && chance.happens(0.35);
  const changes = (world: World, isGoing: boolean) => {
    const roomId = firstRoom(world);
    const by = isGoing ? pickOrNull(chance, tabsIn(world, roomId, (one) => one.role === "consultant" && one !== stays?.profile && !(isAuthorLast && one === author?.profile))) : stays;
    if (by === null) return;
    const gone = isAlone ? (author?.profile ?? null) : pickOrNull(chance, world.profiles.filter((one) => one !== by.profile && world.deviceId(one, roomId) !== null));
    const deviceId = gone === null ? null : world.deviceId(gone, roomId);
    const change: RoomChange = deviceId === null || isAuthorLast || (!isAlone && chance.happens(0.6)) ? { action: "rotate" } : { action: "remove", devices: [{ deviceId }], reason: "" };
    world.change(by, roomId, change);
  };
  const others = (world: World) => tabsIn(world, firstRoom(world), (one) => (isAlone ? one === author?.profile : one !== stays?.profile));
  return steps(
    "an epoch is lost and begun anew",
    [
      5000,
      async (world) => {
        const roomId = firstRoom(world);
        if (world.host.relay() === null) world.host.start();
        const isMade = (await world.host.membership(roomId)) !== null;
        stays = isMade ? pickOrNull(chance, tabsIn(world, roomId, ({ role }) => role === "consultant")) : null;
        if (stays === null) return;
        const { profile } = stays;
        const mayChange = (one: Profile) => tabsIn(world, roomId, (other) => other.role === "consultant" && other !== profile && other !== one).length > 0;
        author = pickOrNull(chance, tabsIn(world, roomId, (one) => one !== profile && (!isAuthorLast || mayChange(one))));
        for (const one of world.profiles) setLink(world, one, isAlone ? one === author?.profile : one !== profile);
        world.host.backUp();
        backup = world.host.backups() - 1;
        for (const tab of others(world)) if (chance.happens(0.7)) write(world, tab, roomId, chance);
      },
    ],
    [chance.pick([500, 3000, 20_000]), (world) => stays !== null && !isAlone && (isAuthorLast || chance.happens(0.7)) ? changes(world, true) : undefined],
    [4000, (world) => (stays === null ? undefined : others(world).forEach((tab) => (isAuthorLast ? tab.profile === author?.profile : chance.happens(0.6)) && write(world, tab, firstRoom(world), chance)))],
    [
      4000,
      async (world) => {
        if (stays === null) return;
        for (const one of world.profiles) setLink(world, one, false);
        await world.host.restore(backup);
        await world.takeStock("relay set back");
        world.host.start();
        if (!stays.isAlive()) stays = world.open(stays.profile);
        setLink(world, stays.profile, true);
      },
    ],
    [20_000, (world) => (stays === null ? undefined : world.change(stays, firstRoom(world), { action: "acceptGen" }))],
    [4000, (world) => (stays === null || (!isAuthorLast && chance.happens(0.2)) ? undefined : changes(world, false))],
    [3000, (world) => (stays === null ? undefined : write(world, stays, firstRoom(world), chance))],
    [
      3000,
      (world) => {
        if (stays === null) return;
        for (const one of world.profiles) if (isAuthorLast ? one !== author?.profile : chance.happens(0.8)) setLink(world, one, true);
      },
    ],
  );
}

export const stories: Record<string, Story> = {
  "tabs of one profile write at once": {
    weight: 4,
    tell(chance) {
      let profile: Profile | null = null;
      const burst: Run = (world) => {
        const roomId = firstRoom(world);
        const own = profile === null ? [] : Array.from(profile.tabs);
        const before = chance.happens(0.5);
        if (before) for (const tab of own) tab.space?.sync.wake();
        for (const tab of own) for (let count = chance.below(4); count > 0; count--) write(world, tab, roomId, chance);
        const other = pickOrNull(chance, tabsIn(world, roomId, (one) => one !== profile));
        for (let count = chance.below(4); other !== null && count > 0; count--) write(world, other, roomId, chance);
        if (!before) for (const tab of own) tab.space?.sync.wake();
        const one = pickOrNull(chance, own);
        if (one === null) return;
        const end = chance.next();
        if (end < 0.2) one.dieAt({ steps: 1 + chance.below(40) });
        else if (end < 0.4) void one.close();
        if (profile !== null && profile.tabs.size < 3) world.open(profile);
      };
      const bursts = Array.from({ length: 3 + chance.below(4) }, () => [chance.pick([5, 40, 200, 900, 4000]), burst] as const);
      return steps(
        "tabs of one profile write at once",
        [
          1000,
          (world) => {
            profile = pickOrNull(chance, world.profiles.filter((one) => isIn(one, firstRoom(world))));
            if (profile === null) return;
            while (profile.tabs.size < 3) world.open(profile);
            profile.slowestWordMs = chance.pick([20, 400, 8000]);
            profile.link.late = chance.happens(0.3) ? 0.2 : 0;
            if (chance.happens(0.3)) profile.link.canStream = false;
            world.slowness = chance.pick([0, 0.3, 0.6]);
          },
        ],
        ...bursts,
      );
    },
  },
  "tabs of one profile write in turn": {
    weight: 3,
    tell(chance) {
      let profile: Profile | null = null;
      const turn: Run = (world) => {
        const tab = pickOrNull(chance, Array.from(profile?.tabs ?? []));
        if (tab === null) return;
        write(world, tab, firstRoom(world), chance);
        if (chance.happens(0.3)) pickOrNull(chance, Array.from(profile?.tabs ?? []))?.space?.sync.wake();
      };
      return steps(
        "tabs of one profile write in turn",
        [
          1000,
          (world) => {
            profile = pickOrNull(chance, world.profiles.filter((one) => isIn(one, firstRoom(world))));
            if (profile === null) return;
            while (profile.tabs.size < 3) world.open(profile);
            setLink(world, profile, true);
            if (world.host.relay() === null) world.host.start();
            Object.assign(profile.link, { slowestMs: chance.pick([60, 600, 3000]), canStream: chance.happens(0.4), loss: 0 });
            profile.slowestWordMs = chance.pick([20, 20, 400]);
            world.slowness = chance.pick([0.3, 0.6, 0.8]);
          },
        ],
        ...Array.from({ length: 14 }, (_, at) => [at === 0 ? 3000 : chance.pick([3, 10, 25, 50, 120, 1500]), turn] as const),
      );
    },
  },
  "a tab that lags behind closes": {
    weight: 1.5,
    tell(chance) {
      let [lagging, quick]: [Tab | null, Tab | null] = [null, null];
      const writes = (pick: () => Tab | null, howMany: () => number): Run => (world) => {
        const tab = pick();
        for (let count = howMany(); tab !== null && count > 0; count--) world.edit(tab, firstRoom(world), [indexDocId], chance.below(1000));
      };
      return steps(
        "a tab that lags behind closes",
        [
          1000,
          (world) => {
            const profile = pickOrNull(chance, world.profiles.filter((one) => isIn(one, firstRoom(world))));
            if (profile === null) return;
            while (profile.tabs.size < 2) world.open(profile);
            setLink(world, profile, false);
            profile.slowestWordMs = 60_000;
            [lagging = null, quick = null] = profile.tabs;
          },
        ],
        [300, writes(() => lagging, () => 1 + chance.below(4))],
        [300, writes(() => quick, () => 1 + chance.below(3))],
        [300, writes(() => quick, () => 6)],
        [300, () => void lagging?.close()],
        [300, writes(() => quick, () => 6)],
        [300, (world) => (quick === null ? undefined : setLink(world, quick.profile, true))],
      );
    },
  },
  "two people change the room at once": {
    weight: 3,
    tell(chance) {
      const both: Run = (world) => {
        const roomId = firstRoom(world);
        const able = tabsIn(world, roomId);
        for (const tab of able) {
          if (!chance.happens(0.8)) continue;
          const others = world.profiles.filter((other) => other !== tab.profile);
          const other = pickOrNull(chance, others);
          const [deviceId, memberId] = other === null ? [null, null] : [world.deviceId(other, roomId), world.memberId(other, roomId)];
          const changes: RoomChange[] = [{ action: "rotate" }, { action: "offer", offerId: "0f".repeat(16), rooms: [] }, { action: "offer", offerId: "0e".repeat(16), rooms: [] }];
          if (memberId !== null) changes.push({ action: "setRole", memberId, role: chance.pick(["consultant", "socialTeacher"]) }, { action: "setRole", memberId, role: "consultant" });
          if (deviceId !== null && chance.happens(0.5)) changes.push({ action: "remove", devices: [{ deviceId }], reason: "" });
          if (chance.happens(0.3)) write(world, tab, roomId, chance);
          const waiting = others.filter(({ entries }) => entries.get(roomId)?.isAdded === false);
          if (waiting.length > 0 && chance.happens(0.5)) world.add(tab, chance.pick(waiting), roomId);
          else world.change(tab, roomId, chance.pick(changes));
        }
      };
      return steps("two people change the room at once", ...Array.from({ length: 2 + chance.below(3) }, () => [chance.pick([200, 2000, 9000]), both] as const));
    },
  },
  "an epoch is lost and begun anew": {
    weight: 4,
    tell: (chance) => lostEpoch(chance, false),
  },
  "the relay is set back while all are at work": {
    weight: 4,
    tell(chance) {
      const work = (share: number): Run => (world) => {
        for (const { roomId } of world.rooms) {
          for (const tab of tabsIn(world, roomId)) {
            if (chance.happens(share)) write(world, tab, roomId, chance);
            if (chance.happens(0.2)) tab.space?.sync.wake();
          }
        }
      };
      let backup: number | null = null;
      const setBack: Run = async (world) => {
        if (backup === null) return;
        await world.host.restore(backup);
        await world.takeStock("relay set back");
        world.host.start();
      };
      const accept: Run = (world) => {
        for (const { roomId } of world.rooms) for (const tab of tabsIn(world, roomId, ({ role }) => role === "consultant")) if (chance.happens(0.5)) world.change(tab, roomId, { action: "acceptGen" });
      };
      return steps(
        "the relay is set back while all are at work",
        [2000, (world) => (world.host.relay() === null ? world.host.start() : undefined)],
        [6000, work(0.6)],
        [
          chance.pick([20, 400, 3000]),
          async (world) => {
            const found = await Promise.all(world.rooms.map(({ roomId }) => world.host.membership(roomId)));
            if (found.every((room) => room === null)) return;
            world.host.backUp();
            backup = world.host.backups() - 1;
          },
        ],
        ...Array.from({ length: 1 + chance.below(2) }, () => [chance.pick([20, 200, 1500]), work(0.5)] as const),
        [chance.pick([20, 200, 1500]), setBack],
        ...Array.from({ length: 1 + chance.below(4) }, () => [chance.pick([5, 60, 400, 2000, 6000]), work(0.4)] as const),
        [chance.pick([50, 1000, 5000]), accept],
        ...(chance.happens(0.3) ? ([[chance.pick([20, 2000]), setBack]] as const) : []),
        [chance.pick([20, 500, 4000]), work(0.6)],
      );
    },
  },
  "a clock is set back for longer than a session": {
    weight: 1.5,
    tell(chance) {
      let profile: Profile | null = null;
      return steps(
        "a clock is set back for longer than a session",
        [
          5000,
          (world) => {
            profile = pickOrNull(chance, world.profiles.filter((one) => isIn(one, firstRoom(world)) && one.tabs.size > 0));
            if (profile !== null) profile.skewMs -= 7_200_000;
            if (profile !== null && chance.happens(0.4)) profile.link.canStream = false;
          },
        ],
        [16 * 60_000, (world) => tabsIn(world, firstRoom(world)).forEach((tab) => write(world, tab, firstRoom(world), chance))],
      );
    },
  },
  "answers come when nobody waits any more": {
    weight: 2.5,
    tell(chance) {
      let profile: Profile | null = null;
      const go: Run = (world) => {
        if (profile === null) return;
        if (chance.happens(0.4)) for (const tab of profile.tabs) tab.kill();
        while (profile.tabs.size < 1 + chance.below(2)) world.open(profile);
      };
      const writes: Run = (world) => {
        for (const tab of profile?.tabs ?? []) for (let count = 1 + chance.below(3); count > 0; count--) write(world, tab, firstRoom(world), chance);
      };
      const told = Array.from({ length: 3 + chance.below(3) }, () => [[chance.pick([20, 800, 6000]), writes], [chance.pick([50, 3000, 31_000]), go]] as const).flat();
      return steps(
        "answers come when nobody waits any more",
        [
          2000,
          (world) => {
            profile = pickOrNull(chance, world.profiles.filter((one) => isIn(one, firstRoom(world))));
            if (profile !== null) profile.link.late = 0.3 + chance.next() * 0.4;
          },
        ],
        ...told,
      );
    },
  },
};
