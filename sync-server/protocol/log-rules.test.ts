import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodiesFor, deviceOf, emptyRoom, fold, genesisOf, roomId, wrapsFor } from "../../test/support/membership.ts";
import { hash, purpose } from "../../test/support/wire.ts";
import { nodeSha256 } from "../node-sha256.ts";
import { type Bytes, fromHex, toHex } from "./bytes.ts";
import type { ControlBody, MemberDevice, RoomKind } from "./control.ts";
import { accSeenIn, type Arrival, type ChainHead, checkChain, firstGeneration, type Generation, judge, presentGeneration, startGenerations, sumUp } from "./log-rules.ts";
import type { Membership } from "./membership.ts";
import type { Refusal } from "./messages.ts";
import type { EnvelopeFacts } from "./record.ts";

const ada = deviceOf("ada", "consultant");
const siri = deviceOf("siri", "socialTeacher");
const rektor = deviceOf("rektor", "principal");
const stranger = deviceOf("stranger", "consultant");

const room = fromHex(roomId);
const noTip = "00".repeat(32);
const idAt = (name: string): Bytes => new Uint8Array(hash(new TextEncoder().encode(name)));

type Entry = { facts: EnvelopeFacts; control: ControlBody | null; membership: Membership };

/** A log as plain data, in which each next envelope is made as an honest device would. */
class SimulatedLog {
  readonly entries: readonly Entry[];
  readonly generations: readonly Generation[];

  constructor(entries: readonly Entry[] = [], generations: readonly Generation[] = [firstGeneration]) {
    this.entries = entries;
    this.generations = generations;
  }

  get membership(): Membership | null {
    return this.entries.at(-1)?.membership ?? null;
  }

  head(deviceId: string): ChainHead | undefined {
    const last = this.entries.findLast(({ facts }) => facts.deviceId === deviceId);
    return last && { ctr: last.facts.ctr, tip: last.facts.envelopeId };
  }

  /** By the words of [L2]: the sum of this log's present way. */
  async accAt(): Promise<(logGen: number, seq: number) => string | undefined> {
    const ids = this.entries.map(({ facts }) => fromHex(facts.envelopeId));
    const unstarted = await startGenerations(nodeSha256, room, this.generations, () => undefined);
    const sums = await sumUp(nodeSha256, room, unstarted, await beginning(unstarted), ids);
    return (logGen, seq) => {
      const acc = accSeenIn(sums.generations, (number) => sums.accs[number - 1], logGen, seq);
      return acc && toHex(acc);
    };
  }

  async facts(author: { deviceId: string }, changes: Partial<EnvelopeFacts> = {}): Promise<EnvelopeFacts> {
    const head = this.head(author.deviceId);
    const logGen = changes.logGen ?? presentGeneration(this.generations).logGen;
    const seenSeq = changes.seenSeq ?? this.entries.length;
    const ctr = (head?.ctr ?? 0) + 1;
    return {
      envelopeId: toHex(idAt(`${author.deviceId} ${ctr} ${logGen} ${this.entries.length}`)),
      type: "update",
      roomId,
      deviceId: author.deviceId,
      epoch: this.membership?.epoch ?? 1,
      ctr,
      prev: head?.tip ?? noTip,
      logGen,
      seenSeq,
      seenAcc: (await this.accAt())(logGen, seenSeq) ?? "unknown",
      ...changes,
    };
  }

  async judge(facts: EnvelopeFacts, control: ControlBody | null = null, arrival: Arrival = "new") {
    const { membership, entries, generations } = this;
    const log = { membership, headSeq: entries.length, generations, chainHead: (deviceId: string) => this.head(deviceId), accAt: await this.accAt(), isUpdateAt: () => true };
    return judge(log, facts, control, arrival);
  }

  async refusal(facts: EnvelopeFacts, control: ControlBody | null = null, arrival: Arrival = "new"): Promise<Refusal["type"] | null> {
    const judged = await this.judge(facts, control, arrival);
    return judged.ok ? null : judged.refusal.type;
  }

  /** @throws when the envelope is refused */
  async with(facts: EnvelopeFacts, control: ControlBody | null = null, arrival: Arrival = "new"): Promise<SimulatedLog> {
    const judged = await this.judge(facts, control, arrival);
    if (!judged.ok) throw new Error(judged.refusal.type);
    return new SimulatedLog([...this.entries, { facts, control, membership: judged.value }], this.generations);
  }

