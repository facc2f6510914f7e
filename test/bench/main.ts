import { cpus, loadavg, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { browser } from "./browser.ts";
import { firstLoad } from "./first-load.ts";
import { live } from "./live.ts";
import { type Figure, jsonLine, type Report, table } from "./measure.ts";
import { minutes } from "./minutes.ts";
import { paper } from "./paper.ts";
import { relay } from "./relay.ts";
import { returnFromField } from "./return-from-field.ts";

const benches: Record<string, (report: Report, runs: number) => Promise<void>> = {
  "first-load": firstLoad,
  "return-from-field": returnFromField,
  live,
  relay,
  browser,
  minutes,
  paper,
};

const usage = `npm run bench -- [--json] [--only name]… [--runs n]
  --json   JSON lines on standard output; the table goes to standard error
  --only   ${Object.keys(benches).join(", ")}
  --runs   how often each figure is taken (5)
EDITING_TRACE=file   a trace of josephg/editing-traces (.json or .json.gz), typed as transactions by minutes, and by live from one client to another`;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: Object.keys(benches) },
    runs: { type: "string", default: "5" },
    help: { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
const unknown = options.only.filter((name) => !(name in benches));
if (options.help || unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(usage);
  process.exit(options.help ? 0 : 2);
}

// Others on the machine are in every figure: a load above the number of processors makes the times theirs as much as ours.
const load = () => loadavg()[0]?.toFixed(1);
const loadBefore = load();
const figures: Figure[] = [];
const notes: string[] = [];
for (const name of options.only) {
  console.error(`${name} …`);
  try {
    await benches[name]?.({ figure: (figure) => figures.push({ bench: name, ...figure }), note: (text) => notes.push(`${name}: ${text}`) }, runs);
  } catch (error) {
    notes.push(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}, ${runs} runs, load ${loadBefore} → ${load()}`;
const text = [machine, "", table(figures), "", ...notes.map((note) => `· ${note}`)].join("\n");
if (options.json) {
  console.error(text);
  for (const figure of figures) console.log(jsonLine(figure, figures));
} else console.log(text);
// Connections to processes that are gone must not keep this one.
process.exit();
