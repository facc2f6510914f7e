import { afterEach, expect, test } from "vitest";
import * as z from "zod/mini";
import type { RelayPort } from "#protocol/messages.ts";
import { checkNumbers, newInviteLink, openSlot, parseInviteLink, type Offer } from "../../src/engine/keys/invitation.ts";
import { systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import { askToJoin, awaitDone, finishInvite, meetNewcomer, offerInvite, readOffer } from "../../src/engine/sync/invite-flow.ts";
import { createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { hash, purpose } from "../support/wire.ts";
import { createManualClock } from "./manual-clock.ts";

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
  const waiting = { relay: test.port, clock: systemClock, cancelled: () => false, random: systemRandom, until: Number.POSITIVE_INFINITY };
  return { test, device, room, offer, session, waiting };
}

const rushed = { ...systemClock, after: (_: number, run: () => void) => systemClock.after(5, run) };

test("[I1] [I2] [I4] [I6] both sides see the same four numbers, and the newcomer is in the room", async () => {
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
  expect(await finishInvite({ ...quick, session: async () => session }, link, true)).toEqual({ ok: true, value: null });
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

test("[I2] an offer whose first room has not the link's genesis is not believed, and the relay reads none of it", async () => {
  const { test: relay, offer, session } = await prepared();
  const seen: string[] = [];
  const port: RelayPort = { ...relay.port, createInvite: (token, request) => (seen.push(request.offer), relay.port.createInvite(token, request)) };
  const made = await offerInvite(port, session, systemRandom, offer, 60_000);
  if (!made.ok) throw new Error("not made");
  for (const word of [offer.serviceName, offer.inviterName, offer.rooms[0]!.genesis]) {
    expect(Buffer.from(seen[0]!, "base64url").includes(Buffer.from(word))).toBe(false);
  }
  const elsewhere = { ...made.value.link, genesis: "00".repeat(32) };
  expect(await readOffer(relay.port, elsewhere)).toEqual({ ok: false, fault: { type: "tampered" } });
  const guessed = { ...made.value.link, secret: new Uint8Array(32) };
  expect(await readOffer(relay.port, guessed)).toEqual({ ok: false, fault: { type: "tampered" } });
});

/** The parties meet at a relay that notes down what was written; the check of each, and the slots. */
async function meet() {
  const { test: relay, offer, session, waiting } = await prepared();
  const made = await offerInvite(relay.port, session, systemRandom, offer, 60_000);
  if (!made.ok) throw new Error("not made");
  const { link } = made.value;
  const quick = { ...waiting, clock: rushed };
  const [inviter, newcomer] = await Promise.all([
    meetNewcomer({ ...quick, session: async () => session }, link, offer, () => undefined),
    askToJoin(quick, link, offer, "Bo"),
  ]);
  if (!inviter.ok || !newcomer.ok) throw new Error("did not meet");
  const state = await relay.port.readInvite(link.inviteId);
  if (!state.ok) throw new Error("not there");
  return { link, slots: state.value.slots as Record<"commit" | "challenge" | "reveal", string>, checks: [inviter.value.check, newcomer.value.check] };
}

test("[I3] what the newcomer commits to is the hash of what it reveals", async () => {
  const { link, slots } = await meet();
  const commit = await openSlot(link, "commit", z.string(), slots.commit);
  expect(commit).toBe(hash(purpose("invite/commit"), Buffer.from(slots.reveal)).toString("hex"));
});

test("[I5] the four numbers are of the secret, the challenge and the reveal: whoever changes one of them is seen", async () => {
  const { link, slots, checks } = await meet();
  const numbers = (secret: Uint8Array, challenge: string, reveal: string) =>
    Array.from(hash(purpose("invite/phrase"), secret, Buffer.from(`${challenge}.${reveal}`)).subarray(0, 4));
  const right = numbers(link.secret, slots.challenge, slots.reveal);
  expect(checks).toEqual([right, right]);
  const { challenge, reveal } = (await meet()).slots;
  for (const other of [
    await checkNumbers({ ...link, secret: new Uint8Array(32) }, slots.challenge, slots.reveal),
    await checkNumbers(link, challenge, slots.reveal),
    await checkNumbers(link, slots.challenge, reveal),
  ]) expect(other).not.toEqual(right);
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

/** The relay as one side reaches it: every other answer is lost on its way back, after the relay has done what it was asked. */
function lossy(port: RelayPort): RelayPort {
  let asked = 0;
  return new Proxy(port, {
    get(target, name: keyof RelayPort) {
      if (name !== "readInvite" && name !== "writeInvite") return target[name];
      return async (...given: never[]) => {
        const answer = await (target[name] as (...args: never[]) => Promise<unknown>)(...given);
        if (asked++ % 2 === 0) throw new RelayUnreachableError("lost on the way");
        return answer;
      };
    },
  });
}

test("[I1] answers that are lost, a session that has ended and a busy relay cost time and not the invitation", async () => {
  const { test: relay, offer, session, waiting } = await prepared();
  const made = await offerInvite(relay.port, session, systemRandom, offer, 60_000);
  if (!made.ok) throw new Error("not made");
  const quick = { ...waiting, clock: rushed, relay: lossy(relay.port) };
  let tries = 0;
  const inviting = { ...quick, relay: lossy(relay.port), session: async () => (tries++ % 3 === 0 ? "ended long ago" : session) };
  const [inviter, newcomer] = await Promise.all([meetNewcomer(inviting, made.value.link, offer, () => undefined), askToJoin(quick, made.value.link, offer, "Bo")]);
  if (!inviter.ok || !newcomer.ok) throw new Error("did not meet");
  expect(inviter.value.check).toEqual(newcomer.value.check);
  expect(await finishInvite(inviting, made.value.link, true)).toEqual({ ok: true, value: null });
  expect(await awaitDone(quick, made.value.link)).toEqual({ ok: true, value: { added: true } });
});

test("[I1] a relay that is never reached is asked less and less often, and not after the invitation is over", async () => {
  const clock = createManualClock();
  let asked = 0;
  const port = new Proxy({} as RelayPort, {
    get: () => async () => {
      asked++;
      throw new RelayUnreachableError("away");
    },
  });
  const waiting = { relay: port, clock, cancelled: () => false, random: systemRandom, until: 20 * 60_000 };
  const waited = awaitDone(waiting, newInviteLink(systemRandom, "00".repeat(32)));
  for (let second = 0; second < 20 * 60 + 15; second++) {
    clock.pass(1000);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
  expect(await waited).toEqual({ ok: false, fault: { type: "refused", refusal: { type: "inviteExpired" } } });
  expect(asked).toBeGreaterThan(100);
  expect(asked).toBeLessThan(300);
});

test("a link cut short is not a link", () => {
  expect(parseInviteLink("abc")).toBeNull();
  expect(parseInviteLink("")).toBeNull();
  expect(parseInviteLink("a.b.c.d")).toBeNull();
});
