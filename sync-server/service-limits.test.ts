import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toBase64Url } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { encodePush } from "#protocol/record.ts";
import { randomBytes, randomId } from "../test/support/envelopes.ts";
import { createTestRoom, openTestSession } from "../test/support/relay-world.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createRelay, type Relay } from "./relay.ts";
import { createRequestLimits } from "./request-limits.ts";
import { createRelayServer, type RelayServer, type ServerOptions } from "./server.ts";
import { createMemoryStorage } from "./storage/memory.ts";
import type { RelayStorage } from "./storage/storage.ts";
import type { Tally } from "./tally.ts";

let now: number;
let storage: RelayStorage;
let relay: Relay;
let server: RelayServer;
let port: number;
let base: string;
let logged: string;
let counted: string[];
const clock = () => now;
const sockets = new Set<Socket>();

const tally: Tally = {
  pushed: (envelopes, sizeBytes) => void counted.push(`pushed ${envelopes} ${sizeBytes > 0}`),
  refused: (type) => void counted.push(`refused ${type}`),
  sent: () => void counted.push("sent"),
  cutOff: (reason) => void counted.push(`cutOff ${reason}`),
};

async function start(options: Partial<ServerOptions> & { trustProxy?: boolean; most?: number }): Promise<void> {
  const { trustProxy = false, most = 100, ...rest } = options;
  const requestLimits = createRequestLimits({ clock, randomBytes, trustProxy, most });
  const log = pino({ level: "trace" }, { write: (line: string) => void (logged += line) });
  server = createRelayServer({ relay, log, staticDir: null, requestLimits, tally, ...rest });
  ({ port } = await server.listen(0, "127.0.0.1"));
  base = `http://127.0.0.1:${port}`;
}

beforeEach(() => {
  now = Date.UTC(2026, 10, 22, 9);
  logged = "";
  counted = [];
  storage = createMemoryStorage();
  relay = createRelay({ storage, clock, randomBytes, defer: setImmediate });
});

afterEach(async () => {
  sockets.forEach((socket) => socket.destroy());
  sockets.clear();
  await server.close();
  await storage.close();
});

async function openRoom() {
  const room = await createTestRoom(relay, await issueEnrolmentCode(storage, { clock, randomBytes }));
  const token = await openTestSession(relay, { roomId: room.roomId, device: room.author.device });
  return { ...room, token, headers: { authorization: `Bearer ${token}` } };
}

/** A connection of one's own; whatever becomes of it, `ended` resolves with all that came. */
async function open(): Promise<{ socket: Socket; ended: Promise<string>; said: () => string }> {
  const socket = connect(port, "127.0.0.1");
  sockets.add(socket);
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  const ended = once(socket, "close").then(() => text);
  await once(socket, "connect");
  return { socket, ended, said: () => text };
}

const tryCode = (headers: Record<string, string> = {}) =>
  fetch(`${base}/v1/services`, { method: "POST", headers, body: JSON.stringify({ code: "AAAA-BBBB-CCCC", serviceId: randomId(), tokenHash: "00".repeat(32) }) });

