import { afterEach, expect, test } from "vitest";
import type { RelayPort } from "#protocol/messages.ts";
import { createRecovery, parseRecoveryCode, recoveryLookupId, sealRecoveryBundle } from "../../src/engine/keys/recovery.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import { enterAsRecovery, findRecoveryDevice, keepRecovery, letInByRecovery, type ListedRoom, type RecoveryPlan } from "../../src/engine/recover.ts";
import type { Room, Space } from "../../src/engine/space.ts";
import { bringIn, testServiceId } from "../support/device.ts";
import { createMemoryProfile, type MemoryProfile, type MemoryTab, openMemoryTab } from "../support/memory-device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";

const open: Space[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((space) => space.close()));
});

async function newDevice(relay: RelayPort, profile?: MemoryProfile): Promise<MemoryTab> {
  const tab = await openMemoryTab(profile ?? (await createMemoryProfile()), relay);
  open.push(tab.space);
  return tab;
}

async function mint(serviceGenesis: string, recovery?: Awaited<ReturnType<typeof createRecovery>>, before: RecoveryPlan | null = null) {
  const minted = recovery ?? (await createRecovery(systemRandom));
  const plan: RecoveryPlan = {
    serviceId: testServiceId,
    member: minted.member,
    bundle: await sealRecoveryBundle(minted, testServiceId, serviceGenesis),
    lookupId: await recoveryLookupId(secretOf(minted.code)),
    madeBy: "Ada",
    lookupIdBefore: before?.lookupId ?? null,
  };
  return { code: minted.code, plan };
}

const secretOf = (code: string) => parseRecoveryCode(code)!;
const listed = ({ roomId, kind, label, genesis }: Room): ListedRoom => ({ roomId, kind, label, genesis });

/** A service of one consultant with a room and a word in it, and its code at the relay. */
async function service(relay: TestRelay = createTestRelay()) {
  const ada = await newDevice(relay.port);
  const recovery = await createRecovery(systemRandom);
  const made = { serviceId: testServiceId, label: "", name: "Ada", recovery: recovery.member };
  const serviceRoom = await ada.space.createRoom({ kind: "service", ...made });
  const schoolRoom = await ada.space.createRoom({ kind: "school", ...made, label: "2026" });
  ada.serviceToken.current = await relay.enrol(testServiceId);
  await schoolRoom.edit([indexDocId], (doc) => void doc?.getMap("words").set("first", "written before"));
  await ada.space.sync.settle();
  const { code, plan } = await mint(serviceRoom.genesis, recovery);
  expect(await keepRecovery({ space: ada.space, relay: relay.port, plan, hasBundle: false })).toBe(true);
  return { relay, ada, code, plan, rooms: [serviceRoom, schoolRoom], schoolRoom };
}

/** A new device with nothing but the code and a name. */
async function recover(relay: RelayPort, code: string, rooms: readonly Room[], own: MemoryTab, name = "Bo") {
  const device = await findRecoveryDevice(relay, secretOf(code));
  if (!device.ok) return device;
  const { space: recovery } = await newDevice(relay);
  const entered = await enterAsRecovery(recovery, device.value);
  if (!entered.ok) return entered;
  const missed = await letInByRecovery({ recovery, device: device.value, own: own.space, rooms: rooms.map(listed), name, random: systemRandom });
  await recovery.close();
  return { ok: true, missed };
}

test("[Y2] [Y3] [Y4] with the code alone a new device is let in everywhere and reads what was written; all see that it was used", async () => {
  const { relay, ada, code, rooms, schoolRoom } = await service();
  const own = await newDevice(relay.port);
  expect(await recover(relay.port, code, rooms, own)).toEqual({ ok: true, missed: [] });
  const theirs = own.space.rooms.get().find(({ kind }) => kind === "school")!;
  expect((await theirs.open(indexDocId)).getMap("words").get("first")).toBe("written before");
  await ada.space.sync.settle();
  expect(await schoolRoom.recoveryEvents()).toMatchObject([{ what: "used", name: "Bo" }]);
  expect(await theirs.recoveryEvents()).toMatchObject([{ what: "used", name: "Bo" }]);
  expect((await schoolRoom.members()).map(({ name, role }) => [name, role])).toContainEqual(["Bo", "consultant"]);
});

