import type { IncomingMessage, ServerResponse } from "node:http";
import { toBase64Url, type Bytes } from "#protocol/bytes.ts";
import type { LivePresence, LiveRecord, RelayPort } from "#protocol/messages.ts";
import { answerRefusal } from "./refusal-status.ts";
import { noTally, type Tally } from "./tally.ts";

export type EventStreams = {
  /** Answers `GET /v1/live`: a stream of server-sent events until one of the sides ends it. */
  serve(token: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Sends a comment to every stream, so that what stands between does not take it for dead, and cuts off those that have read nothing since the last one. */
  beat(): void;
  /** How many streams are open. */
  count(): number;
};

/** What a stream may leave unread before it is cut off; its client pulls the log and opens a new one. A whole push as base64 fits. */
const unreadBytes = 8 * 1024 * 1024;

/** What a stream that is over gets for sending off the rest, before it is cut off. */
const endingMs = 5_000;

const heartbeat = Buffer.from(":\n\n");

type FrameOf = {
  (bytes: Bytes, event: "record", head: Omit<LiveRecord, "bytes">): Buffer;
  (bytes: Bytes, event: "presence", head: Omit<LivePresence, "bytes">): Buffer;
};

/** Live streams on bare node:http: a framework's stream takes two to three times the memory for each idle listener. */
export function createEventStreams(relay: Pick<RelayPort, "live">, tally: Tally = noTally): EventStreams {
  // Node keeps the head of every open answer in memory, so a stream has only what it needs: no page is ever made of it.
  const streamHeaders = {
    "content-type": "text/event-stream",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    // Nginx would else hold events back until a buffer is full.
    "x-accel-buffering": "no",
    connection: "close",
  };
  const open = new Set<ServerResponse>();
  /** What stood unread when the last heartbeat was sent; who reads is not in it. */
  const unread = new Map<ServerResponse, number>();
  const frames = new WeakMap<Bytes, Buffer>();

  /** Everyone in a room gets the same envelopes, and each stream all of a push before the next: each is put into words once, and lies in memory once. */
  const frameOf: FrameOf = (bytes, event, head) => {
    const known = frames.get(bytes);
    if (known !== undefined) return known;
    const frame = Buffer.from(`event: ${event}\ndata: ${JSON.stringify({ ...head, bytes: toBase64Url(bytes) })}\n\n`);
    frames.set(bytes, frame);
    return frame;
  };

  const start = (response: ServerResponse) => {
    if (response.headersSent) return;
    response.writeHead(200, streamHeaders);
    response.write(": open\n\n");
    open.add(response);
  };

  const forget = (response: ServerResponse) => {
    open.delete(response);
    unread.delete(response);
  };

  const end = (response: ServerResponse) => {
    start(response);
    // A reader who has stopped reading keeps the answer from closing, and nothing may be written to it any more.
    forget(response);
    response.end();
    const patience = setTimeout(() => response.destroy(), endingMs).unref();
    response.once("close", () => clearTimeout(patience));
  };

  const send = (response: ServerResponse, frame: Buffer) => {
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength > unreadBytes) cutOff(response);
    else response.write(frame);
  };

  const cutOff = (response: ServerResponse) => {
    tally.cutOff("slow");
    response.destroy();
  };

  return {
    async serve(token, request, response) {
      let isGone = false;
      let stream: { close(): void } | null = null;
      response.once("close", () => {
        isGone = true;
        forget(response);
        stream?.close();
      });
      // An error that nobody listens to ends the process.
      response.on("error", () => response.destroy());
      request.resume();
      const answer = await relay.live(token, {
        record(roomId, seq, bytes) {
          if (isGone) return;
          start(response);
          send(response, frameOf(bytes, "record", { roomId, seq }));
        },
        presence(roomId, bytes) {
          // A place in a text is worth nothing to who reads it late, and must not stand before what is worth keeping.
          if (!open.has(response) || response.writableNeedDrain) return;
          send(response, frameOf(bytes, "presence", { roomId }));
        },
        ended() {
          if (!isGone) end(response);
        },
      });
      if (!answer.ok) {
        if (isGone) return;
        tally.refused(answer.refusal.type);
        answerRefusal(response, answer.refusal);
        return;
      }
      if (isGone) {
        answer.value.close();
        return;
      }
      stream = answer.value;
      start(response);
    },
    beat() {
      for (const response of open) {
        const before = unread.get(response);
        const now = response.writableLength;
        if (before !== undefined && now >= before) cutOff(response);
        else if (now > 0) unread.set(response, now);
        else unread.delete(response);
        send(response, heartbeat);
      }
    },
    count: () => open.size,
  };
}
