import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, expect, test } from "vitest";
import type { RelayPort } from "#protocol/messages.ts";
import { systemClock } from "../src/engine/platform/clock.ts";
import { createRelayClient } from "../src/engine/sync/relay-client.ts";
import { addressLine, codeLine, createPrograms, type Run } from "../test/support/relay-program.ts";
import { randomId } from "../test/support/envelopes.ts";
import { newTestDatabase } from "../test/support/test-database.ts";
import { createTestRoom, openTestSession, proofFor, valueOf, type TestRoom } from "../test/support/relay-world.ts";
import { backUpSqlite, restoreSqlite } from "./backup.ts";
import { openSqliteStorage } from "./storage/sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-backup-"));
const { run, killAll } = createPrograms(folder);

afterEach(killAll);
afterAll(() => rmSync(folder, { recursive: true }));

async function start(dataDir: string): Promise<{ relay: Run; port: RelayPort; stop(): Promise<void> }> {
  const relay = run({ DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "error" });
  const out = await relay.said(addressLine);
  return {
    relay,
    port: createRelayClient(addressLine.exec(out)![1]!, fetch, systemClock),
    async stop() {
      relay.child.kill("SIGTERM");
      expect(await relay.ended).toBe(0);
    },
  };
}

/** The exit code and the lines of a command. */
async function command(dataDir: string, ...args: string[]): Promise<{ exitCode: number | string | null; out: string[]; err: string[] }> {
  const ran = run({ DATA_DIR: dataDir }, ...args);
  const exitCode = await ran.ended;
  const lines = (text: string) => (text === "" ? [] : text.trim().split("\n"));
  return { exitCode, out: lines(ran.out()), err: lines(ran.err()) };
}

const failure = (line: string) => ({ exitCode: 1, out: [], err: [expect.stringContaining(line) as string] });

async function roomsAt(port: RelayPort, room: TestRoom) {
  const { challenge } = valueOf(await port.challenge());
  return valueOf(await port.openSession({ challenge, proofs: [await proofFor(challenge, room.roomId, room.author.device)] })).rooms[0];
}

test("a backup made while the relay writes is put back, with the log's next generation and the earlier database beside it", async () => {
  const dataDir = join(folder, "data");
  const path = join(dataDir, "relay.sqlite");
  const file = join(folder, "one.backup");
  const first = await start(dataDir);
  const room = await createTestRoom(first.port, codeLine.exec(await first.relay.said(codeLine))![1]!);
  const session = await openTestSession(first.port, { roomId: room.roomId, device: room.author.device });
  const push = async () => valueOf(await first.port.push(session, room.roomId, [await room.author.update({}, 2000)])).seqs[0]!;
  const ackedBefore = await push();
  const backup = command(dataDir, "backup", file);
  let acked = ackedBefore;
  let isDone = false;
  void backup.then(() => (isDone = true));
  while (!isDone) acked = await push();
  expect(await backup).toEqual({ exitCode: 0, out: [`Backed up to ${file}: ${statSync(file).size} bytes`], err: [] });
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  expect(readdirSync(folder).filter((name) => name.includes("part"))).toEqual([]);

  expect(await Promise.all([["backup", file], ["restore", file], ["new-generation"]].map((args) => command(dataDir, ...args)))).toEqual([
    failure(`${file} is there already`),
    failure("another relay runs on"),
    failure("another relay runs on"),
  ]);
  const last = await push();
  expect(last).toBe(acked + 1);
  // Killed, so that its newest commits are in the journal alone.
  first.relay.child.kill("SIGKILL");
  await first.relay.ended;

  chmodSync(file, 0o444);
  const restored = await command(dataDir, "restore", file);
  expect(restored).toMatchObject({ exitCode: 0, err: [] });
  expect(restored.out[0]).toBe(`Restored to ${path}: 1 rooms, each with a new generation of its log`);
  const earlier = /^The earlier database is (.+)$/.exec(restored.out[1]!)![1]!;
  expect(earlier).toMatch(/relay\.sqlite\.before-restore-\d{4}-\d\d-\d\dT/);
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");

  const second = await start(dataDir);
  const found = await roomsAt(second.port, room);
  // Seconds since 1970: above whatever an earlier restore of a later backup may have begun.
  expect(found!.logGen).toBeGreaterThan(1_700_000_000);
  expect(found!.headSeq).toBeGreaterThanOrEqual(ackedBefore);
  expect(found!.headSeq).toBeLessThanOrEqual(acked);
  await second.stop();
  expect(second.relay.out()).not.toMatch(codeLine);

  const kept = new Database(earlier);
  expect(kept.prepare("SELECT head_seq, log_gen FROM rooms").get()).toEqual({ head_seq: last, log_gen: 1 });
  kept.close();

  expect(await command(dataDir, "new-generation")).toEqual({ exitCode: 0, out: ["A new generation of 1 rooms' logs"], err: [] });
  const again = new Database(path);
  expect(again.prepare("SELECT head_seq, log_gen FROM rooms").get()).toEqual({ head_seq: found!.headSeq, log_gen: expect.any(Number) as number });
  again.close();

  // A mistyped one would shut every device out for good: numbers only grow, and no device takes this one.
  expect(await command(dataDir, "new-generation", "99999999999")).toMatchObject({ exitCode: 1, err: [expect.stringContaining("seven days")] });
  const invented = Math.floor(Date.now() / 1000) + 6 * 86_400;
  expect(await command(dataDir, "new-generation", String(invented))).toMatchObject({ exitCode: 0 });
  const above = new Database(path);
  expect(above.prepare("SELECT log_gen FROM rooms").pluck().get()).toBe(invented + 1);
  above.close();
}, 60_000);

