import { statSync } from "node:fs";
import { openSqliteStorage } from "./sqlite.ts";
import type { RelayStorage } from "./storage.ts";

/** The database's files are gone from their place, or others lie there. */
export class DatabaseMovedError extends Error {
  readonly code = "DATABASE_MOVED";

  constructor() {
    super("the database is not in its place any more");
    this.name = "DatabaseMovedError";
  }
}

function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev} ${found.ino}`;
}

/**
 * The SQLite storage, which besides asks at every write whether its files still lie where they lay. A file that was moved away or deleted can be
 * written as long as it is open, and what is acknowledged then is gone with the process. Put back, it is used again; another file is not, until a
 * new process has opened it.
 * @throws as `openSqliteStorage`
 */
export function openSqliteInPlace(path: string): RelayStorage {
  const storage = openSqliteStorage(path);
  const files = [path, `${path}-wal`];
  const opened = files.map(identityOf);
  const mustBeInPlace = () => {
    if (files.some((file, index) => identityOf(file) !== opened[index])) throw new DatabaseMovedError();
  };
  return {
    ...storage,
    async write(work) {
      const result = await storage.write(async (tx) => {
        mustBeInPlace();
        return work(tx);
      });
      mustBeInPlace();
      return result;
    },
    async isNew() {
      mustBeInPlace();
      return storage.isNew();
    },
  };
}
