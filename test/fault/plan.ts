import type { Role } from "#protocol/control.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { type Chance, createChance } from "./chance.ts";
import { type Ending, endings } from "./endings.ts";
import { goodLink } from "./network.ts";
import { backUp, type Profile, type Tab } from "./profile.ts";
import { rareStories } from "./rare-stories.ts";
import { onceFound } from "./seeds.ts";
import { setBack, type Story, stories } from "./stories.ts";
import { caseDocId, type Plan, type World } from "./world.ts";

type Doing = {
  /** How often, beside the others. */
  weight: number;
  run(world: World, chance: Chance): void | Promise<void>;
};

const anyTab = (world: World, chance: Chance): Tab | null => {
  const tabs = world.tabs();
  return tabs.length === 0 ? null : chance.pick(tabs);
};
const anyProfile = ({ profiles }: World, chance: Chance): Profile => chance.pick(profiles);
const anyRoom = ({ rooms }: World, chance: Chance): string => chance.pick(rooms).roomId;

/** What may happen in a world whatever its seed has left out. */
const always: Record<string, Doing> = {
  edit: {
    weight: 10,
    run(world, chance) {
      const roomId = anyRoom(world, chance);
      const able = world.tabs().filter(({ profile }) => profile.role !== "recovery" && (profile.entries.get(roomId)?.isAdded !== false || chance.happens(0.1)));
      const tab = able.length === 0 ? null : chance.pick(able);
      const count = chance.happens(0.2) ? 1 + chance.below(6) : 1;
      for (let i = 0; tab !== null && i < count; i++) {
        const docIds = chance.happens(0.15) ? [indexDocId, caseDocId] : [chance.happens(0.6) ? indexDocId : caseDocId];
        world.edit(tab, roomId, docIds, chance.below(1000));
      }
    },
  },
  add: {
    weight: 3,
    run(world, chance) {
      const roomId = anyRoom(world, chance);
      const waiting = world.profiles.filter(({ entries, personOf }) => entries.get(roomId)?.isAdded === false && personOf?.entries.get(roomId)?.isAdded !== false);
      const able = world.tabs().filter(({ profile }) => profile.entries.get(roomId)?.isAdded !== false && profile.role === "consultant");
      if (waiting.length > 0 && able.length > 0) world.add(chance.pick(able), chance.pick(waiting), roomId);
    },
  },
  wake: {
    weight: 1,
    run: (world, chance) => anyTab(world, chance)?.space?.sync.wake(),
  },
};

