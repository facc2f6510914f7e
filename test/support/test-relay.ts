import type { Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { issueEnrolmentCode } from "../../sync-server/enrolment.ts";
import { createRelay, type Relay } from "../../sync-server/relay.ts";
import { createMemoryStorage } from "../../sync-server/storage/memory.ts";
import type { RelayStorage } from "../../sync-server/storage/storage.ts";
import { serviceTokenHash } from "../../src/engine/keys/service-token.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";

export type TestRelay = {
  relay: Relay;
  storage: RelayStorage;
  /** The relay as one device reaches it; cut off while `down` is true. */
  port: RelayPort;
  down: boolean;
  /** Binds a new service to a fresh token. */
  enrol(serviceId: string): Promise<Bytes>;
  /** What its database holds now; `restore` puts that back, as an operator does: with a new generation, and all sessions and streams gone. */
  backUp(): () => Promise<void>;
};

/** The relay core on memory, with a plug that can be pulled. */
export function createTestRelay(): TestRelay {
  let storage = createMemoryStorage();
  const start = () => createRelay({ storage, clock: () => Date.now(), randomBytes: systemRandom });
  let relay = start();
  let restored = 1;
  const streams = new Set<() => void>();
  const test: TestRelay = {
    get relay() {
      return relay;
    },
    get storage() {
      return storage;
    },
    down: false,
    port: new Proxy(relay, {
      get(_, name: keyof RelayPort) {
        return async (...args: never[]) => {
          if (test.down) throw new RelayUnreachableError("plug pulled");
          if (name !== "live") return (relay[name] as (...given: never[]) => unknown)(...args);
          const [session, listener] = args as unknown as Parameters<RelayPort["live"]>;
          const opened = await relay.live(session, listener);
          if (opened.ok) streams.add(listener.ended);
          return opened;
        };
      },
    }),
    async enrol(serviceId) {
      const code = await issueEnrolmentCode(storage, { clock: Date.now, randomBytes: systemRandom });
      const token = systemRandom(32);
      const tokenHash = await serviceTokenHash(token);
      const answer = await relay.registerService({ code, serviceId, tokenHash });
      if (!answer.ok) throw new Error(answer.refusal.type);
      return token;
    },
    backUp() {
      const backup = storage.copy();
      return async () => {
        await relay.close();
        storage = backup.copy();
        await storage.write((tx) => tx.beginGeneration((restored += 10)));
        relay = start();
        for (const end of streams) end();
        streams.clear();
      };
    },
  };
  return test;
}
