import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { addMemberBody, createTestAuthor, createTestDevice, randomBytes, randomId, removeBody } from "../test/support/envelopes.ts";
import { createTestRoom, openTestSession, proofFor, valueOf, type TestRoom } from "../test/support/relay-world.ts";
import { newTestDatabase, postgresUrl } from "../test/support/test-database.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createRelay, type Relay } from "./relay.ts";
import type { PeerListener, RelayPeers } from "./storage/peers.ts";
import { openPostgresStorage } from "./storage/postgres.ts";
import type { RelayStorage } from "./storage/storage.ts";

type Process = { relay: Relay; storage: RelayStorage; peers: RelayPeers; faults: unknown[]; missed: () => number };

let url: string;
let one: Process;
let other: Process;
let room: TestRoom;

/** One process of the relay, hearing the others. */
async function openProcess(at = url): Promise<Process> {
  const { storage, peers } = await openPostgresStorage(at, { processId: randomId(), retryMs: 20 });
  const faults: unknown[] = [];
  let missed = 0;
  const hears = Promise.withResolvers<void>();
  const watched: RelayPeers = {
    ...peers,
    listen: (listener: PeerListener) =>
      peers.listen({
        ...listener,
        missed: () => {
          missed++;
          listener.missed();
          hears.resolve();
        },
      }),
  };
  const relay = createRelay({ storage, peers: watched, clock: Date.now, randomBytes, defer: setImmediate, onFault: (error) => faults.push(error) });
  await hears.promise;
  return { relay, storage, peers, faults, missed: () => missed };
}

