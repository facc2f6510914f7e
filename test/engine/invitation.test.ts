import { afterEach, expect, test } from "vitest";
import type { RelayPort } from "#protocol/messages.ts";
import { parseInviteLink, type Offer } from "../../src/engine/keys/invitation.ts";
import { systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { askToJoin, awaitDone, finishInvite, meetNewcomer, offerInvite, readOffer } from "../../src/engine/sync/invite-flow.ts";
import { createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function prepared() {
  const test = createTestRelay();
  const device = await createDevice(test.port);
  devices.push(device);
  const room = await foundService(test, device);
  const offer: Offer = {
    serviceName: "Barnevernstjenesten i Lia",
    schoolName: null,
    inviterName: "Ada",
    role: "consultant",
    rooms: [{ roomId: room.roomId, kind: "service", label: "", genesis: room.genesis }],
  };
  const session = await device.space.sync.session();
  const waiting = { relay: test.port, clock: systemClock, cancelled: () => false, random: systemRandom };
  return { test, device, room, offer, session, waiting };
}

const rushed = { ...systemClock, after: (_: number, run: () => void) => systemClock.after(5, run) };

test("[I1]–[I6] both sides see the same four numbers, and the newcomer is in the room", async () => {
  const { test: relay, device, room, offer, session, waiting } = await prepared();
  const made = await offerInvite(relay.port, session, systemRandom, offer, 60_000);
  if (!made.ok) throw new Error("not made");
  const link = parseInviteLink(made.value.text)!;
  expect(link).toEqual(made.value.link);
  const read = await readOffer(relay.port, link);
  expect(read).toEqual({ ok: true, value: offer });
  const quick = { ...waiting, clock: rushed };
  const [inviter, newcomer] = await Promise.all([
    meetNewcomer({ ...quick, session: async () => session }, link, offer, () => undefined),
    askToJoin(quick, link, offer, "Bo"),
  ]);
  if (!inviter.ok || !newcomer.ok) throw new Error("did not meet");
  expect(inviter.value.check).toHaveLength(4);
  expect(inviter.value.check).toEqual(newcomer.value.check);
  const { roomId, member } = inviter.value.members[0]!;
  expect(await device.space.addMember(roomId, member, inviter.value.name)).toBe(true);
  await finishInvite(relay.port, session, link, true);
  expect(await awaitDone(quick, link)).toEqual({ ok: true, value: { added: true } });
  const other = await createDevice(relay.port);
  devices.push(other);
  const { memberId, ...leaf } = newcomer.value.leaves[0]!;
  const theirs = await other.space.joinRoom({ roomId, kind: "service", label: "", role: "consultant", memberId, genesis: room.genesis }, leaf);
  await other.space.sync.settle();
  expect((await theirs.members()).map(({ name }) => name)).toEqual(["Ada", "Bo"]);
});

test("[I1] a second newcomer is told that the invitation is used", async () => {
  const { test: relay, offer, session, waiting } = await prepared();
  const made = await offerInvite(relay.port, session, systemRandom, offer, 60_000);
  if (!made.ok) throw new Error("not made");
  let asked = false;
  const first = askToJoin({ ...waiting, clock: rushed, cancelled: () => asked }, made.value.link, offer, "Bo");
  await expect.poll(async () => (await readOffer(relay.port, made.value.link)).ok).toBe(false);
  asked = true;
  await first;
  expect(await readOffer(relay.port, made.value.link)).toEqual({ ok: false, fault: { type: "refused", refusal: { type: "inviteUsed" } } });
});

test("[I4] a relay that changes what the newcomer reveals is found out", async () => {
  const { test: relay, offer, session, waiting } = await prepared();
  const made = await offerInvite(relay.port, session, systemRandom, offer, 60_000);
  if (!made.ok) throw new Error("not made");
  const lying = new Proxy(relay.port, {
    get(target, name: keyof RelayPort) {
      if (name !== "readInvite") return target[name];
      return async (inviteId: string) => {
        const state = await target.readInvite(inviteId);
        if (state.ok && state.value.slots.reveal !== undefined) state.value.slots.reveal = state.value.slots.commit;
        return state;
      };
    },
  });
  const quick = { ...waiting, clock: rushed };
  const [inviter] = await Promise.all([
    meetNewcomer({ ...quick, relay: lying, session: async () => session }, made.value.link, offer, () => undefined),
    askToJoin(quick, made.value.link, offer, "Bo"),
  ]);
  expect(inviter).toEqual({ ok: false, fault: { type: "tampered" } });
});

test("a link cut short is not a link", () => {
  expect(parseInviteLink("abc")).toBeNull();
  expect(parseInviteLink("")).toBeNull();
  expect(parseInviteLink("a.b.c.d")).toBeNull();
});
