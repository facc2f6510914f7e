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
