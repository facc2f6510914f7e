import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** One rule of SPEC.md switched off by changing the source that keeps it. `file` from the root of the project; `find` stands there exactly once. */
export type SourceEdit = { file: string; find: string; replace: string };

/** In a world, these modules are others. */
const standIns = new Map(["wrap", "padding"].map((name) => [new URL(`src/engine/crypto/${name}.ts`, root).href, new URL(`test/fault/cheap-${name}.ts`, root).href]));

/** In a world what happens rarely, since there are few records, happens as often as its rules need it. */
const smaller: readonly SourceEdit[] = [{ file: "src/engine/documents/room-documents.ts", find: "const checkpointEvery = 64;", replace: "const checkpointEvery = 5;" }];

/** @throws when the place is not there, or not there alone: the source has changed since */
export function applyEdits(edits: readonly SourceEdit[]): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const url = new URL(file, root).href;
    const source = sources.get(url) ?? readFileSync(fileURLToPath(url), "utf8");
    const pieces = source.split(find);
    if (pieces.length !== 2) throw new Error(`${file} has ${pieces.length - 1} times: ${find}`);
    sources.set(url, pieces.join(replace));
  }
  return sources;
}

/** From now on modules are loaded as a world needs them. */
export function installLoader(edits: readonly SourceEdit[]): void {
  const changed = applyEdits([...smaller, ...edits]);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const standIn = standIns.get(resolved.url);
      return standIn === undefined ? resolved : { ...resolved, url: standIn };
    },
    load(url, context, nextLoad) {
      const source = changed.get(url);
      const loaded = nextLoad(url, context);
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}
