import type { PurgeAsk } from "../../src/engine/log/changes.ts";
import { caseDocId, type World } from "./world.ts";
import type { Chance } from "./chance.ts";
import { backUp, type Profile, type ProfileBackup, type Tab } from "./profile.ts";
import { firstRoom, isConsultant, lostEpoch, pickOrNull, type Run, setBack, setLink, steps, type Story, tabsIn, write } from "./stories.ts";

// What one rule alone guards against, and chance brings about once in hundreds of worlds.

function writesMany(tab: Tab, world: World, count: number, chance: Chance): void {
  for (let left = count; left > 0; left--) write(world, tab, firstRoom(world), chance);
}

/** Everybody is online, and the relay is there. */
function allIsWell(world: World): void {
  if (world.host.relay() === null) world.host.start();
  for (const profile of world.profiles) setLink(world, profile, true);
}

export const rareStories: Record<string, Story> = {
  "the relay and an author are set back": {
    weight: 1,
    tell(chance) {
      let [author, relayBackup]: [Profile | null, number] = [null, 0];
      let backup: ProfileBackup | null = null;
      return steps(
        "the relay and an author are set back",
        [1000, allIsWell],
        [
          9000,
          async (world) => {
            if ((await world.host.membership(firstRoom(world))) === null) return;
            author = pickOrNull(chance, tabsIn(world, firstRoom(world)))?.profile ?? null;
            if (author === null) return;
            backup = backUp(author);
            world.host.backUp();
            relayBackup = world.host.backups() - 1;
          },
        ],
        [500, (world) => tabsIn(world, firstRoom(world), (one) => one === author).slice(0, 1).forEach((tab) => writesMany(tab, world, 1 + chance.below(2), chance))],
        [
          9000,
          async (world) => {
            if (author === null || backup === null) return;
            for (const one of world.profiles) setLink(world, one, false);
            await setBack(world, author, backup);
            await world.host.restore(relayBackup);
            await world.takeStock("relay set back");
            world.host.start();
            setLink(world, author, true);
            world.open(author);
          },
        ],
        [100, (world) => tabsIn(world, firstRoom(world), (one) => one === author).forEach((tab) => writesMany(tab, world, 1 + chance.below(2), chance))],
        [9000, allIsWell],
      );
    },
  },
  "what was sealed in a lost epoch is given back by others": {
    weight: 1,
    tell: (chance) => lostEpoch(chance, true),
  },
  "one tab has read a purge, and another closes": {
    weight: 1,
    tell(chance) {
      let [profile, ask]: [Profile | null, PurgeAsk | null] = [null, null];
      const closeOne: Run = () => void pickOrNull(chance, Array.from(profile?.tabs ?? []).slice(1))?.close();
      return steps(
        "one tab has read a purge, and another closes",
        [
          1000,
          (world) => {
            allIsWell(world);
            profile = pickOrNull(chance, tabsIn(world, firstRoom(world), isConsultant))?.profile ?? null;
            while (profile !== null && profile.tabs.size < 3) world.open(profile);
          },
        ],
        [4000, (world) => tabsIn(world, firstRoom(world)).slice(0, 1).forEach((tab) => world.mistake(tab, firstRoom(world), caseDocId))],
        // Who has a document open takes a snapshot of it when it closes.
        [4000, (world) => Array.from(profile?.tabs ?? []).forEach((tab) => world.edit(tab, firstRoom(world), [caseDocId], chance.below(1000)))],
        [9000, (world) => (chance.happens(0.4) ? closeOne(world) : undefined)],
        [500, (world) => tabsIn(world, firstRoom(world)).slice(0, 1).forEach((tab) => world.takeOut(tab, firstRoom(world), caseDocId))],
        [
          9000,
          (world) => {
            const asker = pickOrNull(chance, tabsIn(world, firstRoom(world), (one) => one !== profile));
            void asker?.room(firstRoom(world))?.askPurge(caseDocId).then((word) => (ask = word), () => undefined);
            if (profile === null) return;
            profile.slowestWordMs = 60_000;
            profile.link.canStream = false;
            world.network.cut((sender) => profile?.tabs.has(sender as Tab) === true);
          },
        ],
        [
          25_000,
          (world) => {
            const [by] = profile?.tabs ?? [];
            if (ask !== null) void by?.space?.purge(firstRoom(world), caseDocId, ask, "").catch(() => undefined);
          },
        ],
        [chance.pick([300, 1000, 3000]), closeOne],
        [chance.pick([100, 4000]), (world) => (profile === null ? undefined : Object.assign(profile.link, { canStream: true }) && setLink(world, profile, true))],
      );
    },
  },
  "a device sends by itself while it is open": {
    weight: 1,
    tell(chance) {
      let profile: Profile | null = null;
      const rounds = Array.from({ length: 4 }, (): [number, Run][] => [
        [chance.pick([900, 4000, 20_000]), (world) => Array.from(profile?.tabs ?? []).forEach((tab) => chance.happens(0.7) && writesMany(tab, world, 2 + chance.below(4), chance))],
        ...Array.from({ length: 3 }, (): [number, Run] => [chance.pick([0, 5, 20, 60]), (world) => (profile === null ? undefined : world.upload(profile, Number.POSITIVE_INFINITY))]),
      ]).flat();
      return steps(
        "a device sends by itself while it is open",
        [
          1000,
          (world) => {
            allIsWell(world);
            profile = pickOrNull(chance, tabsIn(world, firstRoom(world)))?.profile ?? null;
            if (profile === null) return;
            if (profile.tabs.size < 2) world.open(profile);
            profile.slowestWordMs = chance.pick([20, 8000]);
          },
        ],
        [
          9000,
          (world) => {
            if (profile === null) return;
            Object.assign(profile.link, { loss: 0, late: 0, slowestMs: chance.pick([60, 600, 3000]) });
            world.slowness = chance.pick([0.3, 0.6, 0.8]);
          },
        ],
        ...rounds,
      );
    },
  },
};