/** What goes wrong; each world has some of it. */
const troubles: Record<string, Record<string, Doing>> = {
  loss: {
    "lossy link": {
      weight: 1.5,
      run(world, chance) {
        anyProfile(world, chance).link.loss = chance.happens(0.3) ? 0 : chance.next() * 0.4;
      },
    },
  },
  repeats: {
    "repeating link": {
      weight: 1.5,
      run(world, chance) {
        anyProfile(world, chance).link.repeat = chance.next() * 0.6;
      },
    },
  },
  delay: {
    "slow link": {
      weight: 1.5,
      run(world, chance) {
        anyProfile(world, chance).link.slowestMs = chance.happens(0.4) ? goodLink.slowestMs : chance.below(4000);
      },
    },
  },
  offline: {
    "link goes or comes": {
      weight: 4,
      run(world, chance) {
        const profile = anyProfile(world, chance);
        profile.link.isUp = !profile.link.isUp;
        if (!profile.link.isUp) world.network.cut((sender) => profile.tabs.has(sender as Tab));
        else for (const tab of profile.tabs) tab.space?.sync.wake();
      },
    },
  },
  streams: {
    "streams are cut": {
      weight: 2,
      run: (world) => world.network.cut(() => true),
    },
    "streams are held back or let through": {
      weight: 1,
      run(world, chance) {
        const { link } = anyProfile(world, chance);
        link.canStream = !link.canStream;
      },
    },
  },
  tabs: {
    "tab opens": {
      weight: 3,
      run(world, chance) {
        const profile = anyProfile(world, chance);
        if (profile.tabs.size < 3) world.open(profile);
      },
    },
    "tab closes": {
      weight: 1,
      run: (world, chance) => void anyTab(world, chance)?.close(),
    },
  },
  crashes: {
    "tab dies": {
      weight: 1,
      run(world, chance) {
        const tab = anyTab(world, chance);
        tab?.kill();
        if (tab) again(world, tab.profile);
      },
    },
    "tab is about to die": {
      weight: 5,
      run(world, chance) {
        const tab = anyTab(world, chance);
        if (tab === null) return;
        if (chance.happens(0.7)) tab.dieAt({ steps: 1 + chance.below(chance.happens(0.5) ? 12 : 150) });
        else tab.dieAt({ calls: 1 + chance.below(6) });
        if (chance.happens(0.6)) world.edit(tab, anyRoom(world, chance), [indexDocId], chance.below(1000));
      },
    },
    "what has died opens again": {
      weight: 4,
      run(world, chance) {
        const dead = world.profiles.filter(({ tabs }) => tabs.size === 0);
        if (dead.length > 0) again(world, chance.pick(dead));
      },
    },
  },
  relay: {
    "relay dies or starts": {
      weight: 3,
      run({ host }) {
        if (host.relay() === null) host.start();
        else host.kill();
      },
    },
    "relay starts anew": {
      weight: 2,
      run({ host }) {
        host.kill();
        host.start();
      },
    },
  },
  disks: {
    "disks are slow or quick": {
      weight: 2,
      run(world, chance) {
        world.slowness = chance.happens(0.2) ? 0 : chance.next() * 0.5;
      },
    },
  },
  clocks: {
    "clock is set": {
      weight: 1,
      run(world, chance) {
        const profile = anyProfile(world, chance);
        profile.skewMs = (chance.below(2) * 2 - 1) * chance.below(chance.happens(0.8) ? 120_000 : 7_200_000);
      },
    },
  },
  setBack: {
    "profile is backed up": {
      weight: 2,
      run(world, chance) {
        const profile = anyProfile(world, chance);
        profile.backups.push(backUp(profile));
      },
    },
    "profile is set back": {
      weight: 2,
      async run(world, chance) {
        const profile = chance.pick(world.profiles);
        const backup = profile.backups.length === 0 ? undefined : chance.pick(profile.backups);
        if (backup === undefined) return;
        await setBack(world, profile, backup);
        world.open(profile);
      },
    },
  },
  copies: {
    "profile is copied": {
      weight: 1.5,
      run(world, chance) {
        const profile = chance.pick(world.profiles);
        const isWhole = world.rooms.every(({ roomId }) => profile.disk.rows("roomKeys").some((row) => row.roomId === roomId));
        if (!isWhole || world.profiles.some(({ name }) => name === `${profile.name}'`) || profile.name.endsWith("'")) return;
        const { disk, saved, link } = profile;
        profile.isOneOfTwo = true;
        const copy = { ...profile, name: `${profile.name}'`, disk: disk.clone(), saved: new Map(saved), had: new Set(profile.had), link: { ...link }, tabs: new Set<Tab>(), backups: [] };
        world.profiles.push(copy);
        world.open(copy);
      },
    },
  },
  relaySetBack: {
    "relay is backed up": {
      weight: 2,
      async run({ host }) {
        host.backUp();
      },
    },
    "relay is set back": {
      weight: 2.5,
      async run(world, chance) {
        if (world.host.backups() === 0) return;
        await world.host.restore(Math.max(0, world.host.backups() - 1 - (chance.happens(0.7) ? 0 : chance.below(3))));
        await world.takeStock("relay set back");
        if (chance.happens(0.8)) world.host.start();
        const roomId = anyRoom(world, chance);
        for (const tab of world.tabs()) {
          if (chance.happens(0.3)) tab.space?.sync.wake();
          if (chance.happens(0.2)) world.change(tab, roomId, { action: chance.happens(0.5) ? "acceptGen" : "rotate" });
        }
      },
    },
    "generation is accepted": {
      weight: 1.5,
      run(world, chance) {
        const tab = anyTab(world, chance);
        if (tab !== null) world.change(tab, anyRoom(world, chance), { action: "acceptGen" });
      },
    },
  },
  keys: {
    "key is rotated": {
      weight: 1.5,
      run(world, chance) {
        const tab = anyTab(world, chance);
        if (tab !== null) world.change(tab, anyRoom(world, chance), { action: "rotate" });
      },
    },
    "several change a room at once": {
      weight: 1.5,
      run(world, chance) {
        const roomId = anyRoom(world, chance);
        const waiting = world.profiles.filter(({ entries }) => entries.get(roomId)?.isAdded === false);
        for (const tab of world.tabs()) {
          if (waiting.length > 0 && chance.happens(0.5)) world.add(tab, waiting.pop() as Profile, roomId);
          else if (chance.happens(0.5)) world.change(tab, roomId, { action: "rotate" });
        }
      },
    },
  },
  removals: {
    "device is removed": {
      weight: 3,
      run(world, chance) {
        const [tab, gone, roomId] = [anyTab(world, chance), chance.pick(world.profiles), anyRoom(world, chance)];
        const deviceId = world.deviceId(gone, roomId);
        if (tab === null || deviceId === null) return;
        if (chance.happens(0.4)) for (const other of gone.tabs) world.edit(other, roomId, [indexDocId], chance.below(1000));
        world.change(tab, roomId, { action: "remove", devices: [{ deviceId, ...(chance.happens(0.3) && { fence: chance.below(4) }) }], reason: "" });
      },
    },
  },
  roles: {
    "role is set": {
      weight: 1.5,
      run(world, chance) {
        const [tab, other, roomId] = [anyTab(world, chance), chance.pick(world.profiles), anyRoom(world, chance)];
        const memberId = world.memberId(other, roomId);
        if (tab !== null && memberId !== null) world.change(tab, roomId, { action: "setRole", memberId, role: chance.happens(0.5) ? "consultant" : "socialTeacher" });
      },
    },
  },
};

