import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RelayStorage } from "./storage/storage.ts";
import type { Tally } from "./tally.ts";

export type Metrics = Tally & {
  /** The storage, with its commits timed. */
  timed(storage: RelayStorage): RelayStorage;
  /** Answers `GET /metrics` in Prometheus' text format; not yet listening. @param streams how many live streams are open */
  server(streams: () => number): Server;
};

/** Counts for Prometheus. No label has an id: what is counted says how much is done here, and nothing about by whom. */
export function createMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const pushes = new Counter({ name: "relay_pushes_total", help: "Push and control requests with something that was numbered.", registers });
  const envelopes = new Counter({ name: "relay_envelopes_total", help: "Envelopes that were given a number, repeated ones included.", registers });
  const bytesIn = new Counter({ name: "relay_received_bytes_total", help: "Bytes of those requests.", registers });
  const bytesOut = new Counter({ name: "relay_sent_bytes_total", help: "Bytes of log pages.", registers });
  const refusals = new Counter({ name: "relay_refusals_total", help: "Requests and envelopes that were refused.", labelNames: ["type"], registers });
  const cutOffs = new Counter({ name: "relay_cut_off_total", help: "Connections closed on somebody too slow, or with too many.", labelNames: ["reason"], registers });
  const commits = new Histogram({
    name: "relay_commit_seconds",
    help: "A transaction from its begin until it is on disk.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const failures = new Counter({ name: "relay_commit_failures_total", help: "Transactions that failed.", registers });
  return {
    pushed(count, sizeBytes) {
      pushes.inc();
      envelopes.inc(count);
      bytesIn.inc(sizeBytes);
    },
    refused: (type) => refusals.inc({ type }),
    sent: (sizeBytes) => bytesOut.inc(sizeBytes),
    cutOff: (reason) => cutOffs.inc({ reason }),
    timed: (storage) => ({
      ...storage,
      async write(work) {
        let startedAt = performance.now();
        try {
          const result = await storage.write((tx) => {
            startedAt = performance.now();
            return work(tx);
          });
          commits.observe((performance.now() - startedAt) / 1000);
          return result;
        } catch (error) {
          failures.inc();
          throw error;
        }
      },
    }),
    server(streams) {
      // It stays with the registry.
      void new Gauge({
        name: "relay_streams",
        help: "Open live streams.",
        registers,
        collect() {
          this.set(streams());
        },
      });
      return createServer({ headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 8192 }, (request, response) => {
        if (request.method !== "GET" || request.url !== "/metrics") {
          response.writeHead(404).end();
          return;
        }
        register.metrics().then(
          (text) => response.writeHead(200, { "content-type": register.contentType, "cache-control": "no-store" }).end(text),
          () => response.writeHead(500).end(),
        );
      });
    },
  };
}
