import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

export type Patience = { graceMs: number; bytesPerSecond: number };

export type Pace = {
  /** Watches a request until its answer is over. */
  watch(socket: Socket, response: ServerResponse): void;
  /** Cuts off those who are too slow. To be called every few seconds. */
  check(): void;
};

/**
 * A request and its answer take `graceMs`, and beyond that as long as their bytes take at `bytesPerSecond`: whoever drips a body or does not
 * take an answer is cut off, and holds no memory for longer.
 */
export function createPace({ graceMs, bytesPerSecond }: Patience, onCutOff: () => void): Pace {
  const inHand = new Map<ServerResponse, { socket: Socket; startedAt: number; bytesBefore: number }>();
  // Written counts from when it is handed to the socket: an answer gets the time that all of it takes.
  const bytesOf = (socket: Socket) => socket.bytesRead + socket.bytesWritten;
  return {
    watch(socket, response) {
      inHand.set(response, { socket, startedAt: performance.now(), bytesBefore: bytesOf(socket) });
      response.once("close", () => inHand.delete(response));
    },
    check() {
      const now = performance.now();
      for (const { socket, startedAt, bytesBefore } of inHand.values()) {
        const allowedMs = graceMs + ((bytesOf(socket) - bytesBefore) / bytesPerSecond) * 1000;
        if (now - startedAt <= allowedMs) continue;
        onCutOff();
        socket.destroy();
      }
    },
  };
}
