import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { generateLeaf, publicLeaf } from "../../../src/engine/keys/keyring.ts";
import { serviceTokenHash } from "../../../src/engine/keys/service-token.ts";
import { indexDocId } from "../../../src/engine/log/rights.ts";
import { systemClock, systemRandom } from "../../../src/engine/platform/clock.ts";
import type { Room, Space } from "../../../src/engine/space.ts";
import { openTypedDocument } from "../../../src/engine/documents/typed-document.ts";
import type { DraftStore } from "../../../src/engine/storage/draft-store.ts";
import { createRelayClient } from "../../../src/engine/sync/relay-client.ts";
import { createLiveCommands, type Patch, typeAll } from "./live-commands.ts";
import { checkAll, records, recordsOf, whenAll, type Workload, writeRecord } from "./workload.ts";

type Traffic = { up: number; down: number };
/** What sending or reading took: milliseconds, and bytes where the world counts them. */
export type Trip = { ms: number } & Traffic;
export type Founded = { roomId: string; genesis: string };

const memberId = "ab".repeat(16);
const serviceId = "5e".repeat(16);

/** What one device of ours can be told to do, in Node and in a page alike. */
export function createFieldCommands(world: {
  /** An unlocked device: with an empty disk the first time, and then with what it left there. */
  openDevice(relay: RelayPort): Promise<{ space: Space; serviceToken: { current: Bytes | null }; drafts: DraftStore }>;
  /** Milliseconds on a clock that all of the machine share. */
  now(): number;
  /** Bytes so far. */
  traffic(): Traffic;
}) {
  let device: Awaited<ReturnType<typeof world.openDevice>>;
  let room: Room;
  let ownLeaf: Awaited<ReturnType<typeof generateLeaf>>;
  let network = new AbortController();
  let lastAckAt = 0;
  let shown: Y.Doc;

  const request: typeof fetch = (input, init) => {
    network.signal.throwIfAborted();
    const signals = [network.signal, ...(init?.signal ? [init.signal] : [])];
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };

  async function start(baseUrl: string): Promise<RelayPort> {
    const client = createRelayClient(baseUrl, request, systemClock);
    const push: RelayPort["push"] = async (...args) => {
      const answer = await client.push(...args);
      lastAckAt = performance.now();
      return answer;
    };
    const relay = { ...client, push };
    device = await world.openDevice(relay);
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

  function trip(ms: number, before: Traffic): Trip {
    const { up, down } = world.traffic();
    return { ms, up: up - before.up, down: down - before.down };
  }

  return {
    ...createLiveCommands({ now: world.now, doc: () => shown, edit: (change) => room.edit([indexDocId], change), sent: whenSent }),

    async found({ baseUrl, enrolmentCode }: { baseUrl: string; enrolmentCode: string }): Promise<Founded> {
      const relay = await start(baseUrl);
      const token: Bytes = systemRandom(32);
      const registered = await relay.registerService({ code: enrolmentCode, serviceId, tokenHash: await serviceTokenHash(token) });
      if (!registered.ok) throw new Error(registered.refusal.type);
      device.serviceToken.current = token;
      room = await device.space.createRoom({ kind: "service", serviceId, label: "", name: "Ada", recovery: null });
      await device.space.sync.settle();
      shown = await room.open(indexDocId);
      return { roomId: room.roomId, genesis: room.genesis };
    },

    async add(member: MemberDevice): Promise<void> {
      if (!(await device.space.addMember(room.roomId, member, "Bo"))) throw new Error("not added");
      await device.space.sync.settle();
    },

    /** Cuts the network and writes all records, each saved before the next. */
    async write(workload: Workload): Promise<void> {
      network.abort();
      const form = new Y.Doc();
      const typed: Uint8Array[] = [];
      form.on("updateV2", (update: Uint8Array) => typed.push(update));
      for (const record of records) {
        if (workload === "typed") writeRecord(form, record, "typed");
        await room.edit([indexDocId], (doc) => {
          if (workload === "saved") writeRecord(doc, record, "saved");
          else Y.applyUpdateV2(doc, Y.mergeUpdatesV2(typed.splice(0)));
        });
      }
    },

    /** Cuts the network and saves records one at a time with a pause before each, as a person does. @returns how long each took until it was on disk, in ms */
    async save({ count, pauseMs }: { count: number; pauseMs: number }): Promise<number[]> {
      network.abort();
      const savedMs: number[] = [];
      for (const record of records.slice(0, count)) {
        await new Promise((resolve) => {
          setTimeout(resolve, pauseMs);
        });
        const startedAt = performance.now();
        await room.edit([indexDocId], (doc) => writeRecord(doc, record, "saved"));
        savedMs.push(performance.now() - startedAt);
      }
      return savedMs;
    },

    /** Gives the network back; over when the relay has acked the last envelope. */
    async send(): Promise<Trip> {
      const before = world.traffic();
      network = new AbortController();
      const startedAt = performance.now();
      const sent = whenSent();
      device.space.sync.wake();
      await sent;
      return trip(lastAckAt - startedAt, before);
    },

    async arrive({ baseUrl }: { baseUrl: string }): Promise<MemberDevice> {
      // As an invited device has: it has talked with this relay before.
      await (await start(baseUrl)).challenge();
      ownLeaf = await generateLeaf();
      return { memberId, role: "consultant", deviceId: ownLeaf.deviceId, leaf: publicLeaf(ownLeaf) };
    },

    /** Takes up the room; over when its document holds everything. */
    async read({ roomId, genesis, count = records.length }: Founded & { count?: number }): Promise<Trip> {
      const wanted = recordsOf(count);
      const before = world.traffic();
      const startedAt = performance.now();
      const joined = await device.space.joinRoom({ roomId, kind: "service", label: "", role: "consultant", memberId, genesis }, ownLeaf);
      shown = await joined.open(indexDocId);
      await whenAll(shown, wanted);
      const ms = performance.now() - startedAt;
      checkAll(shown, wanted);
      return trip(ms, before);
    },

    /** Takes up the room, to see what comes. */
    async join({ roomId, genesis }: Founded): Promise<void> {
      room = await device.space.joinRoom({ roomId, kind: "service", label: "", role: "consultant", memberId, genesis }, ownLeaf);
      shown = await room.open(indexDocId);
      await device.space.sync.settle();
    },

    /** Closes, and opens again from what is on this device's disk, without a network. @returns what it took until the document had everything, in ms */
    async reopen({ roomId, count }: { roomId: string; count: number }): Promise<number> {
      await device.space.close();
      network.abort();
      const relay = createRelayClient("http://127.0.0.1:9", request, systemClock);
      const startedAt = performance.now();
      device = await world.openDevice(relay);
      const again = device.space.rooms.get().find((one) => one.roomId === roomId);
      const doc = await again?.open(indexDocId);
      const ms = performance.now() - startedAt;
      if (doc === undefined) throw new Error("the room is gone");
      checkAll(doc, recordsOf(count));
      return ms;
    },

    /** Types as in a document that somebody else is in too. @returns when it began */
    async type({ patches }: { patches: readonly Patch[] }): Promise<number> {
      const typed = await openTypedDocument({ room, docId: indexDocId, drafts: device.drafts, clock: systemClock });
      typed.setCompany(true);
      const startedAt = world.now();
      await typeAll(typed.doc, patches);
      await typed.close();
      return startedAt;
    },
  };
}
