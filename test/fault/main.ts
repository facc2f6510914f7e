import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installCheapCrypto } from "./cheap-crypto.ts";
import { applyEdits, installLoader } from "./loader.ts";
import { mutants } from "./mutants.ts";
import { onceFound } from "./seeds.ts";

const usage = `npm run fault -- [--worlds n] [--seed s] [--jobs j]
  --worlds   how many worlds, from the seed on (1000)
  --seed     the first of them (1)
  --jobs     in how many processes (2)
  --twice    how many of them are run twice, for the same trace (0)
  --found    the seeds that once found something, too
  --trace    one world, with its story
  --without  steps of it left out, by number: 3,7,9
  --kills    instead of worlds, kills the real relay so often on each database
  --mutants  switches off one rule after another, and says which of them nobody missed
  --rule     only this one`;

const { values: options } = parseArgs({
  options: {
    worlds: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
    twice: { type: "string", default: "0" },
    found: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    without: { type: "string", default: "" },
    kills: { type: "string" },
    mutants: { type: "boolean", default: false },
    rule: { type: "string" },
    help: { type: "boolean", default: false },
    /** A process of `--jobs`: its answer is for the one that started it. */
    worker: { type: "boolean", default: false },
    stop: { type: "boolean", default: false },
  },
});
const [worlds, seed, jobs, twice] = [options.worlds, options.seed, options.jobs, options.twice].map(Number) as [number, number, number, number];
if (options.help || [worlds, seed, jobs, twice].some((value) => !Number.isInteger(value) || value < 0)) {
  console.error(usage);
  process.exit(options.help ? 0 : 2);
}

/** A world that broke a promise, with as few steps as it needs. */
type Failure = { seed: number; promise: string; what: string; without: number[] };

type Report = { worlds: number; failures: Failure[]; counts: Record<string, number> };

/** Names the rule that is switched off in a process. */
const ruleVariable = "FAULT_RULE";
/** More worlds than this are not made smaller: they all say the same. */
const shrunkMax = 3;
/** Nor are more told of in full. */
const toldMax = 12;
const mutantWorlds = 300;
const mutantMs = 10 * 60_000;

if (options.kills !== undefined) process.exit(await (await import("./kill-runs.ts")).killEverywhere({ kills: Number(options.kills), seed, jobs }));
if (options.mutants) process.exit(await tryMutants());
if (options.worker || options.trace) await work();
else process.exit(await lead());

async function work(): Promise<void> {
  const mutant = mutants.find(({ rule }) => rule === process.env[ruleVariable]);
  installCheapCrypto();
  installLoader(mutant?.edits ?? []);
  const { runWorld } = await import("./world.ts");
  const { planOf } = await import("./plan.ts");
  const without = new Set(options.without === "" ? [] : options.without.split(",").map(Number));
  const run = (one: number, left: ReadonlySet<number> = new Set()) => runWorld(one, () => planOf(one, left));
  if (options.trace) {
    const { lines, violations, counts, trace } = await run(seed, without);
    console.log([...lines, JSON.stringify(counts), `trace ${trace}`].join("\n"));
    process.exit(violations.length > 0 ? 1 : 0);
  }

  const report: Report = { worlds: 0, failures: [], counts: {} };
  const seeds = Array.from({ length: worlds }, (_, index) => seed + index);
  if (options.found) seeds.push(...onceFound.map((one) => one.seed));
  for (const [index, one] of seeds.entries()) {
    const { violations, counts, trace } = await run(one);
    report.worlds++;
    for (const [what, count] of Object.entries(counts)) report.counts[what] = (report.counts[what] ?? 0) + count;
    const [first] = violations;
    if (first !== undefined) report.failures.push({ seed: one, ...first, without: report.failures.length < shrunkMax && !options.stop ? await shrink(one, first.promise) : [] });
    else if (index < twice) {
      const again = await run(one);
      if (again.trace !== trace) report.failures.push({ seed: one, promise: "trace", what: `${trace}, then ${again.trace}`, without: [] });
    }
    if (options.stop && first !== undefined) break;
  }
  console.log(JSON.stringify(report));
  process.exit(0);

  /** Leaves out what the failure does not need, in ever smaller pieces. @returns the steps left out */
  async function shrink(one: number, promise: string): Promise<number[]> {
    const { count } = planOf(one);
    const left = new Set<number>();
    for (let size = Math.ceil(count / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < count; from += size) {
        const piece = Array.from({ length: size }, (_, offset) => from + offset).filter((step) => step < count && !left.has(step));
        if (piece.length === 0) continue;
        const { violations } = await run(one, new Set([...left, ...piece]));
        if (violations[0]?.promise === promise) for (const step of piece) left.add(step);
      }
    }
    return Array.from(left).sort((a, b) => a - b);
  }
}

