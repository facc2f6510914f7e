import { Database as DatabaseExtension } from "@hocuspocus/extension-database";
import { Server } from "@hocuspocus/server";
import Database from "better-sqlite3";
import { hasAll } from "../field/workload.ts";
import { monotonicMs } from "../measure.ts";
import { answerCommands } from "../processes.ts";

// The peer with its own debounce (2 s, at most 10 s) and a SQLite file that syncs the disk at each commit, as ours does.

const database = new Database(process.env["DATABASE"] ?? ":memory:");
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec("CREATE TABLE documents (name TEXT PRIMARY KEY, state BLOB NOT NULL)");
const find = database.prepare<[string], Buffer>("SELECT state FROM documents WHERE name = ?").pluck();
const put = database.prepare("INSERT INTO documents VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state");

let durableAt: number | null = null;
let tell = () => {};

const server = new Server({
  port: Number(process.env["PORT"]),
  address: "127.0.0.1",
  quiet: true,
  stopOnSignals: false,
  extensions: [
    new DatabaseExtension({
      fetch: async ({ documentName }) => find.get(documentName) ?? null,
      store: async ({ documentName, state, document }) => {
        const isAll = hasAll(document);
        put.run(documentName, state);
        if (!isAll || durableAt !== null) return;
        durableAt = monotonicMs();
        tell();
      },
    }),
  ],
});
await server.listen();
console.log("listening");

answerCommands({
  ready: () => true,
  durable: () =>
    new Promise((resolve) => {
      tell = () => resolve(durableAt);
      if (durableAt !== null) tell();
    }),
});
