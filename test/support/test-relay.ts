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
};

/** The relay core on memory, with a plug that can be pulled. */
export function createTestRelay(): TestRelay {
  const storage = createMemoryStorage();
  const relay = createRelay({ storage, clock: () => Date.now(), randomBytes: systemRandom });
  const streams = new Set<() => void>();
  const test: TestRelay = {
    relay,
    storage,
    down: false,
    port: new Proxy(relay, {
      get(target, name: keyof RelayPort) {
        return async (...args: never[]) => {
          if (test.down) throw new RelayUnreachableError("plug pulled");
          if (name !== "live") return (target[name] as (...given: never[]) => unknown)(...args);
          const [session, listener] = args as unknown as Parameters<RelayPort["live"]>;
          const opened = await target.live(session, listener);
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
  };
  return test;
}