/** Starts a process for some of the worlds. @returns null when it did not come to its end */
async function start(args: readonly string[], rule: string | null): Promise<Report | null> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--worker", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...(rule !== null && { [ruleVariable]: rule }) },
  });
  const patience = rule === null ? undefined : setTimeout(() => child.kill("SIGKILL"), mutantMs);
  let report: Report | null = null;
  for await (const line of createInterface({ input: child.stdout })) report = JSON.parse(line) as Report;
  clearTimeout(patience);
  return report;
}

async function lead(): Promise<number> {
  const began = performance.now();
  const share = Math.ceil(worlds / Math.max(1, jobs));
  const parts = Array.from({ length: jobs }, (_, index) => ({ from: seed + index * share, count: Math.min(share, worlds - index * share) })).filter(({ count }) => count > 0);
  const reports = await Promise.all(
    parts.map(({ from, count }, index) =>
      start(["--seed", String(from), "--worlds", String(count), "--twice", String(Math.ceil(twice / parts.length)), ...(options.found && index === 0 ? ["--found"] : [])], options.rule ?? null),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  const done = reports.flatMap((report) => report ?? []);
  const failures = done.flatMap((report) => report.failures);
  const counts: Record<string, number> = {};
  for (const report of done) for (const [what, count] of Object.entries(report.counts)) counts[what] = (counts[what] ?? 0) + count;
  const total = done.reduce((sum, report) => sum + report.worlds, 0);
  console.log(`${total} worlds in ${seconds.toFixed(1)} s: ${(total / seconds).toFixed(1)} worlds/s in ${parts.length} processes`);
  console.log(Object.entries(counts).sort().map(([what, count]) => `${count} ${what}`).join(" · "));
  for (const { seed: one, promise, what, without } of failures.slice(0, toldMax)) {
    console.log(`\nseed ${one} broke «${promise}»: ${what.slice(0, 600)}`);
    console.log(`  npm run fault -- --trace --seed ${one}${without.length > 0 ? ` --without ${without.join(",")}` : ""}`);
  }
  if (done.length < reports.length) console.log("\na process did not come to its end");
  console.log(failures.length === 0 ? "no promise was broken" : `\n${failures.length} worlds broke a promise: ${Array.from(Map.groupBy(failures, ({ promise }) => promise), ([promise, of]) => `${promise} ${of.map((failure) => failure.seed).join(" ")}`).join("; ")}`);
  return failures.length === 0 && done.length === reports.length ? 0 : 1;
}

/** Each rule switched off in turn. @returns 0 when at least 19 of 20 were missed */
async function tryMutants(): Promise<number> {
  const chosen = mutants.filter(({ rule }) => options.rule === undefined || rule === options.rule);
  for (const { edits } of chosen) applyEdits(edits);
  const waiting = [...chosen];
  let missed = 0;
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const { rule, what } = mutant;
        const report = await start(["--stop", "--seed", String(seed), "--worlds", String(mutantWorlds)], rule);
        const [failure] = report?.failures ?? [];
        const how = report === null ? "did not end" : failure === undefined ? "NOBODY NOTICED" : `${failure.promise} (seed ${failure.seed}): ${failure.what.slice(0, 80)}`;
        if (how !== "NOBODY NOTICED") missed++;
        console.log(`${rule.padEnd(12)} ${what.padEnd(64)} ${how}`);
      }
    }),
  );
  console.log(`${missed} of ${chosen.length} rules were missed when they were switched off`);
  return missed >= chosen.length * 0.95 ? 0 : 1;
}