/** Opens what has died, and looks whether everything is there that it said to have saved. */
function again(world: World, profile: Profile): void {
  world.checkDisk(profile);
  if (profile.tabs.size === 0) world.open(profile);
}

const pausesMs = [0, 3, 40, 400, 4000, 20_000, 90_000, 400_000] as const;

/** @param without steps left out, by place: what a failing seed is made smaller with */
export function planOf(seed: number, without: ReadonlySet<number> = new Set()): Plan & { count: number } {
  const chance = createChance(seed, 2);
  const roles: Role[] = ["consultant", chance.happens(0.7) ? "consultant" : "socialTeacher"];
  if (chance.happens(0.4)) roles.push("socialTeacher");
  if (chance.happens(0.2)) roles.push("consultant");
  const people: { role: Role; personOf: number | null }[] = roles.map((role) => ({ role, personOf: null }));
  if (people.length < 4 && chance.happens(0.35)) {
    const personOf = chance.below(people.length);
    people.push({ role: roles[personOf] as Role, personOf });
  }
  const ending = endingOf(createChance(seed, 4));
  const rooms: Room["kind"][] = chance.happens(0.3) || ending?.needs === "rooms" ? ["school", "school"] : ["school"];
  const doings = new Map(Object.entries(always));
  for (const [, kinds] of Object.entries(troubles)) if (chance.happens(0.45)) for (const [story, doing] of Object.entries(kinds)) doings.set(story, doing);
  const names = Array.from(doings.keys());
  const total = names.reduce((sum, name) => sum + (doings.get(name)?.weight ?? 0), 0);
  const count = 8 + chance.below(32);
  const steps: Plan["steps"][number][] = [];
  const hurry = chance.below(pausesMs.length);
  for (let place = 0; place < count; place++) {
    let at = chance.next() * total;
    const story = place < people.length - 1 ? "add" : (names.find((name) => (at -= doings.get(name)?.weight ?? 0) < 0) ?? "edit");
    const own = createChance(seed, 1000 + place);
    const pauseMs = pausesMs[chance.happens(0.5) ? hurry : chance.below(pausesMs.length)] ?? 0;
    const afterMs = chance.below(pauseMs + 1);
    const doing = doings.get(story) as Doing;
    if (!without.has(place)) steps.push({ afterMs, story: `${place} ${story}`, run: (world) => doing.run(world, own) });
    else if (afterMs > 0) steps.push({ afterMs, story: `${place} nothing`, run: () => {} });
  }
  const story = storyOf(createChance(seed, 3), seedsWithout.has(seed) ? null : rareStories);
  const from = Math.min(steps.length, people.length - 1 + chance.below(count));
  steps.splice(from, 0, ...story.flatMap((step, at) => (without.has(count + at) ? [] : [{ ...step, story: `${count + at} ${step.story}` }])));
  const end = ending?.tell(createChance(seed, 5)) ?? [];
  const later = createChance(seed, 6);
  const endFrom = Math.min(steps.length, people.length - 1 + later.below(count));
  const endCount = count + story.length;
  steps.splice(endFrom, 0, ...end.flatMap((step, at) => (without.has(endCount + at) ? [] : [{ ...step, story: `${endCount + at} ${step.story}` }])));
  return { people, rooms, steps, hasRecovery: ending?.needs === "recovery", count: endCount + end.length };
}

const seedsWithout = new Set(onceFound.flatMap(({ seed, isPlain }) => (isPlain === true ? [seed] : [])));

function storyOf(chance: Chance, rare: Readonly<Record<string, Story>> | null): Plan["steps"][number][] {
  const from = chance.happens(0.6) ? stories : chance.happens(0.75) ? rare : null;
  return from === null ? [] : (pickWeighted(chance, Object.values(from))?.tell(chance) ?? []);
}

function endingOf(chance: Chance): Ending | null {
  return chance.happens(0.5) ? pickWeighted(chance, Object.values(endings)) : null;
}

function pickWeighted<T extends { weight: number }>(chance: Chance, from: readonly T[]): T | null {
  let at = chance.next() * from.reduce((sum, { weight }) => sum + weight, 0);
  return from.find(({ weight }) => (at -= weight) < 0) ?? null;
}
