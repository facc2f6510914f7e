import { concatBytes, fromBase64Url, toBase64Url, fromHex, toHex, type Bytes } from "#protocol/bytes.ts";
import { devicesBroughtBy, parseControlBody, type ControlBody, type Leaf } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import type { Hash } from "#protocol/log-rules.ts";
import { factsOf } from "#protocol/record.ts";
import { knownDevice, mayWrite, readableThrough, type Membership } from "#protocol/membership.ts";
import type { Answer, PushAnswer, Refusal, RelayPort, SessionAnswer } from "#protocol/messages.ts";
import {
  deviceIdInput,
  droppedInput,
  envelopeIdInput,
  parseEnvelope,
  purgeAskInput,
  sessionProofInput,
  signatureInput,
  type Envelope,
  type EnvelopeType,
  type LogEntry,
} from "#protocol/record.ts";
import { purposeBytes } from "#protocol/version.ts";
import { createAccess, sameSecret, type Session } from "./access.ts";
import { accept, refuse } from "./answers.ts";
import { enrolmentCodeHash } from "./enrolment.ts";
import { createGate, toBeHeld } from "./gate.ts";
import { createInvitations } from "./invitations.ts";
import { createLiveStreams, type LiveStream } from "./live.ts";
import { createQuotaKeeper, noQuotas, type Quotas } from "./quota.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createRecoveryBundles, isConsultantOf } from "./recovery-bundles.ts";
import { placeOfProof, take, takeGenesis, type SignedEnvelope } from "./room-log.ts";
import { createRoomFeed } from "./room-feed.ts";
import { createRoomWriter } from "./room-writer.ts";
import { createSignatureChecker } from "./signatures.ts";
import type { RelayPeers } from "./storage/peers.ts";
import type { RelayStorage, SessionRoom } from "./storage/storage.ts";

export type RelayOptions = {
  /** Stays the caller's: closed after the relay, not by it. */
  storage: RelayStorage;
  /** The other processes on the same database, where there may be any. */
  peers?: RelayPeers | null;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Cryptographically strong. */
  randomBytes: (length: number) => Bytes;
  /** SHA-256; WebCrypto's if not given, which costs a turn of a thread for each. */
  sha256?: Hash;
  /** Calls back when the requests that are here already have been read, so that they share a commit. At once if not given. */
  defer?: (run: () => void) => void;
  /** How much is kept; as much as comes if not given. */
  quotas?: Quotas;
  /** Told of what went wrong on this side; whoever asked is answered `busy`. */
  onFault?: (error: unknown) => void;
};

export type Relay = RelayPort & {
  /** Whether the session runs and covers the room, or any room if that is null: asked before a request's body is read. */
  admits(session: string, roomId: string | null): Promise<Answer<null>>;
  /** Whether the session runs, and its device in the room is a member still. */
  admitsMember(session: string, roomId: string): Promise<Answer<null>>;
  /** Whether the push-only token is good for the room. */
  admitsPush(token: string, roomId: string): Promise<Answer<null>>;
  /** Takes envelopes of the one device that the push-only token stands for in the room, and of nobody else. SPEC.md [U2]. */
  pushByToken(token: string, roomId: string, envelopes: readonly Bytes[]): Promise<Answer<PushAnswer>>;
  /** Ends sessions, streams and invitations whose time is over. To be called about twice a minute. */
  sweep(): Promise<void>;
  /** Ends the streams and waits for the writes in hand; everything after that is answered `busy`. May be called twice. */
  close(): Promise<void>;
};

const keysKept = 2000;
const waitingBytesKept = 64 * 1024 * 1024;
/** Envelopes of one request whose signatures are checked side by side. */
const checkedAtOnce = 32;
const busy = { type: "busy", retryAfterMs: 2000 } as const;

type LeafOf = (deviceId: string) => Leaf | undefined;
type Parsed<T extends EnvelopeType> = { bytes: Bytes; envelope: Envelope & { type: T } };