/** Asks the server from another database than the processes'. */
async function ask(text: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl() });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** A way to the database that can be told to lose the answer to the next commit, and the connection with it. */
async function openLossyWay(): Promise<{ url: string; loseNextCommit(): void; close(): void }> {
  const target = new URL(url);
  const ways = new Set<Socket>();
  let isLosing = false;
  const way = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    ways.add(near).add(far);
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.on("data", (chunk) => far.write(chunk));
    far.on("data", (chunk) => {
      if (isLosing && chunk.includes("COMMIT\0")) {
        isLosing = false;
        near.destroy();
        far.destroy();
      } else near.write(chunk);
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => {
    way.listen(0, "127.0.0.1", resolve);
  });
  const lossy = new URL(url);
  lossy.port = String((way.address() as AddressInfo).port);
  return {
    url: lossy.href,
    loseNextCommit: () => void (isLosing = true),
    close() {
      way.close();
      for (const socket of ways) socket.destroy();
    },
  };
}

const open = (process: Process, device = room.author.device) => openTestSession(process.relay, { roomId: room.roomId, device });

type Heard = { seqs: number[]; bytes: Bytes[]; presence: Bytes[]; ended: number };

async function listen(process: Process, token: string): Promise<Heard> {
  const heard: Heard = { seqs: [], bytes: [], presence: [], ended: 0 };
  valueOf(
    await process.relay.live(token, {
      record: (_roomId, seq, bytes) => {
        heard.seqs.push(seq);
        heard.bytes.push(bytes);
      },
      presence: (_roomId, bytes) => void heard.presence.push(bytes),
      ended: () => void heard.ended++,
    }),
  );
  return heard;
}

const push = async (process: Process, token: string, ...envelopes: Bytes[]) => valueOf(await process.relay.push(token, room.roomId, envelopes)).seqs;

/** Another member of the room. */
async function addMember() {
  const device = await createTestDevice();
  const head = (await one.storage.rooms([room.roomId])).get(room.roomId)!.membership.controlHead;
  valueOf(await one.relay.control(await open(one), room.roomId, await room.author.control(addMemberBody(head, device.as("socialTeacher")))));
  return { device, author: createTestAuthor(device, room.roomId) };
}

beforeEach(async () => {
  url = await newTestDatabase();
  [one, other] = await Promise.all([openProcess(), openProcess()]);
  room = await createTestRoom(one.relay, await issueEnrolmentCode(one.storage, { clock: Date.now, randomBytes }));
});

afterEach(async () => {
  for (const { relay, storage, faults } of [one, other]) {
    await relay.close();
    await storage.close();
    expect(faults).toEqual([]);
  }
});

test("[R7] what is pushed at one process is heard at the other, byte for byte, and once", async () => {
  const [pushing, listening] = [await open(one), await open(other)];
  const [near, far] = [await listen(one, pushing), await listen(other, listening)];
  const envelopes = [await room.author.update(), await room.author.update(), await room.author.update()];
  expect(await push(one, pushing, ...envelopes.slice(0, 2))).toEqual([2, 3]);
  expect(await push(one, pushing, envelopes[2]!)).toEqual([4]);
  await expect.poll(() => far.seqs).toEqual([2, 3, 4]);
  expect(far.bytes).toEqual(envelopes);
  expect(near.seqs).toEqual([2, 3, 4]);
});

test("[R7] pushes at both processes at once are heard at both in the order of their numbers, none twice and none left out", async () => {
  const { author, device } = await addMember();
  const tokens = [await open(one), await open(other, device)];
  const heard = [await listen(one, tokens[0]!), await listen(other, tokens[1]!)];
  const write = async (process: Process, token: string, by: typeof author) => {
    for (let index = 0; index < 20; index++) await push(process, token, await by.update());
  };
  await Promise.all([write(one, tokens[0]!, room.author), write(other, tokens[1]!, author)]);
  const all = Array.from({ length: 40 }, (_, index) => index + 3);
  for (const { seqs } of heard) await expect.poll(() => seqs.at(-1)).toBe(42);
  expect(heard.map(({ seqs }) => seqs)).toEqual([all, all]);
});

test("[R6] a challenge of one process and a session of the other are good at both", async () => {
  const { challenge } = valueOf(await one.relay.challenge());
  const proofs = [await proofFor(challenge, room.roomId, room.author.device)];
  const { token } = valueOf(await other.relay.openSession({ challenge, proofs }));
  expect(await push(one, token, await room.author.update())).toEqual([2]);
  expect(valueOf(await other.relay.log(token, room.roomId, 0, 1)).headSeq).toBe(2);
});

test("[N3] presence goes across, to the largest, and takes no number", async () => {
  const { device } = await addMember();
  const heard = await listen(other, await open(other, device));
  const envelope = await room.author.presence({}, limits.presenceBytes - 400);
  expect(envelope.length).toBeGreaterThan(3900);
  expect(await one.relay.presence(await open(one), room.roomId, envelope)).toEqual({ ok: true, value: null });
  await expect.poll(() => heard.presence).toEqual([envelope]);
  expect((await other.storage.rooms([room.roomId])).get(room.roomId)?.headSeq).toBe(2);
  expect(heard.seqs).toEqual([]);
});

test("[R16] whom somebody tries to remove at one process is held at the other", async () => {
  const { device, author } = await addMember();
  const [near, far] = [await open(one), await open(other, device)];
  const head = room.author.tip();
  await push(other, far, await author.update());
  const late = await room.author.control(removeBody(head, [{ deviceId: device.deviceId, cut: 0, fence: 0 }], [room.author.device.deviceId]), { epoch: 2 });
  expect(await one.relay.control(near, room.roomId, late)).toEqual({ ok: false, refusal: { type: "staleCut" } });
  room.author.back();
  await expect
    .poll(async () => {
      const { seqs, refused } = valueOf(await other.relay.push(far, room.roomId, [await author.update()]));
      if (seqs.length === 0) author.back();
      return refused?.type;
    })
    .toBe("busy");
});

test("what came while the connection for listening was lost is delivered", async () => {
  await addMember();
  const heard = await listen(other, await open(other));
  const pushing = await open(one);
  await push(one, pushing, await room.author.update());
  await expect.poll(() => heard.seqs).toEqual([3]);
  const before = other.missed();
  const name = new URL(url).pathname.slice(1);
  await ask(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND query = 'LISTEN aapen_dor'`);
  const envelopes = [await room.author.update(), await room.author.update()];
  await push(one, pushing, ...envelopes);
  expect(heard.seqs).toEqual([3]);
  await ask(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await expect.poll(() => other.missed()).toBeGreaterThan(before);
  await expect.poll(() => heard.seqs).toEqual([3, 4, 5]);
  await push(one, pushing, await room.author.update());
  await expect.poll(() => heard.seqs).toEqual([3, 4, 5, 6]);
});

test("[R2] a commit whose answer is lost is heard once all the same, and the same push gets its number", async () => {
  const way = await openLossyWay();
  const third = await openProcess(way.url);
  try {
    const token = await open(third);
    const [heard, far] = [await listen(third, token), await listen(other, token)];
    const envelope = await room.author.update();
    way.loseNextCommit();
    expect(await third.relay.push(token, room.roomId, [envelope])).toEqual({ ok: false, refusal: { type: "busy", retryAfterMs: 2000 } });
    expect(third.faults.splice(0)).toHaveLength(1);
    await expect.poll(() => heard.seqs).toEqual([2]);
    expect(await push(third, token, envelope)).toEqual([2]);
    expect(await push(third, token, await room.author.update())).toEqual([3]);
    await expect.poll(() => far.seqs).toEqual([2, 3]);
    expect(heard.seqs).toEqual([2, 3]);
    expect(third.faults).toEqual([]);
  } finally {
    await third.relay.close();
    await third.storage.close();
    way.close();
  }
});