  async by(author: { deviceId: string }, control: ControlBody | null = null): Promise<SimulatedLog> {
    return this.with(await this.facts(author, this.controlFacts(control)), control);
  }

  controlFacts(control: ControlBody | null): Partial<EnvelopeFacts> {
    if (control === null) return {};
    return { type: "control", epoch: this.membership === null ? 1 : this.membership.epoch + ("history" in control ? 1 : 0) };
  }

  get bodies() {
    return bodiesFor({ ...emptyRoom, membership: this.membership });
  }

  /** As a backup of the first numbers is restored. */
  restored(fromSeq: number, logGen: number): SimulatedLog {
    return new SimulatedLog(this.entries.slice(0, fromSeq), [...this.generations, { logGen, fromSeq }]);
  }
}

/** Where a log begins, behind all generations that begin with it. */
async function beginning(generations: Awaited<ReturnType<typeof startGenerations>>): Promise<{ seq: number; acc: Bytes }> {
  return { seq: 0, acc: generations.findLast(({ fromSeq, start }) => fromSeq === 0 && start !== undefined)?.start ?? new Uint8Array(32) };
}

/** A log with the genesis, the others and updates of Ada up to a number. */
async function logOf(length: number, kind: RoomKind = "plan", ...others: MemberDevice[]): Promise<SimulatedLog> {
  let log = await new SimulatedLog().by(ada, genesisOf(kind, ada));
  for (const other of others) log = await log.by(ada, log.bodies.addMember(other));
  while (log.entries.length < length) log = await log.by(ada);
  return log;
}

describe("a place for what a member writes", () => {
  test("[P2] nobody but a member writes: not a stranger, not a device that was removed, and nothing comes before the genesis", async () => {
    const log = await logOf(4, "plan", siri);
    expect(await log.refusal(await log.facts(stranger))).toBe("notMember");
    const without = await log.by(ada, log.bodies.remove(siri));
    expect(await without.refusal(await without.facts(siri))).toBe("notMember");
    const empty = new SimulatedLog();
    expect(await empty.refusal(await empty.facts(ada))).toBe("notMember");
    expect(await empty.refusal(await empty.facts(ada), log.bodies.rotate())).toBe("malformed");
  });

  test("[P2] a role that may not write may say that it is there", async () => {
    const log = await logOf(3, "plan", siri, rektor);
    expect(await log.refusal(await log.facts(rektor))).toBe("forbidden");
    expect(await log.refusal(await log.facts(rektor, { type: "heartbeat" }))).toBeNull();
    expect(await log.refusal(await log.facts(siri))).toBeNull();
  });

  test("[P2] [N1] a control record has a body, and presence no place", async () => {
    const log = await logOf(1);
    for (const type of ["control", "presence"] as const) expect(await log.refusal(await log.facts(ada, { type }))).toBe("malformed");
  });

  test("[P2] its epoch is the room's, no older one and no later one", async () => {
    let log = await logOf(2);
    log = await log.by(ada, log.bodies.rotate());
    expect(log.membership?.epoch).toBe(2);
    for (const [epoch, expected] of [[1, "staleEpoch"], [2, null], [3, "staleEpoch"]] as const) {
      expect(await log.refusal(await log.facts(ada, { epoch }))).toBe(expected);
    }
  });

  test("[Z1] in a closed room nothing is written but heartbeats and control records; [Z2] in a shredded one nothing", async () => {
    let log = await logOf(2);
    log = await log.by(ada, log.bodies.close());
    expect(await log.refusal(await log.facts(ada))).toBe("roomClosed");
    log = await log.with(await log.facts(ada, { type: "heartbeat" }));
    log = await log.by(ada, log.bodies.shred());
    expect(await log.refusal(await log.facts(ada, { type: "heartbeat" }))).toBe("roomClosed");
    expect(await log.refusal(await log.facts(ada, log.controlFacts(log.bodies.offer())), log.bodies.offer())).toBe("roomClosed");
  });
});