test("[Y3] [Y5] a new code takes the old one's place: the old one is refused, with its bundle and without; the new one opens all", async () => {
  const { relay, ada, code, plan, rooms, schoolRoom } = await service();
  const old = await findRecoveryDevice(relay.port, secretOf(code));
  const next = await mint(rooms[0]!.genesis, undefined, plan);
  expect(await keepRecovery({ space: ada.space, relay: relay.port, plan: next.plan, hasBundle: false })).toBe(true);
  expect(await findRecoveryDevice(relay.port, secretOf(code))).toEqual({ ok: false, fault: { type: "codeUnknown" } });
  if (!old.ok) throw new Error("the old code was not there");
  expect(await enterAsRecovery((await newDevice(relay.port)).space, old.value)).toEqual({ ok: false, fault: { type: "codeReplaced" } });
  expect(await schoolRoom.recoveryEvents()).toMatchObject([{ what: "replaced", name: "Ada" }]);
  expect(await recover(relay.port, next.code, rooms, await newDevice(relay.port))).toEqual({ ok: true, missed: [] });
});

test("[Y5] wherever it is broken off, the two codes together still open everything, and going on finishes it", async () => {
  for (let breakAt = 0; ; breakAt++) {
    const { relay, ada, code, plan, rooms } = await service();
    const next = await mint(rooms[0]!.genesis, undefined, plan);
    let calls = 0;
    const asked = (name: string) => {
      if (["putRecovery", "control", "dropRecovery"].includes(name) && calls++ === breakAt) throw new RelayUnreachableError("broken off");
    };
    const breaking = new Proxy(relay.port, {
      get: (port, name: keyof RelayPort) => async (...given: never[]) => {
        asked(name);
        return (port[name] as (...given: never[]) => unknown)(...given);
      },
    });
    const change = ada.space.change;
    const space: Space = { ...ada.space, change: async (...given) => (asked("control"), change(...given)) };
    const done = await keepRecovery({ space, relay: breaking, plan: next.plan, hasBundle: false }).catch(() => false);
    const bo = await newDevice(relay.port);
    const missedBy = async (one: string, own: MemoryTab) => {
      const result = await recover(relay.port, one, rooms, own);
      return "missed" in result ? result.missed.length : rooms.length;
    };
    if (done) {
      expect([await missedBy(code, bo), await missedBy(next.code, bo)]).toEqual([rooms.length, 0]);
      expect(breakAt).toBe(4);
      return;
    }
    // All other devices are lost: whoever comes in by one of the codes goes on with what stands in the service's room.
    if ((await missedBy(next.code, bo)) > 0) {
      expect(await missedBy(code, bo)).toBeLessThan(rooms.length);
      expect(await keepRecovery({ space: bo.space, relay: relay.port, plan: next.plan, hasBundle: false })).toBe(true);
      expect(await missedBy(next.code, bo)).toBe(0);
    }
    await Promise.all(open.splice(0).map((one) => one.close()));
  }
});

test("[Y5] two consultants who replace it at once do it once", async () => {
  const { relay, ada, plan, rooms } = await service();
  const bo = await newDevice(relay.port);
  for (const room of rooms) await bringIn(ada, room, bo);
  await ada.space.sync.settle();
  const next = await mint(rooms[0]!.genesis, undefined, plan);
  await Promise.all([ada, bo].map(({ space }) => keepRecovery({ space, relay: relay.port, plan: next.plan, hasBundle: false })));
  await Promise.all([ada, bo].map(({ space }) => space.sync.settle()));
  for (const { space } of [ada, bo]) {
    expect(await keepRecovery({ space, relay: relay.port, plan: next.plan, hasBundle: true })).toBe(true);
  }
  for (const room of rooms) expect(await room.recoveryEvents()).toMatchObject([{ what: "replaced", name: "Ada" }]);
  expect((await rooms[0]!.members()).find(({ role }) => role === "recovery")?.name).toBeNull();
});

