import { expect, test } from "vitest";
import type { Role } from "#protocol/control.ts";
import { idOf } from "../features.test-data.ts";
import { decidersFor, namesBehind, standingOf, whyNotAsk } from "./rules.ts";
import type { PurgeRequest } from "./schema.ts";

const member = (name: string, role: Role, device = `${name} 1`) => ({ deviceId: device, memberId: name, role, name, person: name, device, addedAt: 0, lastSeen: null });
const [kari, kim, siri, paper] = [member("Kari", "consultant"), member("Kim", "consultant"), member("Siri", "socialTeacher"), member("", "recovery")];
const karisPhone = member("Kari", "consultant", "Kari 2");

test("whoever has no second person is told who can help", () => {
  expect(whyNotAsk([kari, kim, siri, paper], kari)).toBeNull();
  expect(whyNotAsk([kari, siri, paper], siri)).toBeNull();
  expect(whyNotAsk([kari, karisPhone, paper], kari)).toEqual({ type: "alone" });
  expect(whyNotAsk([kari, karisPhone, siri, paper], kari)).toEqual({ type: "socialTeacherAsks", names: ["Siri"] });
  expect(whyNotAsk([kari, member("Per", "principal")], kari)).toEqual({ type: "alone" });
});

test("consultants decide, and nobody on what they have asked for themselves", () => {
  expect(decidersFor([kari, karisPhone, kim, siri, paper], kari)).toEqual(["Kim"]);
  expect(decidersFor([kari, karisPhone, kim, siri, paper], siri)).toEqual(["Kari", "Kim"]);
});

const request: PurgeRequest = {
  id: idOf(1),
  about: "case",
  recordId: idOf(2),
  extent: "past",
  reason: "identity",
  askedAt: "2026-11-26T13:00:00",
  docId: `02${idOf(2)}`,
  deviceId: kari.deviceId,
  through: 12,
  signature: "signed",
};
const purge = { docId: request.docId, through: 12, signature: "signed", author: kim, asker: kari, at: 1, reason: "", behind: [] };

test("a request is the asker's own on each of her devices, and another consultant's to decide, until the log says that it is done", () => {
  const all = [kari, karisPhone, kim, siri, paper];
  expect(standingOf(request, [], all, karisPhone)).toBe("mine");
  expect(standingOf(request, [], all, kim)).toBe("yours");
  expect(standingOf(request, [], all, siri)).toBe("waits");
  expect(standingOf(request, [], [kim, siri], kim)).toBe("askerGone");
  expect(standingOf(request, [{ ...purge, signature: "another" }], all, kim)).toBe("yours");
  expect(standingOf(request, [purge], [kim], kim)).toBe("done");
});

test("who has two devices that are behind is named once", () => {
  expect(namesBehind({ behind: [kari, karisPhone, siri, { ...siri, deviceId: "x", name: null }] })).toEqual(["Kari", "Siri", null]);
});
