import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome, WycheproofFile } from "./run.ts";

/** The folder with Wycheproof's files, which are not ours to keep; undefined where there is none. */
export const wycheproofFolder = process.env["WYCHEPROOF"];
export const skipLine = "Wycheproof: left out; WYCHEPROOF=<folder with its testvectors> runs it";

export function readWycheproof(file: WycheproofFile): unknown {
  return JSON.parse(readFileSync(join(wycheproofFolder ?? "", `${file}_test.json`), "utf8"));
}

export function outcomeLine(where: string, file: string, { tests, right, unused, wrong }: Outcome): string {
  return `Wycheproof ${file} in ${where}: ${tests} tests, ${right} right, ${unused} of sizes that we do not use, ${wrong.length} wrong`;
}
