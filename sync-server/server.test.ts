import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { LivePresence, LiveRecord, type Refusal } from "#protocol/messages.ts";
import { decodePage, encodePush } from "#protocol/record.ts";
import { addMemberBody, createTestAuthor, createTestDevice, randomBytes, randomId } from "../test/support/envelopes.ts";
import { createTestRoom, createTestService, draftRoom, openTestSession, proofFor, valueOf, type TestRoom } from "../test/support/relay-world.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createRelay, type Relay } from "./relay.ts";
import { createRelayServer, type RelayServer } from "./server.ts";
import { createMemoryStorage } from "./storage/memory.ts";
import type { RelayStorage } from "./storage/storage.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-server-"));
const distDir = join(folder, "dist");
mkdirSync(join(distDir, "assets"), { recursive: true });
writeFileSync(join(distDir, "index.html"), "<!doctype html><title>app</title>");
writeFileSync(join(distDir, "sw.js"), "// worker");
writeFileSync(join(distDir, "manifest.webmanifest"), "{}");
writeFileSync(join(distDir, "assets", "main-1a2b.js"), "// as it is");
writeFileSync(join(distDir, "assets", "main-1a2b.js.br"), "packed");
writeFileSync(join(folder, "secret.txt"), "outside");
afterAll(() => rmSync(folder, { recursive: true }));

let now: number;
let storage: RelayStorage;
let relay: Relay;
let server: RelayServer;
let base: string;
let logged: string;
let code: string;
const clock = () => now;

async function startServer(): Promise<void> {
  const log = pino({ level: "debug" }, { write: (line: string) => void (logged += line) });
  server = createRelayServer({ relay, log, staticDir: distDir });
  base = `http://127.0.0.1:${(await server.listen(0, "127.0.0.1")).port}`;
}

beforeEach(async () => {
  now = Date.UTC(2026, 7, 17, 9);
  logged = "";
  storage = createMemoryStorage();
  code = await issueEnrolmentCode(storage, { clock, randomBytes });
  relay = createRelay({ storage, clock, randomBytes, defer: setImmediate });
  await startServer();
});

