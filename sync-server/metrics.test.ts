import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { systemClock } from "../src/engine/platform/clock.ts";
import { createRelayClient } from "../src/engine/sync/relay-client.ts";
import { addressLine, codeLine, createPrograms } from "../test/support/relay-program.ts";
import { createTestRoom, openTestSession, valueOf } from "../test/support/relay-world.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-metrics-"));
const { run, killAll } = createPrograms(folder);

afterEach(killAll);
afterAll(() => rmSync(folder, { recursive: true }));

test("what a relay does is told on a port of its own, and no id in it", async () => {
  const relay = run({ DATA_DIR: join(folder, "data"), PORT: "0", METRICS_PORT: "0" });
  const out = await relay.said(codeLine);
  const base = addressLine.exec(out)![1]!;
  const metricsPort = /"port":(\d+),"msg":"metrics"/.exec(await relay.logged(/"metrics"/))![1]!;
  const port = createRelayClient(base, fetch, systemClock);
  const room = await createTestRoom(port, codeLine.exec(out)![1]!);
  const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
  const listening = valueOf(await port.live(session, { record: () => undefined, presence: () => undefined, ended: () => undefined }));
  valueOf(await port.push(session, room.roomId, [await room.author.update(), await room.author.update()]));
  await port.push("no session", room.roomId, [await room.author.update()]);
  valueOf(await port.log(session, room.roomId, 0, 1));
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const text = await answer.text();
  const valueIn = (name: string) => Number(new RegExp(`^${name} ([\\d.e+-]+)$`, "m").exec(text)?.[1]);
  expect(["relay_pushes_total", "relay_envelopes_total", "relay_streams", 'relay_refusals_total\\{type="sessionExpired"\\}'].map(valueIn)).toEqual([1, 2, 1, 1]);
  expect(valueIn("relay_received_bytes_total")).toBeGreaterThan(800);
  expect(valueIn("relay_sent_bytes_total")).toBeGreaterThan(1500);
  expect(valueIn("relay_commit_seconds_count")).toBeGreaterThanOrEqual(4);
  expect(valueIn("relay_commit_failures_total")).toBe(0);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  const labels = new Set(Array.from(text.matchAll(/[{,](\w+)="/g), ([, label]) => label));
  expect([...labels].sort()).toEqual(["kind", "le", "major", "minor", "patch", "quantile", "space", "type", "version"].filter((label) => labels.has(label)));
  for (const id of [room.roomId, room.author.device.deviceId, room.service.serviceId, session, "127.0.0.1"]) expect(text).not.toContain(id);
  expect((await fetch(`${base}/metrics`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${metricsPort}/v1/challenge`, { method: "POST" })).status).toBe(404);
  listening.close();
  relay.child.kill("SIGTERM");
  expect(await relay.ended).toBe(0);
});

test("a port for metrics that is taken is one line, and the relay does not run without", async () => {
  const first = run({ DATA_DIR: join(folder, "first"), PORT: "0" });
  const taken = new URL(addressLine.exec(await first.said(addressLine))![1]!).port;
  const second = run({ DATA_DIR: join(folder, "second"), PORT: "0", METRICS_PORT: taken });
  expect(await second.ended).toBe(1);
  expect(second.err().trim().split("\n")).toEqual([expect.stringContaining(`Cannot listen on 127.0.0.1, port ${taken}, for metrics`)]);
});
