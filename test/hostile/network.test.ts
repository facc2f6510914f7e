import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { toBase64Url } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { createRelayServer, type RelayServer } from "../../sync-server/server.ts";
import { systemClock } from "../../src/engine/platform/clock.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { errorTextKey } from "../../src/features/space/error-text.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { disk, expectConverged, expectKept, expectWords, type Party, read, write } from "./world.ts";

// What stands between a device and the real relay, over real HTTP: a captive portal, a broken proxy, somebody who wants to tire the device out.

type Wrong = (path: string, ask: () => Promise<Response>, signal: AbortSignal) => Promise<Response> | Response;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Minutes go by in moments, for what is given up only then. Not for the rest: two busy cores may need a real second. */
const hurried = { ...systemClock, after: (delayMs: number, run: () => void) => systemClock.after(delayMs / 100, run) };

async function openWorld(clock = systemClock) {
  const relay = createTestRelay();
  const server: RelayServer = createRelayServer({ relay: relay.relay, log: pino({ level: "silent" }), staticDir: null });
  const base = `http://127.0.0.1:${(await server.listen(0, "127.0.0.1")).port}`;
  closing.push(() => server.close());
  let wrong: Wrong | null = null;
  const request: typeof fetch = async (input, init) => {
    const url = new URL(input as string);
    const ask = () => fetch(url, init);
    // A listener that is never told anything asks for the log, which is what is lied about.
    if (url.pathname === "/v1/live" && wrong === null) return new Response(null, { status: 503 });
    return wrong === null ? ask() : wrong(url.pathname, ask, init!.signal!);
  };
  const [ada, bo] = [await createDevice(relay.port), await createDevice(createRelayClient(base, request, { ...clock, after: (delayMs, run) => (wrong === null ? systemClock : clock).after(delayMs, run) }))];
  for (const device of [ada, bo]) closing.push(() => device.space.close());
  const room = await foundService(relay, ada);
  const bos = await bringIn(ada, room, bo);
  const party = (name: string, device: TestDevice, ofRoom: typeof room) => ({ name, device, room: ofRoom }) as Party;
  return { relay, ada: party("Ada", ada, room), bo: party("Bo", bo, bos), put: (next: Wrong | null) => void (wrong = next) };
}

const json = (body: string, status = 200) => new Response(body, { status, headers: { "content-type": "application/json" } });
const page = (body: BodyInit, headers: Record<string, string> = { "x-head-seq": "9", "x-log-gen": "1" }) =>
  new Response(body, { headers: { "content-type": "application/octet-stream", ...headers } });
const onLog = (answer: (response: Response) => Promise<Response> | Response): Wrong => async (path, ask) => (path.endsWith("/log") ? answer(await ask()) : ask());
const onPush = (answer: (signal: AbortSignal) => Response): Wrong => async (path, ask, signal) => (path.endsWith("/push") ? answer(signal) : ask());

/** A body that begins, and of which nothing more comes, or a byte now and then, for as long as one listens. */
function endless(signal: AbortSignal, everyMs: number | null) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const drip = () => controller.enqueue(Uint8Array.of(32));
      drip();
      const timer = everyMs === null ? undefined : setInterval(drip, everyMs);
      signal.addEventListener("abort", () => {
        clearInterval(timer);
        controller.error(signal.reason);
      });
    },
  });
}
/** A body that comes as fast as it is read, without an end. */
const flooding = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(32)) });
const stopped = (body: ReadableStream<Uint8Array>, type: string) => new Response(body, { headers: { "content-type": type } });

