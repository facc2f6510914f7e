import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A PostgreSQL server's URL, or why there is none. */
    postgres: { url: string } | { fault: string };
  }
}

let server: PostgresServer | null = null;

/** One PostgreSQL server for the whole run. Its data are nobody's after the run, so it does not wait for the disk. */
export async function setup(project: TestProject): Promise<void> {
  try {
    server = await startPostgresServer(["fsync=off"]);
    project.provide("postgres", { url: server.url });
  } catch (error) {
    project.provide("postgres", { fault: error instanceof Error ? error.message : String(error) });
  }
}

export async function teardown(): Promise<void> {
  await server?.remove();
}
