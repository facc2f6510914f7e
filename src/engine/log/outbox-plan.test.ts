import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import { chooseIndex, seededChance } from "../../lib/random.ts";
import { type OutboxRow, placeRows, planFold } from "./outbox-plan.ts";
import { countForPush } from "./record-rows.ts";
import { quotedDocId, type UpdateInside } from "./record.ts";

const indexDoc = `01${"00".repeat(16)}`;
const confirmed: ChainHead = { ctr: 4, tip: "e4" };

/** What the room's log says to be confirmed. */
const at = (head: ChainHead) => ({ head, epoch: 1, logGen: 1 });

/** A chain of rows after `before`, named by their counters. */
function chain(before: ChainHead, ...stages: OutboxRow["stage"][]): OutboxRow[] {
  return stages.map((stage, index) => {
    const ctr = before.ctr + 1 + index;
    return { local: 100 + ctr, ctr, id: `e${ctr}`, prev: index === 0 ? before.tip : `e${ctr - 1}`, stage, epoch: 1, logGen: 1, edits: 1 };
  });
}

function inside(authoredAt: number, key: string, sizeBytes = 10): UpdateInside {
  const doc = new Y.Doc();
  doc.getMap("notes").set(key, "x".repeat(sizeBytes));
  return { authoredAt, items: [{ docId: indexDoc, update: Y.encodeStateAsUpdateV2(doc) as Bytes }] };
}

const insidesOf = (rows: readonly OutboxRow[], sizeBytes?: number) =>
  new Map(rows.map((row) => [row.local, inside(row.ctr * 1000, `k${row.ctr}`, sizeBytes)]));
const counters = (rows: readonly OutboxRow[]) => rows.map(({ ctr }) => ctr);

test("[W2] what was attempted stays, and what comes after it is loose", () => {
  const rows = chain(confirmed, "acked", "attempted", "attempted", "sealed", "sealed");
  const placed = placeRows(at(confirmed), rows.toReversed());
  expect(counters(placed.resend)).toEqual([6, 7]);
  expect(counters(placed.loose)).toEqual([8, 9]);
  expect(placed.end).toEqual({ ctr: 7, tip: "e7" });
  expect(placed.inPlace).toBe(true);
});

test("[W3] sealed rows become one, under the first of their counters, with the time of the newest and the savings of all", () => {
  const rows = chain(confirmed, "sealed", "sealed", "sealed");
  const fold = planFold(placeRows(at(confirmed), rows), insidesOf(rows));
  expect(fold).toMatchObject({ base: confirmed, replaced: [105, 106, 107], setAside: [], batches: [{ authoredAt: 7000, edits: 3 }] });
  const doc = new Y.Doc();
  for (const { update } of fold!.batches[0]!.items) Y.applyUpdateV2(doc, update);
  expect(Object.keys(doc.getMap("notes").toJSON()).sort()).toEqual(["k5", "k6", "k7"]);
  expect(fold!.batches[0]!.items).toHaveLength(1);
});

test("[W3] nothing is sealed again when it would not become fewer", () => {
  const only = chain(confirmed, "sealed");
  expect(planFold(placeRows(at(confirmed), only), insidesOf(only))).toBeNull();
  const large = chain(confirmed, "sealed", "sealed");
  expect(planFold(placeRows(at(confirmed), large), insidesOf(large, limits.envelopeBytes / 3))).toBeNull();
  expect(planFold(placeRows(at(confirmed), []), new Map())).toBeNull();
});

test("[E1] [W3] a folded envelope keeps within the limit", () => {
  const rows = chain(confirmed, ...Array.from({ length: 9 }, () => "sealed" as const));
  const fold = planFold(placeRows(at(confirmed), rows), insidesOf(rows, limits.envelopeBytes / 6));
  expect(fold!.batches.map(({ edits }) => edits)).toEqual([2, 2, 2, 2, 1]);
});

test("[W3] a profile that was set back writes again behind the log what it wrote under counters that were taken", () => {
  const rows = chain(confirmed, "sealed", "sealed");
  const log: ChainHead = { ctr: 7, tip: "f7" };
  expect(planFold(placeRows(at(log), rows), insidesOf(rows))).toMatchObject({ base: log, replaced: [105, 106] });
});

test("[W3] a copied profile gives up what it had begun to send when the log took its place", () => {
  const rows = chain(confirmed, "attempted", "attempted", "sealed");
  const log: ChainHead = { ctr: 5, tip: "f5" };
  const placed = placeRows(at(log), rows);
  expect(placed.resend).toEqual([]);
  expect(planFold(placed, insidesOf(rows))).toMatchObject({ base: log, replaced: [105, 106, 107] });
});

test("[W10] what was sealed in an epoch that is over is sealed again, also when it was attempted, and names the last that may have left the device", () => {
  const rows = chain(confirmed, "attempted", "attempted", "sealed");
  const placed = placeRows({ head: confirmed, epoch: 2, logGen: 1 }, rows);
  expect(placed.resend).toEqual([]);
  expect(planFold(placed, insidesOf(rows))).toMatchObject({ base: confirmed, replaced: [105, 106, 107], batches: [{ resealOf: "e6" }] });
  const unsent = chain(confirmed, "sealed");
  expect(planFold(placeRows({ head: confirmed, epoch: 2, logGen: 1 }, unsent), insidesOf(unsent))).toMatchObject({ replaced: [105], batches: [{ resealOf: null }] });
  expect(planFold(placeRows({ head: confirmed, epoch: 1, logGen: 7 }, unsent), insidesOf(unsent))).toMatchObject({ replaced: [105] });
});