afterEach(async () => {
  await server.close();
  await storage.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(base + path, { method: "POST", body, headers });
const postJson = (path: string, body: unknown, headers: Record<string, string> = {}) => post(path, JSON.stringify(body), headers);

async function refusalOf(response: Response): Promise<[number, Refusal]> {
  return [response.status, ((await response.json()) as { refusal: Refusal }).refusal];
}

async function openRoom(): Promise<TestRoom & { token: string }> {
  const room = await createTestRoom(relay, code);
  return { ...room, token: await openTestSession(relay, { roomId: room.roomId, device: room.author.device }) };
}

describe("the API over HTTP", () => {
  test("[R5] [R6] [R1] a service, a room, a session, a push and its log", async () => {
    const service = await createTestService();
    const { serviceId, tokenHash } = service;
    expect((await postJson("/v1/services", { code, serviceId, tokenHash })).status).toBe(200);

    const room = await draftRoom(service);
    const made = await post("/v1/rooms", room.genesis, { authorization: `Service ${toBase64Url(service.token)}` });
    expect(await made.json()).toEqual({ seq: 1, logGen: 1 });

    const { challenge } = (await (await postJson("/v1/challenge", {})).json()) as { challenge: string };
    const proofs = [await proofFor(challenge, room.roomId, room.author.device)];
    const session = (await (await postJson("/v1/session", { challenge, proofs })).json()) as { token: string };

    const envelope = await room.author.update();
    const pushed = await post(`/v1/rooms/${room.roomId}/push`, encodePush([envelope]), bearer(session.token));
    expect(await pushed.json()).toEqual({ seqs: [2], refused: null });

    const control = await room.author.control(addMemberBody(room.genesisId, (await createTestDevice()).as("socialTeacher")));
    const taken = await post(`/v1/rooms/${room.roomId}/control`, control, bearer(session.token));
    expect(await taken.json()).toEqual({ seq: 3 });

    const log = await fetch(`${base}/v1/rooms/${room.roomId}/log?after=1&logGen=1`, { headers: bearer(session.token) });
    expect([log.headers.get("content-type"), log.headers.get("x-log-gen"), log.headers.get("x-head-seq")]).toEqual([
      "application/octet-stream",
      "1",
      "3",
    ]);
    expect(log.headers.get("cache-control")).toBe("no-store");
    expect(decodePage(new Uint8Array(await log.arrayBuffer()))).toEqual([
      { seq: 2, bytes: envelope },
      { seq: 3, bytes: control },
    ]);
  });

  test("[U1] [U2] a push-only token pushes, and opens no other door", async () => {
    const room = await openRoom();
    const asked = await postJson("/v1/push-token", {}, bearer(room.token));
    const { token, rooms } = (await asked.json()) as { token: string; rooms: string[] };
    expect([asked.status, rooms]).toEqual([200, [room.roomId]]);
    const push = { authorization: `Push ${token}` };
    const path = `/v1/rooms/${room.roomId}`;
    const envelope = await room.author.update();
    expect(await (await post(`${path}/push`, encodePush([envelope]), push)).json()).toEqual({ seqs: [2], refused: null });
    const expired = [401, { type: "sessionExpired" }];
    for (const door of ["control", "presence", "repair"]) {
      expect(await refusalOf(await post(`${path}/${door}`, encodePush([]), push))).toEqual(expired);
      expect(await refusalOf(await post(`${path}/${door}`, encodePush([]), bearer(token)))).toEqual(expired);
    }
    for (const headers of [push, bearer(token)]) {
      expect(await refusalOf(await fetch(`${base}${path}/log?after=0&logGen=1`, { headers }))).toEqual(expired);
      expect(await refusalOf(await fetch(`${base}/v1/live`, { headers }))).toEqual(expired);
      expect(await refusalOf(await postJson("/v1/push-token", {}, headers))).toEqual(expired);
    }
    expect(await refusalOf(await post(`${path}/push`, encodePush([envelope]), { authorization: `Push ${room.token}` }))).toEqual(expired);
    expect(await refusalOf(await post(`/v1/rooms/${randomId()}/push`, encodePush([envelope]), push))).toEqual([403, { type: "notMember" }]);
    expect(logged).not.toContain(token);
  });

  test("[I4] an invitation from offer to reading it back", async () => {
    const room = await openRoom();
    const inviteId = randomId();
    const body = toBase64Url(randomBytes(80));
    const invite = { inviteId, roomId: room.roomId, lifeMs: 60_000, offer: body };
    expect((await postJson("/v1/invites", invite, bearer(room.token))).status).toBe(200);
    expect((await postJson(`/v1/invites/${inviteId}`, { slot: "commit", claim: randomId(), body })).status).toBe(200);
    expect((await postJson(`/v1/invites/${inviteId}`, { slot: "challenge", body }, bearer(room.token))).status).toBe(200);
    expect(await (await fetch(`${base}/v1/invites/${inviteId}`)).json()).toEqual({
      expiresAt: now + 60_000,
      slots: { offer: body, commit: body, challenge: body },
    });
    expect(await refusalOf(await postJson(`/v1/invites/${inviteId}`, { slot: "commit", claim: randomId(), body }))).toEqual([
      409,
      { type: "inviteUsed" },
    ]);
    now += 60_000;
    expect(await refusalOf(await fetch(`${base}/v1/invites/${inviteId}`))).toEqual([410, { type: "inviteExpired" }]);
  });

  test("[Y3] a recovery bundle is put, read without a session, and dropped; its id is in no line of the log", async () => {
    const room = await openRoom();
    const lookupId = randomId();
    const send = (method: string, headers: Record<string, string>, body?: unknown) =>
      fetch(`${base}/v1/recovery/${lookupId}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const request = { serviceId: room.roomId, bundle: toBase64Url(randomBytes(80)) };
    // A school's room is no service's: the door is there, and shut.
    expect(await refusalOf(await send("PUT", bearer(room.token), request))).toEqual([403, { type: "forbidden" }]);
    expect(await refusalOf(await send("PUT", {}, request))).toEqual([401, { type: "sessionExpired" }]);
    expect(await refusalOf(await send("PUT", bearer(room.token), { ...request, bundle: "A".repeat(limits.recoveryBytes * 2) }))).toEqual([413, { type: "tooLarge" }]);
    expect(await refusalOf(await send("GET", {}))).toEqual([404, { type: "codeUnknown" }]);
    expect((await send("DELETE", bearer(room.token))).status).toBe(200);
    expect(await refusalOf(await fetch(`${base}/v1/recovery/no-id`))).toEqual([404, { type: "codeUnknown" }]);
    expect(logged).not.toContain(lookupId);
  });

  test("what is refused says why, in the body and by its status", async () => {
    const room = await openRoom();
    const log = `/v1/rooms/${room.roomId}/log?after=0`;
    const other = await createTestService();
    expect(await refusalOf(await fetch(`${base}${log}&logGen=1`))).toEqual([401, { type: "sessionExpired" }]);
    expect(await refusalOf(await fetch(`${base}${log}&logGen=2`, { headers: bearer(room.token) }))).toEqual([
      409,
      { type: "otherLogGen", logGen: 1, generations: [{ logGen: 1, fromSeq: 0 }] },
    ]);
    expect(await refusalOf(await postJson("/v1/services", { ...other, code: "AAAA-BBBB-CCCC" }))).toEqual([404, { type: "codeUnknown" }]);
    const { genesis } = await draftRoom(other);
    expect(await refusalOf(await post("/v1/rooms", genesis, { authorization: "Service AAAA" }))).toEqual([403, { type: "forbidden" }]);
    await relay.close();
    const busy = await postJson("/v1/challenge", {});
    expect(busy.headers.get("retry-after")).toBe("2");
    expect(await refusalOf(busy)).toEqual([503, { type: "busy", retryAfterMs: 2000 }]);
  });

  test("[E1] what makes no sense is malformed, and nothing of it reaches the relay", async () => {
    const room = await openRoom();
    const malformed = [400, { type: "malformed" }];
    const path = `/v1/rooms/${room.roomId}`;
    for (const response of [
      await post("/v1/services", "{"),
      await postJson("/v1/services", { code, serviceId: "short", tokenHash: "short" }),
      await postJson("/v1/session", { challenge: "x", proofs: [] }),
      await post(`${path}/push`, Uint8Array.of(0, 0, 0, 9, 1), bearer(room.token)),
      await post("/v1/rooms/nonsense/push", new Uint8Array(0), bearer(room.token)),
      await fetch(`${base}${path}/log?after=-1&logGen=1`, { headers: bearer(room.token) }),
      await fetch(`${base}${path}/log?after=0`, { headers: bearer(room.token) }),
      await post("/v1/rooms", randomBytes(500), { authorization: "Service !" }),
      await fetch(`${base}/v1/nothing`),
    ]) {
      expect(await refusalOf(response)).toEqual(malformed);
    }
  });

  test("[R1] a body over its bound is refused, with its length told or not", async () => {
    const room = await openRoom();
    const tooLarge = [413, { type: "tooLarge" }];
    const big = new Uint8Array(limits.pushBytes + limits.pushEnvelopes * 4 + 1);
    expect(await refusalOf(await post(`/v1/rooms/${room.roomId}/push`, big, bearer(room.token)))).toEqual(tooLarge);
    expect(await refusalOf(await post("/v1/session", " ".repeat(limits.jsonBytes + 1)))).toEqual(tooLarge);
    const chunked = { method: "POST", headers: bearer(room.token), duplex: "half" } as const;
    const stream = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]).stream();
    const control = `${base}/v1/rooms/${room.roomId}/control`;
    expect(await refusalOf(await fetch(control, { ...chunked, body: stream(new Uint8Array(limits.envelopeBytes + 1)) }))).toEqual(tooLarge);
    const presence = `${base}/v1/rooms/${room.roomId}/presence`;
    expect(await refusalOf(await fetch(presence, { ...chunked, body: stream(new Uint8Array(limits.presenceBytes + 1)) }))).toEqual(tooLarge);
    const request = { ...chunked, body: stream(new Uint8Array(limits.jsonBytes + 1)) };
    expect(await refusalOf(await fetch(`${base}/v1/session`, request))).toEqual(tooLarge);
    const push = `${base}/v1/rooms/${room.roomId}/push`;
    const small = await fetch(push, { ...chunked, body: stream(encodePush([await room.author.update()])) });
    expect(await small.json()).toEqual({ seqs: [2], refused: null });
  });

  test("[R6] [N1] without a session, from who was removed, or with too much to come, a request is answered before its body is there", async () => {
    const room = await openRoom();
    const stranger = randomId();
    const answerTo = (path: string, head: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(base).port), "127.0.0.1");
        socket.once("data", (chunk: Buffer) => {
          resolve(chunk.toString());
          socket.destroy();
        });
        socket.on("error", reject);
        socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n4\r\nhalf`);
      });
    for (const length of ["content-length: 4000000", "transfer-encoding: chunked"]) {
      for (const path of [`/v1/rooms/${room.roomId}/push`, `/v1/rooms/${room.roomId}/control`, `/v1/rooms/${room.roomId}/presence`, "/v1/invites"]) {
        const answer = await answerTo(path, `authorization: Bearer made-up\r\n${length}`);
        expect([path, length, answer.split("\r\n")[0]]).toEqual([path, length, "HTTP/1.1 401 Unauthorized"]);
      }
    }
    const large = `authorization: Bearer ${room.token}\r\ncontent-length: ${limits.presenceBytes + 1}`;
    expect(await answerTo(`/v1/rooms/${room.roomId}/presence`, large)).toContain("413 Payload Too Large");
    const elsewhere = await answerTo(`/v1/rooms/${stranger}/push`, `authorization: Bearer ${room.token}\r\ncontent-length: 4000000`);
    expect(elsewhere).toContain("403 Forbidden");
    const { membership } = (await storage.rooms([room.roomId])).get(room.roomId)!;
    await storage.write((tx) => tx.setMembership(room.roomId, { ...membership, devices: {} }));
    for (const path of ["push", "control", "presence"]) {
      const answer = await answerTo(`/v1/rooms/${room.roomId}/${path}`, `authorization: Bearer ${room.token}\r\ncontent-length: 4000`);
      expect([path, answer.split("\r\n")[0], answer.includes("notMember")]).toEqual([path, "HTTP/1.1 403 Forbidden", true]);
    }
  });

  test("[R10] the log of the process has no bytes, tokens, codes or invitation ids", async () => {
    const room = await openRoom();
    const inviteId = randomId();
    const body = toBase64Url(randomBytes(80));
    const envelope = await room.author.update();
    await post(`/v1/rooms/${room.roomId}/push`, encodePush([envelope]), bearer(room.token));
    await postJson("/v1/invites", { inviteId, roomId: room.roomId, lifeMs: 60_000, offer: body }, bearer(room.token));
    await fetch(`${base}/v1/invites/${inviteId}`);
    await postJson("/v1/services", { code, serviceId: randomId(), tokenHash: "00".repeat(32) });
    expect(logged).toContain(room.roomId);
    for (const secret of [room.token, inviteId, body, code, toBase64Url(envelope).slice(0, 40)]) expect(logged).not.toContain(secret);
  });

  test("another origin's pages get nothing out of it", async () => {
    const origin = "https://app.example.no";
    const before = await fetch(`${base}/v1/challenge`, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" } });
    const answered = await postJson("/v1/challenge", {}, { origin });
    const stream = await fetch(`${base}/v1/live`, { headers: { ...bearer("x"), origin } });
    for (const { headers } of [before, answered, stream]) expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

type TestStream = { status: number; type: string | null; next(): Promise<string | null>; cancel(): Promise<void> };

async function openStream(token: string): Promise<TestStream> {
  const response = await fetch(`${base}/v1/live`, { headers: bearer(token) });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    async next() {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          return event;
        }
        const { value, done } = await reader.read();
        if (done) return null;
        text += value;
      }
    },
    cancel: () => reader.cancel(),
  };
}

function presenceOf(event: string | null): LivePresence {
  const [name, data] = event!.split("\n");
  expect(name).toBe("event: presence");
  return LivePresence.parse(JSON.parse(data!.slice("data: ".length)));
}

function recordOf(event: string | null): LiveRecord {
  const [name, data] = event!.split("\n");
  expect(name).toBe("event: record");
  return LiveRecord.parse(JSON.parse(data!.slice("data: ".length)));
}

describe("the live stream", () => {
  test("[R7] carries each envelope as an event, in order", async () => {
    const room = await openRoom();
    const stream = await openStream(room.token);
    expect([stream.status, stream.type]).toEqual([200, "text/event-stream"]);
    expect(await stream.next()).toBe(": open");
    const envelopes = [await room.author.update(), await room.author.update()];
    await post(`/v1/rooms/${room.roomId}/push`, encodePush(envelopes), bearer(room.token));
    for (const [index, envelope] of envelopes.entries()) {
      const record = recordOf(await stream.next());
      expect([record.roomId, record.seq, fromBase64Url(record.bytes)]).toEqual([room.roomId, index + 2, envelope]);
    }
    await stream.cancel();
  });

  test("[N3] carries a colleague's presence between the records, and the process's log has a line for what was refused alone", async () => {
    const room = await openRoom();
    const device = await createTestDevice();
    valueOf(await relay.control(room.token, room.roomId, await room.author.control(addMemberBody(room.genesisId, device.as("socialTeacher")))));
    const stream = await openStream(await openTestSession(relay, { roomId: room.roomId, device }));
    expect(await stream.next()).toBe(": open");
    logged = "";
    const path = `/v1/rooms/${room.roomId}/presence`;
    const envelope = await room.author.presence();
    const answer = await post(path, envelope, bearer(room.token));
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect(logged).toBe("");
    const presence = presenceOf(await stream.next());
    expect([presence.roomId, fromBase64Url(presence.bytes)]).toEqual([room.roomId, envelope]);
    await post(`/v1/rooms/${room.roomId}/push`, encodePush([await room.author.update()]), bearer(room.token));
    expect(recordOf(await stream.next()).seq).toBe(3);
    logged = "";
    const own = createTestAuthor(device, room.roomId);
    expect(await refusalOf(await post(path, await own.presence(), bearer(room.token)))).toEqual([403, { type: "forbidden" }]);
    expect(logged).toContain("/v1/rooms/:roomId/presence");
    await stream.cancel();
  });

  test("[R7] what came between session and stream opens it", async () => {
    const room = await openRoom();
    await post(`/v1/rooms/${room.roomId}/push`, encodePush([await room.author.update()]), bearer(room.token));
    const stream = await openStream(room.token);
    expect(await stream.next()).toBe(": open");
    expect(recordOf(await stream.next()).seq).toBe(2);
    await stream.cancel();
  });

  test("a comment keeps an idle stream alive", async () => {
    const room = await openRoom();
    const stream = await openStream(room.token);
    expect(await stream.next()).toBe(": open");
    server.beat();
    expect(await stream.next()).toBe(":");
    await stream.cancel();
  });

  test("a stream that its client leaves is let go", async () => {
    const room = await openRoom();
    const core = { ...relay };
    const left = new Promise<void>((resolve) => {
      relay.live = async (token, listener) => {
        const answer = await core.live(token, listener);
        return answer.ok ? { ok: true, value: { close: () => (answer.value.close(), resolve()) } } : answer;
      };
    });
    const stream = await openStream(room.token);
    expect(await stream.next()).toBe(": open");
    await stream.cancel();
    await left;
  });

  test("[R6] without a session there is none, and it ends with its session", async () => {
    expect(await refusalOf(await fetch(`${base}/v1/live`))).toEqual([401, { type: "sessionExpired" }]);
    const room = await openRoom();
    const stream = await openStream(room.token);
    expect(await stream.next()).toBe(": open");
    now += limits.sessionMs;
    await relay.sweep();
    expect(await stream.next()).toBeNull();
  });

  test("closing the server ends the streams and does not wait for connections that are idle, or that have never asked anything", async () => {
    const room = await openRoom();
    const stream = await openStream(room.token);
    expect(await stream.next()).toBe(": open");
    const silent = connect(Number(new URL(base).port), "127.0.0.1");
    silent.on("error", () => undefined);
    await once(silent, "connect");
    const startedAt = performance.now();
    await server.close();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(await stream.next()).toBeNull();
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
  });

  test("a consumer that does not read is cut off, and the others hear all", async () => {
    const room = await openRoom();
    const port = Number(new URL(base).port);
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET /v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${room.token}\r\n\r\n`);
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const stream = await openStream(room.token);
    expect(await stream.next()).toBe(": open");
    const pushes = 11;
    const heard = (async () => {
      for (let seq = 2; seq < 2 + pushes * 4; seq++) expect(recordOf(await stream.next()).seq).toBe(seq);
    })();
    for (let i = 0; i < pushes; i++) {
      const envelopes = [];
      for (let j = 0; j < 4; j++) envelopes.push(await room.author.update({}, 400 * 1024));
      const pushed = await post(`/v1/rooms/${room.roomId}/push`, encodePush(envelopes), bearer(room.token));
      expect(pushed.status).toBe(200);
    }
    await heard;
    expect(logged).toContain("stream over");
    socket.resume();
    await closed;
    await stream.cancel();
  });
});

type PlainAnswer = { status: number | undefined; headers: IncomingHttpHeaders; text: string };

/** A request with exactly these headers: fetch adds its own and unpacks the answer. */
const getPlain = (path: string, headers: Record<string, string>) =>
  new Promise<PlainAnswer>((resolve, reject) => {
    const asked = request(base + path, { headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    asked.on("error", reject).end();
  });

describe("the app's files", () => {
  const get = (path: string) => fetch(base + path);

  test("pages and worker are asked for again, hashed files never", async () => {
    for (const path of ["/", "/index.html", "/sw.js", "/manifest.webmanifest"]) {
      const response = await get(path);
      expect([path, response.status, response.headers.get("cache-control")]).toEqual([path, 200, "no-cache"]);
    }
    const asset = await getPlain("/assets/main-1a2b.js", {});
    expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(asset.text).toBe("// as it is");
    expect((await get("/manifest.webmanifest")).headers.get("content-type")).toContain("application/manifest+json");
  });

  test("a packed sibling is sent to who takes it", async () => {
    const packed = await getPlain("/assets/main-1a2b.js", { "accept-encoding": "gzip, br" });
    expect(packed.headers["content-encoding"]).toBe("br");
    expect(packed.headers["content-type"]).toContain("javascript");
    expect(packed.text).toBe("packed");
  });

  test("a page that a person opens is the app, a missing file is missing", async () => {
    const navigation = { accept: "text/html,*/*", "sec-fetch-mode": "navigate" };
    for (const headers of [navigation, { accept: "text/html" }]) {
      const page = await getPlain("/visits/12", headers);
      expect([page.status, page.headers["cache-control"], page.text]).toEqual([200, "no-cache", "<!doctype html><title>app</title>"]);
    }
    const missing = async (path: string, headers: Record<string, string>) => (await getPlain(path, headers)).status;
    expect(await missing("/assets/gone-9f.js", navigation)).toBe(404);
    expect(await missing("/data.json", { accept: "*/*" })).toBe(404);
    expect(await missing("/visits/12", { accept: "text/html", "sec-fetch-mode": "cors" })).toBe(404);
    expect(await missing("/v1/visits", navigation)).toBe(400);
  });

  test("nothing outside the folder is served", async () => {
    for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt"]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(base).port), "127.0.0.1");
        let text = "";
        socket.on("data", (chunk: Buffer) => (text += chunk.toString())).on("end", () => resolve(text)).on("error", reject);
        socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      });
      expect(answer).toContain("404");
      expect(answer).not.toContain("outside");
    }
  });

  test("every answer has the security headers", async () => {
    for (const response of [await get("/"), await get("/v1/nothing"), await get("/v1/live"), await get("/gone.js")]) {
      const policy = response.headers.get("content-security-policy")!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    }
  });

  test("health is one word", async () => {
    expect(await (await get("/healthz")).text()).toBe("ok");
  });
});
