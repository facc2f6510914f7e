import { expect, test } from "vitest";
import { limits } from "#protocol/limits.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { createManualClock } from "./manual-clock.ts";

const silent = { record() {}, presence() {}, ended() {} };
const jsonHead = { "content-type": "application/json" };

/** A client on a network that answers everything with what `answer` gives, and lets go of it when it is told to. */
function clientOf(answer: (signal: AbortSignal) => Response | Promise<Response>) {
  const clock = createManualClock();
  const request: typeof fetch = (_, init) => Promise.resolve(answer(init!.signal!));
  return { clock, client: createRelayClient("https://relay.example", request, clock) };
}

const never = (signal: AbortSignal) =>
  new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

/** A body that says `pieces` and then nothing more, without an end. */
function unending(signal: AbortSignal, ...pieces: string[]) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      signal.addEventListener("abort", () => controller.error(new Error("aborted")));
    },
  });
}

/** A body that never stops coming. */
function flooding(onPiece: (sizeBytes: number) => void) {
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      onPiece(64 * 1024);
      controller.enqueue(new Uint8Array(64 * 1024).fill(32));
    },
  });
}

test("a stream whose head is held back is given up", async () => {
  const { clock, client } = clientOf(never);
  const opening = client.live("s", silent);
  clock.pass(11_000);
  await expect(opening).rejects.toThrow(RelayUnreachableError);
});

test.each([
  ["a push", jsonHead, (client: ReturnType<typeof createRelayClient>) => client.push("s", "00", [])],
  ["a page", { "content-type": "application/octet-stream", "x-head-seq": "9", "x-log-gen": "1" }, (client: ReturnType<typeof createRelayClient>) => client.log("s", "00", 0, 1)],
])("the body of the answer to %s that never ends is given up", async (_, headers, act) => {
  const { clock, client } = clientOf((signal) => new Response(unending(signal, "{"), { headers }));
  const answered = act(client).then(
    () => "answered",
    (error: unknown) => (error instanceof RelayUnreachableError ? "unreachable" : "other"),
  );
  await clock.turn();
  clock.pass(31_000);
  expect(await answered).toBe("unreachable");
});

test("a body that comes slowly but comes is read to its end", async () => {
  const clock = createManualClock();
  let body: ReadableStreamDefaultController<Uint8Array> | null = null;
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (body = controller) });
  const request: typeof fetch = async (_, init) => {
    init!.signal!.addEventListener("abort", () => body!.error(new Error("aborted")));
    return new Response(stream, { headers: jsonHead });
  };
  const answered = createRelayClient("https://relay.example", request, clock).challenge();
  for (const letter of '{"challenge":"AA"}') {
    await clock.turn();
    clock.pass(10_000);
    body!.enqueue(new TextEncoder().encode(letter));
  }
  body!.close();
  expect(await answered).toEqual({ ok: true, value: { challenge: "AA" } });
});

test.each([
  ["JSON", jsonHead, limits.jsonBytes * 3, (client: ReturnType<typeof createRelayClient>) => client.challenge()],
  ["a page", { "content-type": "application/octet-stream" }, limits.pageBytes * 2, (client: ReturnType<typeof createRelayClient>) => client.log("s", "00", 0, 1)],
])("%s is read no further than its bound", async (_, headers, mostBytes, act) => {
  let readBytes = 0;
  const { client } = clientOf(() => new Response(flooding((sizeBytes) => {
    readBytes += sizeBytes;
    // Without a bound this would never end.
    if (readBytes > mostBytes * 2) throw new Error("unbounded");
  }), { headers }));
  await expect(act(client)).rejects.toThrow(RelayUnreachableError);
  expect(readBytes).toBeLessThan(mostBytes);
});