test("[G7] a quotation is sealed again by itself: what it holds is not the author's own to merge", () => {
  const rows = chain(confirmed, "sealed", "sealed", "sealed", "sealed");
  const insides = insidesOf(rows);
  insides.set(106, { authoredAt: 1, items: [{ docId: quotedDocId, update: new Uint8Array(9) }] });
  const fold = planFold(placeRows({ head: confirmed, epoch: 2, logGen: 1 }, rows), insides);
  expect(fold?.batches.map(({ edits }) => edits)).toEqual([1, 1, 2]);
  expect(fold?.batches[1]?.items).toEqual(insides.get(106)?.items);
});

test("[W3] a row that cannot be read is set aside, and what continued it is sealed again in its place", () => {
  const rows = chain(confirmed, "sealed", "sealed");
  const insides = insidesOf(rows);
  insides.delete(105);
  expect(planFold(placeRows(at(confirmed), rows), insides)).toMatchObject({
    base: confirmed,
    setAside: [105],
    replaced: [106],
    batches: [{ edits: 1 }],
  });
});

test("a push carries at least one envelope and no more than fit", () => {
  expect(countForPush([])).toBe(0);
  expect(countForPush([limits.pushBytes * 2, 1])).toBe(1);
  expect(countForPush([limits.pushBytes / 2, limits.pushBytes / 2 - 8, 1])).toBe(2);
  expect(countForPush(Array.from({ length: limits.pushEnvelopes + 5 }, () => 1))).toBe(limits.pushEnvelopes);
});

/**
 * Profiles of one device before one relay, as a synchronous machine. Each saving is a number; envelopes hold numbers.
 * The relay takes what continues the device's chain, and no more.
 */
function world(seed: number): void {
  const chance = seededChance(seed);
  type Sealed = OutboxRow & { savings: number[] };
  type Profile = { confirmed: ChainHead; read: number; head: ChainHead; outbox: Sealed[] };
  const log: Sealed[] = [];
  const profiles: Profile[] = [{ confirmed: { ctr: 0, tip: "-" }, read: 0, head: { ctr: 0, tip: "-" }, outbox: [] }];
  const saved: number[] = [];
  let made = 0;

  const seal = (after: ChainHead, savings: number[]): Sealed => {
    const ctr = after.ctr + 1;
    return { local: ++made, ctr, id: `e${made}`, prev: after.tip, stage: "sealed", epoch: 1, logGen: 1, edits: savings.length, savings };
  };
  const headOf = (row: OutboxRow | undefined): ChainHead => (row === undefined ? { ctr: 0, tip: "-" } : { ctr: row.ctr, tip: row.id });

  function pull(profile: Profile): void {
    profile.confirmed = headOf(log.at(-1));
    profile.read = log.length;
    const ids = new Set(log.map(({ id }) => id));
    profile.outbox = profile.outbox.filter(({ id }) => !ids.has(id));
    if (profile.head.ctr < profile.confirmed.ctr) profile.head = profile.confirmed;
  }

  function take(profile: Profile): Sealed[] {
    const placed = placeRows(at(profile.confirmed), profile.outbox);
    const stored = new Map(profile.outbox.map((row) => [row.local, row]));
    const fold = planFold(placed, new Map(placed.loose.map(({ local }) => [local, { authoredAt: 0, items: [] }])));
    if (fold !== null) {
      // One batch holds them all: nothing here is large.
      const savings = fold.replaced.flatMap((local) => stored.get(local)!.savings);
      const folded = seal(fold.base, savings);
      expect(fold.batches.map(({ edits }) => edits)).toEqual([savings.length]);
      profile.outbox = [...profile.outbox.filter(({ local }) => !fold.replaced.includes(local)), folded];
      profile.head = headOf(folded);
    }
    const unacked = profile.outbox.filter(({ stage }) => stage !== "acked").sort((a, b) => a.ctr - b.ctr);
    for (const row of unacked) row.stage = "attempted";
    return unacked;
  }

  function push(profile: Profile, answered: boolean): void {
    for (const row of take(profile)) {
      if (!log.some(({ id }) => id === row.id)) {
        const end = headOf(log.at(-1));
        if (row.ctr !== end.ctr + 1 || row.prev !== end.tip) return;
        log.push(row);
      }
      if (answered) row.stage = "acked";
    }
  }

  for (let step = 0; step < 60; step++) {
    const profile = profiles[chooseIndex(chance, profiles.length)]!;
    const kind = chooseIndex(chance, 10);
    if (kind === 0 && profiles.length < 3) profiles.push({ ...profile, outbox: profile.outbox.map((row) => ({ ...row })) });
    else if (kind === 1) take(profile);
    else if (kind === 2) push(profile, false);
    else if (kind === 3) push(profile, true);
    else if (kind === 4) pull(profile);
    else {
      saved.push(step);
      const row = seal(profile.head, [step]);
      profile.outbox.push(row);
      profile.head = headOf(row);
    }
  }
  for (let round = 0; round < 3; round++) {
    for (const profile of profiles) {
      pull(profile);
      push(profile, true);
      pull(profile);
    }
  }
  for (const profile of profiles) expect(profile.outbox).toEqual([]);
  expect([...new Set(log.flatMap(({ savings }) => savings))].sort((a, b) => a - b)).toEqual(saved);
}

test("[E6] [W2]–[W4] in 300 worlds of set back and copied profiles, lost pushes and lost answers, the outbox empties and every saving is in the log", () => {
  for (let seed = 1; seed <= 300; seed++) world(seed);
});
