import { indexDocId } from "../../src/engine/log/rights.ts";
import type { PurgeAsk } from "../../src/engine/log/changes.ts";
import type { Chance } from "./chance.ts";
import type { Profile, Tab } from "./profile.ts";
import { firstRoom, isConsultant, pickOrNull, type Run, setLink, steps, type Story, tabsIn, write } from "./stories.ts";
import { caseDocId, type World } from "./world.ts";

// What rooms come to, and devices: to be told beside the other stories, in worlds that have room for it.

export type Ending = Story & { needs: "recovery" | "rooms" | null };

const lastRoom = ({ rooms }: World): string => rooms.at(-1)?.roomId ?? "";

function writeSome(roomOf: (world: World) => string, share: number, chance: Chance): Run {
  return (world) => tabsIn(world, roomOf(world)).forEach((tab) => chance.happens(share) && write(world, tab, roomOf(world), chance));
}

export const endings: Record<string, Ending> = {
  "something is purged": {
    weight: 4,
    needs: null,
    tell(chance) {
      const asked: { ask: PurgeAsk; by: Tab; docId: string }[] = [];
      const docId = chance.pick([indexDocId, caseDocId]);
      const some = (world: World) => pickOrNull(chance, tabsIn(world, firstRoom(world)));
      const mistake: Run = (world) => {
        const tab = some(world);
        if (tab !== null) world.mistake(tab, firstRoom(world), docId);
      };
      const takeOut: Run = (world) => {
        const tab = some(world);
        if (tab !== null) world.takeOut(tab, firstRoom(world), docId);
        const away = chance.happens(0.3) ? pickOrNull(chance, world.profiles) : null;
        if (away !== null) setLink(world, away, !away.link.isUp);
      };
      const ask: Run = (world) => {
        const by = some(world);
        void by?.room(firstRoom(world))?.askPurge(docId).then((word) => void asked.push({ ask: word, by, docId }), () => undefined);
      };
      const purge: Run = (world) => {
        for (const { ask: word, by } of asked) {
          const able = tabsIn(world, firstRoom(world), isConsultant).filter((tab) => chance.happens(0.2) || tab.profile !== by.profile);
          const tab = pickOrNull(chance, able);
          void tab?.space?.purge(firstRoom(world), docId, word, "").then(
            (done) => {
              world.scene.note(`${tab.name} purges: ${done}`);
              if (done) world.counts["purge"] = (world.counts["purge"] ?? 0) + 1;
            },
            () => undefined,
          );
        }
      };
      const pause = () => chance.pick([100, 1500, 20_000]);
      return steps(
        "something is purged",
        [pause(), mistake],
        [pause(), writeSome(firstRoom, 0.5, chance)],
        [pause(), takeOut],
        [chance.pick([3000, 20_000]), ask],
        [pause(), writeSome(firstRoom, 0.4, chance)],
        [pause(), purge],
        [chance.pick([10, 300, 5000]), writeSome(firstRoom, 0.5, chance)],
        ...(chance.happens(0.4) ? ([[pause(), ask], [pause(), purge]] as const) : []),
      );
    },
  },
  "a room comes to its end": {
    weight: 3,
    needs: "rooms",
    tell(chance) {
      const keepUntil = chance.happens(0.6) ? "2027-08-01" : "2026-10-01";
      const change = (action: "close" | "shred"): Run => (world) => {
        for (const tab of tabsIn(world, lastRoom(world), isConsultant)) if (chance.happens(0.6)) world.change(tab, lastRoom(world), action === "close" ? { action, keepUntil } : { action });
      };
      const away: Run = (world) => {
        const profile = chance.happens(0.6) ? pickOrNull(chance, world.profiles) : null;
        if (profile !== null) setLink(world, profile, false);
      };
      return steps(
        "a room comes to its end",
        [2000, away],
        [chance.pick([100, 5000]), writeSome(lastRoom, 0.6, chance)],
        [chance.pick([10, 100, 5000]), change("close")],
        [chance.pick([5, 50, 400, 5000]), writeSome(lastRoom, 0.6, chance)],
        ...(chance.happens(0.6) ? ([[chance.pick([100, 4000]), change("shred")], [chance.pick([50, 4000]), writeSome(lastRoom, 0.5, chance)]] as const) : []),
        [chance.pick([100, 5000]), (world) => tabsIn(world, lastRoom(world), isConsultant).forEach((tab) => chance.happens(0.3) && world.change(tab, lastRoom(world), { action: "rotate" }))],
      );
    },
  },
  "the code is used and made anew": {
    weight: 3,
    needs: "recovery",
    tell(chance) {
      const codes = (world: World) => world.profiles.filter(({ role }) => role === "recovery");
      const use: Run = (world) => {
        const profile = pickOrNull(chance, codes(world));
        if (profile === null) return;
        const tab = profile.tabs.size > 0 ? ([...profile.tabs][0] as Tab) : world.open(profile);
        world.scene.timeline.after(50, () => world.rooms.forEach(({ roomId }) => world.join(tab, roomId)));
      };
      const letIn: Run = (world) => {
        const tab = pickOrNull(chance, codes(world).flatMap(({ tabs }) => [...tabs]));
        const waiting = world.profiles.filter(({ entries, role }) => role !== "recovery" && entries.get(firstRoom(world))?.isAdded === false);
        if (tab !== null && waiting.length > 0) world.add(tab, chance.pick(waiting), firstRoom(world));
        else if (tab !== null) world.change(tab, firstRoom(world), { action: chance.happens(0.5) ? "rotate" : "acceptGen" });
      };
      const anew: Run = async (world) => {
        const own = codes(world).flatMap(({ tabs }) => [...tabs]);
        const able = [...tabsIn(world, firstRoom(world), isConsultant), ...own].filter(() => chance.happens(0.6));
        for (const tab of able.slice(0, 2)) {
          const minted = await world.mint();
          world.enter(minted);
          for (const { roomId } of world.rooms) world.change(tab, roomId, { action: "replaceRecovery", member: minted.member });
        }
      };
      return steps(
        "the code is used and made anew",
        [chance.pick([500, 5000]), use],
        [chance.pick([2000, 9000]), letIn],
        [chance.pick([10, 3000]), writeSome(firstRoom, 0.5, chance)],
        [chance.pick([10, 3000]), anew],
        [chance.pick([10, 300, 6000]), writeSome(firstRoom, 0.6, chance)],
        ...(chance.happens(0.4) ? ([[4000, use], [3000, letIn]] as const) : []),
        ...(chance.happens(0.3) ? ([[6000, anew]] as const) : []),
      );
    },
  },
  "a locked device sends": {
    weight: 4,
    needs: null,
    tell(chance) {
      let profile: Profile | null = null;
      const setOut: Run = (world) => {
        profile = pickOrNull(chance, world.profiles.filter((one) => one.role !== "recovery" && tabsIn(world, firstRoom(world)).some((tab) => tab.profile === one)));
        if (profile === null) return;
        if (world.host.relay() === null) world.host.start();
        setLink(world, profile, true);
        if (profile.tabs.size === 0) world.open(profile);
      };
      const offline: Run = (world) => (profile === null ? undefined : setLink(world, profile, false));
      const writes: Run = (world) => {
        for (const tab of profile?.tabs ?? []) for (let count = 1 + chance.below(4); count > 0; count--) write(world, tab, firstRoom(world), chance);
      };
      const lock: Run = () => Array.from(profile?.tabs ?? []).forEach((tab) => (chance.happens(0.8) ? void tab.close() : undefined));
      const online: Run = (world) => {
        if (profile === null) return;
        profile.link.isUp = true;
        if (chance.happens(0.4)) profile.link.late = 0.3;
        world.slowness = chance.pick([0, 0.4, 0.7]);
        // Unlocked again at that moment: then both send.
        if (chance.happens(0.6)) world.open(profile);
      };
      const send: Run = (world) => {
        if (profile === null) return;
        world.upload(profile, chance.happens(0.3) ? 1 + chance.below(20) : Number.POSITIVE_INFINITY);
        if (chance.happens(0.4)) world.open(profile);
        if (chance.happens(0.3)) for (const tab of profile.tabs) write(world, tab, firstRoom(world), chance);
      };
      return steps(
        "a locked device sends",
        [1000, setOut],
        [8000, offline],
        [300, writes],
        ...(chance.happens(0.4) ? ([[200, (world: World) => tabsIn(world, firstRoom(world), isConsultant).filter((tab) => tab.profile !== profile).slice(0, 1).forEach((tab) => world.change(tab, firstRoom(world), { action: "rotate" }))]] as const) : []),
        [chance.pick([20, 3000]), lock],
        [500, online],
        ...Array.from({ length: 2 + chance.below(4) }, () => [chance.pick([10, 60, 150, 300, 4000]), send] as const),
      );
    },
  },
  "a disk is full": {
    weight: 2,
    needs: null,
    tell(chance) {
      let profile: Profile | null = null;
      return steps(
        "a disk is full",
        [
          500,
          (world) => {
            profile = pickOrNull(chance, world.profiles.filter(({ tabs }) => tabs.size > 0));
            if (profile !== null) profile.fullness = 0.2 + chance.next() * 0.8;
          },
        ],
        ...Array.from({ length: 3 }, () => [chance.pick([10, 300, 6000]), writeSome(firstRoom, 0.8, chance)] as const),
        [
          chance.pick([300, 20_000]),
          () => {
            if (profile !== null && chance.happens(0.7)) profile.fullness = 0;
          },
        ],
        [500, writeSome(firstRoom, 0.6, chance)],
      );
    },
  },
};
