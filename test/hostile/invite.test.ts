import { afterEach, expect, test } from "vitest";
import { toBase64Url, toHex } from "#protocol/bytes.ts";
import type { InviteSlot, RelayPort } from "#protocol/messages.ts";
import { commitTo, type InviteLink, type Offer, type Reveal, sealSlot } from "../../src/engine/keys/invitation.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { askToJoin, awaitDone, finishInvite, type InviteFault, meetNewcomer, offerInvite, readOffer } from "../../src/engine/sync/invite-flow.ts";
import { faultKey } from "../../src/features/space/invite-fault.ts";
import { createLiar } from "./liar.ts";
import { createWorld, expectWords, type World } from "./world.ts";

// A relay, or somebody with the link, between two people who stand and compare four words.

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const rushed = { ...systemClock, after: (_: number, run: () => void) => systemClock.after(5, run) };

async function prepared() {
  const world = await createWorld();
  worlds.push(world);
  const { ada, relay } = world;
  const offer: Offer = {
    serviceName: "Tjenesten",
    schoolName: null,
    inviterName: "Ada",
    role: "consultant",
    rooms: [{ roomId: ada.room.roomId, kind: "service", label: "", genesis: ada.room.genesis }],
  };
  const session = await ada.device.space.sync.session();
  const invite = async () => {
    const made = await offerInvite(relay.port, session, systemRandom, offer, 60_000);
    if (!made.ok) throw new Error("not made");
    return made.value.link;
  };
  const [forInviter, forNewcomer] = [createLiar(relay), createLiar(relay)];
  let gone = false;
  const waiting = (port: RelayPort) => ({ relay: port, clock: rushed, random: systemRandom, cancelled: () => gone, until: Number.POSITIVE_INFINITY });
  return {
    world,
    offer,
    invite,
    forInviter,
    forNewcomer,
    inviter: { ...waiting(forInviter.port), session: async () => session },
    newcomer: waiting(forNewcomer.port),
    giveUp: () => void (gone = true),
  };
}

/** What is in an invitation's slot, as one side is shown it. */
function showing(port: Pick<ReturnType<typeof createLiar>, "lie">, slot: InviteSlot, change: (body: string) => Promise<string> | string): void {
  port.lie("readInvite", (ask) => async (inviteId) => {
    const state = await ask(inviteId);
    const body = state.ok ? state.value.slots[slot] : undefined;
    if (state.ok && body !== undefined) state.value.slots[slot] = await change(body);
    return state;
  });
}

const flipped = (body: string) => {
  const bytes = Buffer.from(body, "base64url");
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  return toBase64Url(new Uint8Array(bytes));
};

const tampered: { ok: false; fault: InviteFault } = { ok: false, fault: { type: "tampered" } };
const isTold = (fault: InviteFault, sentence: RegExp) => {
  if (fault.type === "cancelled") throw new Error("nobody cancelled");
  expectWords(faultKey(fault), sentence);
};
const nobodyIsIn = async ({ ada }: World) => expect((await ada.room.members()).map(({ name }) => name).sort()).toEqual(["Ada", "Bo", "Cy"]);

test.each([
  ["changed", async (body: string) => flipped(body)],
  ["cut short", async (body: string) => body.slice(0, 40)],
  ["empty", async () => ""],
  ["of another invitation", async (_: string, other: InviteLink, offer: Offer) => sealSlot(other, "offer", offer)],
])("[I2] detected: an offer that is %s", async (_, change) => {
  const { world, invite, forNewcomer, offer } = await prepared();
  const [link, other] = [await invite(), await invite()];
  showing(forNewcomer, "offer", (body) => change(body, other, offer));
  expect(await readOffer(forNewcomer.port, link)).toEqual(tampered);
  isTold(tampered.fault, /stemmer ikke med invitasjonen. Ingen har fått tilgang/);
  await nobodyIsIn(world);
});

/** A reveal with keys of its own, rightly sealed: of somebody who has the link. */
async function ownReveal(link: InviteLink, offer: Offer, rooms = offer.rooms): Promise<string> {
  const leaf = await generateLeaf();
  const reveal: Reveal = {
    name: "Bo",
    random: toBase64Url(systemRandom(32)),
    rooms: rooms.map(({ roomId }) => ({ roomId, memberId: toHex(systemRandom(16)), deviceId: leaf.deviceId, leaf: publicLeaf(leaf) })),
  };
  return sealSlot(link, "reveal", reveal);
}

test.each([
  ["keys changed between commit and reveal", async (link: InviteLink, offer: Offer) => ownReveal(link, offer)],
  ["a reveal that nobody with the link wrote", async (_: InviteLink, __: Offer, body: string) => flipped(body)],
  ["the commit again for a reveal", async (link: InviteLink, _: Offer, body: string) => sealSlot(link, "commit", await commitTo(body))],
] as const)("[I3] [I4] detected: %s", async (_, forge) => {
  const { world, invite, offer, forInviter, inviter, newcomer } = await prepared();
  const link = await invite();
  showing(forInviter, "reveal", (body) => forge(link, offer, body));
  const [met] = await Promise.all([meetNewcomer(inviter, link, offer, () => undefined), askToJoin(newcomer, link, offer, "Dag")]);
  expect(met).toEqual(tampered);
  isTold(tampered.fault, /stemmer ikke med invitasjonen. Ingen har fått tilgang/);
  await nobodyIsIn(world);
});