const attacks: { attack: string; rules: string; put: Wrong; isSlow?: true }[] = [
  { attack: "a login page for an answer to everything", rules: "[R11]", put: () => new Response("<html>Logg inn på gjestenettet</html>", { headers: { "content-type": "text/html" } }) },
  { attack: "a login page that says to be JSON", rules: "[R11]", put: () => json("<html>Logg inn</html>") },
  { attack: "a redirection to a login page", rules: "[R11]", put: () => new Response("moved", { status: 302, headers: { location: "https://portal.example" } }) },
  { attack: "JSON of another shape", rules: "[R6]", put: (path, ask) => (path === "/v1/challenge" ? json('{"challenge":{"x":1}}') : ask()) },
  { attack: "a challenge that is not base64url, though its letters are", rules: "[K1] [R6]", put: (path, ask) => (path === "/v1/challenge" ? json('{"challenge":"A"}') : ask()) },
  { attack: "JSON nested a hundred thousand deep", rules: "[R6]", put: (path, ask) => (path === "/v1/challenge" ? json("[".repeat(100_000)) : ask()) },
  { attack: "numbers beyond all numbers", rules: "[E1]", put: onPush(() => json('{"seqs":[1e300],"refused":null}')) },
  { attack: "a number below nothing", rules: "[E1]", put: onPush(() => json('{"seqs":[-1],"refused":null}')) },
  { attack: "a refusal that nobody knows", rules: "[R3]", put: onPush(() => json('{"seqs":[],"refused":{"type":"becauseISaySo"}}')) },
  { attack: "a proof that is not base64url", rules: "[W11]", put: onPush(() => json('{"seqs":[],"refused":{"type":"ctrReused","expected":2,"stored":"A"}}')) },
  { attack: "an answer without an end, as fast as it is read", rules: "[R11]", put: onPush(() => stopped(flooding(), "application/json")) },
  { attack: "an answer of which nothing more comes", rules: "[R11]", put: onPush((signal) => stopped(endless(signal, null), "application/json")), isSlow: true },
  { attack: "an answer that drips for ever", rules: "[R11]", put: onPush((signal) => stopped(endless(signal, 20), "application/json")), isSlow: true },
  { attack: "a page larger than any may be", rules: "[R12]", put: onLog(() => page(new Uint8Array(limits.pageBytes * 2))) },
  { attack: "half a page", rules: "[R12]", put: onLog(async (response) => page((await response.arrayBuffer()).slice(0, -9))) },
  { attack: "a page with something behind it", rules: "[R12]", put: onLog(async (response) => page(new Uint8Array([...new Uint8Array(await response.arrayBuffer()), 1, 2, 3]))) },
  { attack: "a page that says an envelope to have four billion bytes", rules: "[R12]", put: onLog(() => page(new Uint8Array(12).fill(255))) },
  { attack: "a page without the log's end", rules: "[R12]", put: onLog(async (response) => page(await response.arrayBuffer(), {})) },
  { attack: "a page with a head that is no number", rules: "[R12]", put: onLog(async (response) => page(await response.arrayBuffer(), { "x-head-seq": "NaN", "x-log-gen": "1" })) },
];

test.each(attacks)("$rules harmless: $attack", async ({ put, isSlow }) => {
  const world = await openWorld(isSlow === true ? hurried : systemClock);
  const { ada, bo } = world;
  await write(ada.room, "a1");
  await ada.device.space.sync.settle();
  world.put(put);
  await write(bo.room, "b1");
  const before = await disk(bo);
  // Nobody knows yet that the session is still good.
  bo.device.space.sync.close();
  const again = await bo.device.crash();
  closing.push(() => again.space.close());
  const away = { ...bo, device: again, room: again.space.rooms.get()[0]! } as Party;
  await expect(again.space.sync.settle()).rejects.toThrow(RelayUnreachableError);
  await expect.poll(() => again.space.sync.status.get(), { timeout: 20_000 }).toMatchObject({ reached: false, failure: null, inStepAt: null });
  expect(errorTextKey(new RelayUnreachableError("")) satisfies string).toBe("errors.unreachable");
  expectWords("errors.unreachable", /Får ikke kontakt med tjeneren. Det som venter, sendes av seg selv/);
  expect(again.space.status.get()).toMatchObject({ unsent: 1, attention: [] });
  await expectKept(away, before);
  await write(away.room, "b2");
  expect(await read(away.room)).toMatchObject({ b1: "b1", b2: "b2" });
  world.put(null);
  await expectConverged(away, ada);
  expect(await read(ada.room)).toEqual({ a1: "a1", b1: "b1", b2: "b2" });
});

test.each([
  ["that never ends a line", () => stopped(flooding(), "text/event-stream")],
  ["whose events are no JSON", () => new Response("event: record\ndata: {{{\n\n".repeat(10), { headers: { "content-type": "text/event-stream" } })],
  ["of envelopes of no room, without numbers, or broken", () => {
    const events = [{ roomId: "0f".repeat(16), seq: 9, bytes: "AAAA" }, { roomId: "x", seq: -1, bytes: "" }, { seq: 1 }, { roomId: "0f".repeat(16), seq: 1e99, bytes: toBase64Url(new Uint8Array(9)) }];
    return new Response(events.map((event) => `event: record\ndata: ${JSON.stringify(event)}\n\n`).join(""), { headers: { "content-type": "text/event-stream" } });
  }],
  ["that is a login page", () => new Response("<html></html>", { headers: { "content-type": "text/html" } })],
] as [string, () => Response][])("[R7] [R8] harmless: a stream %s", async (_, stream) => {
  const world = await openWorld();
  const { ada, bo } = world;
  world.put((path, ask) => (path === "/v1/live" ? stream() : ask()));
  await write(bo.room, "b1");
  await write(ada.room, "a1");
  await ada.device.space.sync.settle();
  await expectConverged(bo, ada);
  expect(await read(bo.room)).toEqual({ a1: "a1", b1: "b1" });
});
