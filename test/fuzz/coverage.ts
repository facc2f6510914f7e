import { type Profiler, Session } from "node:inspector";

/** Which blocks of our parsers, and of what they stand on, have run: V8's own counting, by Node's inspector. */
export type Coverage = {
  /** The blocks that have run since the last call. About a millisecond. */
  take(): ReadonlySet<string>;
  /** Of all blocks that V8 has told of so far. */
  total(): { ran: number; blocks: number };
};

const watched = /\/(src|sync-server)\/.*\.ts$|node_modules\/(lib0|fflate|zod)\//;

export function startCoverage(): Coverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const [ran, blocks] = [new Set<string>(), new Set<string>()];
  return {
    take() {
      let scripts: Profiler.ScriptCoverage[] = [];
      session.post("Profiler.takePreciseCoverage", (_error, answer) => {
        scripts = answer.result;
      });
      const taken = new Set<string>();
      for (const { url, functions } of scripts) {
        if (!watched.test(url)) continue;
        for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
          const block = `${url} ${startOffset} ${endOffset}`;
          blocks.add(block);
          if (count === 0) continue;
          taken.add(block);
          ran.add(block);
        }
      }
      return taken;
    },
    total: () => ({ ran: ran.size, blocks: blocks.size }),
  };
}
