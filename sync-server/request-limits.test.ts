import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { randomBytes } from "../test/support/envelopes.ts";
import { createRequestLimits, kindOf, networkOf, type RequestLimits } from "./request-limits.ts";

const socketAt = (remoteAddress: string) => Object.assign(new EventEmitter(), { remoteAddress }) as unknown as Socket;

function createLimits(trustProxy = false, most = 3): RequestLimits & { pass(ms: number): void } {
  let now = 1_000_000;
  const limits = createRequestLimits({ clock: () => now, randomBytes, trustProxy, most });
  return { ...limits, pass: (ms) => void (now += ms) };
}

const takeAll = (take: () => number) => {
  let taken = 0;
  while (take() === 0 && taken < 100_000) taken++;
  return taken;
};

test("every path has a kind, whatever id is in it", () => {
  expect(["/", "/assets/x.js", "/healthz"].map(kindOf)).toEqual(["file", "file", "file"]);
  const paths = ["services", "rooms", "challenge", "session", "live", "invites", "invites/ab", "recovery/ab", "rooms/ab/push", "rooms/ab/control", "rooms/ab/presence", "rooms/ab/log", "rooms/ab/x", "new", "push-token"];
  const kinds = ["enrol", "room", "session", "session", "live", "invite", "invite", "recovery", "push", "control", "presence", "log", "other", "other", "session"];
  expect(paths.map((path) => kindOf(`/v1/${path}`))).toEqual(kinds);
});

test("an address of version 6 counts as its subscriber's network, one of version 4 as itself", () => {
  expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(networkOf("2001:DB8:1:2::9")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0");
  expect(networkOf("::1")).toBe("0:0:0:0");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0");
});

test("each address and each session has its own bucket for each kind, which fills again", () => {
  const limits = createLimits();
  const [one, other] = [limits.callerOf(socketAt("192.0.2.1"), undefined), limits.callerOf(socketAt("192.0.2.2"), undefined)];
  expect(takeAll(() => limits.take("enrol", one))).toBe(20);
  expect(limits.take("enrol", one)).toBe(5000);
  expect(limits.take("enrol", other)).toBe(0);
  expect(limits.take("invite", one)).toBe(0);
  limits.pass(5000);
  expect([limits.take("enrol", one), limits.take("enrol", one)]).toEqual([0, 5000]);
  expect(takeAll(() => limits.takeForSession("push", "token"))).toBe(600);
  expect(limits.takeForSession("push", "another")).toBe(0);
  expect(limits.takeForSession("log", "token")).toBe(0);
  limits.sweep();
  expect(limits.takeForSession("push", "token")).toBe(50);
});

test("[R14] who proves many rooms at once takes as many, or none", () => {
  const limits = createLimits();
  for (let i = 0; i < 40; i++) expect(limits.take("proof", "one", 500)).toBe(0);
  expect(limits.take("proof", "one", 500)).toBe(2500);
  limits.pass(500);
  expect(limits.take("proof", "one", 100)).toBe(0);
  expect(limits.take("proof", "one", 1)).toBe(5);
});

test("a caller's name has nothing of the address in it, and is another in another process", () => {
  const socket = socketAt("192.0.2.1");
  const [limits, others] = [createLimits(), createLimits()];
  const caller = limits.callerOf(socket, undefined);
  expect(caller).toMatch(/^[\w-]{22}$/);
  expect(limits.callerOf(socketAt("192.0.2.1"), undefined)).toBe(caller);
  expect(others.callerOf(socket, undefined)).not.toBe(caller);
});

test("only a proxy that is trusted tells who calls, and only in the last place", () => {
  const proxy = socketAt("127.0.0.1");
  const direct = createLimits();
  expect(direct.callerOf(proxy, "192.0.2.1")).toBe(direct.callerOf(proxy, "192.0.2.2"));
  const behind = createLimits(true);
  const one = behind.callerOf(proxy, "192.0.2.1");
  expect(behind.callerOf(proxy, "10.0.0.1, 192.0.2.9,192.0.2.1")).toBe(one);
  expect(behind.callerOf(proxy, ["10.0.0.1", "192.0.2.1"])).toBe(one);
  expect(behind.callerOf(proxy, "192.0.2.1, 192.0.2.2")).not.toBe(one);
  expect(behind.callerOf(proxy, "nonsense")).toBe(behind.callerOf(proxy, undefined));
  expect([direct.isDirect, behind.isDirect]).toEqual([true, false]);
});

test("a caller has so many places, and gets one back for each that it gives back", () => {
  const limits = createLimits();
  expect([1, 2, 3, 4].map(() => limits.enter("one"))).toEqual([true, true, true, false]);
  expect(limits.enter("other")).toBe(true);
  expect(limits.connect("one")).toBe(true);
  limits.leave("one");
  expect([limits.enter("one"), limits.enter("one")]).toEqual([true, false]);
});
