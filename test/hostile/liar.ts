import type { Bytes } from "#protocol/bytes.ts";
import type { LogAnswer, RelayPort } from "#protocol/messages.ts";
import type { NumberedEnvelope } from "#protocol/record.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import type { TestRelay } from "../support/test-relay.ts";

/** A relay as one device reaches it: the real one, but for what it is told to lie about. */
export type Liar = {
  port: RelayPort;
  /** From now on this is answered in the place of the real answer; `ask` gives the real one. */
  lie<Name extends keyof RelayPort>(name: Name, answer: (ask: RelayPort[Name]) => RelayPort[Name]): void;
  /** Lies about one room's log: the honest page goes in, what is handed out comes back. The head told of is its end, unless another is given. */
  lieAboutLog(roomId: string, doctor: (page: NumberedEnvelope[], after: number) => NumberedEnvelope[] | { page: NumberedEnvelope[]; headSeq: number }): void;
  /** No lies any more, and no streams, as at first. */
  beHonest(): void;
};

const noStreams: RelayPort["live"] = async () => {
  throw new RelayUnreachableError("no streams here");
};

/** Hands out no streams until one is lied about: each settling then asks for the log. */
export function createLiar({ port }: TestRelay): Liar {
  const lies = new Map<keyof RelayPort, unknown>();
  const liar: Liar = {
    port: new Proxy(port, { get: (honest, name: keyof RelayPort) => lies.get(name) ?? honest[name] }),
    lie(name, answer) {
      lies.set(name, answer(port[name]));
    },
    lieAboutLog(roomId, doctor) {
      liar.lie("log", (ask) => async (session, asked, after, logGen) => {
        const answer = await ask(session, asked, after, logGen);
        if (!answer.ok || asked !== roomId) return answer;
        const doctored = doctor(answer.value.page.filter((entry) => "bytes" in entry), after);
        const { page, headSeq } = Array.isArray(doctored) ? { page: doctored, headSeq: doctored.at(-1)?.seq ?? after } : doctored;
        return { ok: true, value: { ...answer.value, page, headSeq } satisfies LogAnswer };
      });
    },
    beHonest() {
      lies.clear();
      lies.set("live", noStreams);
    },
  };
  liar.beHonest();
  return liar;
}

/** The same envelopes under numbers without holes, as a relay that has left something out or put something in would give them. */
export function renumbered(page: readonly NumberedEnvelope[], first = page[0]?.seq ?? 1): NumberedEnvelope[] {
  return page.map(({ bytes }, index) => ({ seq: first + index, bytes }));
}

export function withByte(bytes: Bytes, offset: number, change: (byte: number) => number): Bytes {
  const copy = bytes.slice();
  const at = offset < 0 ? bytes.length + offset : offset;
  copy[at] = change(copy[at] ?? 0);
  return copy;
}