const webCryptoHash: Hash = async (input) => new Uint8Array(await crypto.subtle.digest("SHA-256", input));

/** One envelope for one room and door; the types that the door does not take are malformed there. SPEC.md [E1] [R4]. */
function parseFor<T extends EnvelopeType>(roomId: string | null, types: readonly T[], bytes: Bytes): Answer<Parsed<T>> {
  if (bytes.length > limits.envelopeBytes) return refuse("tooLarge");
  const parsed = parseEnvelope(bytes);
  // A relay must read what it is to number, so a later version waits until the relay has it too.
  if (!parsed.ok) return refuse(parsed.fault.type === "newerVersion" ? "unknownAction" : "malformed");
  const { envelope } = parsed;
  if (!types.includes(envelope.type as T)) return refuse("malformed");
  if (roomId !== null && toHex(envelope.roomId) !== roomId) return refuse("malformed");
  return accept({ bytes, envelope: envelope as Envelope & { type: T } });
}

/** Whether every device that the record brings in is named by the hash of its own keys. That they are points is asked where the record is parsed. SPEC.md [K3]. */
async function bringsTrueDevices(sha256: Hash, body: ControlBody): Promise<boolean> {
  const checks = devicesBroughtBy(body).map(async ({ deviceId, leaf }) => {
    const hash = await sha256(deviceIdInput(fromBase64Url(leaf.sign), fromBase64Url(leaf.kem)));
    return toHex(hash.subarray(0, 16)) === deviceId;
  });
  return (await Promise.all(checks)).every(Boolean);
}

