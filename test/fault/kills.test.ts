import { expect, test } from "vitest";
import { startPostgresServer } from "../support/postgres-server.ts";
import { newTestDatabase } from "../support/test-database.ts";
import { runKills } from "./kills.ts";

// What was acked or shown is there afterwards, once, at its number, and the log, its accumulators, its chains and its members fit each other.

const kills = 20;
const timeout = 300_000;

test("[R1] 20 kills of the relay on SQLite take nothing that was acked", { timeout }, async () => {
  const { violations, counts } = await runKills({ seed: 1, kills, databaseUrl: null, processes: 1, server: null });
  expect(violations).toEqual([]);
  expect(counts).toMatchObject({ generations: expect.any(Number), acked: expect.any(Number), repaired: expect.any(Number), heard: expect.any(Number) });
});

test("[R1] [R7] 20 kills of two relays on one PostgreSQL database take nothing that was acked", { timeout }, async () => {
  const { violations } = await runKills({ seed: 2, kills, databaseUrl: await newTestDatabase(), processes: 2, server: null });
  expect(violations).toEqual([]);
});

test("[R1] 20 kills of the relay and of PostgreSQL itself take nothing that was acked", { timeout }, async () => {
  const server = await startPostgresServer(["fsync=off"]);
  try {
    const { violations, counts } = await runKills({ seed: 3, kills, databaseUrl: server.url, processes: 1, server });
    expect(violations).toEqual([]);
    expect(counts["database server killed"]).toBeGreaterThan(0);
  } finally {
    await server.remove();
  }
});
