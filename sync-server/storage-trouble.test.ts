import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { systemClock } from "../src/engine/platform/clock.ts";
import { createRelayClient } from "../src/engine/sync/relay-client.ts";
import { addressLine, codeLine, createPrograms, type Run } from "../test/support/relay-program.ts";
import { createTestRoom, openTestSession, valueOf, type TestRoom } from "../test/support/relay-world.ts";

// The real program on real files, when they cannot be written any more: it answers «busy», says so once a minute, acknowledges nothing that is not on
// disk, and goes on by itself.

const folder = mkdtempSync(join(tmpdir(), "relay-trouble-"));
const { run, killAll } = createPrograms(folder);
const mounted = new Set<string>();

const system = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const mount = (options: string, at: string) => system("mount", "-t", "tmpfs", "-o", options, "tmpfs", at);

const canMount = (() => {
  const at = mkdtempSync(join(tmpdir(), "relay-mount-"));
  const can = mount("size=1m", at) && system("umount", at);
  rmSync(at, { recursive: true });
  return can;
})();
const canLimit = system("prlimit", "--version");

if (!canMount) console.warn("a small file system cannot be mounted here: the tests of a full and of a read-only disk are skipped");
if (!canLimit) console.warn("there is no prlimit here: the test of files that take no bytes is skipped");

afterEach(() => {
  killAll();
  for (const at of mounted) system("umount", "--lazy", at);
  mounted.clear();
});
afterAll(() => rmSync(folder, { recursive: true }));

type World = { relay: Run; base: string; room: TestRoom; push(...envelopes: Bytes[]): Promise<unknown>; health(): Promise<number>; failures(): number };

async function start(dataDir: string): Promise<World> {
  const relay = run({ DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "error", RATE_LIMITS: "off" });
  const out = await relay.said(codeLine);
  const base = addressLine.exec(out)![1]!;
  const port = createRelayClient(base, fetch, systemClock);
  const room = await createTestRoom(port, codeLine.exec(out)![1]!);
  const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
  return {
    relay,
    base,
    room,
    async push(...envelopes) {
      const answer = await port.push(session, room.roomId, envelopes);
      return answer.ok ? answer.value.seqs : answer.refusal.type;
    },
    health: async () => (await fetch(`${base}/healthz`)).status,
    failures: () => relay.err().match(/storage failed/g)?.length ?? 0,
  };
}

/** What a new process finds of the room after the old one was killed. */
async function headAfterKill(dataDir: string, { relay, room }: World): Promise<number | undefined> {
  relay.child.kill("SIGKILL");
  await relay.ended;
  const again = run({ DATA_DIR: dataDir, PORT: "0" });
  const port = createRelayClient(addressLine.exec(await again.said(addressLine))![1]!, fetch, systemClock);
  const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
  const { headSeq } = valueOf(await port.log(session, room.roomId, 0, 1));
  again.child.kill("SIGTERM");
  expect(await again.ended).toBe(0);
  return headSeq;
}

test("[R1] a database whose folder is moved away takes nothing, and everything again when it is back", async () => {
  const dataDir = join(folder, "moved");
  const world = await start(dataDir);
  const { push, health, failures, room } = world;
  expect(await push(await room.author.update())).toEqual([2]);
  renameSync(dataDir, `${dataDir}-away`);
  const held = await room.author.update();
  for (let i = 0; i < 5; i++) expect(await push(held)).toBe("busy");
  expect([await health(), failures()]).toEqual([503, 1]);
  expect(world.relay.err()).toContain("DATABASE_MOVED");
  // Another folder in its place is not its database.
  mkdirSync(dataDir);
  expect([await push(held), await health(), readdirSync(dataDir)]).toEqual(["busy", 503, []]);
  rmSync(dataDir, { recursive: true });
  renameSync(`${dataDir}-away`, dataDir);
  expect(await push(held)).toEqual([3]);
  expect([await health(), failures()]).toEqual([200, 1]);
  expect(await headAfterKill(dataDir, world)).toBe(3);
});

test.skipIf(!canLimit)("[R1] a database whose files take no bytes, as on a disk that has turned read-only, acknowledges nothing and recovers", async () => {
  const dataDir = join(folder, "unwritable");
  const world = await start(dataDir);
  const { push, health, failures, room, relay } = world;
  const limit = (bytes: string) => expect(system("prlimit", "--pid", String(relay.child.pid), `--fsize=${bytes}:`)).toBe(true);
  expect(await push(await room.author.update())).toEqual([2]);
  limit("1");
  const held = [await room.author.update(), await room.author.update()];
  for (let i = 0; i < 5; i++) expect(await push(...held)).toBe("busy");
  expect([await health(), failures()]).toEqual([503, 1]);
  limit("unlimited");
  expect(await push(...held)).toEqual([3, 4]);
  expect([await health(), failures()]).toEqual([200, 1]);
  expect(await headAfterKill(dataDir, world)).toBe(4);
});

test.skipIf(!canMount)("[R1] a full disk: what was acknowledged is there, what was not comes again when there is room", async () => {
  const dataDir = join(folder, "full");
  mkdirSync(dataDir);
  expect(mount("size=3m,mode=700", dataDir)).toBe(true);
  mounted.add(dataDir);
  const world = await start(dataDir);
  const { push, health, failures, room } = world;
  let acked = 1;
  let held: Bytes;
  for (;;) {
    held = await room.author.update({}, 200_000);
    const answer = await push(held);
    if (answer === "busy") break;
    expect(answer).toEqual([++acked]);
    expect(acked).toBeLessThan(20);
  }
  expect(acked).toBeGreaterThan(2);
  for (let i = 0; i < 5; i++) expect(await push(held)).toBe("busy");
  expect([await health(), failures()]).toEqual([503, 1]);
  expect(system("mount", "-o", "remount,size=64m", dataDir)).toBe(true);
  expect(await push(held)).toEqual([++acked]);
  expect([await health(), failures()]).toEqual([200, 1]);
  expect(await headAfterKill(dataDir, world)).toBe(acked);
  // On a read-only file system it says so, and does not start.
  expect(system("mount", "-o", "remount,ro", dataDir)).toBe(true);
  const readOnly = run({ DATA_DIR: dataDir, PORT: "0" });
  expect(await readOnly.ended).toBe(1);
  expect(readOnly.err().trim().split("\n")).toEqual([expect.stringContaining(`Cannot use the data folder ${dataDir}`)]);
});