describe("how much one may ask", () => {
  test("[R14] codes may be tried twenty times from an address, and then each five seconds", async () => {
    await start({});
    for (let i = 0; i < 20; i++) expect((await tryCode()).status).toBe(404);
    const refused = await tryCode({ "x-forwarded-for": "192.0.2.1" });
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("content-security-policy") !== null]).toEqual([503, "5", true]);
    expect(await refused.json()).toEqual({ refusal: { type: "busy", retryAfterMs: 5000 } });
    expect((await fetch(`${base}/v1/challenge`, { method: "POST" })).status).toBe(200);
    now += 5000;
    expect((await tryCode()).status).toBe(404);
    expect(counted.filter((line) => line === "refused busy")).toHaveLength(1);
    expect(counted.filter((line) => line === "refused codeUnknown")).toHaveLength(21);
  });

  test("[R14] behind a trusted proxy each caller has their own", async () => {
    await start({ trustProxy: true });
    for (let i = 0; i < 20; i++) await tryCode({ "x-forwarded-for": "192.0.2.1" });
    expect((await tryCode({ "x-forwarded-for": "198.51.100.9, 192.0.2.1" })).status).toBe(503);
    expect((await tryCode({ "x-forwarded-for": "192.0.2.2" })).status).toBe(404);
  });

  test("[R14] a session's requests are its own, and one that is over its bound is answered before its body is there", async () => {
    await start({});
    const [mine, theirs] = [await openRoom(), await openRoom()];
    const push = ({ roomId, headers }: typeof mine) => fetch(`${base}/v1/rooms/${roomId}/push`, { method: "POST", headers, body: encodePush([]) });
    await Promise.all(Array.from({ length: 15 }, async () => {
      for (let i = 0; i < 40; i++) await (await push(mine)).arrayBuffer();
    }));
    const pushing = await open();
    pushing.socket.write(`POST /v1/rooms/${mine.roomId}/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${mine.token}\r\ncontent-length: 4000000\r\n\r\n`);
    expect(await pushing.ended).toMatch(/^HTTP\/1.1 503 [^]*"busy"/);
    expect((await push(theirs)).status).toBe(200);
    now += 50;
    expect((await push(mine)).status).toBe(200);
  });

  test("[R14] proofs of rooms count for the address that brings them, whatever is in them", async () => {
    await start({});
    const proofs = Array.from({ length: 500 }, () => ({ roomId: randomId(), deviceId: randomId(), signature: "AAAA" }));
    const ask = async (some: typeof proofs) => {
      const response = await fetch(`${base}/v1/session`, { method: "POST", body: JSON.stringify({ challenge: "AAAA", proofs: some }) });
      return ((await response.json()) as { refusal: { type: string } }).refusal.type;
    };
    for (let i = 0; i < 40; i++) expect(await ask(proofs)).toBe("sessionExpired");
    expect(await ask(proofs)).toBe("busy");
    now += 1000;
    expect(await ask(proofs.slice(0, 200))).toBe("sessionExpired");
  });

  test("[R14] an address has so many streams and connections at a time", async () => {
    await start({ most: 2 });
    const room = await openRoom();
    const listen = async () => {
      const connection = await open();
      connection.socket.write(`GET /v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${room.token}\r\n\r\n`);
      return connection;
    };
    const first = await listen();
    await once(first.socket, "data");
    const second = await listen();
    await once(second.socket, "data");
    const third = await open();
    expect(await third.ended).toBe("");
    expect(counted).toContain("cutOff crowd");
    first.socket.destroy();
    await first.ended;
    await expect.poll(async () => (await fetch(`${base}/healthz`, { headers: { connection: "close" } }).catch(() => null))?.status).toBe(200);
  });

  test("[R14] behind a proxy it is what one has in hand that counts", async () => {
    await start({ trustProxy: true, most: 1 });
    const room = await openRoom();
    const listening = new AbortController();
    const from = (address: string) => ({ ...room.headers, "x-forwarded-for": address });
    expect((await fetch(`${base}/v1/live`, { headers: from("192.0.2.1"), signal: listening.signal })).status).toBe(200);
    expect((await fetch(`${base}/healthz`, { headers: from("192.0.2.1") })).status).toBe(503);
    expect((await fetch(`${base}/healthz`, { headers: from("192.0.2.2") })).status).toBe(200);
    listening.abort();
    await expect.poll(async () => (await fetch(`${base}/healthz`, { headers: from("192.0.2.1") })).status).toBe(200);
  });
});

describe("how long one may take", () => {
  test("headers over eight kilobytes are refused", async () => {
    await start({});
    expect((await fetch(`${base}/healthz`, { headers: { "x-long": "x".repeat(9000) } })).status).toBe(431);
    expect((await fetch(`${base}/healthz`, { headers: { "x-long": "x".repeat(6000) } })).status).toBe(200);
  });

  const patience = { graceMs: 300, bytesPerSecond: limits.slowestBytesPerSecond };

  test("[R11] a body that drips is cut off, one that comes at its pace is not", async () => {
    await start({ patience });
    const room = await openRoom();
    const head = (length: number) => `POST /v1/rooms/${room.roomId}/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${room.token}\r\ncontent-length: ${length}\r\n\r\n`;
    const dripping = await open();
    dripping.socket.write(head(100_000));
    const drip = setInterval(() => dripping.socket.write("x"), 20);
    const steady = await open();
    steady.socket.write(head(100_000));
    const pour = setInterval(() => steady.socket.write(Buffer.alloc(2000)), 20);
    expect(await dripping.ended).toBe("");
    clearInterval(drip);
    expect(counted).toContain("cutOff slow");
    await expect.poll(() => steady.said(), { timeout: 10_000 }).toContain("400 Bad Request");
    clearInterval(pour);
  });

  test("[R11] who does not take an answer is cut off, and the answer is let go", async () => {
    // Else an answer of two megabytes has two minutes.
    await start({ patience: { ...patience, bytesPerSecond: 8 * 1024 * 1024 } });
    const room = await openRoom();
    const envelopes = [];
    for (let i = 0; i < 4; i++) envelopes.push(await room.author.update({}, 490 * 1024));
    await fetch(`${base}/v1/rooms/${room.roomId}/push`, { method: "POST", headers: room.headers, body: encodePush(envelopes) });
    const before = performance.now();
    const ask = `GET /v1/rooms/${room.roomId}/log?after=1&logGen=1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${room.token}\r\n\r\n`;
    const connection = await open();
    connection.socket.pause();
    // The system takes the first answers by itself; those that come after it stand.
    connection.socket.write(ask.repeat(12));
    await expect.poll(() => counted.includes("cutOff slow"), { timeout: 25_000 }).toBe(true);
    expect(performance.now() - before).toBeGreaterThan(300);
    connection.socket.resume();
    await connection.ended;
  });

  test("a stream that reads nothing between two heartbeats is cut off, and one that reads is not", async () => {
    await start({});
    const room = await openRoom();
    const listen = `GET /v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${room.token}\r\n\r\n`;
    const [reading, stuck] = [await open(), await open()];
    for (const { socket } of [reading, stuck]) {
      socket.write(listen);
      await once(socket, "data");
    }
    stuck.socket.pause();
    // As much as the system holds for it, and a little more; far from what a stream may leave unread.
    for (let i = 0; i < 4; i++) {
      const envelopes = [];
      for (let j = 0; j < 4; j++) envelopes.push(await room.author.update({}, 490 * 1024));
      await fetch(`${base}/v1/rooms/${room.roomId}/push`, { method: "POST", headers: room.headers, body: encodePush(envelopes) });
    }
    expect(counted).not.toContain("cutOff slow");
    await expect.poll(() => (server.beat(), counted.filter((line) => line === "cutOff slow").length)).toBe(1);
    stuck.socket.resume();
    await stuck.ended;
    server.beat();
    server.beat();
    expect(server.streams()).toBe(1);
    expect(reading.socket.destroyed).toBe(false);
  });

  test("a connection that never asks anything is closed", async () => {
    await start({});
    const silent = await open();
    expect(await silent.ended).toMatch(/^$|408/);
  });
});