/** The relay's whole behaviour, in Node and in a page alike: it numbers, stores and hands out what it cannot read. SPEC.md §7 and §8. */
export function createRelay({
  storage,
  peers = null,
  clock,
  randomBytes,
  sha256 = webCryptoHash,
  defer = queueMicrotask,
  quotas = noQuotas,
  onFault = () => undefined,
}: RelayOptions): Relay {
  const access = createAccess({ storage, clock, randomBytes, sha256, onFault });
  const invitations = createInvitations(storage, clock);
  const recoveryBundles = createRecoveryBundles(storage);
  const streams = createLiveStreams(clock, onFault);
  const presenceRate = createRateLimit(clock, { perSecond: limits.presencePerSecond, burst: limits.presenceBurst });
  const gate = createGate(clock);
  const quota = createQuotaKeeper(storage, clock, quotas);
  const signatures = createSignatureChecker(keysKept);
  const feed = peers === null ? null : createRoomFeed(storage, streams, onFault);
  let isClosed = false;

  const writer = createRoomWriter(storage, sha256, defer, (roomId, appended, membership) => {
    if (feed === null) streams.deliver(roomId, appended, membership);
    else feed.committed(roomId, appended, membership);
  });

  const hearPresence = async (roomId: string, authorId: string, bytes: Bytes): Promise<void> => {
    const membership = await membershipOf(roomId);
    if (membership !== null) streams.deliverPresence(roomId, authorId, bytes, membership);
  };

  /** Sessions may have ended unheard, and numbers been given. */
  const catchUpWithPeers = async (): Promise<void> => {
    access.forgetAll();
    for (const { token, rooms } of streams.sessions()) {
      if ((await access.session(token))?.rooms.size !== rooms.size) streams.endSession(token);
    }
    await feed?.compare();
  };

  peers?.listen({
    grown: (roomId, fromSeq, toSeq) => feed?.grown(roomId, fromSeq, toSeq),
    presence: (roomId, authorId, bytes) => void hearPresence(roomId, authorId, bytes).catch(onFault),
    held: (roomId, deviceIds) => gate.hold(roomId, deviceIds),
    missed: () => void catchUpWithPeers().catch(onFault),
  });

  /** Runs a request; what fails on this side is reported and answered so that the request comes again. */
  const serve = async <T>(run: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    if (isClosed || writer.waitingBytes() > waitingBytesKept) return refuse(busy);
    try {
      return await run();
    } catch (error) {
      onFault(error);
      return refuse(busy);
    }
  };

  const sessionOf = async (token: string): Promise<Answer<Session>> => {
    const session = await access.session(token);
    return session === null ? refuse("sessionExpired") : accept(session);
  };

  const deviceOf = async (token: string, roomId: string): Promise<Answer<string>> => {
    const session = await sessionOf(token);
    if (!session.ok) return session;
    const room = session.value.rooms.get(roomId);
    return room === undefined ? refuse("notMember") : accept(room.deviceId);
  };

  const pushDeviceOf = async (token: string, roomId: string): Promise<Answer<string>> => {
    const devices = await access.pushDevices(token);
    if (devices === null) return refuse("sessionExpired");
    const deviceId = devices.get(roomId);
    return deviceId === undefined ? refuse("notMember") : accept(deviceId);
  };

  const inSession = <T>(token: string, run: (session: Session) => Promise<Answer<T>>): Promise<Answer<T>> =>
    serve(async () => {
      const session = await sessionOf(token);
      return session.ok ? run(session.value) : session;
    });

  const inRoom = <T>(token: string, roomId: string, run: (deviceId: string) => Promise<Answer<T>>): Promise<Answer<T>> =>
    serve(async () => {
      const device = await deviceOf(token, roomId);
      return device.ok ? run(device.value) : device;
    });

  /**
   * The envelope as the log takes it, when its signature is its author's and what it says of devices is true. Which place it may have is the log's to say.
   * @param leafOf a member by device
   */
  const sign = async ({ bytes, envelope }: Parsed<EnvelopeType>, control: ControlBody | null, leafOf: LeafOf): Promise<Answer<SignedEnvelope>> => {
    const leaf = leafOf(toHex(envelope.deviceId));
    if (leaf === undefined) return refuse("notMember");
    const id = await sha256(envelopeIdInput(bytes));
    if (!(await signatures.check(leaf.sign, envelope.signature, signatureInput(id)))) return refuse("badSignature");
    if (control !== null && !(await bringsTrueDevices(sha256, control))) return refuse("malformed");
    const asked = control?.action === "purge" ? await askedFor(envelope, control, leafOf) : accept(null);
    if (!asked.ok) return asked;
    return accept({ facts: factsOf(envelope, id), control, bytes });
  };

  /** Whether the other person has signed that. SPEC.md [Z3]. */
  const askedFor = async ({ roomId }: Envelope, body: Extract<ControlBody, { action: "purge" }>, leafOf: LeafOf): Promise<Answer<null>> => {
    const leaf = leafOf(body.ask.deviceId);
    if (leaf === undefined) return refuse("notMember");
    const asked = purgeAskInput(roomId, body, await sha256(droppedInput(body.dropped)));
    const isSigned = await signatures.check(leaf.sign, fromBase64Url(body.ask.signature), asked);
    return isSigned ? accept(null) : refuse("badSignature");
  };

  const membershipOf = async (roomId: string): Promise<Membership | null> =>
    (await storage.rooms([roomId])).get(roomId)?.membership ?? null;

  /**
   * Who keeps the token and was removed makes rooms no more. A service's first room has nobody yet who could, and what is asked for twice is there.
   * SPEC.md [R5].
   */
  const mayMakeRoom = async (serviceId: string, roomId: string, token: string | null): Promise<Answer<null>> => {
    const rooms = await storage.rooms([serviceId, roomId]);
    const own = rooms.get(serviceId);
    if (own === undefined || rooms.has(roomId)) return accept(null);
    if (token === null) return refuse("forbidden");
    const device = await deviceOf(token, serviceId);
    if (!device.ok) return device;
    return isConsultantOf(own.membership, device.value) ? accept(null) : refuse("forbidden");
  };

  const createRoom = async (serviceToken: Uint8Array, genesis: Bytes, session: string | null) => {
    const parsed = parseFor(null, ["control"], genesis);
    if (!parsed.ok) return parsed;
    const control = parseControlBody(parsed.value.envelope.clear);
    if (!control.ok) return control;
    const { body } = control;
    if (body.action !== "genesis") return refuse("malformed");
    const [service, allowed, hash] = await Promise.all([
      storage.service(body.serviceId),
      mayMakeRoom(body.serviceId, toHex(parsed.value.envelope.roomId), session),
      sha256(concatBytes(purposeBytes("service-token"), serviceToken)),
    ]);
    const tokenHash = toHex(hash);
    if (service === null || !sameSecret(service.tokenHash, tokenHash)) return refuse("forbidden");
    if (!allowed.ok) return allowed;
    if ((await quota.mostRoomBytes(body.serviceId)) < genesis.length) return refuse("overQuota");
    const [founder] = body.members;
    const signed = await sign(parsed.value, body, (deviceId) => (founder?.deviceId === deviceId ? founder.leaf : undefined));
    if (!signed.ok) return signed;
    const taken = await writer.submit({
      roomId: signed.value.facts.roomId,
      envelopes: [signed.value],
      take: (draft) => takeGenesis(draft, signed.value),
    });
    if (taken.ok) quota.stored(body.serviceId, genesis.length);
    return taken;
  };

  /**
   * Checks form and signatures of as many as are right from the first on, and numbers as many of these as the log takes. SPEC.md [R1], [R3].
   * @param by the one device whose envelopes are taken; null where their author may be any
   */
  const append = async (
    roomId: string,
    envelopes: readonly Bytes[],
    types: readonly EnvelopeType[],
    arrival: "new" | "repair",
    by: string | null = null,
  ): Promise<Answer<PushAnswer>> => {
    const membership = await membershipOf(roomId);
    if (membership === null) return refuse("roomUnknown");
    // Whom a record among these brings in may have written what follows it. Whether it counts is asked under the lock.
    const brought = new Map<string, Leaf>();
    const leafOf: LeafOf = (deviceId) => membership.devices[deviceId]?.leaf ?? brought.get(deviceId);
    const check = async (bytes: Bytes): Promise<Answer<SignedEnvelope>> => {
      const parsed = parseFor(roomId, types, bytes);
      if (!parsed.ok) return parsed;
      const { envelope } = parsed.value;
      if (by !== null && toHex(envelope.deviceId) !== by) return refuse("forbidden");
      const control = envelope.type === "control" ? parseControlBody(envelope.clear) : null;
      if (control?.ok === false) return control;
      if (control !== null) for (const { deviceId, leaf } of devicesBroughtBy(control.body)) brought.set(deviceId, leaf);
      return sign(parsed.value, control?.body ?? null, leafOf);
    };
    const entries: SignedEnvelope[] = [];
    let refused: PushAnswer["refused"] = null;
    // Nothing behind the first that is wrong is looked at, so not all are checked at once.
    for (let from = 0; from < envelopes.length && refused === null; from += checkedAtOnce) {
      for (const checked of await Promise.all(envelopes.slice(from, from + checkedAtOnce).map(check))) {
        if (checked.ok) entries.push(checked.value);
        else refused = checked.refusal;
        if (refused !== null) break;
      }
    }
    if (entries.length === 0) return accept({ seqs: [], refused });
    const mayCome = gate.forRequest(arrival, await quota.mostRoomBytes(membership.serviceId));
    const { seqs, wrong } = await writer.submit({
      roomId,
      envelopes: entries,
      take: (draft) => {
        const seqs: number[] = [];
        for (const envelope of entries) {
          // Asked under the lock: membership, epoch and chain may have moved while the signatures were checked.
          const taken = take(draft, envelope, arrival, mayCome);
          if (!taken.ok) {
            const held = arrival === "new" && draft.room !== null ? toBeHeld(draft.room.membership, envelope, taken.refusal) : [];
            return { seqs, wrong: { refusal: taken.refusal, provenBy: placeOfProof(draft, envelope), held } };
          }
          seqs.push(taken.value);
        }
        return { seqs, wrong: null };
      },
    });
    quota.stored(membership.serviceId, entries.slice(0, seqs.length).reduce((sum, { bytes }) => sum + bytes.length, 0));
    if (wrong !== null && wrong.held.length > 0) await hold(roomId, wrong.held);
    return accept({ seqs, refused: wrong === null ? refused : await withProof(roomId, wrong) });
  };

  /** Before the removal's author is answered, and so before it comes again. SPEC.md [R16]. */
  const hold = async (roomId: string, deviceIds: readonly string[]): Promise<void> => {
    gate.hold(roomId, deviceIds);
    await peers?.sendHold(roomId, deviceIds).catch(onFault);
  };

  /** Says with a counter that is used which envelope has it: only that convinces its author. SPEC.md [R3]. */
  const withProof = async (roomId: string, { refusal, provenBy }: { refusal: Refusal; provenBy: number | null }): Promise<Refusal> => {
    if (refusal.type !== "ctrReused" || provenBy === null) return refusal;
    const [stored] = (await storage.log(roomId, provenBy - 1, { maxBytes: 1, maxEnvelopes: 1 }))?.page ?? [];
    return stored === undefined || "dropped" in stored ? refusal : { ...refusal, stored: toBase64Url(stored.bytes) };
  };

  const control = async (roomId: string, bytes: Bytes): Promise<Answer<{ seq: number }>> => {
    const answer = await append(roomId, [bytes], ["control"], "new");
    if (!answer.ok) return answer;
    const { seqs: [seq], refused } = answer.value;
    return seq === undefined ? refuse(refused ?? busy) : accept({ seq });
  };

  /** Asks all that a push is asked but its place in the log, for it has none. SPEC.md [N3] [N4]. */
  const presence = async (roomId: string, deviceId: string, bytes: Bytes): Promise<Answer<null>> => {
    const parsed = parseFor(roomId, ["presence"], bytes);
    if (!parsed.ok) return parsed;
    const { envelope } = parsed.value;
    if (toHex(envelope.deviceId) !== deviceId) return refuse("forbidden");
    // Before the signature, which costs most; only the device itself can have come this far.
    const waitMs = presenceRate.take(`${roomId} ${deviceId}`);
    if (waitMs > 0) return refuse({ type: "busy", retryAfterMs: waitMs });
    const membership = await membershipOf(roomId);
    if (membership === null) return refuse("roomUnknown");
    const signed = await sign(parsed.value, null, (device) => membership.devices[device]?.leaf);
    if (!signed.ok) return signed;
    const role = membership.devices[deviceId]?.role;
    if (role === undefined || !mayWrite(role, membership.roomKind)) return refuse("forbidden");
    if (envelope.epoch !== membership.epoch) return refuse("staleEpoch");
    streams.deliverPresence(roomId, deviceId, bytes, membership);
    peers?.sendPresence(roomId, deviceId, bytes).catch(onFault);
    return accept(null);
  };

  /**
   * What came between the session and its stream would else be missed until the room's next envelope: its newest is enough,
   * for the listener sees by the number that something is before it.
   */
  const catchUp = async (session: Session, stream: LiveStream): Promise<void> => {
    for (const [roomId, { headSeq, membership }] of await storage.rooms([...session.rooms.keys()])) {
      feed?.began(roomId, headSeq);
      const { headSeq: known = headSeq, deviceId = "" } = session.rooms.get(roomId) ?? {};
      if (headSeq <= known || headSeq > readableThrough(membership, deviceId)) continue;
      const log = await storage.log(roomId, headSeq - 1, { maxBytes: limits.pageBytes, maxEnvelopes: 1 });
      if (log !== null) stream.catchUp(roomId, log.page.filter((entry) => "bytes" in entry));
    }
  };

  return {
    admits: (token, roomId) =>
      serve(async () => {
        const found = roomId === null ? await sessionOf(token) : await deviceOf(token, roomId);
        return found.ok ? accept(null) : found;
      }),

    admitsMember: (token, roomId) =>
      inRoom(token, roomId, async (deviceId) => {
        const membership = await membershipOf(roomId);
        if (membership === null) return refuse("roomUnknown");
        return membership.devices[deviceId] === undefined ? refuse("notMember") : accept(null);
      }),

    registerService: ({ code, serviceId, tokenHash }) =>
      serve(async () => {
        const codeHash = await enrolmentCodeHash(code);
        return storage.write(async (tx): Promise<Answer<null>> => {
          const known = await tx.lockCode(codeHash);
          if (known === null) return refuse("codeUnknown");
          const service = await tx.service(serviceId);
          if (known.usedBy !== null) {
            const isRepeat = known.usedBy === serviceId && service !== null && sameSecret(service.tokenHash, tokenHash);
            return isRepeat ? accept(null) : refuse("codeUsed");
          }
          if (service !== null) return refuse("forbidden");
          await tx.useCode(codeHash, serviceId);
          await tx.insertService(serviceId, { tokenHash }, clock());
          return accept(null);
        });
      }),

    createRoom: (serviceToken, genesis, session = null) => serve(() => createRoom(serviceToken, genesis, session)),

    challenge: () => serve(async () => accept({ challenge: await access.challenge() })),

    openSession: ({ challenge, proofs }) =>
      serve(async (): Promise<Answer<SessionAnswer>> => {
        if (proofs.length > limits.sessionRooms) return refuse("tooLarge");
        if (new Set(proofs.map(({ roomId }) => roomId)).size < proofs.length) return refuse("malformed");
        const challengeBytes = await access.readChallenge(challenge);
        if (challengeBytes === null) return refuse("sessionExpired");
        const found = await storage.rooms(proofs.map(({ roomId }) => roomId));
        const verdicts = await Promise.all(
          proofs.map(async ({ roomId, deviceId, signature }) => {
            const room = found.get(roomId);
            if (room === undefined) return refuse("roomUnknown");
            const device = knownDevice(room.membership, deviceId);
            if (device === undefined) return refuse("notMember");
            const signed = readSignature(signature);
            const isRight =
              signed !== null &&
              (await signatures.check(device.leaf.sign, signed, sessionProofInput(challengeBytes, fromHex(roomId), fromHex(deviceId))));
            const headSeq = headFor(room, deviceId);
            return isRight ? accept({ deviceId, logGen: room.logGen, headSeq }) : refuse("badSignature");
          }),
        );
        const covered = new Map<string, SessionRoom & { logGen: number }>();
        const refused: SessionAnswer["refused"] = [];
        proofs.forEach(({ roomId }, index) => {
          const verdict = verdicts[index];
          if (verdict?.ok) covered.set(roomId, verdict.value);
          else if (verdict !== undefined) refused.push({ roomId, refusal: verdict.refusal });
        });
        const session = await access.open(covered);
        const rooms: SessionAnswer["rooms"] = [];
        for (const [roomId, { logGen, headSeq }] of covered) {
          if (session.rooms.has(roomId)) rooms.push({ roomId, logGen, headSeq });
          else refused.push({ roomId, refusal: { type: "notMember" } });
        }
        return accept({ token: session.token, expiresInMs: limits.sessionMs, rooms, refused });
      }),

    admitsPush: (token, roomId) =>
      serve(async () => {
        const found = await pushDeviceOf(token, roomId);
        return found.ok ? accept(null) : found;
      }),

    pushToken: (token) =>
      inSession(token, async (session) => accept({ ...(await access.openPushToken(session)), expiresInMs: limits.pushTokenMs })),

    pushByToken: (token, roomId, envelopes) =>
      serve(async () => {
        const device = await pushDeviceOf(token, roomId);
        if (!device.ok) return device;
        if (isTooMuch(envelopes)) return refuse("tooLarge");
        return append(roomId, envelopes, ["update", "heartbeat"], "new", device.value);
      }),

    push: (token, roomId, envelopes) =>
      inRoom(token, roomId, async () => {
        if (isTooMuch(envelopes)) return refuse("tooLarge");
        return append(roomId, envelopes, ["update", "heartbeat"], "new");
      }),

    repair: (token, roomId, envelopes) =>
      inRoom(token, roomId, async () => {
        if (isTooMuch(envelopes)) return refuse("tooLarge");
        return append(roomId, envelopes, ["update", "heartbeat", "control"], "repair");
      }),

    control: (token, roomId, envelope) => inRoom(token, roomId, () => control(roomId, envelope)),

    presence: (token, roomId, envelope) =>
      inRoom(token, roomId, async (deviceId) =>
        envelope.length > limits.presenceBytes ? refuse("tooLarge") : presence(roomId, deviceId, envelope),
      ),

    log: (token, roomId, after, logGen) =>
      inRoom(token, roomId, async (deviceId) => {
        const bounds = { maxBytes: limits.pageBytes, maxEnvelopes: limits.pageEnvelopes };
        const [rooms, log] = await Promise.all([storage.rooms([roomId]), storage.log(roomId, after, bounds)]);
        const room = rooms.get(roomId);
        if (room === undefined || log === null) return refuse("roomUnknown");
        const through = readableThrough(room.membership, deviceId);
        if (through === 0) return refuse("notMember");
        const mayHave = (entry: LogEntry) => entry.seq <= through || (room.membership.shredded && ("dropped" in entry || entry.seq === room.headSeq));
        // The log may have been read before the room was shredded.
        const firstShut = log.page.findIndex((entry) => !mayHave(entry));
        if (logGen !== log.logGen) return refuse({ type: "otherLogGen", logGen: room.logGen, generations: room.generations });
        return accept({ ...log, headSeq: Math.min(log.headSeq, headFor(room, deviceId)), page: firstShut === -1 ? log.page : log.page.slice(0, firstShut) });
      }),

    live: (token, listener) =>
      inSession(token, async (session) => {
        const stream = streams.open(session, listener);
        try {
          await catchUp(session, stream);
        } catch (error) {
          stream.close();
          throw error;
        }
        return accept(stream);
      }),

    createInvite: (token, request) => inSession(token, (session) => invitations.create(session, request)),

    readInvite: (inviteId) => serve(() => invitations.read(inviteId)),

    writeInvite: (token, inviteId, request) =>
      serve(async () => invitations.write(token === null ? null : await access.session(token), inviteId, request)),

    putRecovery: (token, lookupId, request) => inSession(token, (session) => recoveryBundles.put(session, lookupId, request)),

    readRecovery: (lookupId) => serve(() => recoveryBundles.read(lookupId)),

    dropRecovery: (token, lookupId) => inSession(token, (session) => recoveryBundles.drop(session, lookupId)),

    async sweep() {
      if (isClosed) return;
      streams.sweep();
      feed?.sweep();
      presenceRate.sweep();
      gate.sweep();
      try {
        await access.sweep();
        await invitations.sweep();
      } catch (error) {
        onFault(error);
      }
    },

    async close() {
      isClosed = true;
      streams.close();
      await writer.settled();
      await feed?.settled();
    },
  };
}

/** How far a device is told that the log goes. Of a shredded room the shred alone is left, and it is for who was removed, too: nothing else tells them that. SPEC.md [L4]. */
function headFor({ headSeq, membership }: { headSeq: number; membership: Membership }, deviceId: string): number {
  return membership.shredded ? headSeq : Math.min(headSeq, readableThrough(membership, deviceId));
}

function isTooMuch(envelopes: readonly Bytes[]): boolean {
  return envelopes.length > limits.pushEnvelopes || envelopes.reduce((sum, { length }) => sum + length, 0) > limits.pushBytes;
}

function readSignature(text: string): Bytes | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}
