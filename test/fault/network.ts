import type { LiveListener, RelayPort } from "#protocol/messages.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import type { Relay } from "../../sync-server/relay.ts";
import { ask, type RelayCall, type RelayHost } from "./relay-host.ts";
import { never, type Scene } from "./scene.ts";

/** How a device reaches the relay. */
export type Link = {
  isUp: boolean;
  /** Of requests and answers. */
  loss: number;
  /** Of requests that arrive twice. */
  repeat: number;
  /** Of requests that arrive when nobody waits for the answer any more. */
  late: number;
  slowestMs: number;
  /** Whether streams come through at all. */
  canStream: boolean;
};

export const goodLink: Readonly<Link> = { isUp: true, loss: 0, repeat: 0, late: 0, slowestMs: 60, canStream: true };

/** Who sends: one tab, which may be gone before the answer comes. */
export type Sender = {
  readonly name: string;
  isAlive(): boolean;
  link(): Link;
  /** Asked before each request leaves; may end the tab. */
  calls(name: RelayCall["name"] | "live"): void;
};

export type Network = {
  port(sender: Sender): RelayPort & Pick<Relay, "pushByToken">;
  /** Cuts the streams of these senders, or all. */
  cut(isMeant: (sender: Sender) => boolean): void;
  /** Requests, answers and words of streams that are under way. */
  underWay(): number;
};

/** The time that an app waits for an answer. */
const patienceMs = 30_000;

type Stream = { sender: Sender; isOpen: boolean; end(): void };

