import { Client } from "pg";
import { inject } from "vitest";
import "./with-postgres.ts";
import { createDatabase } from "./postgres-server.ts";

/** The URL of the run's PostgreSQL server. */
export function postgresUrl(): string {
  const postgres = inject("postgres");
  if ("fault" in postgres) throw new Error(`These tests need a PostgreSQL, and it could not be started: ${postgres.fault}`);
  return postgres.url;
}

/** A new, empty PostgreSQL database; its URL. */
export function newTestDatabase(): Promise<string> {
  return createDatabase(postgresUrl());
}

let shared: { url: string; client: Client } | null = null;

/** A database without rows, in a fraction of the time: the same for all of a test file, where each test closes what it opened. Its URL. */
export async function emptyTestDatabase(): Promise<string> {
  if (shared === null) {
    const url = await newTestDatabase();
    shared = { url, client: new Client({ connectionString: url }) };
    await shared.client.connect();
    // The server is stopped when the run is over, and this connection with it.
    shared.client.on("error", () => undefined);
    return url;
  }
  const { rows } = await shared.client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'",
  );
  await shared.client.query(`TRUNCATE ${rows.map(({ name }) => name).join(", ")} RESTART IDENTITY`);
  return shared.url;
}
