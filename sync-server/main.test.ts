import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { fromHex, toBase64Url, type Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { encodePush } from "#protocol/record.ts";
import { systemClock } from "../src/engine/platform/clock.ts";
import { createRelayClient } from "../src/engine/sync/relay-client.ts";
import { addMemberBody, createTestDevice } from "../test/support/envelopes.ts";
import { addressLine, codeLine, createPrograms, type Run } from "../test/support/relay-program.ts";
import { newTestDatabase, postgresUrl } from "../test/support/test-database.ts";
import { createTestRoom, createTestService, draftRoom, openTestSession, proofFor, valueOf } from "../test/support/relay-world.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-process-"));
let folders = 0;
const newDataDir = () => join(folder, `data-${++folders}`);
const { run, runProgram, killAll } = createPrograms(folder);

afterEach(killAll);
afterAll(() => rmSync(folder, { recursive: true }));

test("a first start gives address and code; data outlive SIGTERM and kill -9; a second start gives no code", async () => {
  const dataDir = newDataDir();
  const environment = { DATA_DIR: dataDir, PORT: "0" };
  const first = run(environment);
  const firstOut = await first.said(codeLine);
  expect(firstOut.trim().split("\n")).toHaveLength(2);
  const base = addressLine.exec(firstOut)![1]!;

  const service = await createTestService();
  const { serviceId, tokenHash } = service;
  const post = (url: string, body: BodyInit, headers = {}) => fetch(url, { method: "POST", body, headers });
  const code = codeLine.exec(firstOut)![1]!;
  await post(`${base}/v1/services`, JSON.stringify({ code, serviceId, tokenHash }));
  const room = await draftRoom(service);
  await post(`${base}/v1/rooms`, room.genesis, { authorization: `Service ${toBase64Url(service.token)}` });

  const openSession = async (at: string) => {
    const { challenge } = (await (await post(`${at}/v1/challenge`, "{}")).json()) as { challenge: string };
    const proofs = [await proofFor(challenge, room.roomId, room.author.device)];
    const opened = await post(`${at}/v1/session`, JSON.stringify({ challenge, proofs }));
    return (await opened.json()) as { token: string; rooms: { headSeq: number }[] };
  };
  const push = async (at: string) => {
    const { token } = await openSession(at);
    const body = encodePush([await room.author.update()]);
    return (await post(`${at}/v1/rooms/${room.roomId}/push`, body, { authorization: `Bearer ${token}` })).json();
  };
  expect(await push(base)).toEqual({ seqs: [2], refused: null });
  const { token } = await openSession(base);
  const stream = await fetch(`${base}/v1/live`, { headers: { authorization: `Bearer ${token}` } });
  expect(stream.status).toBe(200);
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  await stream.text();
  expect(readdirSync(dataDir)).toEqual(["relay.sqlite", "relay.sqlite.lock"]);

  const second = run(environment);
  const again = addressLine.exec(await second.said(addressLine))![1]!;
  expect(await push(again)).toEqual({ seqs: [3], refused: null });
  second.child.kill("SIGKILL");
  await second.ended;
  expect(second.out()).not.toMatch(codeLine);

  const third = run(environment);
  const once = addressLine.exec(await third.said(addressLine))![1]!;
  expect((await openSession(once)).rooms[0]?.headSeq).toBe(3);
  third.child.kill("SIGINT");
  expect(await third.ended).toBe(0);
  expect(first.err() + second.err() + third.err()).not.toContain(code);
});

test("[N3] a process that has handed presence on keeps none of it on disk, in its log or for who comes later", async () => {
  const dataDir = newDataDir();
  const relay = run({ DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "trace" });
  const out = await relay.said(codeLine);
  const port = createRelayClient(addressLine.exec(out)![1]!, fetch, systemClock);
  const room = await createTestRoom(port, codeLine.exec(out)![1]!);
  const device = await createTestDevice();
  const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
  valueOf(await port.control(session, room.roomId, await room.author.control(addMemberBody(room.genesisId, device.as("socialTeacher")))));
  const other = await openTestSession(port, { roomId: room.roomId, device });
  const heard = Promise.withResolvers<Bytes>();
  const listener = { record: () => undefined, presence: (_roomId: string, bytes: Bytes) => heard.resolve(bytes), ended: () => undefined };
  valueOf(await port.live(other, listener));
  const stored = await room.author.update({}, 1000);
  const storedId = room.author.tip();
  const told = await room.author.presence({}, 1000);
  valueOf(await port.push(session, room.roomId, [stored]));
  expect(valueOf(await port.presence(session, room.roomId, told))).toBeNull();
  expect(await heard.promise).toEqual(told);
  expect(valueOf(await port.log(other, room.roomId, 0, 1))).toMatchObject({ headSeq: 3 });
  const isOnDisk = (bytes: Bytes) => readdirSync(dataDir).some((name) => readFileSync(join(dataDir, name)).includes(Buffer.from(bytes)));
  // The stored one is there by its id: its bytes lie under the room's outer key.
  const traces = () => [isOnDisk(fromHex(storedId)), isOnDisk(stored.subarray(400, 432)), isOnDisk(told.subarray(400, 432))];
  expect(traces()).toEqual([true, false, false]);
  relay.child.kill("SIGTERM");
  expect(await relay.ended).toBe(0);
  expect(traces()).toEqual([true, false, false]);
  expect(relay.err()).toContain("/push");
  expect(relay.err()).not.toContain(":roomId/presence");
});

