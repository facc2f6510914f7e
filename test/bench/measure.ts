/** What a figure is counted in. Bytes are given as kB (1000 bytes), memory as MB (1,000,000 bytes). */
export type Unit = "ms" | "kB" | "MB" | "/s";

/** One measured quantity of one subject. */
export type Figure = {
  /** The measurement that `--only` names. */
  bench: string;
  metric: string;
  subject: string;
  unit: Unit;
  /** One value a run; at least one. */
  runs: readonly number[];
  /** Another subject with the same bench and metric, a peer or a floor, that this is to be read beside. */
  beside?: string;
  target?: { atMost: number } | { atLeast: number };
};

/** Where a measurement puts what it finds. */
export type Report = {
  figure(figure: Omit<Figure, "bench">): void;
  /** A sentence under the table: what a figure does or does not hold, or why one is missing. */
  note(text: string): void;
};

export type Summary = { median: number; min: number; max: number };

/** @param runs at least one value */
export function summarise(runs: readonly number[]): Summary {
  const sorted = runs.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** The value below which the share `p` (0 to 1) of the values lies, by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds on a clock that all processes of this machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Runs something `times` times, one after another. */
export async function repeat<T>(times: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index++) results.push(await run(index));
  return results;
}

/** The median of a figure over the median of what it stands beside, or null when that was not measured. */
function ratioOf(figure: Figure, all: readonly Figure[]): number | null {
  const other = all.find(
    ({ bench, metric, subject }) => bench === figure.bench && metric === figure.metric && subject === figure.beside,
  );
  return other === undefined ? null : summarise(figure.runs).median / summarise(other.runs).median;
}

/** Whether the median is where it is to be; null without a target. */
function meetsTarget({ target, runs }: Figure): boolean | null {
  if (target === undefined) return null;
  const { median } = summarise(runs);
  return "atMost" in target ? median <= target.atMost : median >= target.atLeast;
}

/** One line of JSON for a program to read. */
export function jsonLine(figure: Figure, all: readonly Figure[]): string {
  return JSON.stringify({ ...figure, ...summarise(figure.runs), ratio: ratioOf(figure, all), met: meetsTarget(figure) });
}

const columns = ["measurement", "what", "subject", "median (min–max)", "beside", "target"] as const;

/** All figures as one table in plain text. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.bench, figure.metric, figure.subject, value(figure), beside(figure, figures), target(figure)]);
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd();
  return [line(columns), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

function value({ runs, unit }: Figure): string {
  const { median, min, max } = summarise(runs);
  const spread = min === max ? "" : ` (${rounded(min)}–${rounded(max)})`;
  return `${rounded(median)} ${unit}${spread}`;
}

function beside(figure: Figure, figures: readonly Figure[]): string {
  const ratio = ratioOf(figure, figures);
  return ratio === null ? "" : `${ratio.toFixed(2)} × ${figure.beside}`;
}

function target(figure: Figure): string {
  if (figure.target === undefined) return "";
  const bound = "atMost" in figure.target ? `≤ ${figure.target.atMost}` : `≥ ${figure.target.atLeast}`;
  return `${bound} ${figure.unit} ${meetsTarget(figure) === true ? "met" : "MISSED"}`;
}

function rounded(number: number): string {
  return number.toLocaleString("en", { maximumFractionDigits: number < 10 ? 2 : number < 100 ? 1 : 0 });
}
