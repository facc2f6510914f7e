import { afterEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { LiveListener, RelayPort } from "#protocol/messages.ts";
import { RelayUnreachableError, RoomOverError } from "../../src/engine/platform/errors.ts";
import { createSyncLoop, type SyncLoop, type SyncRoom } from "../../src/engine/sync/sync-loop.ts";
import { createManualClock } from "./manual-clock.ts";

const loops: SyncLoop[] = [];
afterEach(() => {
  for (const loop of loops.splice(0)) loop.close();
});

const ids = ["aa", "bb", "cc"].map((pair) => pair.repeat(16));

type FakeRoom = SyncRoom & { seq: number; waiting: Bytes[]; unseen: Bytes[]; owes: boolean; frozen: boolean };

/** A room whose log takes every page as it comes. */
function createRoom(roomId: string, waiting = 0): FakeRoom {
  const room: FakeRoom = {
    roomId,
    deviceId: "dd".repeat(16),
    seq: 1,
    frozen: false,
    unseen: [],
    owes: false,
    waiting: Array.from({ length: waiting }, (_, index) => new Uint8Array([index])),
    position: () => ({ seq: room.seq, logGen: 1, frozen: room.frozen }),
    unsent: () => room.waiting.length,
    unconfirmed: () => room.unseen.length,
    signSession: async () => new Uint8Array(64),
    pendingGenesis: async () => null,
    async receive(page) {
      for (const { seq } of page) if (seq === room.seq + 1) room.seq = seq;
      return room.seq;
    },
    receivePresence() {},
    async noteRollback() {
      room.frozen = true;
    },
    takeUnsent: async () => room.waiting.slice(),
    async acked(envelopes) {
      if (room.owes) room.unseen.push(...envelopes);
      room.waiting = room.waiting.filter((bytes) => !envelopes.includes(bytes));
    },
    genesisInLog: async () => null,
    noteEnd: async () => {},
    owesHeartbeat: () => false,
    takeHeartbeat: async () => null,
    believesReuse: async () => true,
    adopt: async () => {},
    lost: () => 0,
    takeLost: async () => [],
    giveUpLost: async () => false,
    owed: async () => Array.from(room.unseen.keys()),
    async sendAgain(owed) {
      room.waiting.unshift(...room.unseen.splice(0, owed.length));
    },
  };
  return room;
}

/** One log for each room, with a head; streams stay open and say nothing unless a test makes them. */
function createWorld(rooms: FakeRoom[], change: (port: RelayPort, heads: Map<string, number>) => Partial<RelayPort> = () => ({})) {
  const heads = new Map(rooms.map(({ roomId }) => [roomId, 1]));
  const calls: string[] = [];
  const port: RelayPort = {
    registerService: async () => ({ ok: true, value: null }),
    createRoom: async () => ({ ok: true, value: { seq: 1, logGen: 1 } }),
    challenge: async () => ({ ok: true, value: { challenge: "" } }),
    openSession: async ({ proofs }) => ({
      ok: true,
      value: {
        token: "s",
        expiresInMs: 15 * 60_000,
        rooms: proofs.map(({ roomId }) => ({ roomId, logGen: 1, headSeq: heads.get(roomId)! })),
        refused: [],
      },
    }),
    pushToken: async () => ({ ok: true, value: { token: "p", expiresInMs: 1, rooms: [] } }),
    async push(_, roomId, envelopes) {
      const seqs = envelopes.map((__, index) => heads.get(roomId)! + index + 1);
      heads.set(roomId, seqs.at(-1)!);
      return { ok: true, value: { seqs, refused: null } };
    },
    repair: async () => ({ ok: true, value: { seqs: [], refused: null } }),
    control: async () => ({ ok: true, value: { seq: 1 } }),
    putRecovery: async () => ({ ok: true, value: null }),
    readRecovery: async () => ({ ok: true, value: { bundle: "" } }),
    dropRecovery: async () => ({ ok: true, value: null }),
    presence: async () => ({ ok: true, value: null }),
    async log(_, roomId, after) {
      const headSeq = heads.get(roomId)!;
      const page = Array.from({ length: Math.max(0, headSeq - after) }, (__, index) => ({ seq: after + index + 1, bytes: new Uint8Array(1) }));
      return { ok: true, value: { logGen: 1, headSeq, page } };
    },
    live: async () => ({ ok: true, value: { close() {} } }),
    createInvite: async () => ({ ok: true, value: null }),
    readInvite: async () => ({ ok: false, refusal: { type: "inviteUnknown" } }),
    writeInvite: async () => ({ ok: true, value: null }),
  };
  const changed = { ...port, ...change({ ...port }, heads) };
  const relay = new Proxy(changed, {
    get: (target, name: keyof RelayPort) => {
      calls.push(name);
      // A loop without end must fail the test and not hang it.
      if (calls.length > 3000) return () => new Promise(() => {});
      return target[name];
    },
  });
  const clock = createManualClock();
  const loop = createSyncLoop({ relay, rooms: () => rooms, serviceToken: () => null, clock, random: () => 0.5 });
  loops.push(loop);
  const count = (name: keyof RelayPort) => calls.filter((call) => call === name).length;
  /** Lets `seconds` go by, one at a time. */
  const pass = async (seconds: number) => {
    await clock.turn();
    for (let i = 0; i < seconds; i++) {
      clock.pass(1000);
      await clock.turn();
    }
  };
  return { loop, heads, count, pass };
}

const hangs = () => new Promise<never>(() => {});

test("a stream that never opens holds up neither what is sent nor what is fetched", async () => {
  const room = createRoom(ids[0]!, 1);
  const { pass, heads } = createWorld([room], () => ({ live: hangs }));
  await pass(0);
  expect(room.waiting).toEqual([]);
  heads.set(room.roomId, 5);
  await pass(40);
  expect(room.seq).toBe(5);
});

test.each([
  ["at once", (listener: LiveListener) => listener.ended()],
  ["a moment later", (listener: LiveListener) => void Promise.resolve().then(() => Promise.resolve()).then(() => listener.ended())],
])("a stream that ends %s is opened again less and less often", async (_, end) => {
  const room = createRoom(ids[0]!);
  const { pass, count, heads } = createWorld([room], () => ({
    async live(__, listener) {
      end(listener);
      return { ok: true, value: { close() {} } };
    },
  }));
  await pass(60);
  expect(count("live")).toBeGreaterThan(3);
  expect(count("live")).toBeLessThan(12);
  heads.set(room.roomId, 7);
  await pass(20);
  expect(room.seq).toBe(7);
});

test("a stream that lived is opened again at once", async () => {
  let ended = () => {};
  const { pass, count } = createWorld([createRoom(ids[0]!)], () => ({
    async live(_, listener) {
      ended = listener.ended;
      return { ok: true, value: { close() {} } };
    },
  }));
  await pass(40);
  ended();
  await pass(0);
  expect(count("live")).toBe(2);
});

test("a stream that opens after it was given up is closed", async () => {
  let open = () => {};
  let closed = 0;
  const { pass, loop } = createWorld([createRoom(ids[0]!)], () => ({
    live: () => new Promise((resolve) => (open = () => resolve({ ok: true, value: { close: () => void closed++ } }))),
  }));
  await pass(0);
  loop.close();
  open();
  await pass(0);
  expect(closed).toBe(1);
});

test.each([
  ["none", []],
  ["far too many", Array<number>(200_000).fill(1)],
])("a push answered with %s numbers is no answer", async (_, seqs) => {
  const room = createRoom(ids[0]!, 1);
  const { pass, count, loop } = createWorld([room], () => ({ push: async () => ({ ok: true, value: { seqs, refused: null } }) }));
  await pass(60);
  expect(count("push")).toBeLessThan(12);
  expect(room.waiting).toHaveLength(1);
  expect(loop.status.get()).toMatchObject({ reached: false, failure: null });
});

test("with no room there is nothing to do", async () => {
  const { pass, count } = createWorld([]);
  await pass(60);
  expect(count("challenge")).toBe(0);
});

test("the relay being busy with one room is that room's, and asked again when it said", async () => {
  const [busy, fine] = [createRoom(ids[0]!, 1), createRoom(ids[1]!, 1)];
  const { pass, loop, count } = createWorld([busy, fine], (port) => ({
    push: (session, roomId, envelopes) =>
      roomId === busy.roomId
        ? Promise.resolve({ ok: false, refusal: { type: "busy", retryAfterMs: 20_000 } })
        : port.push(session, roomId, envelopes),
  }));
  await pass(0);
  expect(fine.waiting).toEqual([]);
  expect(loop.status.get()).toMatchObject({ reached: true, inStepAt: null });
  expect(loop.status.get().refused.get(busy.roomId)).toEqual({ type: "busy", retryAfterMs: 20_000 });
  await pass(19);
  expect(count("push")).toBe(2);
  await pass(2);
  expect(count("push")).toBe(3);
});

test.each(["signSession", "pendingGenesis", "receive", "takeUnsent"] as const)("a room whose %s fails does not stop the next", async (name) => {
  const [broken, fine] = [createRoom(ids[0]!, 1), createRoom(ids[1]!, 1)];
  const failure = new Error("disk");
  Object.assign(broken, { [name]: () => Promise.reject(failure) });
  const { pass, loop } = createWorld([broken, fine], (port, heads) => {
    heads.set(broken.roomId, 3);
    return port;
  });
  await pass(0);
  expect(fine.waiting).toEqual([]);
  expect(loop.status.get()).toMatchObject({ reached: true, inStepAt: null, failure });
});

test("in step means that all the relay told of has been read, and what was sent has come back", async () => {
  const room = createRoom(ids[0]!, 1);
  let listener: LiveListener | null = null;
  const { pass, loop } = createWorld([room], () => ({
    async live(_, given) {
      listener = given;
      return { ok: true, value: { close() {} } };
    },
  }));
  await pass(0);
  room.waiting.push(new Uint8Array([9]));
  loop.wake();
  await pass(0);
  expect(room.waiting).toEqual([]);
  const before = loop.status.get().inStepAt;
  const { seq } = room;
  listener!.record(room.roomId, seq + 1, new Uint8Array(1));
  await pass(0);
  expect([before, loop.status.get().inStepAt]).toEqual([null, 0]);
});

test.each([
  ["withholds what it told of", (room: FakeRoom, heads: Map<string, number>) => void heads.set(room.roomId, 9)],
  ["is at fault", (room: FakeRoom) => void (room.frozen = true)],
  ["has not been made", (room: FakeRoom) => void (room.pendingGenesis = async () => new Uint8Array(1))],
])("a room that %s is not in step", async (_, spoil) => {
  const [spoilt, fine] = [createRoom(ids[0]!), createRoom(ids[1]!)];
  const { pass, loop } = createWorld([fine, spoilt], (port, heads) => {
    spoil(spoilt, heads);
    return { log: async (session, roomId, after, logGen) => {
      const answer = await port.log(session, roomId, after, logGen);
      return answer.ok ? { ok: true, value: { ...answer.value, page: [] } } : answer;
    } };
  });
  await pass(0);
  expect(loop.status.get()).toMatchObject({ reached: true, failure: null, inStepAt: null });
});

test("what the relay gave a number and then lost is not in step after the next session either", async () => {
  const room = createRoom(ids[0]!, 1);
  const { pass, loop, heads } = createWorld([room], () => ({
    push: async () => ({ ok: true, value: { seqs: [2], refused: null } }),
  }));
  await pass(20 * 60);
  expect(room.waiting).toEqual([]);
  expect(heads.get(room.roomId)).toBe(1);
  expect(loop.status.get()).toMatchObject({ reached: true, inStepAt: null });
});

test("[W8] what is acked and has not come back is asked for, and is not in step whatever number it was given", async () => {
  const room = createRoom(ids[0]!, 1);
  room.owes = true;
  const { pass, loop, count } = createWorld([room], () => ({ push: async () => ({ ok: true, value: { seqs: [1], refused: null } }) }));
  await pass(0);
  loop.wake();
  await pass(0);
  const before = count("log");
  expect(loop.status.get()).toMatchObject({ reached: true, inStepAt: null });
  loop.wake();
  await pass(0);
  expect(count("log")).toBe(before + 1);
});

test("[W8] what the log should hold and does not is sent again, and then all is in step", async () => {
  const room = createRoom(ids[0]!);
  room.unseen = [new Uint8Array([7])];
  const { pass, loop, heads, count } = createWorld([room], () => ({ live: hangs }));
  await pass(0);
  expect([room.unseen, room.waiting, count("push"), heads.get(room.roomId)]).toEqual([[], [], 1, 2]);
  expect(loop.status.get().inStepAt).toBe(0);
});

test("[H2] where a heartbeat is owed, the next round comes in a minute and takes it along; one that is refused is shown to nobody", async () => {
  const owed = [null, new Uint8Array(1), null];
  const room = Object.assign(createRoom(ids[0]!), { owesHeartbeat: () => owed.length > 1, takeHeartbeat: async () => owed.shift() ?? null });
  const { pass, count, loop } = createWorld([room], () => ({ push: async () => ({ ok: true, value: { seqs: [], refused: { type: "staleEpoch" } } }) }));
  await pass(59);
  expect(count("push")).toBe(0);
  await pass(2);
  expect(count("push")).toBe(1);
  expect(loop.status.get()).toMatchObject({ refused: new Map(), failure: null });
});

test.each(["the session", "a page"])("[P8] a head below the room's position, told with %s, is a fault of the log", async (where) => {
  const room = createRoom(ids[0]!);
  room.seq = 5;
  const { pass, heads, loop } = createWorld([room], (port, told) => ({
    async log(session, roomId, after, logGen) {
      if (where === "a page") told.set(roomId, 3);
      return port.log(session, roomId, after, logGen);
    },
  }));
  heads.set(room.roomId, where === "a page" ? 5 : 3);
  await pass(5 * 60 + 1);
  expect(room.frozen).toBe(true);
  expect(loop.status.get().inStepAt).toBeNull();
});

test("[P8] a head that was told before the room moved on is no fault", async () => {
  const room = createRoom(ids[0]!);
  let answer = () => {};
  let listener: LiveListener | null = null;
  const { pass, heads } = createWorld([room], (port) => ({
    log: async (...asked) => {
      const told = await port.log(...asked);
      await new Promise<void>((resolve) => (answer = resolve));
      return told;
    },
    async live(_, given) {
      listener = given;
      return { ok: true, value: { close() {} } };
    },
  }));
  await pass(0);
  heads.set(room.roomId, 2);
  await pass(5 * 60 + 1);
  heads.set(room.roomId, 4);
  for (const seq of [2, 3, 4]) listener!.record(room.roomId, seq, new Uint8Array(1));
  await pass(0);
  answer();
  await pass(0);
  expect([room.seq, room.frozen]).toEqual([4, false]);
});

test("[P8] [G2] a log of another generation may be shorter: the room is told where that begins", async () => {
  const room = createRoom(ids[0]!);
  room.seq = 5;
  const generations = [{ logGen: 1, fromSeq: 0 }, { logGen: 2, fromSeq: 3 }];
  const adopted: unknown[] = [];
  room.adopt = async (told) => void adopted.push(told);
  const { pass, heads } = createWorld([room], (port) => ({
    openSession: async (request) => {
      const opened = await port.openSession(request);
      if (opened.ok) for (const one of opened.value.rooms) one.logGen = 2;
      return opened;
    },
    log: async () => ({ ok: false, refusal: { type: "otherLogGen", logGen: 2, generations } }),
  }));
  heads.set(room.roomId, 3);
  await pass(0);
  expect(room.frozen).toBe(false);
  expect(adopted[0]).toEqual(generations);
});

test("a room whose push the network never carries keeps the others waiting for one round", async () => {
  const [first, heavy, last] = ids.map((id) => createRoom(id, 1)) as [FakeRoom, FakeRoom, FakeRoom];
  const { pass, loop, count } = createWorld([first, heavy, last], (port) => ({
    async push(session, roomId, envelopes) {
      if (roomId === heavy.roomId) throw new RelayUnreachableError("no answer");
      return port.push(session, roomId, envelopes);
    },
  }));
  await pass(1);
  expect([first, heavy, last].map(({ waiting }) => waiting.length)).toEqual([0, 1, 0]);
  expect(count("push")).toBeLessThan(6);
  expect(loop.status.get().reached).toBe(false);
  first.waiting.push(new Uint8Array(1));
  loop.wake();
  await pass(0);
  expect(first.waiting).toEqual([]);
});

test("[P8] [W8] nothing is sent again to a relay that was set back behind the room's position", async () => {
  const room = createRoom(ids[0]!);
  room.seq = 5;
  room.unseen = [new Uint8Array([7])];
  const { pass, heads, count } = createWorld([room], (_, told) => ({
    log: async () => ({ ok: true, value: { logGen: 1, headSeq: told.get(room.roomId)! - 2, page: [] } }),
  }));
  heads.set(room.roomId, 5);
  await pass(16);
  expect([room.frozen, room.unseen.length, count("push")]).toEqual([true, 1, 0]);
});

test("[N6] presence goes where the session reaches, wakes nobody, and is sealed only when it can be sent", async () => {
  const [room, unknown] = [createRoom(ids[0]!), ids[1]!];
  let reaches = true;
  const told: string[] = [];
  const { pass, loop, count } = createWorld([room], () => ({
    async challenge() {
      if (!reaches) throw new RelayUnreachableError("plug pulled");
      return { ok: true, value: { challenge: "" } };
    },
    async presence(session, roomId) {
      told.push(`${session} ${roomId}`);
      throw new RelayUnreachableError("lost on the way");
    },
  }));
  let seals = 0;
  const send = (roomId: string) => loop.sendPresence(roomId, async () => new Uint8Array([++seals]));
  await send(room.roomId);
  expect([told, seals]).toEqual([[], 0]);
  await pass(1);
  const before = [loop.status.get(), count("log"), count("push"), count("challenge")];
  await send(room.roomId);
  await send(unknown);
  await loop.sendPresence(room.roomId, async () => null);
  await loop.sendPresence(room.roomId, () => Promise.reject(new Error("no key")));
  await pass(1);
  expect([told, seals]).toEqual([[`s ${room.roomId}`], 1]);
  expect([loop.status.get(), count("log"), count("push"), count("challenge")]).toEqual(before);
  reaches = false;
  await pass(16 * 60);
  expect(loop.status.get().reached).toBe(false);
  await send(room.roomId);
  reaches = true;
  await pass(2 * 60);
  await send(room.roomId);
  await loop.sendPresence(room.roomId, async () => {
    loop.close();
    return new Uint8Array([++seals]);
  });
  await send(room.roomId);
  expect([told.length, seals]).toEqual([2, 3]);
});

test("[G2] what a restored relay tells of over the stream is told as of its generation, also before that has been taken up", async () => {
  const room = createRoom(ids[0]!);
  let logGen = 1;
  const told: [number, number][] = [];
  Object.assign(room, {
    position: () => ({ seq: room.seq, logGen, frozen: false }),
    async receive(page: { seq: number }[], of: number) {
      told.push(...page.map(({ seq }): [number, number] => [seq, of]));
      return room.seq;
    },
    async adopt() {
      logGen = 2;
    },
  });
  const held = Promise.withResolvers<void>();
  let listener: LiveListener | null = null;
  const { pass } = createWorld([room], (port) => ({
    async openSession(request) {
      const opened = await port.openSession(request);
      return opened.ok ? { ok: true, value: { ...opened.value, rooms: opened.value.rooms.map((one) => ({ ...one, logGen: 2 })) } } : opened;
    },
    async log(_, __, after, known) {
      await held.promise;
      if (known === 1) return { ok: false, refusal: { type: "otherLogGen", logGen: 2, generations: [{ logGen: 1, fromSeq: 0 }, { logGen: 2, fromSeq: 1 }] } };
      return { ok: true, value: { logGen: 2, headSeq: after, page: [] } };
    },
    async live(_, given) {
      listener = given;
      return { ok: true, value: { close() {} } };
    },
  }));
  await pass(0);
  listener!.record(room.roomId, 2, new Uint8Array(1));
  await pass(0);
  held.resolve();
  await pass(1);
  listener!.record(room.roomId, 3, new Uint8Array(1));
  expect(told).toEqual([[2, 2], [3, 2]]);
});

test("a stream that is refused because the session is over, whatever this device's clock says, brings a new session", async () => {
  let isOver = true;
  const { pass, count } = createWorld([createRoom(ids[0]!)], () => ({
    async live() {
      if (!isOver) return { ok: true, value: { close() {} } };
      isOver = false;
      return { ok: false, refusal: { type: "sessionExpired" } };
    },
  }));
  await pass(3);
  expect(count("openSession")).toBe(2);
});

test("a room that another tab has let go of is no failure", async () => {
  const [gone, fine] = [createRoom(ids[0]!, 1), createRoom(ids[1]!, 1)];
  Object.assign(gone, { takeUnsent: () => Promise.reject(new RoomOverError("gone")) });
  const { pass, loop } = createWorld([gone, fine]);
  await pass(0);
  expect(fine.waiting).toEqual([]);
  expect(loop.status.get()).toMatchObject({ reached: true, failure: null });
});

test("[W8] what another tab has sent while the relay answers is not lost by the relay", async () => {
  const room = createRoom(ids[0]!);
  room.unseen.push(new Uint8Array([1]));
  const again: number[][] = [];
  room.sendAgain = async (owed) => {
    again.push([...owed]);
    room.unseen = [];
  };
  const { pass } = createWorld([room], (port) => ({
    async log(...given) {
      room.unseen.push(new Uint8Array([2]));
      return port.log(...given);
    },
  }));
  await pass(0);
  expect(again).toEqual([[0]]);
});