describe("the chain of each author", () => {
  const head = { ctr: 4, tip: "ab".repeat(32) };

  test.each([
    { ctr: 5, prev: head.tip, expected: null },
    { ctr: 6, prev: head.tip, expected: { type: "gap", expected: 5 } },
    { ctr: 4, prev: head.tip, expected: { type: "ctrReused", expected: 5 } },
    { ctr: 1, prev: noTip, expected: { type: "ctrReused", expected: 5 } },
    { ctr: 5, prev: noTip, expected: { type: "ctrReused", expected: 5 } },
  ])("[E6] [P3] [R3] behind counter 4, counter $ctr gives $expected", async ({ ctr, prev, expected }) => {
    const facts = await new SimulatedLog().facts(ada, { ctr, prev });
    expect(checkChain(head, facts)).toEqual(expected);
  });

  test("[E6] [P3] the first has counter 1 and nothing before it", async () => {
    const facts = await new SimulatedLog().facts(ada);
    expect(checkChain(undefined, facts)).toBeNull();
    expect(checkChain(undefined, { ...facts, ctr: 2 })).toEqual({ type: "gap", expected: 1 });
    expect(checkChain(undefined, { ...facts, prev: head.tip })).toEqual({ type: "ctrReused", expected: 1 });
  });

  test("[P3] control records stand in it too, and a genesis begins it", async () => {
    const log = await logOf(3, "plan", siri);
    const body = log.bodies.offer();
    for (const [ctr, expected] of [[3, "ctrReused"], [5, "gap"]] as const) {
      expect(await log.refusal(await log.facts(ada, { ...log.controlFacts(body), ctr }), body)).toBe(expected);
    }
    const genesis = genesisOf("plan", ada);
    const empty = new SimulatedLog();
    expect(await empty.refusal(await empty.facts(ada, { type: "control", prev: head.tip }), genesis)).toBe("ctrReused");
  });

  test("[P1] [P2] [P3] [P4] what is wrong in several ways is refused for the first of them", async () => {
    const log = await logOf(2);
    const allWrong = { ctr: 9, seenSeq: 2, seenAcc: noTip };
    expect(await log.refusal(await log.facts(stranger, { ...allWrong, logGen: 7 }))).toBe("otherLogGen");
    expect(await log.refusal(await log.facts(stranger, allWrong))).toBe("notMember");
    expect(await log.refusal(await log.facts(ada, allWrong))).toBe("gap");
    expect(await log.refusal(await log.facts(ada, { seenAcc: noTip }))).toBe("forked");
  });
});

describe("what the author had seen", () => {
  test("[P4] any number up to the head, with the accumulator there", async () => {
    const log = await logOf(4);
    for (const seenSeq of [0, 1, 3, 4]) {
      expect(await log.refusal(await log.facts(ada, { seenSeq }))).toBeNull();
      expect(await log.refusal(await log.facts(ada, { seenSeq, seenAcc: noTip }))).toBe("forked");
    }
    const accAt = await log.accAt();
    expect(await log.refusal(await log.facts(ada, { seenSeq: 3, seenAcc: accAt(1, 4)! }))).toBe("forked");
  });

  test("[P4] it is below the envelope's own number", async () => {
    const log = await logOf(4);
    for (const seenSeq of [5, 6, 2 ** 53 - 1]) expect(await log.refusal(await log.facts(ada, { seenSeq }))).toBe("forked");
    expect(await log.refusal(await log.facts(ada, { seenSeq: 5 }), null, "read")).toBe("forked");
  });

  test("[P4] a genesis has seen nothing, of this room and no other", async () => {
    const empty = new SimulatedLog();
    const facts = await empty.facts(ada, { type: "control" });
    expect(facts.seenAcc).toBe(hash(purpose("acc0"), room, number8(1)).toString("hex"));
    expect(await empty.refusal({ ...facts, seenAcc: hash(purpose("acc0"), fromHex("ab".repeat(16)), number8(1)).toString("hex") }, genesisOf("plan", ada))).toBe("forked");
    expect(await empty.refusal({ ...facts, seenSeq: 1 }, genesisOf("plan", ada))).toBe("forked");
  });
});

describe("a removal", () => {
  test("[C10] is held against the last counters of this log", async () => {
    let log = await logOf(2, "plan", siri);
    log = await (await log.by(siri)).by(siri);
    for (const [cut, expected] of [[1, "staleCut"], [2, null], [3, "malformed"]] as const) {
      const body = log.bodies.remove({ ...siri, cut });
      expect(await log.refusal(await log.facts(ada, log.controlFacts(body)), body)).toBe(expected);
    }
  });

  test("[C10] [G3] that is given back is held against what stands before it: without the last envelope of whom it removes it does not count", async () => {
    let log = await logOf(3, "plan", siri);
    log = await log.by(siri);
    const body = log.bodies.remove({ ...siri, cut: 1 });
    const removal = await log.facts(ada, log.controlFacts(body));
    const restored = log.restored(3, 100);
    expect(await restored.refusal(removal, body, "repair")).toBe("malformed");
    const repaired = await restored.with(log.entries[3]!.facts, null, "repair");
    expect(await repaired.refusal(removal, body, "repair")).toBeNull();
  });
});

