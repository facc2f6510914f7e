import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fromBase64Url, fromHex, toBase64Url, toHex, type Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { Role } from "#protocol/control.ts";
import { deviceIdInput } from "#protocol/record.ts";
import {
  addDeviceBody,
  addMemberBody,
  createTestAuthor,
  seen,
  createTestDevice,
  genesisBody,
  removeBody,
  randomBytes,
  randomId,
  type TestAuthor,
} from "../test/support/envelopes.ts";
import {
  createTestRoom,
  createTestService,
  draftRoom,
  openTestSession,
  proofFor,
  valueOf,
  type TestRoom,
} from "../test/support/relay-world.ts";
import { emptyTestDatabase } from "../test/support/test-database.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createRelay, type Relay } from "./relay.ts";
import { createMemoryStorage } from "./storage/memory.ts";
import { openPostgresStorage } from "./storage/postgres.ts";
import { openSqliteStorage } from "./storage/sqlite.ts";
import type { RelayStorage, WriteTx } from "./storage/storage.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-"));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true }));

describe.each<[string, () => RelayStorage | Promise<RelayStorage>]>([
  ["memory", () => createMemoryStorage()],
  ["sqlite", () => openSqliteStorage(join(folder, `${++files}.sqlite`))],
  ["postgres", async () => (await openPostgresStorage(await emptyTestDatabase(), { processId: randomId() })).storage],
])("relay on %s", (_name, openStorage) => {
  let storage: RelayStorage;
  let relay: Relay;
  let now: number;
  let code: string;
  let faults: unknown[];
  let commits: number;
  let room: TestRoom & { service: Awaited<ReturnType<typeof createTestService>> };
  let session: string;

  const clock = () => now;

  beforeEach(async () => {
    now = Date.UTC(2026, 7, 17, 9);
    faults = [];
    commits = 0;
    storage = await openStorage();
    code = await issueEnrolmentCode(storage, { clock, randomBytes });
    const counted: RelayStorage = {
      ...storage,
      write: (work) => {
        commits++;
        return storage.write(work);
      },
    };
    relay = createRelay({ storage: counted, clock, randomBytes, defer: setImmediate, onFault: (error) => faults.push(error) });
    room = await createTestRoom(relay, code);
    session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
  });

  afterEach(async () => {
    await relay.close();
    await storage.close();
    expect(faults).toEqual([]);
  });

  const push = async (...envelopes: Bytes[]) => valueOf(await relay.push(session, room.roomId, envelopes));
  const log = async (after = 0, token = session) => valueOf(await relay.log(token, room.roomId, after, 1));

  const addToRoom = async (role: Role): Promise<TestAuthor> => {
    const device = await createTestDevice();
    const head = (await storage.rooms([room.roomId])).get(room.roomId)!.membership.controlHead;
    valueOf(await relay.control(session, room.roomId, await room.author.control(addMemberBody(head, device.as(role)))));
    return createTestAuthor(device, room.roomId);
  };

  describe("push", () => {
    test("[R1] [L1] envelopes get the numbers after the genesis and come back byte for byte", async () => {
      const envelopes = [await room.author.update(), await room.author.heartbeat(), await room.author.update()];
      expect(await push(...envelopes)).toEqual({ seqs: [2, 3, 4], refused: null });
      const all = [room.genesis, ...envelopes];
      expect(await log()).toEqual({ logGen: 1, headSeq: 4, page: all.map((bytes, index) => ({ seq: index + 1, bytes })) });
      expect((await log(3)).page.map(({ seq }) => seq)).toEqual([4]);
    });

    test("[R2] the same envelope again gets the same number, alone, in a mixed push and in two pushes at once", async () => {
      const [first, second, third] = [await room.author.update(), await room.author.update(), await room.author.update()];
      await push(first);
      expect(await push(first)).toEqual({ seqs: [2], refused: null });
      expect(await push(first, second)).toEqual({ seqs: [2, 3], refused: null });
      const [one, other] = await Promise.all([push(third), push(third)]);
      expect([one.seqs, other.seqs]).toEqual([[4], [4]]);
      expect((await log()).headSeq).toBe(4);
    });

    test("[R3] other bytes under a used counter are ctrReused, a counter too far on is a gap", async () => {
      const first = await room.author.update();
      await push(first);
      room.author.back();
      expect(await push(await room.author.update())).toEqual({ seqs: [], refused: { type: "ctrReused", expected: 3, stored: toBase64Url(first) } });
      room.author.back();
      expect(await push(await room.author.update({ ctr: 9 }))).toEqual({ seqs: [], refused: { type: "gap", expected: 3 } });
    });

    test("[E6] the next counter on another chain is refused", async () => {
      const envelope = await room.author.update({ prev: fromHex("77".repeat(32)) });
      expect((await push(envelope)).refused).toEqual({ type: "ctrReused", expected: 2, stored: toBase64Url(room.genesis) });
    });

    test("[R3] nothing after the first refusal is looked at", async () => {
      const [first, lost, third] = [await room.author.update(), await room.author.update(), await room.author.update()];
      expect(await push(first, third, lost)).toEqual({ seqs: [2], refused: { type: "gap", expected: 3 } });
      expect((await log()).headSeq).toBe(2);
      expect(await push(lost, third)).toEqual({ seqs: [3, 4], refused: null });
    });

    test("[R3] what cannot be read stops a push as well", async () => {
      const [first, second] = [await room.author.update(), await room.author.update()];
      expect(await push(first, randomBytes(300), second)).toEqual({ seqs: [2], refused: { type: "malformed" } });
      expect((await log()).headSeq).toBe(2);
    });

    test("[R1] a signature that is not the author's is refused, and what was before it is kept", async () => {
      const [first, second] = [await room.author.update(), await room.author.update()];
      second[second.length - 1]! ^= 1;
      expect(await push(first, second)).toEqual({ seqs: [2], refused: { type: "badSignature" } });
      expect((await log()).headSeq).toBe(2);
    });

    test("[R3] behind a wrong signature few are checked, and none where it stands at the end of a run", async () => {
      const envelopes: Bytes[] = [];
      for (let i = 0; i < 100; i++) envelopes.push(await room.author.update());
      const verify = vi.spyOn(crypto.subtle, "verify");
      try {
        for (const wrong of [0, 31, 32]) {
          const broken = envelopes.map((bytes, index) => (index === wrong ? bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)) : bytes));
          verify.mockClear();
          const { seqs, refused } = await push(...broken);
          expect([seqs.length, refused, verify.mock.calls.length]).toEqual([wrong, { type: "badSignature" }, wrong < 32 ? 32 : 64]);
        }
      } finally {
        verify.mockRestore();
      }
      expect((await push(...envelopes)).seqs).toHaveLength(100);
    });

    test("[R1] a change of any other byte is seen by the signature", async () => {
      const envelope = await room.author.update();
      envelope[envelope.length - 100]! ^= 1;
      expect((await push(envelope)).refused).toEqual({ type: "badSignature" });
    });

    test("[R1] who is no member stores nothing, whatever session carries it", async () => {
      const stranger = createTestAuthor(await createTestDevice(), room.roomId);
      expect(await push(await stranger.update())).toEqual({ seqs: [], refused: { type: "notMember" } });
    });

    test("[R1] [C4] a principal reads and beats but writes no updates; a sosiallærer writes", async () => {
      const planRoom = await draftRoom(room.service, "plan");
      valueOf(await relay.createRoom(room.service.token, planRoom.genesis));
      const [principal, teacher] = [await createTestDevice(), await createTestDevice()];
      const roomId = planRoom.roomId;
      const maker = await openTestSession(relay, { roomId, device: planRoom.author.device });
      for (const [device, role] of [[principal, "principal"], [teacher, "socialTeacher"]] as const) {
        const body = addMemberBody(planRoom.author.tip(), device.as(role));
        valueOf(await relay.control(maker, roomId, await planRoom.author.control(body)));
      }
      const asPrincipal = createTestAuthor(principal, roomId);
      const reader = await openTestSession(relay, { roomId, device: principal });
      expect(valueOf(await relay.push(reader, roomId, [await asPrincipal.update()])).refused).toEqual({ type: "forbidden" });
      asPrincipal.back();
      expect(valueOf(await relay.push(reader, roomId, [await asPrincipal.heartbeat()])).seqs).toEqual([4]);
      const asTeacher = createTestAuthor(teacher, roomId);
      expect(valueOf(await relay.push(maker, roomId, [await asTeacher.update()])).seqs).toEqual([5]);
      expect(valueOf(await relay.log(reader, roomId, 0, 1)).page).toHaveLength(5);
    });

    test("[R1] another epoch than the room's is stale", async () => {
      expect((await push(await room.author.update({ epoch: 2 }))).refused).toEqual({ type: "staleEpoch" });
    });

    test("[R4] control and presence do not come by push", async () => {
      const member = (await createTestDevice()).as("socialTeacher");
      expect((await push(await room.author.control(addMemberBody(room.genesisId, member)))).refused).toEqual({ type: "malformed" });
      room.author.back();
      expect((await push(await room.author.presence())).refused).toEqual({ type: "malformed" });
    });

    test("[R4] another generation of the log is refused with the right one, for writing and reading", async () => {
      expect((await push(await room.author.update({ logGen: 2 }))).refused).toEqual({ type: "otherLogGen", logGen: 1, generations: [{ logGen: 1, fromSeq: 0 }] });
      expect(await relay.log(session, room.roomId, 0, 2)).toEqual({ ok: false, refusal: { type: "otherLogGen", logGen: 1, generations: [{ logGen: 1, fromSeq: 0 }] } });
    });

    test("[R9] an author cannot have seen what has no number yet, nor what comes with it", async () => {
      const first = await room.author.update(await seen(room.roomId, [{ bytes: room.genesis }]));
      const both = await seen(room.roomId, [{ bytes: room.genesis }, { bytes: first }]);
      expect(await push(first, await room.author.update(both))).toEqual({ seqs: [2], refused: { type: "forked" } });
      room.author.back();
      expect((await push(await room.author.update({ ...both, seenSeq: 3 }))).refused).toEqual({ type: "forked" });
      room.author.back();
      expect((await push(await room.author.update(both))).seqs).toEqual([3]);
    });

    test("[R9] what an author says to have seen must be this log, in an update, a heartbeat and a control record", async () => {
      await push(await room.author.update());
      const page = (await log()).page.filter((entry) => "bytes" in entry);
      const now = await seen(room.roomId, page);
      const wrong = [
        { ...now, seenAcc: new Uint8Array(32) },
        { ...now, seenSeq: 1 },
        { seenSeq: 0, seenAcc: now.seenAcc },
      ];
      for (const claim of wrong) {
        expect((await push(await room.author.update(claim))).refused).toEqual({ type: "forked" });
        room.author.back();
        expect((await push(await room.author.heartbeat(claim))).refused).toEqual({ type: "forked" });
        room.author.back();
        const body = addMemberBody(room.genesisId, (await createTestDevice()).as("socialTeacher"));
        expect(await relay.control(session, room.roomId, await room.author.control(body, claim))).toMatchObject({ refusal: { type: "forked" } });
        room.author.back();
      }
      expect((await push(await room.author.update(now), await room.author.update(await seen(room.roomId, page.slice(0, 1))))).seqs).toEqual([3, 4]);
    });

    test("[E1] [E2] [R9] what is broken, of another room or of a later version is not numbered", async () => {
      const envelope = await room.author.update();
      const cut = envelope.slice(0, -1);
      const elsewhere = await createTestAuthor(room.author.device, randomId()).update();
      const later = envelope.slice();
      later[3] = 2;
      expect((await push(cut)).refused).toEqual({ type: "malformed" });
      expect((await push(elsewhere)).refused).toEqual({ type: "malformed" });
      expect((await push(later)).refused).toEqual({ type: "unknownAction" });
      expect((await push(new Uint8Array(limits.envelopeBytes + 1))).refused).toEqual({ type: "tooLarge" });
      expect((await log()).headSeq).toBe(1);
    });

    test("[R1] too many envelopes or bytes in one push are refused whole", async () => {
      const many = Array.from({ length: limits.pushEnvelopes + 1 }, () => new Uint8Array(1));
      const heavy = Array.from({ length: 9 }, () => new Uint8Array(limits.envelopeBytes));
      for (const envelopes of [many, heavy]) {
        expect(await relay.push(session, room.roomId, envelopes)).toEqual({ ok: false, refusal: { type: "tooLarge" } });
      }
    });

    test("[R1] requests that arrive together share a commit or two, and each gets its own numbers", async () => {
      const envelopes: Bytes[] = [];
      for (let i = 0; i < 50; i++) envelopes.push(await room.author.update());
      const others = await Promise.all(Array.from({ length: 10 }, () => draftRoom(room.service)));
      const before = commits;
      const [mine, made] = await Promise.all([
        push(...envelopes),
        Promise.all(others.map(async ({ genesis }) => valueOf(await relay.createRoom(room.service.token, genesis)).seq)),
      ]);
      expect(mine.seqs).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
      expect(made).toEqual(Array.from({ length: 10 }, () => 1));
      expect(commits - before).toBeLessThan(6);
    });

    test("[R1] pushes of many authors at once number the room without a hole", async () => {
      const authors = [room.author, await addToRoom("socialTeacher"), await addToRoom("consultant")];
      const pushes: Promise<{ seqs: number[] }>[] = [];
      for (const author of authors) pushes.push(push(await author.update(), await author.update()));
      const seqs = (await Promise.all(pushes)).flatMap((answer) => answer.seqs);
      expect(seqs.toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9]);
    });
  });

  describe("rooms and control", () => {
    test("[R5] a genesis again is answered the same, another one under its id is not", async () => {
      expect(await relay.createRoom(room.service.token, room.genesis)).toEqual({ ok: true, value: { seq: 1, logGen: 1 } });
      const rival = await draftRoom(room.service, "school", room.roomId);
      expect(await relay.createRoom(room.service.token, rival.genesis)).toEqual({ ok: false, refusal: { type: "roomExists" } });
    });

    test("[R5] of two rivals for a room id at the same moment one is served", async () => {
      const roomId = randomId();
      const rivals = await Promise.all([draftRoom(room.service, "school", roomId), draftRoom(room.service, "school", roomId)]);
      const answers = await Promise.all(rivals.map(({ genesis }) => relay.createRoom(room.service.token, genesis)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("[R5] a room needs the token of its own service", async () => {
      const other = await createTestService();
      const forbidden = { ok: false, refusal: { type: "forbidden" } };
      const drafted = await draftRoom(room.service);
      expect(await relay.createRoom(other.token, drafted.genesis)).toEqual(forbidden);
      expect(await relay.createRoom(new Uint8Array(0), drafted.genesis)).toEqual(forbidden);
      expect(await relay.createRoom(other.token, (await draftRoom(other)).genesis)).toEqual(forbidden);
      expect(valueOf(await relay.createRoom(room.service.token, drafted.genesis)).seq).toBe(1);
    });

    test("[R5] where the service has a room of its own, the token alone makes no other: that takes a consultant of that room", async () => {
      const { token, serviceId } = room.service;
      const forbidden = { ok: false, refusal: { type: "forbidden" } };
      const own = await draftRoom(room.service, "service", serviceId);
      valueOf(await relay.createRoom(token, own.genesis));
      const { device } = own.author;
      const consultant = await openTestSession(relay, { roomId: serviceId, device });
      const colleague = await createTestDevice();
      valueOf(await relay.control(consultant, serviceId, await own.author.control(addMemberBody(own.genesisId, colleague.as("consultant")))));
      const kept = await openTestSession(relay, { roomId: serviceId, device: colleague });
      const [first, second, third] = await Promise.all([draftRoom(room.service), draftRoom(room.service), draftRoom(room.service)]);

      expect(await relay.createRoom(token, first.genesis)).toEqual(forbidden);
      expect(await relay.createRoom(token, first.genesis, session)).toEqual({ ok: false, refusal: { type: "notMember" } });
      expect(await relay.createRoom(token, first.genesis, "made-up")).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
      valueOf(await relay.createRoom(token, first.genesis, consultant));
      valueOf(await relay.createRoom(token, second.genesis, kept));
      // The answer may have been lost: it is given again, also to who has no session.
      valueOf(await relay.createRoom(token, own.genesis));
      valueOf(await relay.createRoom(token, first.genesis));

      valueOf(await relay.control(consultant, serviceId, await own.author.control(removeBody(own.author.tip(), [{ deviceId: colleague.deviceId, cut: 0, fence: 0 }], [device.deviceId]), { epoch: 2 })));
      expect(await relay.createRoom(token, third.genesis, kept)).toEqual(forbidden);
      const again = await openTestSession(relay, { roomId: serviceId, device: colleague });
      expect(await relay.createRoom(token, third.genesis, again)).toEqual(forbidden);
    });

    test("[C2] a genesis by another than its first member, or signed by another, makes no room", async () => {
      const [device, other] = [await createTestDevice(), await createTestDevice()];
      const body = genesisBody("school", room.service.serviceId, [other.as("consultant")]);
      const byAnother = await createTestAuthor(device, randomId()).control(body);
      expect(await relay.createRoom(room.service.token, byAnother)).toEqual({ ok: false, refusal: { type: "notMember" } });
      const withRecovery = genesisBody("school", room.service.serviceId, [device.as("consultant"), other.as("recovery")]);
      const right = await createTestAuthor(device, randomId()).control(withRecovery);
      expect(valueOf(await relay.createRoom(room.service.token, right)).seq).toBe(1);
      const early = await createTestAuthor(device, randomId()).control(withRecovery, { seenSeq: 3 });
      expect(await relay.createRoom(room.service.token, early)).toEqual({ ok: false, refusal: { type: "forked" } });
    });

    test("[K3] a device whose id is not the hash of its keys is not brought in", async () => {
      const [device, other] = [await createTestDevice(), await createTestDevice()];
      const swapped = { ...device.as("socialTeacher"), leaf: { ...device.leaf, kem: other.leaf.kem } };
      const control = await room.author.control(addMemberBody(room.genesisId, swapped));
      expect(await relay.control(session, room.roomId, control)).toEqual({ ok: false, refusal: { type: "malformed" } });
    });

    test("[K3] a device whose keys are no points of the curve is not brought in", async () => {
      const offCurve = Uint8Array.of(4, ...new Uint8Array(64).fill(1));
      const { leaf } = await createTestDevice();
      for (const half of ["sign", "kem"] as const) {
        const broken = { ...leaf, [half]: toBase64Url(offCurve) };
        const input = deviceIdInput(fromBase64Url(broken.sign), fromBase64Url(broken.kem));
        const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", input));
        const deviceId = toHex(hash.subarray(0, 16));
        const member = { memberId: randomId(), role: "socialTeacher", deviceId, leaf: broken } as const;
        const control = await room.author.control(addMemberBody(room.genesisId, member));
        expect(await relay.control(session, room.roomId, control)).toEqual({ ok: false, refusal: { type: "malformed" } });
        room.author.back();
      }
    });

    test("[E6] a control record continues its author's chain, and a genesis begins one", async () => {
      const member = (await createTestDevice()).as("socialTeacher");
      const prev = fromHex("77".repeat(32));
      const record = await room.author.control(addMemberBody(room.genesisId, member), { prev });
      expect(await relay.control(session, room.roomId, record)).toEqual({ ok: false, refusal: { type: "ctrReused", expected: 2, stored: toBase64Url(room.genesis) } });
      room.author.back();
      const far = await room.author.control(addMemberBody(room.genesisId, member), { ctr: 3 });
      expect(await relay.control(session, room.roomId, far)).toEqual({ ok: false, refusal: { type: "gap", expected: 2 } });
      const device = await createTestDevice();
      const body = genesisBody("school", room.service.serviceId, [device.as("consultant")]);
      const genesis = await createTestAuthor(device, randomId()).control(body, { prev });
      expect(await relay.createRoom(room.service.token, genesis)).toEqual({ ok: false, refusal: { type: "ctrReused", expected: 1 } });
    });

    test("[R5] the door for new rooms takes a genesis and nothing else", async () => {
      const malformed = { ok: false, refusal: { type: "malformed" } };
      const member = (await createTestDevice()).as("socialTeacher");
      const record = await room.author.control(addMemberBody(room.genesisId, member));
      expect(await relay.createRoom(room.service.token, record)).toEqual(malformed);
      room.author.back();
      expect(await relay.createRoom(room.service.token, await room.author.update())).toEqual(malformed);
    });

    test("[C1] a new member reads from the first envelope and writes", async () => {
      const teacher = await addToRoom("socialTeacher");
      const token = await openTestSession(relay, { roomId: room.roomId, device: teacher.device });
      expect((await log(0, token)).page).toHaveLength(2);
      expect(valueOf(await relay.push(token, room.roomId, [await teacher.update()])).seqs).toEqual([3]);
    });

    test("[C3] a control record that does not name the newest one is stale; the same one again is not", async () => {
      const member = async () => (await createTestDevice()).as("socialTeacher");
      const first = await room.author.control(addMemberBody(room.genesisId, await member()));
      expect(await relay.control(session, room.roomId, first)).toEqual({ ok: true, value: { seq: 2 } });
      expect(await relay.control(session, room.roomId, first)).toEqual({ ok: true, value: { seq: 2 } });
      const late = await room.author.control(addMemberBody(room.genesisId, await member()));
      expect(await relay.control(session, room.roomId, late)).toEqual({ ok: false, refusal: { type: "staleControl" } });
    });

    test("[C3] of two control records at the same moment one is numbered", async () => {
      const colleague = await addToRoom("consultant");
      const head = room.author.tip();
      const make = async (author: TestAuthor) =>
        author.control(addMemberBody(head, (await createTestDevice()).as("socialTeacher")));
      const records = [await make(room.author), await make(colleague)];
      const answers = await Promise.all(records.map((record) => relay.control(session, room.roomId, record)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect((await log()).headSeq).toBe(3);
    });

    test("[C4] a sosiallærer adds nobody, and a role outside the room's kind is not added", async () => {
      const teacher = await addToRoom("socialTeacher");
      const forbidden = { ok: false, refusal: { type: "forbidden" } };
      const head = room.author.tip();
      const byTeacher = await teacher.control(addMemberBody(head, (await createTestDevice()).as("socialTeacher")));
      expect(await relay.control(session, room.roomId, byTeacher)).toEqual(forbidden);
      const lead = await room.author.control(addMemberBody(head, (await createTestDevice()).as("serviceLead")));
      expect(await relay.control(session, room.roomId, lead)).toEqual(forbidden);
    });

    describe("a removal that somebody gets ahead of", () => {
      /** As a client makes it: from what it has read. @param meanwhile what comes before it at the relay */
      const tryRemove = async ({ device }: TestAuthor, meanwhile: () => Promise<unknown>, author = room.author) => {
        const { controlHead, devices, epoch } = (await storage.rooms([room.roomId])).get(room.roomId)!.membership;
        const cut = await lastCtrOf(device.deviceId);
        const left = Object.keys(devices).filter((deviceId) => deviceId !== device.deviceId);
        const record = await author.control(removeBody(controlHead, [{ deviceId: device.deviceId, cut, fence: cut }], left), { epoch: epoch + 1 });
        await meanwhile();
        const answer = await relay.control(session, room.roomId, record);
        if (!answer.ok) author.back();
        return answer;
      };
      const lastCtrOf = async (deviceId: string) =>
        (await storage.write((tx) => tx.chainHeads(room.roomId, [deviceId]))).get(deviceId)?.ctr ?? 0;
      const busyFor = (retryAfterMs: number) => ({ type: "busy", retryAfterMs });
      const sessionOf = ({ device }: TestAuthor) => openTestSession(relay, { roomId: room.roomId, device });

      test("[R16] a device that pushes before each try is removed at the second", async () => {
        const thief = await addToRoom("socialTeacher");
        const token = await sessionOf(thief);
        let refused: unknown = null;
        const pushAgain = async () => {
          const answer = valueOf(await relay.push(token, room.roomId, [await thief.update()]));
          refused = answer.refused;
          if (answer.seqs.length === 0) thief.back();
        };
        expect(await tryRemove(thief, pushAgain)).toEqual({ ok: false, refusal: { type: "staleCut" } });
        expect((await tryRemove(thief, pushAgain)).ok).toBe(true);
        expect(refused).toEqual(busyFor(20_000));
        await pushAgain();
        expect(refused).toEqual({ type: "notMember" });
      });

      test("[R16] one that pushes without a pause, with its session and its token, is removed at the third try at the latest", async () => {
        const thief = await addToRoom("socialTeacher");
        const token = await sessionOf(thief);
        const { token: pushToken } = valueOf(await relay.pushToken(token));
        let isOver = false;
        let pushed = 0;
        const loop = (async () => {
          for (let i = 0; !isOver; i++) {
            const envelopes = [await thief.update()];
            const answer = await (i % 2 === 0 ? relay.push(token, room.roomId, envelopes) : relay.pushByToken(pushToken, room.roomId, envelopes));
            if (answer.ok && answer.value.seqs.length > 0) pushed++;
            else thief.back();
          }
        })();
        await expect.poll(() => pushed).toBeGreaterThan(3);
        let tries = 1;
        while (!(await tryRemove(thief, async () => undefined)).ok) tries++;
        isOver = true;
        await loop;
        expect(tries).toBeLessThan(4);
      });

      test("[R16] one that makes control records before each try is removed at the second", async () => {
        const thief = await addToRoom("consultant");
        const addAgain = async () => {
          const { controlHead } = (await storage.rooms([room.roomId])).get(room.roomId)!.membership;
          const answer = await relay.control(session, room.roomId, await thief.control(addMemberBody(controlHead, (await createTestDevice()).as("socialTeacher"))));
          if (!answer.ok) thief.back();
          return answer;
        };
        expect(await tryRemove(thief, addAgain)).toEqual({ ok: false, refusal: { type: "staleControl" } });
        expect(await addAgain()).toEqual({ ok: false, refusal: busyFor(20_000) });
        expect((await tryRemove(thief, addAgain)).ok).toBe(true);
      });

      test("[R16] nobody else is held, and who is named no longer than twenty seconds", async () => {
        const [named, colleague] = [await addToRoom("socialTeacher"), await addToRoom("socialTeacher")];
        await tryRemove(named, async () => push(await named.update()));
        const second = await named.update();
        expect((await push(second)).refused).toEqual(busyFor(20_000));
        expect((await push(await colleague.update(), await room.author.update())).refused).toBeNull();
        now += 15_000;
        expect((await push(second)).refused).toEqual(busyFor(5000));
        now += 5000;
        expect((await push(second)).refused).toBeNull();
      });

      test("[R16] [C9] a removal of one's own device holds nobody, nor does one that its author may not make", async () => {
        const teacher = await addToRoom("socialTeacher");
        const { controlHead, devices } = (await storage.rooms([room.roomId])).get(room.roomId)!.membership;
        const own = await createTestDevice();
        const { memberId } = devices[teacher.device.deviceId]!;
        valueOf(await relay.control(session, room.roomId, await teacher.control(addDeviceBody(controlHead, { ...own.as("socialTeacher"), memberId }))));
        const second = createTestAuthor(own, room.roomId);
        const remove = () => tryRemove(second, async () => push(await second.update()), teacher);
        expect(await remove()).toEqual({ ok: false, refusal: { type: "staleCut" } });
        expect((await push(await second.update())).refused).toBeNull();
        expect(await tryRemove(room.author, async () => undefined, teacher)).toEqual({ ok: false, refusal: { type: "forbidden" } });
        expect((await push(await room.author.update())).refused).toBeNull();
      });
    });

    test("[C7] an action of a later version is told apart from a broken one; updates have no place here", async () => {
      const later = { action: "celebrate", previousControl: room.genesisId } as unknown as Parameters<TestAuthor["control"]>[0];
      expect(await relay.control(session, room.roomId, await room.author.control(later))).toEqual({
        ok: false,
        refusal: { type: "unknownAction" },
      });
      room.author.back();
      expect(await relay.control(session, room.roomId, await room.author.update())).toEqual({
        ok: false,
        refusal: { type: "malformed" },
      });
      room.author.back();
      expect(await relay.control(session, room.roomId, room.genesis)).toEqual({ ok: true, value: { seq: 1 } });
    });
  });

  describe("enrolment", () => {
    const request = ({ serviceId, tokenHash }: { serviceId: string; tokenHash: string }, text = code) => ({
      code: text,
      serviceId,
      tokenHash,
    });

    test("[R5] a code makes one service; its maker is answered the same again", async () => {
      expect(await relay.registerService(request(room.service))).toEqual({ ok: true, value: null });
      const used = { ok: false, refusal: { type: "codeUsed" } };
      const other = await createTestService();
      expect(await relay.registerService(request(other))).toEqual(used);
      expect(await relay.registerService(request({ ...other, serviceId: room.service.serviceId }))).toEqual(used);
      expect(await relay.registerService(request(other, "AAAA-BBBB-CCCC"))).toEqual({
        ok: false,
        refusal: { type: "codeUnknown" },
      });
    });

    test("[R5] a service is not taken over with another code", async () => {
      const second = await issueEnrolmentCode(storage, { clock, randomBytes });
      const thief = { ...(await createTestService()), serviceId: room.service.serviceId };
      expect(await relay.registerService(request(thief, second))).toEqual({ ok: false, refusal: { type: "forbidden" } });
    });

    test("[R5] a code is three groups of four and is read as people write it", async () => {
      const typed = await issueEnrolmentCode(storage, { clock, randomBytes });
      expect(typed).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
      const careless = ` ${typed.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")}`;
      expect(await relay.registerService(request(await createTestService(), careless))).toEqual({ ok: true, value: null });
    });
  });

  describe("sessions", () => {
    const open = async (device = room.author.device, roomId = room.roomId) => {
      const { challenge } = valueOf(await relay.challenge());
      return { challenge, proofs: [await proofFor(challenge, roomId, device)] };
    };

    test("[R6] a session covers the rooms whose proof was right and says how far their logs have come", async () => {
      await push(await room.author.update());
      const { challenge, proofs } = await open();
      const stranger = await createTestDevice();
      const second = await draftRoom(room.service);
      valueOf(await relay.createRoom(room.service.token, second.genesis));
      const third = await draftRoom(room.service);
      valueOf(await relay.createRoom(room.service.token, third.genesis));
      const wrong = { ...(await proofFor(challenge, second.roomId, second.author.device)), roomId: third.roomId };
      const answer = valueOf(
        await relay.openSession({
          challenge,
          proofs: [
            ...proofs,
            await proofFor(challenge, second.roomId, stranger),
            { ...wrong, deviceId: third.author.device.deviceId },
            await proofFor(challenge, randomId(), stranger),
          ],
        }),
      );
      expect(answer.rooms).toEqual([{ roomId: room.roomId, logGen: 1, headSeq: 2 }]);
      expect(answer.refused.map(({ refusal }) => refusal.type)).toEqual(["notMember", "badSignature", "roomUnknown"]);
      expect(answer.expiresInMs).toBe(limits.sessionMs);
      for (const roomId of [second.roomId, third.roomId]) {
        expect(await relay.log(answer.token, roomId, 0, 1)).toEqual({ ok: false, refusal: { type: "notMember" } });
      }
    });

    test("[R6] a room is proved once in a request", async () => {
      const { challenge, proofs } = await open();
      expect(await relay.openSession({ challenge, proofs: [...proofs, ...proofs] })).toEqual({ ok: false, refusal: { type: "malformed" } });
      const stranger = await createTestDevice();
      expect(await relay.openSession({ challenge, proofs: [...proofs, await proofFor(challenge, room.roomId, stranger)] })).toEqual({ ok: false, refusal: { type: "malformed" } });
    });

    test("[R6] no token, a made-up one and one over no room open nothing", async () => {
      const { challenge, proofs } = await open(await createTestDevice());
      const empty = valueOf(await relay.openSession({ challenge, proofs }));
      const expired = { ok: false, refusal: { type: "sessionExpired" } };
      for (const token of ["", toBase64Url(randomBytes(32)), empty.token]) {
        expect(await relay.log(token, room.roomId, 0, 1)).toEqual(expired);
        expect(await relay.push(token, room.roomId, [await room.author.update()])).toEqual(expired);
        room.author.back();
        expect(await relay.live(token, { record: () => undefined, presence: () => undefined, ended: () => undefined })).toEqual(expired);
      }
    });

    test("[R6] a device that is a member no more reads and stores nothing, though its session still runs", async () => {
      const { membership } = (await storage.rooms([room.roomId])).get(room.roomId)!;
      await storage.write((tx) => tx.setMembership(room.roomId, { ...membership, devices: {} }));
      expect(await relay.log(session, room.roomId, 0, 1)).toEqual({ ok: false, refusal: { type: "notMember" } });
      expect((await push(await room.author.update())).refused).toEqual({ type: "notMember" });
    });

    test("[R6] a session ends after its fifteen minutes", async () => {
      now += limits.sessionMs - 1;
      expect((await relay.log(session, room.roomId, 0, 1)).ok).toBe(true);
      now += 1;
      expect(await relay.log(session, room.roomId, 0, 1)).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
      await relay.sweep();
    });

    test("[R6] a challenge is this database's own and young", async () => {
      const expired = { ok: false, refusal: { type: "sessionExpired" } };
      const old = await open();
      now += limits.challengeMs + 1;
      expect(await relay.openSession(old)).toEqual(expired);
      const forged = await open();
      const first = forged.challenge.startsWith("A") ? "B" : "A";
      expect(await relay.openSession({ ...forged, challenge: first + forged.challenge.slice(1) })).toEqual(expired);
      expect(await relay.openSession({ ...forged, challenge: "A" })).toEqual(expired);
      const elsewhere = createRelay({ storage: createMemoryStorage(), clock, randomBytes });
      expect(await elsewhere.openSession(forged)).toEqual(expired);
      expect(valueOf(await relay.openSession(forged)).rooms).toHaveLength(1);
    });

    test("[R6] a challenge and a session outlive the process that gave them, until they are over", async () => {
      const request = await open();
      const next = createRelay({ storage, clock, randomBytes, onFault: (error) => faults.push(error) });
      expect(valueOf(await next.push(session, room.roomId, [await room.author.update()])).seqs).toEqual([2]);
      const { token } = valueOf(await next.openSession(request));
      expect((await log(1, token)).headSeq).toBe(2);
      now += limits.sessionMs;
      const last = createRelay({ storage, clock, randomBytes, onFault: (error) => faults.push(error) });
      expect(await last.log(token, room.roomId, 0, 1)).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
      await last.sweep();
      now -= limits.sessionMs;
      expect(await last.log(token, room.roomId, 0, 1)).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
    });

    test("[R6] a room that its device may not read any more is in no session that is opened at the same time", async () => {
      const leaving = await addToRoom("socialTeacher");
      const { challenge } = valueOf(await relay.challenge());
      const proofs = [await proofFor(challenge, room.roomId, leaving.device)];
      const { membership } = (await storage.rooms([room.roomId])).get(room.roomId)!;
      const { [leaving.device.deviceId]: _gone, ...devices } = membership.devices;
      const isLocked = Promise.withResolvers<void>();
      const opening = Promise.withResolvers<void>();
      const removal = storage.write(async (tx) => {
        await tx.lockRoom(room.roomId);
        isLocked.resolve();
        await opening.promise;
        await tx.setMembership(room.roomId, { ...membership, devices });
      });
      await isLocked.promise;
      const isChecked = Promise.withResolvers<void>();
      const watched: RelayStorage = {
        ...storage,
        write: (work) => {
          isChecked.resolve();
          return storage.write(work);
        },
      };
      const answer = createRelay({ storage: watched, clock, randomBytes }).openSession({ challenge, proofs });
      // The proofs were right by the membership that still is; what is left is to store the session.
      await isChecked.promise;
      opening.resolve();
      await removal;
      expect(valueOf(await answer)).toMatchObject({ rooms: [], refused: [{ roomId: room.roomId, refusal: { type: "notMember" } }] });
    });

    describe("a push-only token", () => {
      const pushToken = async (of = session) => valueOf(await relay.pushToken(of)).token;
      const removeFromRoom = async ({ device }: TestAuthor, cut: number) => {
        const { controlHead, devices } = (await storage.rooms([room.roomId])).get(room.roomId)!.membership;
        const left = Object.keys(devices).filter((deviceId) => deviceId !== device.deviceId);
        const body = removeBody(controlHead, [{ deviceId: device.deviceId, cut, fence: cut }], left);
        valueOf(await relay.control(session, room.roomId, await room.author.control(body, { epoch: 2 })));
      };

      test("[U1] [U2] takes what its device has sealed, in order, and answers as any push", async () => {
        const { token, expiresInMs, rooms } = valueOf(await relay.pushToken(session));
        expect([expiresInMs, rooms]).toEqual([30 * 24 * 3_600_000, [room.roomId]]);
        const [first, second] = [await room.author.update(), await room.author.heartbeat()];
        expect(valueOf(await relay.pushByToken(token, room.roomId, [first]))).toEqual({ seqs: [2], refused: null });
        expect(valueOf(await relay.pushByToken(token, room.roomId, [first, second]))).toEqual({ seqs: [2, 3], refused: null });
        const stale = await room.author.update({ epoch: 2 });
        expect(valueOf(await relay.pushByToken(token, room.roomId, [stale]))).toEqual({ seqs: [], refused: { type: "staleEpoch" } });
        expect(await relay.admitsPush(token, room.roomId)).toEqual({ ok: true, value: null });
      });

      test("[U2] is no session: it reads nothing, hears nothing, changes nothing and tells nothing", async () => {
        const token = await pushToken();
        const { roomId, author } = room;
        const ended = { ok: false, refusal: { type: "sessionExpired" } };
        expect(await relay.log(token, roomId, 0, 1)).toEqual(ended);
        expect(await relay.live(token, { record: () => undefined, presence: () => undefined, ended: () => undefined })).toEqual(ended);
        expect(await relay.control(token, roomId, await author.update())).toEqual(ended);
        expect(await relay.presence(token, roomId, await author.presence())).toEqual(ended);
        expect(await relay.repair(token, roomId, [])).toEqual(ended);
        expect(await relay.push(token, roomId, [])).toEqual(ended);
        expect(await relay.pushToken(token)).toEqual(ended);
        expect(await relay.createInvite(token, { inviteId: randomId(), roomId, lifeMs: 1000, offer: "" })).toEqual(ended);
        expect(await relay.admits(token, roomId)).toEqual(ended);
        expect(await relay.pushByToken(session, roomId, [])).toEqual(ended);
      });

      test("[U2] is good for its own device's envelopes, in its own rooms", async () => {
        const colleague = await addToRoom("socialTeacher");
        const token = await pushToken(await openTestSession(relay, { roomId: room.roomId, device: colleague.device }));
        const mine = await colleague.update();
        expect(valueOf(await relay.pushByToken(token, room.roomId, [mine, await room.author.update()]))).toEqual({ seqs: [3], refused: { type: "forbidden" } });
        const elsewhere = await draftRoom(room.service);
        valueOf(await relay.createRoom(room.service.token, elsewhere.genesis));
        expect(await relay.pushByToken(token, elsewhere.roomId, [])).toEqual({ ok: false, refusal: { type: "notMember" } });
        const removed = await colleague.control(addMemberBody(room.genesisId, (await createTestDevice()).as("consultant")));
        expect(valueOf(await relay.pushByToken(token, room.roomId, [removed])).refused).toEqual({ type: "malformed" });
      });

      test("[U1] ends after thirty days, and when its device asks for another", async () => {
        const token = await pushToken();
        const next = await pushToken();
        expect(await relay.pushByToken(token, room.roomId, [])).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
        now += limits.pushTokenMs - 1;
        expect(valueOf(await relay.pushByToken(next, room.roomId, [await room.author.update()])).seqs).toEqual([2]);
        now += 1;
        expect(await relay.pushByToken(next, room.roomId, [])).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
        await relay.sweep();
        expect(await relay.admitsPush(next, room.roomId)).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
      });

      test("[U2] of a device that was removed is refused, and none is given to it", async () => {
        const leaving = await addToRoom("socialTeacher");
        const theirs = await openTestSession(relay, { roomId: room.roomId, device: leaving.device });
        const token = await pushToken(theirs);
        const written = await leaving.update();
        await removeFromRoom(leaving, 0);
        expect(await relay.pushByToken(token, room.roomId, [written])).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
        expect(valueOf(await relay.pushToken(theirs)).rooms).toEqual([]);
        expect((await log()).headSeq).toBe(3);
      });

      test("[U2] bounds what one push brings", async () => {
        const token = await pushToken();
        const many = Array.from({ length: limits.pushEnvelopes + 1 }, () => new Uint8Array(1));
        expect(await relay.pushByToken(token, room.roomId, many)).toEqual({ ok: false, refusal: { type: "tooLarge" } });
      });
    });

    test("with nowhere to store it a session is opened still, for this process", async () => {
      const full: RelayStorage = { ...storage, write: () => Promise.reject(new Error("disk full, on purpose")) };
      const told: unknown[] = [];
      const fragile = createRelay({ storage: full, clock, randomBytes, onFault: (error) => told.push(error) });
      const token = await openTestSession(fragile, { roomId: room.roomId, device: room.author.device });
      expect(valueOf(await fragile.log(token, room.roomId, 0, 1)).headSeq).toBe(1);
      expect(told).toHaveLength(1);
      expect(await relay.log(token, room.roomId, 0, 1)).toEqual({ ok: false, refusal: { type: "sessionExpired" } });
    });

    test("[R6] a proof is for one challenge, and a broken one is no proof", async () => {
      const { proofs } = await open();
      const { challenge } = valueOf(await relay.challenge());
      const answer = valueOf(await relay.openSession({ challenge, proofs }));
      expect(answer.refused).toEqual([{ roomId: room.roomId, refusal: { type: "badSignature" } }]);
      const broken = valueOf(await relay.openSession({ challenge, proofs: [{ ...proofs[0]!, signature: "A" }] }));
      expect(broken.refused).toEqual([{ roomId: room.roomId, refusal: { type: "badSignature" } }]);
    });
  });

  describe("live", () => {
    type Heard = { roomId: string; seq: number; bytes: Bytes };
    const listen = async (token = session) => {
      const heard: Heard[] = [];
      let endings = 0;
      const stream = valueOf(
        await relay.live(token, {
          record: (roomId, seq, bytes) => void heard.push({ roomId, seq, bytes }),
          presence: () => undefined,
          ended: () => void endings++,
        }),
      );
      return { heard, close: () => stream.close(), endings: () => endings };
    };

    test("[R7] each envelope comes after its commit, in order, to its own author too, and once", async () => {
      const { heard } = await listen();
      const stored: number[] = [];
      const second = await listen();
      const envelopes = [await room.author.update(), await room.author.update(), await room.author.update()];
      stored.push(...(await push(envelopes[0]!)).seqs, ...(await push(envelopes[0]!, envelopes[1]!, envelopes[2]!)).seqs);
      const expected = envelopes.map((bytes, index) => ({ roomId: room.roomId, seq: index + 2, bytes }));
      expect(heard).toEqual(expected);
      expect(second.heard).toEqual(expected);
      expect(stored).toEqual([2, 2, 3, 4]);
    });

    test("[R7] when a record is heard, its log already has it", async () => {
      const seen: Promise<(number | undefined)[]>[] = [];
      valueOf(
        await relay.live(session, {
          record: (roomId, seq) => void seen.push(storage.log(roomId, seq - 1, { maxBytes: 1, maxEnvelopes: 1 }).then((page) => [seq, page!.page[0]?.seq])),
          presence: () => undefined,
          ended: () => undefined,
        }),
      );
      await push(await room.author.update());
      await push(await room.author.update());
      expect(await Promise.all(seen)).toEqual([[2, 2], [3, 3]]);
    });

    test("[R7] control records are heard, other rooms are not", async () => {
      const { heard } = await listen();
      const other = await draftRoom(room.service);
      valueOf(await relay.createRoom(room.service.token, other.genesis));
      await addToRoom("socialTeacher");
      expect(heard.map(({ roomId, seq }) => [roomId, seq])).toEqual([[room.roomId, 2]]);
    });

    test("[R7] what came between session and stream is made known by its newest", async () => {
      const quiet = await listen();
      expect(quiet.heard).toEqual([]);
      await push(await room.author.update(), await room.author.update());
      const late = await listen();
      expect(late.heard.map(({ seq }) => seq)).toEqual([3]);
      await push(await room.author.update());
      expect(late.heard.map(({ seq }) => seq)).toEqual([3, 4]);
    });

    test("[R7] a closed stream is silent and is not told that it ended", async () => {
      const { heard, close, endings } = await listen();
      close();
      close();
      await push(await room.author.update());
      await relay.close();
      expect(heard).toEqual([]);
      expect(endings()).toBe(0);
    });

    test("[R6] a stream ends with its session, by the sweep or at the next record, and hears nothing more", async () => {
      const swept = await listen();
      now += limits.sessionMs;
      await relay.sweep();
      expect(swept.endings()).toBe(1);
      session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      const late = await listen();
      now += limits.sessionMs;
      session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      await push(await room.author.update());
      expect(late.endings()).toBe(1);
      expect(late.heard).toEqual([]);
    });

    test("[R7] a listener that throws is dropped and the others hear all", async () => {
      valueOf(
        await relay.live(session, {
          record: () => {
            throw new Error("thrown on purpose");
          },
          presence: () => undefined,
          ended: () => undefined,
        }),
      );
      const { heard } = await listen();
      await push(await room.author.update(), await room.author.update());
      expect(heard.map(({ seq }) => seq)).toEqual([2, 3]);
      expect(faults.splice(0)).toHaveLength(1);
    });

    test("closing the relay ends the streams, and then it is busy", async () => {
      const { endings } = await listen();
      await relay.close();
      await relay.close();
      expect(endings()).toBe(1);
      expect(await relay.challenge()).toEqual({ ok: false, refusal: { type: "busy", retryAfterMs: 2000 } });
    });
  });

  describe("presence", () => {
    type Heard = { roomId: string; bytes: Bytes };
    const hear = async (token: string) => {
      const heard: Heard[] = [];
      const records: number[] = [];
      const listener = {
        record: (_roomId: string, seq: number) => void records.push(seq),
        presence: (roomId: string, bytes: Bytes) => void heard.push({ roomId, bytes }),
        ended: () => undefined,
      };
      valueOf(await relay.live(token, listener));
      return { heard, records };
    };
    /** Someone else in the room, with a session. */
    const colleague = async (role: Role = "socialTeacher") => {
      const author = await addToRoom(role);
      return { author, token: await openTestSession(relay, { roomId: room.roomId, device: author.device }) };
    };
    const tell = (envelope: Bytes, token = session) => relay.presence(token, room.roomId, envelope);
    const refused = (type: string) => ({ ok: false, refusal: { type } });

    test("[N3] it comes to the room's other devices as it was sent, on each of their streams, and not to its own or to another room", async () => {
      const other = await colleague();
      const elsewhere = await draftRoom(room.service);
      valueOf(await relay.createRoom(room.service.token, elsewhere.genesis));
      const stranger = await openTestSession(relay, { roomId: elsewhere.roomId, device: elsewhere.author.device });
      const [first, second] = [await hear(other.token), await hear(other.token)];
      const [own, away] = [await hear(session), await hear(stranger)];
      const envelopes = [await room.author.presence(), await room.author.presence()];
      for (const envelope of envelopes) expect(await tell(envelope)).toEqual({ ok: true, value: null });
      const expected = envelopes.map((bytes) => ({ roomId: room.roomId, bytes }));
      expect([first.heard, second.heard, own.heard, away.heard]).toEqual([expected, expected, [], []]);
      expect(valueOf(await tell(await other.author.presence(), other.token))).toBeNull();
      expect([first.heard.length, own.heard.length]).toEqual([2, 1]);
    });

    test("[N3] it gets no number, no commit and no place on disk, and who comes later hears nothing of it", async () => {
      const other = await colleague();
      const before = await log();
      const commitsBefore = commits;
      for (let i = 0; i < 5; i++) valueOf(await tell(await room.author.presence()));
      expect(commits).toBe(commitsBefore);
      expect(await log()).toEqual(before);
      const late = await hear(other.token);
      expect((await push(await room.author.update())).seqs).toEqual([before.headSeq + 1]);
      expect([late.heard, late.records]).toEqual([[], [before.headSeq + 1]]);
    });

    test("[N3] only the device that proved itself in the room tells, and only what it has signed itself", async () => {
      const other = await colleague();
      const { heard } = await hear(other.token);
      const stranger = createTestAuthor(await createTestDevice(), room.roomId);
      const elsewhere = await draftRoom(room.service);
      valueOf(await relay.createRoom(room.service.token, elsewhere.genesis));
      const away = await openTestSession(relay, { roomId: elsewhere.roomId, device: elsewhere.author.device });
      expect(await tell(await room.author.presence(), "")).toEqual(refused("sessionExpired"));
      expect(await tell(await elsewhere.author.presence(), away)).toEqual(refused("notMember"));
      expect(await tell(await other.author.presence())).toEqual(refused("forbidden"));
      expect(await tell(await stranger.presence())).toEqual(refused("forbidden"));
      const forged = await room.author.presence();
      forged[forged.length - 1]! ^= 1;
      expect(await tell(forged)).toEqual(refused("badSignature"));
      const changed = await room.author.presence();
      changed[changed.length - 100]! ^= 1;
      expect(await tell(changed)).toEqual(refused("badSignature"));
      expect(heard).toEqual([]);
    });

    test("[N3] who is a member no more tells nothing, though the session still runs", async () => {
      const other = await colleague();
      const { heard } = await hear(other.token);
      const { membership } = (await storage.rooms([room.roomId])).get(room.roomId)!;
      const { [room.author.device.deviceId]: _, ...devices } = membership.devices;
      await storage.write((tx) => tx.setMembership(room.roomId, { ...membership, devices }));
      expect(await tell(await room.author.presence())).toEqual(refused("notMember"));
      expect(heard).toEqual([]);
    });

    test("[N3] a role that may only read tells nothing; one that may write does", async () => {
      const plan = await draftRoom(room.service, "plan");
      valueOf(await relay.createRoom(room.service.token, plan.genesis));
      const { roomId } = plan;
      const maker = await openTestSession(relay, { roomId, device: plan.author.device });
      for (const [role, answer] of [["principal", refused("forbidden")], ["socialTeacher", { ok: true, value: null }]] as const) {
        const device = await createTestDevice();
        valueOf(await relay.control(maker, roomId, await plan.author.control(addMemberBody(plan.author.tip(), device.as(role)))));
        const token = await openTestSession(relay, { roomId, device });
        expect([role, await relay.presence(token, roomId, await createTestAuthor(device, roomId).presence())]).toEqual([role, answer]);
      }
    });

    test("[N3] another epoch than the room's is stale", async () => {
      const { heard } = await hear((await colleague()).token);
      for (const epoch of [0, 2]) expect(await tell(await room.author.presence({ epoch }))).toEqual(refused("staleEpoch"));
      expect(heard).toEqual([]);
    });

    test("[N1] whatever stands in a chain, is of another type or room, or is too large, has no place here", async () => {
      const { heard } = await hear((await colleague()).token);
      const hash = fromHex("77".repeat(32));
      expect(await tell(await room.author.presence({ ctr: 1 }))).toEqual(refused("malformed"));
      expect(await tell(await room.author.presence({ prev: hash }))).toEqual(refused("malformed"));
      expect(await tell(await room.author.presence({ resealOf: hash }))).toEqual(refused("malformed"));
      expect(await tell(await room.author.update())).toEqual(refused("malformed"));
      expect(await tell(await room.author.heartbeat())).toEqual(refused("malformed"));
      expect(await tell(await createTestAuthor(room.author.device, randomId()).presence())).toEqual(refused("malformed"));
      const mostSealed = limits.presenceBytes - (await room.author.presence({}, 16)).length + 16;
      expect(await tell(await room.author.presence({}, mostSealed + 1))).toEqual(refused("tooLarge"));
      expect(heard).toEqual([]);
      expect((await tell(await room.author.presence({}, mostSealed))).ok).toBe(true);
      expect(heard).toHaveLength(1);
    });

    test("[N1] what its author says to have seen is not asked", async () => {
      const claims = { logGen: 7, seenSeq: 99, seenAcc: fromHex("77".repeat(32)) };
      expect((await tell(await room.author.presence(claims))).ok).toBe(true);
    });

    test("[N4] a flood is answered busy, in its own room and from its own device alone, and ends by itself", async () => {
      const other = await colleague();
      const { heard } = await hear(other.token);
      const envelope = await room.author.presence();
      for (let i = 0; i < limits.presenceBurst; i++) expect((await tell(envelope)).ok).toBe(true);
      const perMs = limits.presencePerSecond / 1000;
      expect(await tell(envelope)).toEqual({ ok: false, refusal: { type: "busy", retryAfterMs: 1 / perMs } });
      expect(heard).toHaveLength(limits.presenceBurst);
      expect((await tell(await other.author.presence(), other.token)).ok).toBe(true);
      const { device } = room.author;
      const second = createTestAuthor(device, randomId());
      const genesis = await second.control(genesisBody("school", room.service.serviceId, [device.as("consultant")]));
      valueOf(await relay.createRoom(room.service.token, genesis));
      const elsewhere = await openTestSession(relay, { roomId: second.roomId, device });
      expect((await relay.presence(elsewhere, second.roomId, await second.presence())).ok).toBe(true);
      now += 1 / perMs;
      await relay.sweep();
      expect([(await tell(envelope)).ok, (await tell(envelope)).ok]).toEqual([true, false]);
      now += 60_000;
      await relay.sweep();
      session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      const answers = [];
      for (let i = 0; i <= limits.presenceBurst; i++) answers.push((await tell(envelope)).ok);
      expect(answers.filter(Boolean)).toHaveLength(limits.presenceBurst);
    });

    test("[N4] a second session of the device does not double it", async () => {
      const again = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      const envelope = await room.author.presence();
      for (let i = 0; i < limits.presenceBurst; i++) await tell(envelope, i % 2 === 0 ? session : again);
      expect([(await tell(envelope)).ok, (await tell(envelope, again)).ok]).toEqual([false, false]);
    });

    test("[N3] a listener that throws is dropped and the others hear all; one whose session is over is ended", async () => {
      const other = await colleague();
      const broken = { record: () => undefined, presence: () => { throw new Error("broken on purpose"); }, ended: () => undefined };
      valueOf(await relay.live(other.token, broken));
      const { heard } = await hear(other.token);
      for (let i = 0; i < 2; i++) valueOf(await tell(await room.author.presence()));
      expect(heard).toHaveLength(2);
      expect(faults.splice(0)).toMatchObject([{ message: "broken on purpose" }]);
      now += limits.sessionMs / 2;
      session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      now += limits.sessionMs / 2;
      valueOf(await tell(await room.author.presence()));
      expect(heard).toHaveLength(2);
    });
  });

  describe("invitations", () => {
    const inviteId = "1d".repeat(16);
    const claim = "c1".repeat(16);
    const body = (text: string) => toBase64Url(new TextEncoder().encode(text));
    const offer = (changes = {}) =>
      relay.createInvite(session, { inviteId, roomId: room.roomId, lifeMs: limits.inviteMs, offer: body("offer"), ...changes });
    const newcomer = (slot: "commit" | "reveal", text: string = slot, by = claim) =>
      relay.writeInvite(null, inviteId, { slot, claim: by, body: body(text) });
    const inviter = (slot: "challenge" | "done", text: string = slot) =>
      relay.writeInvite(session, inviteId, { slot, body: body(text) });
    const refused = (type: string) => ({ ok: false, refusal: { type } });
    const done = { ok: true, value: null };

    test("[I4] offer, commit, challenge, reveal, done, and both sides can read all of it", async () => {
      for (const step of [() => offer(), () => newcomer("commit"), () => inviter("challenge"), () => newcomer("reveal"), () => inviter("done")]) {
        expect(await step()).toEqual(done);
      }
      const slots = Object.fromEntries(["offer", "commit", "challenge", "reveal", "done"].map((slot) => [slot, body(slot)]));
      expect(await relay.readInvite(inviteId)).toEqual({ ok: true, value: { expiresAt: now + limits.inviteMs, slots } });
    });

    test("[I4] no slot is written before the one that it answers", async () => {
      valueOf(await offer());
      expect(await inviter("challenge")).toEqual(refused("forbidden"));
      expect(await newcomer("reveal")).toEqual(refused("forbidden"));
      valueOf(await newcomer("commit"));
      expect(await newcomer("reveal")).toEqual(refused("forbidden"));
      expect(await inviter("done")).toEqual(refused("forbidden"));
      expect(await relay.writeInvite(session, inviteId, { slot: "offer", body: body("offer") })).toEqual(refused("malformed"));
    });

    test("[I1] commit is written once: the same again is answered the same, anyone else finds it used", async () => {
      valueOf(await offer());
      valueOf(await newcomer("commit"));
      expect(await newcomer("commit")).toEqual(done);
      expect(await newcomer("commit", "other keys")).toEqual(refused("inviteUsed"));
      expect(await newcomer("commit", "commit", "c2".repeat(16))).toEqual(refused("inviteUsed"));
      valueOf(await inviter("challenge"));
      expect(await inviter("challenge")).toEqual(done);
      expect(await inviter("challenge", "another number")).toEqual(refused("inviteUsed"));
      expect(await newcomer("reveal", "reveal", "c2".repeat(16))).toEqual(refused("inviteUsed"));
      expect(await relay.writeInvite(null, inviteId, { slot: "reveal", body: body("reveal") })).toEqual(refused("malformed"));
    });

    test("[I1] of two newcomers at the same moment one is taken", async () => {
      valueOf(await offer());
      const answers = await Promise.all([newcomer("commit", "mine", claim), newcomer("commit", "yours", "c2".repeat(16))]);
      expect(answers).toContainEqual(done);
      expect(answers).toContainEqual(refused("inviteUsed"));
    });

    test("[I1] an invitation expires, says so, loses its slots at the sweep and is forgotten later", async () => {
      valueOf(await offer({ lifeMs: 60_000 }));
      now += 60_000;
      expect(await relay.readInvite(inviteId)).toEqual(refused("inviteExpired"));
      expect(await newcomer("commit")).toEqual(refused("inviteExpired"));
      now += 1;
      await relay.sweep();
      expect((await storage.invite(inviteId))?.slots).toEqual({});
      expect(await relay.readInvite(inviteId)).toEqual(refused("inviteExpired"));
      now += 31 * 24 * 60 * 60 * 1000;
      await relay.sweep();
      expect(await relay.readInvite(inviteId)).toEqual(refused("inviteUnknown"));
      expect(await newcomer("commit")).toEqual(refused("inviteUnknown"));
    });

    test("[I1] no invitation lives longer than 72 hours or not at all", async () => {
      expect(await offer({ lifeMs: limits.inviteMs + 1 })).toEqual(refused("malformed"));
      expect(await offer({ lifeMs: 0 })).toEqual(refused("malformed"));
    });

    test("[I4] only the inviter's own device answers for the inviter", async () => {
      valueOf(await offer());
      valueOf(await newcomer("commit"));
      expect(await relay.writeInvite(null, inviteId, { slot: "challenge", body: body("x") })).toEqual(refused("sessionExpired"));
      const colleague = await addToRoom("consultant");
      const other = await openTestSession(relay, { roomId: room.roomId, device: colleague.device });
      expect(await relay.writeInvite(other, inviteId, { slot: "challenge", body: body("x") })).toEqual(refused("forbidden"));
    });

    test("[C9] [I8] every member invites, for a device of its own, and a session invites to its own rooms only", async () => {
      const teacher = await addToRoom("socialTeacher");
      const token = await openTestSession(relay, { roomId: room.roomId, device: teacher.device });
      const request = { inviteId, roomId: room.roomId, lifeMs: 60_000, offer: body("offer") };
      expect(await relay.createInvite(token, request)).toEqual(done);
      expect(await relay.createInvite(token, { ...request, roomId: randomId() })).toEqual(refused("notMember"));
    });

    test("the same offer again is answered the same, another under its id is not, and slots have a size", async () => {
      valueOf(await offer());
      expect(await offer()).toEqual(done);
      expect(await offer({ offer: body("another") })).toEqual(refused("inviteUsed"));
      expect(await newcomer("commit", "x".repeat(limits.inviteSlotBytes + 1))).toEqual(refused("tooLarge"));
      expect(await relay.writeInvite(null, inviteId, { slot: "commit", claim, body: "A" })).toEqual(refused("malformed"));
    });

    test("[I1] invitations of a moment are no more than others in an hour", async () => {
      const short = () => offer({ inviteId: toHex(randomBytes(16)), lifeMs: 1 });
      for (let i = 0; i < 50; i++) {
        valueOf(await short());
        now += 10;
      }
      expect(await short()).toEqual({ ok: false, refusal: { type: "busy", retryAfterMs: 60_000 } });
      await relay.sweep();
      now += 60 * 60 * 1000;
      session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      expect(await short()).toEqual(done);
    });

    test("a room has a bounded number of invitations open", async () => {
      for (let i = 0; i < 50; i++) valueOf(await offer({ inviteId: toHex(randomBytes(16)) }));
      expect(await offer()).toEqual({ ok: false, refusal: { type: "busy", retryAfterMs: 60_000 } });
      now += limits.inviteMs + 60 * 60 * 1000;
      session = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
      expect(await offer()).toEqual(done);
    });
  });

  describe("recovery bundles", () => {
    const lookupId = "4c".repeat(16);
    const bundle = toBase64Url(randomBytes(300));
    const refused = (type: string) => ({ ok: false, refusal: { type } });
    const done = { ok: true, value: null };
    let serviceId: string;
    let consultant: string;

    beforeEach(async () => {
      serviceId = room.service.serviceId;
      const serviceRoom = await draftRoom(room.service, "service", serviceId);
      valueOf(await relay.createRoom(room.service.token, serviceRoom.genesis));
      consultant = await openTestSession(relay, { roomId: serviceId, device: serviceRoom.author.device });
    });

    test("[Y3] a consultant puts it, the code alone finds it, and a consultant drops it", async () => {
      expect(await relay.readRecovery(lookupId)).toEqual(refused("codeUnknown"));
      expect(await relay.putRecovery(consultant, lookupId, { serviceId, bundle })).toEqual(done);
      expect(await relay.putRecovery(consultant, lookupId, { serviceId, bundle })).toEqual(done);
      expect(await relay.readRecovery(lookupId)).toEqual({ ok: true, value: { bundle } });
      expect(await relay.dropRecovery(consultant, lookupId)).toEqual(done);
      expect(await relay.dropRecovery(consultant, lookupId)).toEqual(done);
      expect(await relay.readRecovery(lookupId)).toEqual(refused("codeUnknown"));
    });

    test("[Y3] nobody else does: no other room's member, no other service, nobody without a session", async () => {
      expect(await relay.putRecovery(session, lookupId, { serviceId, bundle })).toEqual(refused("notMember"));
      expect(await relay.putRecovery(session, lookupId, { serviceId: room.roomId, bundle })).toEqual(refused("forbidden"));
      expect(await relay.putRecovery("made-up", lookupId, { serviceId, bundle })).toEqual(refused("sessionExpired"));
      valueOf(await relay.putRecovery(consultant, lookupId, { serviceId, bundle }));
      expect(await relay.dropRecovery(session, lookupId)).toEqual(refused("notMember"));
      const { service: elsewhere } = await createTestRoom(relay, await issueEnrolmentCode(storage, { clock, randomBytes }));
      const theirs = await draftRoom(elsewhere, "service", elsewhere.serviceId);
      valueOf(await relay.createRoom(elsewhere.token, theirs.genesis));
      const stranger = await openTestSession(relay, { roomId: theirs.roomId, device: theirs.author.device });
      expect(await relay.putRecovery(stranger, lookupId, { serviceId: elsewhere.serviceId, bundle: "AAAA" })).toEqual(refused("forbidden"));
      expect(await relay.readRecovery(lookupId)).toEqual({ ok: true, value: { bundle } });
    });

    test("[Y3] it is at most 4 KiB, and a service has at most eight", async () => {
      const large = toBase64Url(randomBytes(limits.recoveryBytes + 1));
      expect(await relay.putRecovery(consultant, lookupId, { serviceId, bundle: large })).toEqual(refused("tooLarge"));
      expect(await relay.putRecovery(consultant, lookupId, { serviceId, bundle: "A" })).toEqual(refused("malformed"));
      const ids = Array.from({ length: limits.recoveryBundles }, () => randomId());
      for (const id of ids) valueOf(await relay.putRecovery(consultant, id, { serviceId, bundle }));
      expect(await relay.putRecovery(consultant, lookupId, { serviceId, bundle })).toEqual(refused("overQuota"));
      expect(await relay.putRecovery(consultant, ids[0]!, { serviceId, bundle })).toEqual(done);
    });
  });

  describe("when the storage fails", () => {
    test("[R1] a failed commit is answered busy, nothing is heard or kept, and the same push works later", async () => {
      let isBroken = false;
      const breaking: RelayStorage = {
        ...storage,
        write: (work) =>
          storage.write(async (tx) => {
            const result = await work(tx);
            if (isBroken) throw new Error("disk full, on purpose");
            return result;
          }),
      };
      const fragile = createRelay({ storage: breaking, clock, randomBytes, onFault: (error) => faults.push(error) });
      const token = await openTestSession(fragile, { roomId: room.roomId, device: room.author.device });
      const heard: number[] = [];
      valueOf(await fragile.live(token, { record: (_roomId, seq) => void heard.push(seq), presence: () => undefined, ended: () => undefined }));
      const envelope = await room.author.update();
      isBroken = true;
      expect(await fragile.push(token, room.roomId, [envelope])).toEqual({ ok: false, refusal: { type: "busy", retryAfterMs: 2000 } });
      expect(heard).toEqual([]);
      isBroken = false;
      expect(valueOf(await fragile.push(token, room.roomId, [envelope])).seqs).toEqual([2]);
      expect(heard).toEqual([2]);
      expect(faults.splice(0)).toHaveLength(1);
      await fragile.close();
    });

    test("[R1] one room's fault does not take the batch with it", async () => {
      const other = await draftRoom(room.service);
      valueOf(await relay.createRoom(room.service.token, other.genesis));
      const breaking: RelayStorage = {
        ...storage,
        write: (work) =>
          storage.write((tx) => {
            const guarded: WriteTx = {
              ...tx,
              appendEnvelopes: async (roomId, envelopes) => {
                if (roomId === other.roomId) throw new Error("bad page, on purpose");
                return tx.appendEnvelopes(roomId, envelopes);
              },
            };
            return work(guarded);
          }),
      };
      const fragile = createRelay({ storage: breaking, clock, randomBytes, defer: setImmediate, onFault: (error) => faults.push(error) });
      const token = await openTestSession(
        fragile,
        { roomId: room.roomId, device: room.author.device },
        { roomId: other.roomId, device: other.author.device },
      );
      const envelopes = [await room.author.update(), await other.author.update()] as const;
      const [mine, others] = await Promise.all([
        fragile.push(token, room.roomId, [envelopes[0]]),
        fragile.push(token, other.roomId, [envelopes[1]]),
      ]);
      expect(mine).toEqual({ ok: true, value: { seqs: [2], refused: null } });
      expect(others.ok).toBe(false);
      expect(faults.splice(0)).toHaveLength(1);
      await fragile.close();
    });
  });
});
