import { createServer, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveListener } from "#protocol/messages.ts";
import { createEventStreams, type EventStreams } from "./event-streams.ts";

let server: Server;
let streams: EventStreams;
let listener: LiveListener;
let response: ServerResponse;
let socket: Socket;
let isOverAtOnce: boolean;
const errors: unknown[] = [];
const collect = (error: unknown) => void errors.push(error);

/** A stream whose client reads nothing, with more sent than the system takes off our hands. */
beforeEach(async () => {
  errors.length = 0;
  isOverAtOnce = false;
  streams = createEventStreams(
    {
      live: async (_token, given) => {
        listener = given;
        if (isOverAtOnce) given.ended();
        return { ok: true, value: { close: () => undefined } };
      },
    },
  );
  const opened = new Promise<void>((resolve) => {
    server = createServer((request, answer) => {
      response = answer;
      response.on("error", collect);
      void streams.serve("t", request, response).then(resolve);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  socket = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  socket.on("error", () => undefined);
  socket.write("GET /v1/live HTTP/1.1\r\nhost: x\r\n\r\n");
  await opened;
  for (let seq = 1; response.writableLength < 1_000_000; seq++) {
    listener.record("0a".repeat(16), seq, new Uint8Array(256 * 1024));
    await new Promise(setImmediate);
  }
  expect(streams.count()).toBe(1);
});

afterEach(async () => {
  vi.useRealTimers();
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test("[R8] nothing is written to a stream that is over, though its reader has a backlog", async () => {
  listener.ended();
  expect(streams.count()).toBe(0);
  streams.beat();
  await new Promise(setImmediate);
  expect(errors).toEqual([]);
  expect(response.closed).toBe(false);
});

test("[R8] a stream that is over and is not read is cut off after five seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const closed = new Promise((resolve) => response.once("close", resolve));
  listener.ended();
  vi.advanceTimersByTime(4_999);
  expect(response.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(response.destroyed).toBe(true);
  await closed;
  expect(errors).toEqual([]);
});

test("a stream that breaks is let go and does not take the process with it", async () => {
  const closed = new Promise((resolve) => response.once("close", resolve));
  response.off("error", collect);
  response.emit("error", new Error("broken on purpose"));
  await closed;
  expect(streams.count()).toBe(0);
});

test("[R8] a stream that is over before it is open is ended once", async () => {
  const answered = new Promise<string>((resolve) => {
    const late = connect((server.address() as AddressInfo).port, "127.0.0.1");
    let text = "";
    late.on("data", (chunk: Buffer) => void (text += chunk.toString())).on("end", () => resolve(text));
    isOverAtOnce = true;
    late.write("GET /v1/live HTTP/1.1\r\nhost: x\r\n\r\n");
  });
  expect(await answered).toContain(": open");
  expect(streams.count()).toBe(1);
  expect(errors).toEqual([]);
});

test("[N4] a reader that lags behind loses presence and no record", () => {
  const unread = () => response.writableLength;
  const before = unread();
  listener.presence("0a".repeat(16), new Uint8Array(1000));
  expect(unread()).toBe(before);
  listener.record("0a".repeat(16), 99, new Uint8Array(1000));
  expect(unread()).toBeGreaterThan(before + 1000);
});
