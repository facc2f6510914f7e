import type { Report } from "./measure.ts";
export async function firstLoad(_report: Report, _runs: number): Promise<void> {}