describe("what is told", () => {
  test("health says when the storage does not answer", async () => {
    let isHealthy = true;
    await start({ isHealthy: async () => isHealthy });
    const ask = async () => {
      const response = await fetch(`${base}/healthz`);
      return [response.status, await response.text(), response.headers.get("cache-control")];
    };
    expect(await ask()).toEqual([200, "ok", "no-store"]);
    isHealthy = false;
    expect(await ask()).toEqual([503, "the storage does not answer", "no-store"]);
  });

  test("pushes, envelopes, pages and refusals are counted", async () => {
    await start({});
    const room = await openRoom();
    const path = `${base}/v1/rooms/${room.roomId}`;
    const [first, second] = [await room.author.update(), await room.author.update({ epoch: 7 })];
    await fetch(`${path}/push`, { method: "POST", headers: room.headers, body: encodePush([first, second]) });
    await fetch(`${path}/log?after=0&logGen=1`, { headers: room.headers });
    await fetch(`${path}/log?after=0&logGen=1`);
    await fetch(`${base}/v1/live`);
    expect(counted).toEqual(["pushed 1 true", "refused staleEpoch", "sent", "refused sessionExpired", "refused sessionExpired"]);
  });

  test("[R10] no line has bytes, tokens, codes, addresses or names, whatever goes wrong", async () => {
    const secrets = ["Kari Nordmann", "AAAA-BBBB-CCCC", "127.0.0.1", "192.0.2.77"];
    await start({ trustProxy: true });
    const room = await openRoom();
    const inviteId = randomId();
    const body = toBase64Url(randomBytes(80));
    const envelope = await room.author.update();
    const { headers } = room;
    const from = { "x-forwarded-for": "192.0.2.77", "user-agent": "Kari Nordmann", referer: "https://Kari Nordmann/" };
    const post = (path: string, sent: BodyInit, more = {}) => fetch(base + path, { method: "POST", headers: { ...from, ...headers, ...more }, body: sent });
    await post(`/v1/rooms/${room.roomId}/push?q=Kari%20Nordmann`, encodePush([envelope]));
    await post(`/v1/rooms/${room.roomId}/push`, "Kari Nordmann");
    await post("/v1/invites", JSON.stringify({ inviteId, roomId: room.roomId, lifeMs: 60_000, offer: body }));
    await post(`/v1/invites/${inviteId}`, JSON.stringify({ slot: "commit", claim: randomId(), body }));
    await post("/v1/session", "{ Kari Nordmann");
    await post("/v1/rooms", randomBytes(300), { authorization: "Service Kari" });
    await tryCode(from);
    await fetch(`${base}/v1/Kari%20Nordmann`, { headers: from });
    for (let i = 0; i < 25; i++) await tryCode(from);
    // What a database or the network may say of what it was given.
    const fault = Object.assign(new Error("duplicate key: Kari Nordmann from 192.0.2.77"), { code: "23505", detail: "Kari Nordmann" });
    relay.log = () => Promise.reject(fault);
    await fetch(`${base}/v1/rooms/${room.roomId}/log?after=0&logGen=1`, { headers: { ...from, ...headers } });
    relay.live = () => Promise.reject(fault);
    await fetch(`${base}/v1/live`, { headers: { ...from, ...headers } }).catch(() => undefined);
    expect(logged).toContain("23505");
    expect(logged).toContain("stream failed");
    expect(logged).toContain(room.roomId);
    for (const secret of [...secrets, "Nordmann", room.token, inviteId, body, toBase64Url(envelope).slice(0, 40)]) expect(logged).not.toContain(secret);
  });

  test("[R14] requests that are turned away fill no log", async () => {
    await start({});
    for (let i = 0; i < 20; i++) await tryCode();
    const before = logged;
    for (let i = 0; i < 20; i++) await tryCode();
    expect(logged).toBe(before);
  });
});
