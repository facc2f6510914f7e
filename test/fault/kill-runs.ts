import { loadavg } from "node:os";
import { createDatabase, startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { runKills, type KillsReport } from "./kills.ts";

/** Each on a database of its own: what was acked is asked for in the end, when it is not too much to ask. */
const killsOfWorld = 50;

/** `share` is how much of a database's kills it has. */
type Setting = { name: string; processes: number; isPostgres: boolean; killsServer: boolean; share: number };

const settings: readonly Setting[] = [
  { name: "SQLite", processes: 1, isPostgres: false, killsServer: false, share: 1 },
  { name: "PostgreSQL, one process, the database killed too", processes: 1, isPostgres: true, killsServer: true, share: 0.5 },
  { name: "PostgreSQL, two processes", processes: 2, isPostgres: true, killsServer: false, share: 0.5 },
];

/** One world of kills on a new database. @param server where that is PostgreSQL */
async function killOnce(setting: Setting, server: PostgresServer | null, seed: number, kills: number): Promise<KillsReport> {
  const databaseUrl = server === null ? null : await createDatabase(server.url);
  return runKills({ seed, kills, databaseUrl, processes: setting.processes, server: setting.killsServer ? server : null });
}

/**
 * Kills so often on each database and prints what came of it.
 * @param jobs how many worlds at a time
 * @returns 0 when no promise was broken
 */
export async function killEverywhere({ kills: killsOfDatabase, seed, jobs }: { kills: number; seed: number; jobs: number }): Promise<number> {
  let broken = 0;
  for (const setting of settings) {
    const kills = Math.ceil(killsOfDatabase * setting.share);
    const worlds = Array.from({ length: Math.ceil(kills / killsOfWorld) }, (_, index) => ({ seed: seed + index, kills: Math.min(killsOfWorld, kills - index * killsOfWorld) }));
    const counts: Record<string, number> = {};
    const began = performance.now();
    const work = async (): Promise<void> => {
      const server = setting.isPostgres ? await startPostgresServer(["fsync=off"]) : null;
      try {
        for (let world = worlds.shift(); world !== undefined; world = worlds.shift()) {
          const report = await killOnce(setting, server, world.seed, world.kills);
          for (const [what, count] of Object.entries(report.counts)) counts[what] = (counts[what] ?? 0) + count;
          broken += report.violations.length;
          for (const violation of report.violations.slice(0, 5)) console.log(`${setting.name}, seed ${world.seed}: ${violation}`);
        }
      } finally {
        await server?.remove();
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
    const seconds = (performance.now() - began) / 1000;
    console.log(`${setting.name}: ${kills} kills in ${seconds.toFixed(1)} s, ${(kills / seconds).toFixed(1)} a second, load ${loadavg()[0]?.toFixed(1)}`);
    console.log(`  ${Object.entries(counts).sort().map(([what, count]) => `${count} ${what}`).join(" · ")}`);
  }
  console.log(broken === 0 ? "no promise was broken" : `${broken} promises were broken`);
  return broken === 0 ? 0 : 1;
}