test("enrol makes a code beside a running relay, which takes it at once; the database keeps no code as it is", async () => {
  const environment = { DATA_DIR: newDataDir(), PORT: "0" };
  const relay = run(environment);
  const out = await relay.said(codeLine);
  const base = addressLine.exec(out)![1]!;
  const enrol = run(environment, "enrol");
  expect(await enrol.ended).toBe(0);
  expect(enrol.out().trim().split("\n")).toHaveLength(1);
  const code = codeLine.exec(enrol.out())![1]!;
  expect(code).not.toBe(codeLine.exec(out)![1]);
  const { serviceId, tokenHash } = await createTestService();
  const body = JSON.stringify({ code, serviceId, tokenHash });
  expect((await fetch(`${base}/v1/services`, { method: "POST", body })).status).toBe(200);
  relay.child.kill("SIGTERM");
  expect(await relay.ended).toBe(0);
  const file = readFileSync(join(environment.DATA_DIR, "relay.sqlite"));
  expect(file.includes(code)).toBe(false);
  expect(file.includes(code.replaceAll("-", ""))).toBe(false);
});

test("the data folder is ./data unless it is told", async () => {
  const enrol = run({}, "enrol");
  expect(await enrol.ended).toBe(0);
  expect(readdirSync(join(folder, "data"))).toContain("relay.sqlite");
});

async function failsWith(line: string, exitCode: number, failing: Run): Promise<void> {
  expect([line, await failing.ended]).toEqual([line, exitCode]);
  expect(failing.err().trim().split("\n")).toHaveLength(1);
  expect(failing.err()).toContain(line);
  expect(failing.out()).toBe("");
}

function withPassword(databaseUrl: string, password: string): string {
  const url = new URL(databaseUrl);
  url.password = password;
  return url.href;
}

test("two processes on one PostgreSQL are one relay: what is pushed at one is heard at the other, and outlives kill -9 of both", async () => {
  const environment = { DATABASE_URL: await newTestDatabase(), PORT: "0" };
  const first = run(environment);
  const out = await first.said(codeLine);
  const second = run(environment);
  const bases = [addressLine.exec(out)![1]!, addressLine.exec(await second.said(addressLine))![1]!] as const;
  const [near, far] = bases.map((base) => createRelayClient(base, fetch, systemClock)) as [RelayPort, RelayPort];
  const room = await createTestRoom(near, codeLine.exec(out)![1]!);
  const session = await openTestSession(far, { roomId: room.roomId, device: room.author.device });
  const heard = Promise.withResolvers<[number, Bytes]>();
  const listener = { record: (_roomId: string, seq: number, bytes: Bytes) => heard.resolve([seq, bytes]), presence: () => undefined, ended: () => undefined };
  valueOf(await far.live(session, listener));
  const envelope = await room.author.update();
  expect(valueOf(await near.push(session, room.roomId, [envelope]))).toEqual({ seqs: [2], refused: null });
  expect(await heard.promise).toEqual([2, envelope]);
  const enrol = run(environment, "enrol");
  expect(await enrol.ended).toBe(0);
  await createTestRoom(far, codeLine.exec(enrol.out())![1]!);
  for (const { child, ended } of [first, second]) {
    child.kill("SIGKILL");
    await ended;
  }
  const third = run(environment);
  const again = createRelayClient(addressLine.exec(await third.said(addressLine))![1]!, fetch, systemClock);
  expect(valueOf(await again.log(session, room.roomId, 1, 1)).page).toEqual([{ seq: 2, bytes: envelope }]);
  third.child.kill("SIGTERM");
  expect(await third.ended).toBe(0);
  expect(third.out()).not.toMatch(codeLine);
});

