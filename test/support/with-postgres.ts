import type { TestProject } from "vitest/node";
import { startPostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A PostgreSQL server's URL, or why there is none. */
    postgres: { url: string } | { fault: string };
  }
}

/** One PostgreSQL server for the whole run. Its data are nobody's after the run, so it does not wait for the disk. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const server = await startPostgresServer(["fsync=off"]);
    project.provide("postgres", { url: server.url });
    return () => server.remove();
  } catch (error) {
    project.provide("postgres", { fault: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