test("[I2] [I4] detected: a newcomer that asks for other rooms than it was offered", async () => {
  const { world, invite, offer, forInviter, inviter, newcomer } = await prepared();
  const link = await invite();
  const other = { roomId: "0f".repeat(16), kind: "service" as const, label: "", genesis: "00".repeat(32) };
  const reveal = await ownReveal(link, offer, [...offer.rooms, other]);
  forInviter.lie("readInvite", (ask) => async (inviteId) => {
    const state = await ask(inviteId);
    if (state.ok && state.value.slots.commit !== undefined) state.value.slots.commit = await sealSlot(link, "commit", await commitTo(reveal));
    if (state.ok && state.value.slots.reveal !== undefined) state.value.slots.reveal = reveal;
    return state;
  });
  const [met] = await Promise.all([meetNewcomer(inviter, link, offer, () => undefined), askToJoin(newcomer, link, offer, "Dag")]);
  expect(met).toEqual(tampered);
  await nobodyIsIn(world);
});

test("[I5] [I6] detected by the two people: one who has the link stands between them, with the relay's help; their words differ, and nobody is let in", async () => {
  const { world, invite, offer, forInviter, inviter, newcomer } = await prepared();
  const link = await invite();
  const reveal = await ownReveal(link, offer);
  forInviter.lie("readInvite", (ask) => async (inviteId) => {
    const state = await ask(inviteId);
    if (state.ok && state.value.slots.commit !== undefined) state.value.slots.commit = await sealSlot(link, "commit", await commitTo(reveal));
    if (state.ok && state.value.slots.reveal !== undefined) state.value.slots.reveal = reveal;
    return state;
  });
  const [met, asked] = await Promise.all([meetNewcomer(inviter, link, offer, () => undefined), askToJoin(newcomer, link, offer, "Dag")]);
  if (!met.ok || !asked.ok) throw new Error("did not meet");
  expect(met.value.check).not.toEqual(asked.value.check);
  await finishInvite(inviter, link, false);
  expect(await awaitDone(newcomer, link)).toEqual({ ok: true, value: { added: false } });
  await nobodyIsIn(world);
});

test("[I5] detected by the two people: a challenge of the relay's choice, or of one with the link", async () => {
  const { invite, offer, forNewcomer, inviter, newcomer } = await prepared();
  const link = await invite();
  const own = await sealSlot(link, "challenge", { random: toBase64Url(systemRandom(32)) });
  showing(forNewcomer, "challenge", () => own);
  const [met, asked] = await Promise.all([meetNewcomer(inviter, link, offer, () => undefined), askToJoin(newcomer, link, offer, "Dag")]);
  if (!met.ok || !asked.ok) throw new Error("did not meet");
  expect(met.value.check).not.toEqual(asked.value.check);
});

test("[I4] detected: a challenge that nobody with the link wrote", async () => {
  const { invite, offer, forNewcomer, inviter, newcomer, giveUp } = await prepared();
  const link = await invite();
  showing(forNewcomer, "challenge", flipped);
  const meeting = meetNewcomer(inviter, link, offer, () => undefined);
  expect(await askToJoin(newcomer, link, offer, "Dag")).toEqual(tampered);
  giveUp();
  expect(await meeting).toMatchObject({ ok: false });
});

test.each([
  ["forged", async () => toBase64Url(systemRandom(60))],
  ["of another invitation", async (other: InviteLink) => sealSlot(other, "done", { added: true })],
])("[I6] detected: a «done» that is %s", async (_, forge) => {
  const { world, invite, offer, forNewcomer, inviter, newcomer } = await prepared();
  const [link, other] = [await invite(), await invite()];
  await Promise.all([meetNewcomer(inviter, link, offer, () => undefined), askToJoin(newcomer, link, offer, "Dag")]);
  forNewcomer.lie("readInvite", (ask) => async (inviteId) => {
    const state = await ask(inviteId);
    if (state.ok) state.value.slots.done = await forge(other);
    return state;
  });
  expect(await awaitDone(newcomer, link)).toEqual(tampered);
  await nobodyIsIn(world);
});

test.each([
  ["inviteExpired", /Invitasjonen har gått ut. Be om en ny/],
  ["inviteUnknown", /Invitasjonen finnes ikke. Be om en ny/],
] as const)("[I1] harmless: an invitation that is said to be %s is asked for anew", async (type, sentence) => {
  const { world, invite, forNewcomer } = await prepared();
  const link = await invite();
  forNewcomer.lie("readInvite", () => async () => ({ ok: false, refusal: { type } }));
  const read = await readOffer(forNewcomer.port, link);
  expect(read).toEqual({ ok: false, fault: { type: "refused", refusal: { type } } });
  if (!read.ok) isTold(read.fault, sentence);
  await nobodyIsIn(world);
});

test("[I1] detected: the invitation used by another first, and by a second one to whom the relay hides that", async () => {
  const { world, invite, offer, forNewcomer, inviter, newcomer } = await prepared();
  const link = await invite();
  const first = askToJoin({ ...newcomer, relay: world.relay.port }, link, offer, "Eva");
  const meeting = meetNewcomer(inviter, link, offer, () => undefined);
  const [met, eva] = await Promise.all([meeting, first]);
  if (!met.ok || !eva.ok) throw new Error("did not meet");
  expect(met.value.check).toEqual(eva.value.check);
  const used = await readOffer(world.relay.port, link);
  expect(used).toEqual({ ok: false, fault: { type: "refused", refusal: { type: "inviteUsed" } } });
  if (!used.ok) isTold(used.fault, /Invitasjonen er brukt. Be om en ny/);
  // The second one is let write, and sees what the first was answered.
  forNewcomer.lie("writeInvite", () => async () => ({ ok: true, value: null }));
  const second = await askToJoin(newcomer, link, offer, "Dag");
  if (!second.ok) throw new Error("did not meet");
  expect(second.value.check).not.toEqual(met.value.check);
  expect(met.value.members.map(({ member }) => member.deviceId)).toEqual([eva.value.leaves[0]!.deviceId]);
});