test("a port in use, a folder that cannot be used, a bad setting and an unknown command are one clear line each", async () => {
  const first = run({ DATA_DIR: newDataDir(), PORT: "0" });
  const port = new URL(addressLine.exec(await first.said(addressLine))![1]!).port;
  const file = join(folder, "not-a-folder");
  writeFileSync(file, "");
  for (const [environment, args, exitCode, line] of [
    [{ DATA_DIR: newDataDir(), PORT: port }, [], 1, `Cannot listen on 127.0.0.1, port ${port}`],
    [{ DATA_DIR: join(file, "data"), PORT: "0" }, [], 1, "Cannot use the data folder"],
    [{ DATA_DIR: newDataDir(), PORT: "ninety" }, [], 2, "PORT"],
    [{ DATA_DIR: newDataDir(), PORT: "70000" }, [], 2, "PORT"],
    [{ DATA_DIR: newDataDir(), STATIC_DIR: join(folder, "gone") }, [], 2, `STATIC_DIR: there is no folder ${join(folder, "gone")}`],
    [{ DATA_DIR: newDataDir(), STATIC_DIR: file }, [], 2, "STATIC_DIR"],
    [{ DATA_DIR: newDataDir(), LOG_LEVEL: "loud" }, [], 2, "LOG_LEVEL"],
    [{ DATA_DIR: newDataDir() }, ["frobnicate"], 2, "frobnicate"],
  ] as [Record<string, string>, string[], number, string][]) {
    await failsWith(line, exitCode, run(environment, ...args));
  }
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
});

test("a database that cannot be used is one clear line, without its password", async () => {
  for (const [environment, args, exitCode, line] of [
    [{ DATABASE_URL: "mysql://relay:hemmelig@127.0.0.1/relay" }, [], 2, "DATABASE_URL: must be of the form postgres://"],
    [{ DATABASE_URL: "postgres://relay:hemmelig@127.0.0.1" }, ["enrol"], 2, "DATABASE_URL: must be of the form postgres://"],
    [{ DATABASE_URL: "postgres://relay:hemmelig@127.0.0.1:1/relay" }, [], 1, "Cannot use the database 127.0.0.1:1/relay"],
    [{ DATABASE_URL: "postgres://relay:hemmelig@localhost:1/relay" }, ["enrol"], 1, "Cannot use the database localhost:1/relay: connect ECONNREFUSED"],
    [{ DATABASE_URL: withPassword(postgresUrl(), "hemmelig") }, [], 1, "password authentication failed"],
  ] as [Record<string, string>, string[], number, string][]) {
    const failing = run(environment, ...args);
    await failsWith(line, exitCode, failing);
    expect(failing.err()).not.toContain("hemmelig");
  }
});

test("a second relay on the same database is told so, and the lock does not outlive a kill -9", async () => {
  const environment = { DATA_DIR: newDataDir(), PORT: "0" };
  const first = run(environment);
  await first.said(codeLine);
  const second = run(environment);
  expect(await second.ended).toBe(1);
  expect(second.err().trim().split("\n")).toHaveLength(1);
  expect(second.err()).toContain(`another relay runs on ${join(environment.DATA_DIR, "relay.sqlite")}`);
  expect(second.out()).toBe("");
  const enrol = run(environment, "enrol");
  expect(await enrol.ended).toBe(0);
  first.child.kill("SIGKILL");
  await first.ended;
  const third = run(environment);
  await third.said(addressLine);
  third.child.kill("SIGTERM");
  expect(await third.ended).toBe(0);
});

test("in a folder that others may read, the database is its owner's alone", async () => {
  const dataDir = newDataDir();
  mkdirSync(dataDir, { mode: 0o755 });
  const relay = run({ DATA_DIR: dataDir, PORT: "0" });
  await relay.said(codeLine);
  const modes = readdirSync(dataDir).map((name) => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]);
  expect(modes).toEqual(["relay.sqlite", "relay.sqlite-shm", "relay.sqlite-wal", "relay.sqlite.lock"].map((name) => [name, "600"]));
  relay.child.kill("SIGTERM");
  expect(await relay.ended).toBe(0);
});

test("the folder alone, with its packages and no app beside it, serves the API and warns", async () => {
  const alone = join(folder, "alone", "sync-server");
  cpSync(import.meta.dirname, alone, { recursive: true, filter: (path) => !/node_modules|\.test\.ts$/.test(path) });
  symlinkSync(resolve(import.meta.dirname, "../node_modules"), join(alone, "node_modules"));
  const relay = runProgram(join(alone, "main.ts"), { DATA_DIR: newDataDir(), PORT: "0" });
  const base = addressLine.exec(await relay.said(codeLine))![1]!;
  expect((await fetch(`${base}/v1/challenge`, { method: "POST" })).status).toBe(200);
  relay.child.kill("SIGTERM");
  expect(await relay.ended).toBe(0);
  expect(relay.err()).toContain("only the API is served");
});