test("what is no whole backup of a relay is refused, and the database is as it was", async () => {
  const dataDir = join(folder, "kept");
  mkdirSync(dataDir);
  const path = join(dataDir, "relay.sqlite");
  const storage = openSqliteStorage(path);
  for (let i = 0; i < 200; i++) await storage.write((tx) => tx.insertCode(randomId() + randomId(), i));
  await storage.close();
  const file = join(folder, "two.backup");
  expect(backUpSqlite(path, file)).toBe(statSync(file).size);
  const whole = readFileSync(file);
  const before = readFileSync(path);
  const bad = (name: string, bytes: Buffer | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const other = join(folder, "other.sqlite");
  const database = new Database(other);
  database.exec("CREATE TABLE things (thing TEXT)");
  database.close();
  const newer = bad("newer.backup", whole);
  const changed = new Database(newer);
  changed.pragma("user_version = 99");
  changed.close();
  for (const [given, line] of [
    [join(folder, "none"), "there is no file"],
    [bad("text", "not a database"), "not a relay's database"],
    [bad("empty", ""), "not a relay's database"],
    [bad("short", whole.subarray(0, whole.length - 8192)), "damaged"],
    [bad("torn", Buffer.concat([whole.subarray(0, 8192), Buffer.alloc(4096, 7), whole.subarray(12288)])), "damaged"],
    [other, "not a relay's database"],
    [newer, "schema version 99"],
  ] as const) {
    await expect(restoreSqlite(path, given, 0), given).rejects.toThrow(line);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dataDir).filter((name) => !name.endsWith(".lock"))).toEqual(["relay.sqlite"]);
  }
  expect(() => backUpSqlite(join(folder, "nowhere.sqlite"), join(folder, "three.backup"))).toThrow("there is no database");
  expect(() => backUpSqlite(path, join(folder, "no", "folder"))).toThrow();
  expect(readdirSync(folder).filter((name) => name.includes("three") || name.includes("part"))).toEqual([]);
});

test("a command without its file, or with too much, is one line and exit code 2", async () => {
  const refused = await Promise.all([["backup"], ["new-generation", "x"], ["new-generation", "7", "8"]].map((args) => command(join(folder, "kept"), ...args)));
  expect(refused).toEqual([
    { exitCode: 2, out: [], err: [expect.stringContaining("Unknown command backup:")] },
    { exitCode: 2, out: [], err: ["x is no generation's number"] },
    { exitCode: 2, out: [], err: [expect.stringContaining("Unknown command new-generation 7 8:")] },
  ]);
});

const dumpVersion = Number(/\d+/.exec(spawnSync("pg_dump", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[0] ?? 0);
if (dumpVersion === 0) console.warn("there is no pg_dump here: the test of PostgreSQL's backup is skipped");

test.skipIf(dumpVersion === 0)("PostgreSQL is backed up by its own program, or the reason is one line; its restoring is not ours", async () => {
  const url = await newTestDatabase();
  const file = join(folder, "postgres.backup");
  const ask = async (...args: string[]) => {
    const ran = run({ DATABASE_URL: url }, ...args);
    return { exitCode: await ran.ended, out: ran.out().trim(), err: ran.err().trim() };
  };
  expect((await ask("enrol")).exitCode).toBe(0);
  const backup = await ask("backup", file);
  if (backup.exitCode === 0) {
    expect(readFileSync(file).subarray(0, 5).toString()).toBe("PGDMP");
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  } else {
    // A program older than its server makes no copy.
    expect(backup.err).toMatch(/^Cannot back up: pg_dump: .*version[^\n]*$/);
    expect(existsSync(file)).toBe(false);
  }
  expect(await ask("new-generation")).toEqual({ exitCode: 0, out: "A new generation of 0 rooms' logs", err: "" });
  expect(await ask("restore", file)).toEqual({ exitCode: 2, out: "", err: "DATABASE_URL is set: restore with pg_restore, then run new-generation" });
});

test("a backup is put back where there was no database", async () => {
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  const file = join(folder, "four.backup");
  await command(from, "enrol");
  await command(from, "backup", file);
  expect(await command(to, "restore", file)).toMatchObject({ exitCode: 0, out: [`Restored to ${join(to, "relay.sqlite")}: 0 rooms, each with a new generation of its log`] });
  const relay = await start(to);
  await relay.stop();
  expect(relay.relay.out()).not.toMatch(codeLine);
});