describe("generations", () => {
  const gen = 1_900_000_000;

  test("[R4] [G3] what is new is of the present generation, what is given back of an earlier one; else the relay tells all that it has", async () => {
    const log = await logOf(4);
    const older = await log.facts(ada);
    const restored = log.restored(4, gen);
    const newer = await restored.facts(ada);
    const later = await restored.facts(ada, { logGen: gen + 1 });
    const told = { ok: false, refusal: { type: "otherLogGen", logGen: gen, generations: [firstGeneration, { logGen: gen, fromSeq: 4 }] } };
    expect(await restored.judge(older)).toEqual(told);
    expect(await restored.judge(newer)).toMatchObject({ ok: true });
    expect(await restored.judge(later)).toEqual(told);
    expect(await restored.judge(older, null, "repair")).toMatchObject({ ok: true });
    expect(await restored.judge(newer, null, "repair")).toEqual(told);
  });

  test("[P1] [G3] a generation that nobody has begun is taken by no door, and is a fault to a reader", async () => {
    const log = await logOf(4);
    const facts = await log.facts(ada, { logGen: 2 });
    expect(await log.refusal(facts)).toBe("otherLogGen");
    expect(await log.refusal(facts, null, "repair")).toBe("otherLogGen");
    expect(await log.refusal(facts, null, "read")).toBe("malformed");
    const genesis = await new SimulatedLog().facts(ada, { type: "control", logGen: 2 });
    expect(await new SimulatedLog().refusal(genesis, genesisOf("plan", ada), "repair")).toBe("otherLogGen");
  });

  test("[P1] a reader takes both as they stand", async () => {
    const log = await logOf(4);
    const older = await log.facts(ada);
    const restored = log.restored(4, gen);
    expect(await restored.refusal(older, null, "read")).toBeNull();
    expect(await restored.refusal(await restored.facts(ada), null, "read")).toBeNull();
  });

  test("[G4] behind a restore, what an author had seen before it is compared, and what it had seen beyond it is not", async () => {
    const log = await logOf(6);
    const [four, five, six] = log.entries.slice(3).map(({ facts }) => facts);
    const restored = log.restored(3, gen);
    expect(await restored.refusal({ ...four!, seenAcc: noTip }, null, "repair")).toBe("forked");
    const repaired = await restored.with(four!, null, "repair");
    expect(repaired.entries[3]?.facts.seenSeq).toBe(3);
    expect(five?.seenSeq).toBe(4);
    expect(await repaired.refusal({ ...five!, seenAcc: noTip }, null, "repair")).toBeNull();
    expect(await repaired.refusal({ ...five!, seenAcc: noTip }, null, "read")).toBeNull();
    expect(await (await repaired.with(five!, null, "repair")).refusal(six!, null, "repair")).toBeNull();
  });

  test("[P4] [G4] nor how far that was: what it had seen may have been given up, but nobody before the restore has seen what was behind it", async () => {
    const log = await logOf(6);
    const restored = log.restored(3, gen);
    const four = log.entries[3]!.facts;
    for (const seenSeq of [4, 5, 2 ** 53 - 1]) {
      expect(await restored.refusal({ ...four, seenSeq }, null, "repair")).toBeNull();
      expect(await restored.refusal({ ...four, seenSeq }, null, "read")).toBeNull();
    }
    const known = new SimulatedLog(log.entries.slice(0, 3), [firstGeneration, { logGen: gen, fromSeq: 5 }]);
    for (const seenSeq of [4, 5, 6]) expect(await known.refusal({ ...four, seenSeq }, null, "read")).toBe("forked");
  });

  test("[G4] its epoch may be an earlier one there, a later one nowhere, and before the restore and in the present generation only the room's", async () => {
    let log = await logOf(3, "plan", siri);
    const bySiri = await log.facts(siri);
    const beforehand = await log.with(bySiri);
    log = await log.by(ada, log.bodies.rotate());
    expect(await log.refusal(bySiri, null, "read")).toBe("staleEpoch");
    expect(beforehand.entries).toHaveLength(4);
    const restored = log.restored(log.entries.length, gen);
    expect(await restored.refusal(bySiri, null, "repair")).toBeNull();
    expect(await restored.refusal({ ...bySiri, epoch: 3 }, null, "repair")).toBe("staleEpoch");
    expect(await restored.refusal(await restored.facts(siri, { epoch: 1 }))).toBe("staleEpoch");
    // Read where no restore had been yet, an older epoch is a fault though a later generation is known.
    const known = new SimulatedLog(log.entries, [firstGeneration, { logGen: gen, fromSeq: 9 }]);
    expect(await known.refusal(bySiri, null, "read")).toBe("staleEpoch");
  });

  test("[G4] nor one of a number that was begun anew: its own was lost, and has another key", async () => {
    let log = await logOf(3, "plan", siri);
    log = await log.by(ada, log.bodies.rotate());
    const bySiri = await log.facts(siri);
    let restored = log.restored(3, gen);
    restored = await restored.by(ada, restored.bodies.acceptGen({ logGen: gen, fromSeq: 3 }));
    restored = await restored.by(ada, restored.bodies.rotate());
    for (const arrival of ["repair", "read"] as const) expect(await restored.refusal(bySiri, null, arrival)).toBe("staleEpoch");
    restored = await restored.by(ada, restored.bodies.rotate());
    expect(await restored.refusal(bySiri, null, "repair")).toBe("staleEpoch");
    expect(await restored.refusal(await restored.facts(siri))).toBeNull();
  });

  test("[G4] nothing of a generation stands at or before its beginning", async () => {
    const log = await logOf(3);
    const known = new SimulatedLog(log.entries, [firstGeneration, { logGen: gen, fromSeq: 4 }]);
    const facts = await known.facts(ada, { logGen: gen, seenSeq: 3 });
    expect(await known.refusal(facts, null, "read")).toBe("forked");
    const restored = log.restored(3, gen);
    expect(await restored.refusal(await restored.facts(ada, { seenSeq: 2 }), null, "read")).toBeNull();
  });

  test("[G4] of two restores the one that began further back says what is compared", async () => {
    const log = await logOf(8);
    const twice = new SimulatedLog(log.entries.slice(0, 6), [firstGeneration, { logGen: gen, fromSeq: 6 }, { logGen: gen + 9, fromSeq: 4 }]);
    for (const [seenSeq, expected] of [[3, "forked"], [4, "forked"], [5, null], [6, null]] as const) {
      expect(await twice.refusal(await twice.facts(ada, { logGen: 1, seenSeq, seenAcc: noTip }), null, "repair")).toBe(expected);
    }
    // Of the one between, what lies behind the later beginning cannot be compared either.
    expect(await twice.refusal(await twice.facts(ada, { logGen: gen, seenSeq: 5, seenAcc: noTip }), null, "repair")).toBeNull();
    expect(await twice.refusal(await twice.facts(ada, { logGen: gen, seenSeq: 4, seenAcc: noTip }), null, "repair")).toBe("forked");
  });

  test("[G4] of a generation that a later backup did not have, nothing can be compared", async () => {
    const log = (await logOf(4)).restored(2, gen);
    const unknown = await log.facts(ada, { logGen: gen - 5, seenSeq: 1, seenAcc: noTip });
    expect(await log.refusal(unknown, null, "repair")).toBeNull();
    expect(await log.refusal({ ...unknown, seenSeq: 3 }, null, "repair")).toBeNull();
  });

  test("[G5] until the generation is accepted, control records are taken only if they are given back", async () => {
    const log = await logOf(4, "plan", siri);
    const lost = log.bodies.addMember(rektor);
    const lostFacts = await log.facts(ada, log.controlFacts(lost));
    let restored = log.restored(4, gen);
    const body = restored.bodies.rotate();
    const facts = await restored.facts(ada, restored.controlFacts(body));
    for (const arrival of ["new", "read"] as const) expect(await restored.refusal(facts, body, arrival)).toBe("generationPending");
    expect(await restored.refusal(await restored.facts(siri))).toBeNull();
    restored = await restored.with(lostFacts, lost, "repair");
    expect(restored.membership?.devices[rektor.deviceId]).toBeDefined();
    restored = await restored.by(ada, restored.bodies.acceptGen({ logGen: gen, fromSeq: 4 }));
    expect((await restored.by(ada, restored.bodies.rotate())).membership).toMatchObject({ epoch: 2, acceptedGen: gen });
  });

  test("[G5] each restore is accepted for itself", async () => {
    let log = (await logOf(4)).restored(4, gen);
    log = await log.by(ada, log.bodies.acceptGen({ logGen: gen, fromSeq: 4 }));
    log = log.restored(5, gen + 9);
    const offer = log.bodies.offer();
    expect(await log.refusal(await log.facts(ada, log.controlFacts(offer)), offer)).toBe("generationPending");
    log = await log.by(ada, log.bodies.acceptGen({ logGen: gen + 9, fromSeq: 5 }));
    expect((await log.by(ada, log.bodies.offer())).membership?.acceptedGen).toBe(gen + 9);
  });

  test("[G6] a room that was made after a restore waits for nobody, and a genesis of before it is given back", async () => {
    const born: Generation[] = [firstGeneration, { logGen: gen, fromSeq: 0 }];
    const empty = new SimulatedLog([], born);
    const log = await empty.by(ada, genesisOf("plan", ada));
    expect(log.entries[0]?.facts).toMatchObject({ logGen: gen, seenSeq: 0 });
    expect((await log.by(ada, log.bodies.addMember(siri))).entries).toHaveLength(2);
    const lost = (await logOf(2)).entries;
    const again = await empty.with(lost[0]!.facts, lost[0]!.control, "repair");
    expect((await again.with(lost[1]!.facts, null, "repair")).entries).toHaveLength(2);
    expect(await empty.refusal(lost[0]!.facts, lost[0]!.control)).toBe("otherLogGen");
  });
});

