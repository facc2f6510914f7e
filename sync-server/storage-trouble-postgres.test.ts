import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { systemClock } from "../src/engine/platform/clock.ts";
import { createRelayClient } from "../src/engine/sync/relay-client.ts";
import { createDatabase, startPostgresServer, type PostgresServer } from "../test/support/postgres-server.ts";
import { addressLine, codeLine, createPrograms, type Run } from "../test/support/relay-program.ts";
import { createTestRoom, openTestSession, valueOf, type TestRoom } from "../test/support/relay-world.ts";

// The real program on a real PostgreSQL that is gone, takes no writes or has no room: as with SQLite it answers «busy», says so once, acknowledges
// nothing that is not there, and goes on by itself.

const folder = mkdtempSync(join(tmpdir(), "relay-trouble-"));
const { run, killAll } = createPrograms(folder);
let server: PostgresServer;

// A server is stopped and started here, which takes its time when the machine is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const system = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const small = mkdtempSync(join(tmpdir(), "relay-small-"));
const canMount = system("mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", small);
if (!canMount) console.warn("a small file system cannot be mounted here: the test of a full disk is skipped");

beforeAll(async () => {
  server = await startPostgresServer(["fsync=off"]);
});
afterEach(killAll);
afterAll(async () => {
  await server.remove();
  if (canMount) system("umount", "--lazy", small);
  for (const path of [folder, small]) rmSync(path, { recursive: true });
});

async function ask(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

type World = { relay: Run; room: TestRoom; push(...envelopes: Bytes[]): Promise<unknown>; health(): Promise<number>; failures(): number; head(): Promise<number> };

async function start(url: string): Promise<World> {
  const relay = run({ DATABASE_URL: url, PORT: "0", LOG_LEVEL: "error", RATE_LIMITS: "off" });
  const out = await relay.said(codeLine);
  const base = addressLine.exec(out)![1]!;
  const port = createRelayClient(base, fetch, systemClock);
  const room = await createTestRoom(port, codeLine.exec(out)![1]!);
  const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
  return {
    relay,
    room,
    async push(...envelopes) {
      const answer = await port.push(session, room.roomId, envelopes);
      return answer.ok ? answer.value.seqs : answer.refusal.type;
    },
    health: async () => (await fetch(`${base}/healthz`)).status,
    failures: () => relay.err().match(/storage failed/g)?.length ?? 0,
    head: async () => valueOf(await port.log(session, room.roomId, 0, 1)).headSeq,
  };
}

test("[R1] a database that is gone for a while takes nothing, and everything again when it is back", async () => {
  const { push, health, failures, room, head } = await start(await createDatabase(server.url));
  expect(await push(await room.author.update())).toEqual([2]);
  await server.stop();
  const held = await room.author.update();
  for (let i = 0; i < 5; i++) expect(await push(held)).toBe("busy");
  expect([await health(), failures()]).toEqual([503, 1]);
  await server.start();
  // A connection of before may still be found dead.
  await expect.poll(() => push(held)).toEqual([3]);
  expect([await health(), failures(), await head()]).toEqual([200, 1, 3]);
});

test("[R1] a database that is read-only, as one that waits to be promoted, acknowledges nothing and recovers", async () => {
  const { push, health, failures, room, head } = await start(await createDatabase(server.url));
  expect(await push(await room.author.update())).toEqual([2]);
  await server.stop();
  await server.start({ isStandby: true });
  const held = [await room.author.update(), await room.author.update()];
  for (let i = 0; i < 5; i++) expect(await push(...held)).toBe("busy");
  expect([await health(), failures()]).toEqual([503, 1]);
  expect(await head()).toBe(2);
  await ask(server.url, "SELECT pg_promote()");
  await expect.poll(() => push(...held)).toEqual([3, 4]);
  expect([await health(), failures(), await head()]).toEqual([200, 1, 4]);
});

test.skipIf(!canMount)("[R1] a database on a full disk: what was acknowledged is there, what was not comes again when there is room", async () => {
  if (server.owner !== null) chownSync(small, server.owner.uid, server.owner.gid);
  await ask(server.url, `CREATE TABLESPACE small LOCATION '${small}'`);
  const url = await createDatabase(server.url, "small");
  const { push, health, failures, room, head } = await start(url);
  let acked = 1;
  let held: Bytes;
  for (;;) {
    held = await room.author.update({}, 400_000);
    const answer = await push(held);
    if (answer === "busy") break;
    expect(answer).toEqual([++acked]);
    expect(acked).toBeLessThan(60);
  }
  expect(acked).toBeGreaterThan(2);
  for (let i = 0; i < 5; i++) expect(await push(held)).toBe("busy");
  expect([await health(), failures()]).toEqual([503, 1]);
  expect(system("mount", "-o", "remount,size=64m", small)).toBe(true);
  await expect.poll(() => push(held)).toEqual([++acked]);
  expect([await health(), failures(), await head()]).toEqual([200, 1, acked]);
});