test("a login page that answers everything with 200 is not the relay", async () => {
  const { client } = clientOf(() => new Response("<html>log in</html>", { headers: { "content-type": "text/html" } }));
  const service = { code: "ABCD", serviceId: "5e".repeat(16), tokenHash: "00".repeat(32) };
  await expect(client.registerService(service)).rejects.toThrow(RelayUnreachableError);
  await expect(client.createInvite("s", { inviteId: "00", roomId: "00", lifeMs: 1, offer: "" })).rejects.toThrow(RelayUnreachableError);
  await expect(client.writeInvite(null, "00", { slot: "commit", body: "" })).rejects.toThrow(RelayUnreachableError);
  await expect(client.log("s", "00", 0, 1)).rejects.toThrow(RelayUnreachableError);
  await expect(client.live("s", silent)).rejects.toThrow(RelayUnreachableError);
});

test("[N3] the stream tells records and presence apart by their event's name, and passes over what is neither", async () => {
  const roomId = "0a".repeat(16);
  const event = (name: string, content: object) => `event: ${name}\ndata: ${JSON.stringify(content)}\n\n`;
  const events = [
    ": open\n\n",
    event("presence", { roomId, bytes: "Bw" }),
    event("later", { roomId, seq: 9, bytes: "Bw" }),
    event("presence", { roomId: "short", bytes: "Bw" }),
    event("record", { roomId, bytes: "CA" }),
    event("record", { roomId, seq: 2, bytes: "CQ" }),
  ];
  const { client } = clientOf(() => new Response(events.join(""), { headers: { "content-type": "text/event-stream" } }));
  const heard: unknown[] = [];
  await new Promise<void>((resolve) => {
    const record = (...given: unknown[]) => void heard.push(["record", ...given]);
    const presence = (...given: unknown[]) => void heard.push(["presence", ...given]);
    void client.live("s", { record, presence, ended: resolve });
  });
  expect(heard).toEqual([["presence", roomId, Uint8Array.of(7)], ["record", roomId, 2, Uint8Array.of(9)]]);
});

test("a stream whose event never ends is dropped", async () => {
  let readBytes = 0;
  const { client } = clientOf(
    () => new Response(flooding((sizeBytes) => {
      readBytes += sizeBytes;
      if (readBytes > limits.envelopeBytes * 8) throw new Error("unbounded");
    }), { headers: { "content-type": "text/event-stream" } }),
  );
  await new Promise<void>((resolve) => void client.live("s", { ...silent, ended: resolve }));
  expect(readBytes).toBeLessThan(limits.envelopeBytes * 2);
});

test.each([
  ["a full push", limits.pushBytes, limits.pushBytes / limits.slowestBytesPerSecond + 29, limits.pushBytes / limits.slowestBytesPerSecond + 31],
  ["a push of a kilobyte", 1024, 29, 31],
])("[R11] %s has the time that its bytes take on the slowest network, and no more", async (_, sizeBytes, inTimeSeconds, tooLateSeconds) => {
  const { clock, client } = clientOf(never);
  let given = false;
  const envelopes = [new Uint8Array(sizeBytes)];
  const pushing = client.push("s", "00", envelopes).catch((error: unknown) => {
    given = true;
    return error;
  });
  clock.pass(inTimeSeconds * 1000);
  await clock.turn();
  expect(given).toBe(false);
  clock.pass((tooLateSeconds - inTimeSeconds) * 1000);
  expect(await pushing).toBeInstanceOf(RelayUnreachableError);
});

test("an upload that took its time leaves the answer as much as ever", async () => {
  const clock = createManualClock();
  const body = '{"seqs":[1],"refused":null}';
  const request: typeof fetch = (_, init) =>
    new Promise((resolve, reject) => {
      init!.signal!.addEventListener("abort", () => reject(new Error("aborted")));
      clock.after((limits.pushBytes / limits.slowestBytesPerSecond) * 1000, () => resolve(new Response(body, { headers: jsonHead })));
    });
  const pushing = createRelayClient("https://relay.example", request, clock).push("s", "00", [new Uint8Array(limits.pushBytes)]);
  for (let second = 0; second < 300; second++) clock.pass(1000);
  expect(await pushing).toEqual({ ok: true, value: { seqs: [1], refused: null } });
});
