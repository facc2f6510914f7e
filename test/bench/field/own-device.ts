import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/membership.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { generateLeaf, publicLeaf } from "../../../src/engine/keys/keyring.ts";
import { serviceTokenHash } from "../../../src/engine/keys/service-token.ts";
import { indexDocId } from "../../../src/engine/log/rights.ts";
import { systemClock, systemRandom } from "../../../src/engine/platform/clock.ts";
import type { Room } from "../../../src/engine/space.ts";
import { createRelayClient } from "../../../src/engine/sync/relay-client.ts";
import { createDevice, type TestDevice } from "../../support/device.ts";
import { monotonicMs } from "../measure.ts";
import { answerCommands, countTraffic, traffic, trafficSince } from "../processes.ts";
import { checkAll, records, whenAll, type Workload, writeRecord } from "./workload.ts";

// One device of ours on memory storage, as a process of its own.

let device: TestDevice;
let room: Room;
let ownLeaf: Awaited<ReturnType<typeof generateLeaf>>;
let lastAckAt = 0;

const network = { cut: new AbortController() };
const request: typeof fetch = (input, init) => {
  network.cut.signal.throwIfAborted();
  const signals = [network.cut.signal, ...(init?.signal ? [init.signal] : [])];
  return fetch(input, { ...init, signal: AbortSignal.any(signals) });
};

async function start(baseUrl: string): Promise<RelayPort> {
  countTraffic();
  const client = createRelayClient(baseUrl, request, systemClock);
  const push: RelayPort["push"] = async (...args) => {
    const answer = await client.push(...args);
    lastAckAt = monotonicMs();
    return answer;
  };
  const relay = { ...client, push };
  device = await createDevice(relay);
  return relay;
}

function whenSent(): Promise<void> {
  return new Promise((resolve) => {
    const { status } = device.space;
    const stop = status.subscribe(({ unsent }) => {
      if (unsent > 0) return;
      stop();
      resolve();
    });
  });
}

answerCommands({
  async found({ baseUrl, enrolmentCode }: { baseUrl: string; enrolmentCode: string }) {
    const relay = await start(baseUrl);
    const serviceId = "5e".repeat(16);
    const token: Bytes = systemRandom(32);
    const registered = await relay.registerService({ code: enrolmentCode, serviceId, tokenHash: await serviceTokenHash(token) });
    if (!registered.ok) throw new Error(registered.refusal.type);
    device.serviceToken.current = token;
    room = await device.space.createRoom({ kind: "service", serviceId, label: "", name: "Ada", recovery: null });
    await device.space.sync.settle();
    return { roomId: room.roomId, genesis: room.genesis };
  },
  async add(member: MemberDevice) {
    if (!(await device.space.addMember(room.roomId, member, "Bo"))) throw new Error("not added");
    await device.space.sync.settle();
  },
  async write(workload: Workload) {
    network.cut.abort();
    const form = new Y.Doc();
    const typed: Uint8Array[] = [];
    form.on("updateV2", (update: Uint8Array) => typed.push(update));
    for (const record of records) {
      if (workload === "saved") await room.edit([indexDocId], (doc) => writeRecord(doc, record, "saved"));
      else {
        writeRecord(form, record, "typed");
        const merged = Y.mergeUpdatesV2(typed.splice(0));
        await room.edit([indexDocId], (doc) => Y.applyUpdateV2(doc, merged));
      }
    }
    return device.space.status.get().unsent;
  },
  async send() {
    const before = traffic();
    network.cut = new AbortController();
    const startedAt = monotonicMs();
    const sent = whenSent();
    device.space.sync.wake();
    await sent;
    return { ms: lastAckAt - startedAt, ...trafficSince(before) };
  },
  async arrive({ baseUrl }: { baseUrl: string }) {
    // As an invited device has: it has talked with this relay before.
    await (await start(baseUrl)).challenge();
    ownLeaf = await generateLeaf();
    return { memberId: "ab".repeat(16), role: "consultant", deviceId: ownLeaf.deviceId, leaf: publicLeaf(ownLeaf) } satisfies MemberDevice;
  },
  async read({ roomId, genesis }: { roomId: string; genesis: string }) {
    const before = traffic();
    const startedAt = monotonicMs();
    const joined = await device.space.joinRoom(
      { roomId, kind: "service", label: "", role: "consultant", memberId: "ab".repeat(16), genesis },
      ownLeaf,
    );
    const doc = await joined.open(indexDocId);
    await whenAll(doc);
    const ms = monotonicMs() - startedAt;
    checkAll(doc);
    return { ms, ...trafficSince(before) };
  },
});
