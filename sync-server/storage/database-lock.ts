import Database from "better-sqlite3";

export type DatabaseLock = {
  /** Lets another process have it. The end of the process does too, however it ends. */
  release(): void;
};

/** Another process has the lock. */
export class DatabaseLockedError extends Error {
  constructor(path: string) {
    super(`another relay runs on ${path}`);
    this.name = "DatabaseLockedError";
  }
}

/**
 * Makes this process the one relay of a database: two would not hear of each other's envelopes. Single commands need no lock.
 * The lock is on an empty file beside the database, and the operating system's own: nothing stays behind after a crash.
 * @param path the database's
 * @throws {DatabaseLockedError} when another process has it; SqliteError when the file cannot be made
 */
export function lockDatabase(path: string): DatabaseLock {
  // The database itself cannot be held: whoever has it to themselves locks out `enrol` and the backup as well.
  const connection = new Database(`${path}.lock`, { timeout: 0 });
  try {
    // Nothing is ever written, so there need be no journal's file.
    connection.pragma("journal_mode = MEMORY");
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) throw new DatabaseLockedError(path);
    throw error;
  }
  return { release: () => void connection.close() };
}
