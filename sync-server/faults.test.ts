import { pino } from "pino";
import { expect, test } from "vitest";
import { createStorageWatch, faultOf } from "./faults.ts";

test("of an error the log has kind, code and place, and nothing of its words", () => {
  const error = Object.assign(new RangeError("of Kari Nordmann\n    at secret (/x/secret.ts:1:1)"), { code: "SQLITE_FULL" });
  expect(faultOf(error)).toEqual({ error: "RangeError", code: "SQLITE_FULL", at: expect.stringMatching(/^faults\.test\.ts:\d+$|^test\.ts:\d+$/) as string });
  expect(JSON.stringify(faultOf(error))).not.toMatch(/Kari|secret/);
  expect(faultOf("Kari Nordmann")).toEqual({ error: "string" });
  expect(faultOf(null)).toEqual({ error: "object" });
});

test("a storage that fails is one line a minute, and one when it works again", () => {
  let now = 0;
  const lines: Record<string, unknown>[] = [];
  const watch = createStorageWatch(pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }), () => now);
  watch.wrote();
  expect([lines.length, watch.isFailing()]).toEqual([0, false]);
  for (; now < 150_000; now += 1000) watch.failed(new Error("full"));
  expect(lines.map(({ msg, times }) => [msg, times])).toEqual([
    ["storage failed", 1],
    ["storage failed", 61],
    ["storage failed", 121],
  ]);
  expect(watch.isFailing()).toBe(true);
  watch.wrote();
  expect(watch.isFailing()).toBe(false);
  expect(lines.at(-1)).toMatchObject({ msg: "storage works again", ms: 150_000, times: 150 });
  watch.failed(new Error("full"));
  now += 61_000;
  expect(watch.isFailing()).toBe(false);
});