test("[C13] [Y5] who still has the old plan brings no code back", async () => {
  const { relay, ada, plan, rooms } = await service();
  const next = await mint(rooms[0]!.genesis, undefined, plan);
  await keepRecovery({ space: ada.space, relay: relay.port, plan: next.plan, hasBundle: false });
  expect(await keepRecovery({ space: ada.space, relay: relay.port, plan, hasBundle: true })).toBe(true);
  expect(await rooms[0]!.recoveryEvents()).toHaveLength(1);
});

test("[G8] [Y5] where a restore brings the old code back, and its going cannot be given back, the new one takes its place again and what waited is sent", async () => {
  const { relay, ada, plan, rooms } = await service();
  const [bos, cys] = [await createMemoryProfile(), await createMemoryProfile()];
  const before = [await newDevice(relay.port, bos), await newDevice(relay.port, cys)] as const;
  for (const tab of before) for (const room of rooms) await bringIn(ada, room, tab);
  for (const { space } of [...before, ada]) await space.sync.settle();
  await ada.space.close();
  await before[0].space.close();
  const restore = relay.backUp();
  const next = await mint(rooms[0]!.genesis, undefined, plan);
  expect(await keepRecovery({ space: before[1].space, relay: relay.port, plan: next.plan, hasBundle: false })).toBe(true);
  await before[1].space.close();
  await restore();
  const bo = await newDevice(relay.port, bos);
  for (const { roomId } of rooms) expect(await bo.space.change(roomId, { action: "acceptGen" })).toBe(true);
  const cy = await newDevice(relay.port, cys);
  await cy.space.sync.settle();
  const room = cy.space.rooms.get().find(({ roomId }) => roomId === rooms[1]!.roomId)!;
  await room.edit([indexDocId], (doc) => void doc?.getMap("words").set("first", "written since"));
  await cy.space.sync.settle();
  expect(cy.space.status.get().unsent).toBe(1);
  expect(await keepRecovery({ space: cy.space, relay: relay.port, plan: next.plan, hasBundle: false })).toBe(true);
  expect(room.standing(plan.member.deviceId)).toBe("past");
  await cy.space.sync.settle();
  expect(cy.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});

test("[Y4] letting in may be broken off and taken up: a device is added once", async () => {
  const { relay, ada, code, rooms, schoolRoom } = await service();
  const own = await newDevice(relay.port);
  expect(await recover(relay.port, code, rooms.slice(0, 1), own)).toEqual({ ok: true, missed: [] });
  expect(await recover(relay.port, code, rooms, own)).toEqual({ ok: true, missed: [] });
  await ada.space.sync.settle();
  for (const room of [rooms[0]!, schoolRoom]) expect((await room.members()).filter(({ name }) => name === "Bo")).toHaveLength(1);
});

test("[Y3] a relay that gives another bundle, or another service's room, is not believed", async () => {
  const { relay, code, plan } = await service();
  const port = (bundle: string): RelayPort => ({ ...relay.relay, readRecovery: async () => ({ ok: true, value: { bundle } }) });
  expect(await findRecoveryDevice(port("AAAA"), secretOf(code))).toEqual({ ok: false, fault: { type: "tampered" } });
  const device = await findRecoveryDevice(port(plan.bundle), secretOf(code));
  if (!device.ok) throw new Error(device.fault.type);
  const elsewhere = { ...device.value, serviceGenesis: "00".repeat(32) };
  expect(await enterAsRecovery((await newDevice(relay.port)).space, elsewhere)).toEqual({ ok: false, fault: { type: "tampered" } });
});

test("[G5] where a relay was restored and nobody is left to accept it, the code is enough", async () => {
  const { relay, code, rooms } = await service();
  const restore = relay.backUp();
  await restore();
  expect(await recover(relay.port, code, rooms, await newDevice(relay.port))).toEqual({ ok: true, missed: [] });
});