export function createNetwork(scene: Scene, host: () => RelayHost): Network {
  const { timeline, chance } = scene;
  const streams = new Set<Stream>();
  let underWay = 0;

  const delay = ({ slowestMs }: Link) => (chance.happens(0.15) ? chance.below(slowestMs * 10) : chance.below(slowestMs));

  /** Something that is under way until it arrives. */
  function send(delayMs: number, arrive: () => void): void {
    underWay++;
    timeline.after(delayMs, () => {
      underWay--;
      arrive();
    });
  }

  const unreachable = (why: string) => new RelayUnreachableError(why);

  function request(sender: Sender, call: RelayCall): Promise<unknown> {
    if (!sender.isAlive()) return never();
    sender.calls(call.name);
    if (!sender.isAlive()) return never();
    const link = sender.link();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const toSender = (delayMs: number, tell: () => void) => send(delayMs, () => sender.isAlive() && tell());
    const fail = (delayMs: number, why: string) =>
      toSender(delayMs, () => {
        scene.note(`${sender.name} ${call.name} ${why}`);
        reject(unreachable(why));
      });
    const arrive = async (isFirst: boolean) => {
      const run = host().run();
      if (host().relay() === null) {
        if (isFirst) fail(delay(link), "refused");
        return;
      }
      const answer = await ask(host(), call);
      if (!isFirst || host().run() !== run || host().relay() === null) return;
      if (!sender.link().isUp || chance.happens(link.loss)) return;
      isAnswered = true;
      const line = `${sender.name} ${call.name}${storyOf(call, answer)}`;
      toSender(delay(link), () => {
        scene.note(line);
        resolve(answer);
      });
    };
    let isAnswered = false;
    if (!link.isUp) {
      fail(chance.below(50), "offline");
      return promise;
    }
    // Whoever gets no answer waits for as long as it has patience.
    timeline.after(patienceMs, () => !isAnswered && fail(0, "unanswered"));
    const isLate = link.late > 0 && chance.happens(link.late);
    if (isLate || !chance.happens(link.loss)) send(isLate ? patienceMs - 5000 + chance.below(30_000) : delay(link), () => void arrive(true));
    if (chance.happens(link.repeat)) send(delay(link) + chance.below(3000), () => void arrive(false));
    return promise;
  }

  async function live(sender: Sender, session: string, listener: LiveListener): Promise<unknown> {
    if (!sender.isAlive()) return never();
    sender.calls("live");
    const link = sender.link();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const toSender = (delayMs: number, tell: () => void) => send(delayMs, () => sender.isAlive() && tell());
    if (!link.isUp || !link.canStream || chance.happens(link.loss)) {
      toSender(link.canStream ? chance.below(50) : patienceMs, () => reject(unreachable("no stream")));
      return promise;
    }
    let lastAt = 0;
    let isAnswered = false;
    const early: (() => void)[] = [];
    let close = () => {};
    /** In the order of sending, as on one connection. */
    const say = (tell: () => void) => {
      const at = Math.max(lastAt, timeline.now() + delay(link));
      lastAt = at;
      toSender(at - timeline.now(), () => stream.isOpen && tell());
    };
    // What the relay says before it has answered stands behind the answer.
    let word = (tell: () => void): void => void early.push(tell);
    const end = () => {
      stream.isOpen = false;
      streams.delete(stream);
      if (isAnswered) listener.ended();
      else reject(unreachable("cut"));
    };
    const stream: Stream = {
      sender,
      isOpen: true,
      end: () => toSender(chance.below(chance.happens(0.2) ? 20_000 : 300), () => stream.isOpen && end()),
    };
    streams.add(stream);
    send(delay(link), async () => {
      const run = host().run();
      const relay = host().relay();
      if (relay === null) return stream.end();
      const answer = await relay.live(session, {
        record: (roomId, seq, bytes) =>
          word(() => {
            scene.note(`${sender.name} hears ${roomId.slice(0, 4)} ${seq}`);
            listener.record(roomId, seq, bytes);
          }),
        presence: (roomId, bytes) => word(() => listener.presence(roomId, bytes)),
        ended: () => word(() => stream.isOpen && end()),
      });
      if (host().run() !== run) return;
      if (answer.ok) close = () => host().run() === run && answer.value.close();
      if (!stream.isOpen || !sender.isAlive()) return close();
      say(() => {
        isAnswered = true;
        scene.note(`${sender.name} live ${answer.ok}`);
        if (!answer.ok) streams.delete(stream);
        resolve(answer.ok ? { ok: true, value: { close: hangUp } } : answer);
      });
      for (const tell of early) say(tell);
      word = say;
    });
    function hangUp(): void {
      stream.isOpen = false;
      streams.delete(stream);
      send(delay(link), () => close());
    }
    return promise;
  }

  return {
    port: (sender) =>
      new Proxy({} as RelayPort & Pick<Relay, "pushByToken">, {
        get:
          (_, name: keyof RelayPort) =>
          (...args: never[]) =>
            name === "live" ? live(sender, ...(args as unknown as Parameters<RelayPort["live"]>)) : request(sender, { name, args } as unknown as RelayCall),
      }),
    cut(isMeant) {
      for (const stream of streams) if (isMeant(stream.sender)) stream.end();
    },
    underWay: () => underWay,
  };
}

/** What was asked and answered, in few words. */
function storyOf({ name, args }: RelayCall, answer: unknown): string {
  const said = answer as { ok: boolean; value?: unknown; refusal?: { type: string } };
  if (!said.ok) return ` ${said.refusal?.type}`;
  if (name === "push" || name === "repair" || name === "pushByToken") {
    const { seqs, refused } = said.value as { seqs: number[]; refused: { type: string } | null };
    return ` ${args[1].slice(0, 4)} ${args[2].length} as ${seqs.join(",")}${refused === null ? "" : ` ${refused.type}`}`;
  }
  if (name === "log") {
    const { headSeq, page } = said.value as { headSeq: number; page: unknown[] };
    return ` ${args[1].slice(0, 4)} after ${args[2]}: ${page.length} to ${headSeq}`;
  }
  if (name === "control") return ` ${args[1].slice(0, 4)} as ${(said.value as { seq: number }).seq}`;
  if (name === "openSession") {
    const { rooms, refused } = said.value as { rooms: { headSeq: number }[]; refused: { refusal: { type: string } }[] };
    return ` ${rooms.map(({ headSeq }) => headSeq).join(",")}${refused.map(({ refusal }) => ` ${refusal.type}`).join("")}`;
  }
  return "";
}
