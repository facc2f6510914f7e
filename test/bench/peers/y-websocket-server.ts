import { docs, getPersistence } from "@y/websocket-server/utils";
import { hasAll, whenAll } from "../field/workload.ts";
import { monotonicMs } from "../measure.ts";
import { answerCommands } from "../processes.ts";

// The peer's own server, unchanged (HOST, PORT and YPERSISTENCE in the environment), with someone beside it who sees when all is on disk.

await import(new URL("server.js", import.meta.resolve("@y/websocket-server/utils")).href);

type Queue = { _transact(work: () => Promise<null>): Promise<null> };

answerCommands({
  ready: () => true,
  /** When its write queue is empty; it does not sync the disk. */
  async durable(room: string) {
    const doc = docs.get(room);
    if (doc === undefined || !hasAll(doc)) {
      await new Promise<void>((resolve) => {
        const look = setInterval(() => {
          const found = docs.get(room);
          if (found === undefined) return;
          clearInterval(look);
          void whenAll(found).then(resolve);
        }, 1);
      });
    }
    const queue = (getPersistence() as unknown as { provider: Queue }).provider;
    // Twice: what came while the document was being read is queued only after that read.
    for (let i = 0; i < 2; i++) await queue._transact(async () => null);
    return monotonicMs();
  },
});
