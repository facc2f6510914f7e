import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { limits } from "#protocol/limits.ts";
import { lockDatabase } from "./storage/database-lock.ts";
import { openSqliteStorage } from "./storage/sqlite.ts";
import type { RelayStorage } from "./storage/storage.ts";

/** A backup could not be made or put back; the message is one line for whoever runs the relay, and nothing has changed. */
export class BackupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BackupError";
  }
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Has the file made under another name first, so that what has the name is whole. @returns its size in bytes */
function makeWhole(file: string, make: (path: string) => void): number {
  if (existsSync(file)) throw new BackupError(`${file} is there already, and is not overwritten`);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  try {
    make(part);
    chmodSync(part, 0o600);
    sync(part);
    if (existsSync(file)) throw new BackupError(`${file} is there already, and is not overwritten`);
    renameSync(part, file);
    sync(dirname(file));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return statSync(file).size;
}

/**
 * Copies the database as it is at one moment, also while a relay writes to it.
 * @param path the database's
 * @returns the copy's size in bytes
 * @throws {BackupError} and whatever the system says when a file cannot be read or written
 */
export function backUpSqlite(path: string, file: string): number {
  if (!existsSync(path)) throw new BackupError(`there is no database ${path}`);
  return makeWhole(file, (part) => {
    const connection = new Database(path, { fileMustExist: true });
    try {
      connection.prepare("VACUUM INTO ?").run(part);
    } finally {
      connection.close();
    }
  });
}

/** As `pg_dump -Fc` has it. The address goes by the environment: a command line can be read by everybody on the machine. */
export function backUpPostgres(url: string, file: string): number {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const settings = {
    PGHOST: searchParams.get("host") ?? decodeURIComponent(hostname),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get("sslmode") ?? "",
  };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
  return makeWhole(file, (part) => {
    const { status, error, stderr } = spawnSync("pg_dump", ["--format=custom", "--no-password", `--file=${part}`], {
      env: { ...process.env, ...given },
      encoding: "utf8",
    });
    if (error !== undefined) throw new BackupError("pg_dump could not be started; it comes with PostgreSQL's client programs");
    if (status !== 0) throw new BackupError(`pg_dump: ${stderr.trim().split("\n")[0] ?? ""}`);
  });
}

/** That the file is a relay's database, and whole. */
function check(path: string, name: string): void {
  let connection: Database.Database | null = null;
  try {
    connection = new Database(path, { fileMustExist: true });
    const isRelays = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'rooms'").get() !== undefined;
    if (!isRelays || connection.pragma("user_version", { simple: true }) === 0) throw new BackupError(`${name} is not a relay's database`);
    const faults = [...(connection.pragma("integrity_check(1)", { simple: true }) === "ok" ? [] : ["damaged"]), ...(connection.pragma("foreign_key_check") as unknown[])];
    if (faults.length > 0) throw new BackupError(`${name} is damaged`);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${name} is damaged, or not a relay's database`);
  } finally {
    connection?.close();
  }
}

/**
 * Begins a generation that no earlier restore can have had: the backup does not know of those that came after it. SPEC.md [G1].
 * @param now milliseconds since 1970
 * @param above a number that devices have been told of by somebody else
 * @returns how many rooms there are
 * @throws {BackupError} when no device would take such a number
 */
export async function beginGenerationIn(storage: RelayStorage, now: number, above = 0): Promise<number> {
  // Numbers only grow: there would be no way back.
  if (above * 1000 >= now + limits.generationAheadMs) throw new BackupError(`no device takes a generation numbered ${above + 1}: it is more than seven days ahead`);
  return storage.write((tx) => tx.beginGeneration(Math.max(Math.floor(now / 1000), above + 1)));
}

/**
 * Puts a copy in the database's place, with a new generation of every room's log. The earlier database stays beside it.
 * @param path the database's
 * @returns how many rooms there are, and the earlier database's name, or null when there was none
 * @throws {BackupError} {DatabaseLockedError} {SchemaTooNewError}, and whatever the system says; then nothing has changed
 */
export async function restoreSqlite(path: string, file: string, now: number): Promise<{ rooms: number; earlier: string | null }> {
  if (!existsSync(file)) throw new BackupError(`there is no file ${file}`);
  const lock = lockDatabase(path);
  const copy = `${path}.restoring`;
  const removeCopy = () => {
    for (const ending of endings) rmSync(copy + ending, { force: true });
  };
  try {
    removeCopy();
    copyFileSync(file, copy);
    chmodSync(copy, 0o600);
    check(copy, file);
    const storage = openSqliteStorage(copy);
    let rooms: number;
    try {
      rooms = await beginGenerationIn(storage, now);
    } finally {
      // Closed by its last connection, it is one file again.
      await storage.close();
    }
    sync(copy);
    const earlier = existsSync(path) ? `${path}.before-restore-${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}` : null;
    if (earlier !== null) {
      // Its newest commits may still be in the journal, which is known by the database's name.
      for (const ending of endings) if (existsSync(path + ending)) renameSync(path + ending, earlier + ending);
    }
    renameSync(copy, path);
    sync(dirname(path));
    return { rooms, earlier };
  } finally {
    removeCopy();
    lock.release();
  }
}

const endings = ["", "-wal", "-shm"];

/**
 * A new generation of every room's log, for whoever has put an earlier database back by other means.
 * @param above as in `beginGenerationIn`
 * @throws {DatabaseLockedError} while a relay runs
 */
export async function beginGenerationSqlite(path: string, now: number, above = 0): Promise<number> {
  if (!existsSync(path)) throw new BackupError(`there is no database ${path}`);
  const lock = lockDatabase(path);
  try {
    const storage = openSqliteStorage(path);
    try {
      return await beginGenerationIn(storage, now, above);
    } finally {
      await storage.close();
    }
  } finally {
    lock.release();
  }
}
