import { describe, expect, test } from "vitest";
import type { Membership } from "#protocol/membership.ts";
import { dayMs, isHeartbeatDue, nothingSeen, readersOf, type Seen, seenIn, seenUntil, type Word } from "./seen.ts";

const first = [{ logGen: 1, fromSeq: 0 }];
const word = (seq: number, deviceId: string, changes: Partial<Word> = {}): Word => ({ seq, deviceId, type: "update", seenSeq: seq - 1, logGen: 1, at: seq * 1000, ...changes });
const take = (words: Word[], before: Seen = nothingSeen, generations = first) => seenIn(before, words, "own", generations);

describe("[H4] who has read what", () => {
  test("is the largest number that the device's envelopes say, and the newest time that could be read", () => {
    const seen = take([word(1, "ada"), word(2, "own"), word(3, "ada", { type: "heartbeat", seenSeq: 2 }), word(4, "ada", { seenSeq: 1, at: null })]);
    expect(seen.devices).toEqual({ ada: { seenSeq: 2, at: 3000 }, own: { seenSeq: 1, at: 2000 } });
    expect([seen.newsSeq, seen.saved, seen.beatAt]).toEqual([4, { seq: 2, at: 2000 }, null]);
    expect(take([word(5, "own", { type: "heartbeat" })], seen)).toMatchObject({ saved: { seq: 2, at: 2000 }, beatAt: 5000, newsSeq: 4 });
  });

  test("of a log that was lost only as far as the one that is now", () => {
    const generations = [...first, { logGen: 7, fromSeq: 3 }];
    const seen = take([word(4, "ada", { seenSeq: 9 }), word(5, "bo", { seenSeq: 4, logGen: 7 })], nothingSeen, generations);
    expect(seen.devices).toMatchObject({ ada: { seenSeq: 3 }, bo: { seenSeq: 4 } });
    const back = seenUntil({ ...seen, saved: { seq: 5, at: 1 } }, 2);
    expect(back).toMatchObject({ devices: { ada: { seenSeq: 2 }, bo: { seenSeq: 2 } }, newsSeq: 2, saved: null });
    expect(seenUntil({ ...seen, saved: { seq: 2, at: 1 } }, 2).saved).toEqual({ seq: 2, at: 1 });
  });

  test("counts people: not oneself, not the recovery device, and each once", () => {
    const device = (memberId: string, role: string) => ({ memberId, role });
    const members = {
      devices: { own: device("me", "consultant"), tablet: device("me", "consultant"), ada: device("ada", "consultant"), phone: device("ada", "consultant"), siri: device("siri", "socialTeacher"), paper: device("paper", "recovery") },
    } as unknown as Membership;
    const seen = take([word(8, "tablet"), word(9, "paper"), word(10, "ada", { seenSeq: 3 }), word(11, "phone", { seenSeq: 7 }), word(12, "siri", { seenSeq: 4 })]);
    expect(readersOf(seen, members, "me", 5)).toEqual({ readers: 1, colleagues: 2 });
    expect(readersOf(seen, members, "me", 4)).toEqual({ readers: 2, colleagues: 2 });
    expect(readersOf(nothingSeen, members, "me", 4)).toEqual({ readers: 0, colleagues: 2 });
  });
});

describe("[H2] a heartbeat is owed", () => {
  const now = 100 * dayMs;
  const owes = (seen: Partial<Seen>, isServiceRoom = false) => isHeartbeatDue({ ...nothingSeen, ...seen }, "own", isServiceRoom, now);
  const own = (seenSeq: number, at = now - 1) => ({ own: { seenSeq, at } });

  test("for news that nothing of one's own has acknowledged, once a day", () => {
    expect(owes({ newsSeq: 4, devices: own(3) })).toBe(true);
    expect(owes({ newsSeq: 4 })).toBe(true);
    expect(owes({ newsSeq: 4, devices: own(4) })).toBe(false);
    expect(owes({ newsSeq: 4, devices: own(3), beatAt: now - dayMs + 1 })).toBe(false);
    expect(owes({ newsSeq: 4, devices: own(3), beatAt: now - dayMs })).toBe(true);
  });

  test("in the service room also for none, a day after one's newest word; with a clock that was a day ahead, too", () => {
    expect(owes({ devices: own(0, now - dayMs) }, true)).toBe(true);
    expect(owes({ devices: own(0, now - dayMs) }, false)).toBe(false);
    expect(owes({ devices: own(0, now - dayMs + 1) }, true)).toBe(false);
    expect(owes({}, true)).toBe(true);
    expect(owes({ devices: own(0, now + dayMs) }, true)).toBe(true);
  });
});
