import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Bytes } from "#protocol/bytes.ts";
import { kept } from "./corpus.ts";
import { startCoverage } from "./coverage.ts";
import { diceFrom, mutate } from "./mutate.ts";
import { runOnce, type Target, targets } from "./targets.ts";

// Inputs that reach code which none has reached are kept and changed further. What breaks a promise is written to test/fuzz/corpus.

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    only: { type: "string", multiple: true, default: targets.map(({ name }) => name) },
  },
});

/** Looking at what ran costs more than running: it is done for so many inputs at once, and for each alone only where there was something new. */
const batch = 200;
const roundMs = 2000;
const msPerKbMax = 1;
/** Neighbours on the machine and the collector of garbage make one run slow, not all of them. */
const retimes = 5;

const dice = diceFrom(Number(options.seed));
const coverage = startCoverage();

type Run = { target: Target; pool: Bytes[]; executions: number; blocks: Set<string>; slowest: number; spentMs: number; findings: Map<string, string> };
const runs: Run[] = targets
  .filter(({ name }) => options.only.includes(name))
  .map((target) => ({ target, pool: [...target.seeds, ...kept(target)], executions: 0, blocks: new Set(), slowest: 0, spentMs: 0, findings: new Map() }));

async function execute(run: Run, input: Bytes): Promise<void> {
  run.executions++;
  const before = performance.now();
  const { msPerKb, finding } = await runOnce(run.target, input);
  run.spentMs += performance.now() - before;
  if (finding !== null) note(run, input, finding);
  if (msPerKb <= msPerKbMax) {
    run.slowest = Math.max(run.slowest, msPerKb);
    return;
  }
  let best = msPerKb;
  for (let left = retimes; left > 0; left--) best = Math.min(best, (await runOnce(run.target, input)).msPerKb);
  run.slowest = Math.max(run.slowest, best);
  if (best > msPerKbMax) note(run, input, `slow: ${best.toFixed(1)} ms per kB`);
}

/** One for each message and place: the thousandth input that breaks the same promise says nothing more. */
function note({ target, findings }: Run, input: Bytes, finding: string): void {
  const name = finding.split("\n").slice(0, 2).join(" ").replaceAll(/[0-9.]+ ms/g, "ms");
  if (findings.has(name)) return;
  findings.set(name, finding);
  const folder = join(import.meta.dirname, "corpus", target.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, createHash("sha256").update(input).digest("hex").slice(0, 16)), input);
  console.error(`${target.name}: ${finding}\n`);
}

async function round(run: Run): Promise<void> {
  const until = performance.now() + roundMs;
  coverage.take();
  while (performance.now() < until) {
    const inputs = Array.from({ length: batch }, () => mutate(run.pool[dice(run.pool.length)] ?? new Uint8Array(0), run.pool, dice));
    for (const input of inputs) await execute(run, input);
    if (learn(run, coverage.take()) === 0) continue;
    for (const input of inputs) {
      await execute(run, input);
      if (!isLeading(coverage.take())) continue;
      run.pool.push(input);
    }
  }
}

/** Blocks that a batch has reached and that no input of the pool has: they are given to the first that reaches them alone. */
const unclaimed = new Set<string>();

function learn({ blocks }: Run, taken: ReadonlySet<string>): number {
  unclaimed.clear();
  for (const block of taken) {
    if (blocks.has(block)) continue;
    blocks.add(block);
    unclaimed.add(block);
  }
  return unclaimed.size;
}

function isLeading(taken: ReadonlySet<string>): boolean {
  const before = unclaimed.size;
  for (const block of taken) unclaimed.delete(block);
  return unclaimed.size < before;
}

const startedAt = performance.now();
for (const run of runs) {
  coverage.take();
  for (const seed of run.pool) await execute(run, seed);
  learn(run, coverage.take());
}
while (performance.now() - startedAt < Number(options.minutes) * 60_000) for (const run of runs) await round(run);

for (const { target, executions, pool, blocks, slowest, spentMs, findings } of runs) {
  console.log(`${target.name}: ${executions} executions, ${pool.length} inputs kept, ${blocks.size} blocks, ${((spentMs / executions) * 1000).toFixed(0)} µs each, slowest ${slowest.toFixed(2)} ms per kB, ${findings.size} findings`);
}
const { ran, blocks } = coverage.total();
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s, ${runs.reduce((sum, { executions }) => sum + executions, 0)} executions, ${ran} of ${blocks} blocks ran, seed ${options.seed}`);
if (runs.some(({ findings }) => findings.size > 0)) process.exitCode = 1;
