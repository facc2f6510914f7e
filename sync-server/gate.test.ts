import { expect, test } from "vitest";
import { randomId } from "../test/support/envelopes.ts";
import { createGate } from "./gate.ts";
import type { SignedEnvelope } from "./room-log.ts";
import { newRoom } from "./storage/storage.ts";

const roomId = randomId();
const [deviceId, memberId] = [randomId(), randomId()];
const leaf = { sign: "", kem: "" };
const room = newRoom({
  roomKind: "school",
  serviceId: randomId(),
  epoch: 1,
  commitment: "",
  controlHead: "",
  devices: { [deviceId]: { memberId, role: "socialTeacher", leaf } },
  removed: {},
  acceptedGen: 1,
  keepUntil: null,
  shredded: false,
});
const update: SignedEnvelope = {
  facts: { envelopeId: "05".repeat(32), type: "update", roomId, deviceId, epoch: 1, ctr: 1, prev: "", logGen: 1, seenSeq: 0, seenAcc: "" },
  control: null,
  bytes: new Uint8Array(100),
};

test("[R16] who is held gives back nothing either, in that room alone and for twenty seconds", () => {
  let now = 1000;
  const gate = createGate(() => now);
  gate.hold(roomId, [deviceId]);
  const ask = (envelope = update) => gate.forRequest("repair", 0)(room, envelope);
  expect(ask()).toEqual({ type: "busy", retryAfterMs: 20_000 });
  expect(ask({ ...update, facts: { ...update.facts, roomId: randomId() } })).toBeNull();
  now += 19_999;
  gate.sweep();
  expect(ask()).toEqual({ type: "busy", retryAfterMs: 1 });
  now += 1;
  expect(ask()).toBeNull();
});

test("[R15] what is worked in again because a transaction failed is charged once", () => {
  const gate = createGate(() => 1000);
  const beat = (id: string): SignedEnvelope => ({ ...update, facts: { ...update.facts, type: "heartbeat", envelopeId: id.repeat(32) } });
  const mayCome = gate.forRequest("new", Number.POSITIVE_INFINITY);
  const beats = ["01", "02", "03", "04", "05", "06"].map(beat);
  for (let tries = 0; tries < 3; tries++) {
    expect(beats.map((envelope) => mayCome(room, envelope)?.type)).toEqual([undefined, undefined, undefined, undefined, undefined, "busy"]);
  }
});
