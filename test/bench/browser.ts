import type { Report } from "./measure.ts";
export async function browser(_report: Report, _runs: number): Promise<void> {}