const number8 = (value: number) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};

describe("accumulators", () => {
  const ids = Array.from({ length: 12 }, (_, index) => idAt(`envelope ${index + 1}`));
  const acc0 = hash(purpose("acc0"), room, number8(1));
  const next = (acc: Uint8Array, seq: number) => hash(purpose("acc"), acc, ids[seq - 1]!);
  const begin = (logGen: number, fromSeq: number, acc: Uint8Array) => hash(purpose("gen"), room, number8(logGen), number8(fromSeq), acc);
  const hex = (acc: Uint8Array | undefined) => acc && toHex(acc);

  async function summed(generations: readonly Generation[], length = ids.length) {
    const started = await startGenerations(nodeSha256, room, generations, () => undefined);
    const sums = await sumUp(nodeSha256, room, started, await beginning(started), ids.slice(0, length));
    return { ...sums, seen: (logGen: number, seq: number) => hex(accSeenIn(sums.generations, (number) => sums.accs[number - 1], logGen, seq)) };
  }

  test("[L2] in one generation each follows from the one before", async () => {
    const { accs, seen, acc } = await summed([firstGeneration], 3);
    const expected = [next(acc0, 1)];
    expected.push(next(expected[0]!, 2));
    expected.push(next(expected[1]!, 3));
    expect(accs.map(hex)).toEqual(expected.map(hex));
    expect(hex(acc)).toBe(hex(expected[2]));
    expect([0, 1, 3, 4].map((seq) => seen(1, seq))).toEqual([hex(acc0), hex(expected[0]), hex(expected[2]), undefined]);
  });

  test("[L2] behind a beginning the sum goes on from the generation's start, and at it each generation has seen its own", async () => {
    const { accs, seen } = await summed([firstGeneration, { logGen: 100, fromSeq: 2 }], 4);
    const two = next(next(acc0, 1), 2);
    const start = begin(100, 2, two);
    const three = next(start, 3);
    expect(accs.map(hex)).toEqual([next(acc0, 1), two, three, next(three, 4)].map(hex));
    expect([seen(1, 2), seen(100, 2)]).toEqual([hex(two), hex(start)]);
    expect([seen(1, 1), seen(100, 1)]).toEqual([hex(accs[0]), hex(accs[0])]);
    expect(seen(100, 0)).toBe(hex(acc0));
    expect(seen(100, 3)).toBe(hex(three));
  });

  test("[L2] two that begin at the same number follow on each other", async () => {
    const { accs, seen } = await summed([firstGeneration, { logGen: 100, fromSeq: 1 }, { logGen: 200, fromSeq: 1 }], 2);
    const one = next(acc0, 1);
    const second = begin(100, 1, one);
    const third = begin(200, 1, second);
    expect([1, 100, 200].map((logGen) => seen(logGen, 1))).toEqual([one, second, third].map(hex));
    expect(hex(accs[1])).toBe(hex(next(third, 2)));
  });

  test("[L2] [G6] a room that begins in a later generation begins from there", async () => {
    const { accs, seen } = await summed([firstGeneration, { logGen: 100, fromSeq: 0 }], 1);
    const start = begin(100, 0, acc0);
    expect([seen(1, 0), seen(100, 0)]).toEqual([hex(acc0), hex(start)]);
    expect(hex(accs[0])).toBe(hex(next(start, 1)));
  });

  test("[L2] where the second of two restores went further back, nothing begins at the first any more", async () => {
    const generations = [firstGeneration, { logGen: 100, fromSeq: 4 }, { logGen: 200, fromSeq: 2 }];
    const { accs, seen } = await summed(generations, 6);
    const start = begin(200, 2, next(next(acc0, 1), 2));
    const [three] = [next(start, 3)];
    const four = next(three, 4);
    expect(accs.slice(2).map(hex)).toEqual([three, four, next(four, 5), next(next(four, 5), 6)].map(hex));
    expect([2, 3, 4, 5].map((seq) => seen(200, seq))).toEqual([start, three, four, next(four, 5)].map(hex));
    const known = await startGenerations(nodeSha256, room, generations, (seq) => accs[seq - 1]);
    expect(known.map(({ start: from }) => hex(from))).toEqual([hex(acc0), undefined, hex(start)]);
  });

  test("[L2] what is summed up once more across a beginning that is known goes on from it again", async () => {
    const { accs, acc, generations } = await summed([firstGeneration, { logGen: 100, fromSeq: 2 }], 4);
    const again = await sumUp(nodeSha256, room, generations, { seq: 1, acc: accs[0]! }, ids.slice(1, 4));
    expect(again.accs.map(hex)).toEqual(accs.slice(1).map(hex));
    expect(again.acc).toEqual(acc);
    expect(again.generations).toEqual(generations);
  });

  const generationsUpTo = (length: number) =>
    fc.array(fc.nat({ max: length }), { maxLength: 4 }).map((begins) => [firstGeneration, ...begins.map((fromSeq, index) => ({ logGen: 100 + index, fromSeq }))]);

  test("[L2] summed up in pieces it is the same as in one, whatever begins where", async () => {
    await fc.assert(
      fc.asyncProperty(generationsUpTo(12), fc.array(fc.nat({ max: 12 }), { maxLength: 5 }), async (generations, cuts) => {
        const whole = await summed(generations);
        let started = await startGenerations(nodeSha256, room, generations, () => undefined);
        let { seq, acc } = await beginning(started);
        const accs: Bytes[] = [];
        for (const cut of [...cuts.toSorted((a, b) => a - b), ids.length]) {
          const sums = await sumUp(nodeSha256, room, started, { seq, acc }, ids.slice(seq, cut));
          accs.push(...sums.accs);
          [started, acc, seq] = [sums.generations, sums.acc, cut];
        }
        expect(accs.map(hex)).toEqual(whole.accs.map(hex));
        expect(hex(acc)).toBe(hex(whole.acc));
        expect(started).toEqual(whole.generations);
      }),
    );
  });

  test("[L2] [P4] who has read to a number, and who asks what was seen there, have the same, also when it was stored and read again", async () => {
    await fc.assert(
      fc.asyncProperty(generationsUpTo(10), fc.integer({ min: 1, max: 12 }), async (generations, length) => {
        const { accs, acc, generations: started, seen } = await summed(generations, length);
        const present = presentGeneration(generations.filter(({ fromSeq }) => fromSeq <= length)).logGen;
        expect(seen(present, length)).toBe(hex(acc));
        const again = await startGenerations(nodeSha256, room, generations, (seq) => accs[seq - 1]);
        expect(again).toEqual(started);
      }),
    );
  });
});

test("[C1] a wrap too few is refused through the log as it is by the fold", async () => {
  const log = await logOf(2, "plan", siri);
  const body = { ...log.bodies.rotate(), wraps: wrapsFor(ada) };
  expect(await log.refusal(await log.facts(ada, log.controlFacts(body)), body)).toBe("malformed");
  expect(fold({ ...emptyRoom, membership: log.membership }, ada, body)).toEqual({ ok: false, refusal: { type: "malformed" } });
});
