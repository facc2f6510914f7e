import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { copyOf, granly, idOf, meet, schoolOf } from "../features.test-data.ts";
import { createRecovery } from "../../engine/keys/recovery.ts";
import { systemRandom } from "../../engine/platform/clock.ts";
import { isWorkingDay } from "../../lib/norwegian-calendar.ts";
import {
  addHoliday,
  addNextStep,
  addSchool,
  addSchoolRooms,
  answerRoomOffer,
  changeHoliday,
  changeNextStep,
  changeSchool,
  changeSettings,
  noteYearClosed,
  noteYearShredded,
  offerRoom,
  readHolidays,
  readNextStepChanges,
  readPhones,
  readRecovery,
  readRoomAnswers,
  readRoomOffers,
  readSchoolRooms,
  readSchools,
  readServiceToken,
  readSettings,
  removeHoliday,
  setPhone,
  setRecovery,
  setServiceToken,
  takeBackNextStep,
} from "./document.ts";
import { nextStepProblem, nextStepsOf, nextStepsWith, phoneHours, phonesOf, phonesToCall, proposedHolidays, roomsOfSchool, schoolProblems, takesSignUps } from "./rules.ts";

describe("the service room", () => {
  test("two consultants change different things of a school", () => {
    const anna = new Y.Doc();
    addSchool(anna, schoolOf());
    const bo = copyOf(anna);
    changeSchool(anna, granly, { nextTimeNote: "Ta med veilederen." });
    changeSchool(bo, granly, { from: "14:00", contactPhone: "00 00 00 01" });
    meet(anna, bo);
    expect(readSchools(anna).records).toEqual([schoolOf({ nextTimeNote: "Ta med veilederen.", from: "14:00", contactPhone: "00 00 00 01" })]);
    expect(readSchools(bo)).toEqual(readSchools(anna));
    changeSchool(anna, granly, { nextTimeNote: undefined });
    expect(readSchools(anna).records[0]).not.toHaveProperty("nextTimeNote");
  });

  test("a year that is closed or destroyed is told of, and what is destroyed is offered to nobody any more", () => {
    const service = new Y.Doc();
    for (const [id, year] of [[5, 2025], [6, 2026]] as const) {
      addSchoolRooms(service, { id: idOf(id), schoolId: granly, schoolYear: year, planRoomId: idOf(id + 10), schoolRoomId: idOf(id + 20) });
      for (const roomId of [idOf(id + 10), idOf(id + 20)]) offerRoom(service, { id: idOf(id + Number(`0x${roomId.slice(-2)}`) * 100), roomId, kind: "plan", schoolId: granly, label: `${year}/${granly}`, genesis: "" });
    }
    const rooms = new Set([idOf(15), idOf(25)] as string[]);
    noteYearClosed(service, rooms, "2026-08-31");
    noteYearShredded(service, rooms, "2026-08-24");
    noteYearShredded(service, rooms, "2026-08-25");
    expect(readSchoolRooms(service).map(({ schoolYear, keepUntil, shreddedOn }) => [schoolYear, keepUntil, shreddedOn])).toEqual([
      [2025, "2026-08-31", "2026-08-24"],
      [2026, undefined, undefined],
    ]);
    expect(readRoomOffers(service).map(({ roomId }) => roomId).sort()).toEqual([idOf(16), idOf(26)]);
  });

  test("a school from before the field was there counts its cases", () => {
    const service = new Y.Doc();
    const { registersConsultations: _, ...older } = schoolOf();
    addSchool(service, older as never);
    expect(readSchools(service).records).toEqual([schoolOf()]);
  });

  test("of two pairs of rooms made at once, everyone takes the same", () => {
    const pair = (id: number, room: string) => ({ id: idOf(id), schoolId: granly, schoolYear: 2026, planRoomId: `p${room}`, schoolRoomId: room });
    const anna = new Y.Doc();
    const bo = new Y.Doc();
    addSchoolRooms(anna, pair(1, "bb"));
    addSchoolRooms(bo, pair(2, "aa"));
    meet(anna, bo);
    for (const doc of [anna, bo]) expect(roomsOfSchool(readSchoolRooms(doc), granly, 2026)?.schoolRoomId).toBe("aa");
    expect(roomsOfSchool(readSchoolRooms(anna), granly, 2027)).toBeNull();
  });

  test("what the engine needs is kept as it was given", async () => {
    const service = new Y.Doc();
    expect([readServiceToken(service), readRecovery(service)]).toEqual([null, null]);
    setServiceToken(service, "token");
    const { member } = await createRecovery(systemRandom);
    const recovery = { member, bundle: "b", lookupId: "l", madeBy: "Ada", lookupIdBefore: null };
    setRecovery(service, recovery);
    const offer = { id: idOf(1), roomId: "r", kind: "plan", schoolId: granly, label: "2026", genesis: "g" };
    const answer = { id: idOf(2), roomId: "r", memberId: "m1", deviceId: "d", leaf: { sign: "s", kem: "k" } };
    offerRoom(service, offer);
    answerRoomOffer(service, answer);
    expect([readServiceToken(service), readRecovery(service)]).toEqual(["token", recovery]);
    expect([readRoomOffers(service), readRoomAnswers(service)]).toEqual([[offer], [answer]]);
  });
});

describe("the shelf", () => {
  test("settings have presets, each on its own", () => {
    const shelf = new Y.Doc();
    expect(readSettings(shelf)).toEqual({ serviceName: "", followUpWorkingDays: 1, figuresThreshold: 3 });
    changeSettings(shelf, { serviceName: "Furulia", followUpWorkingDays: 2 });
    shelf.getMap("settings").set("figuresThreshold", "many");
    expect(readSettings(shelf)).toEqual({ serviceName: "Furulia", followUpWorkingDays: 2, figuresThreshold: 3 });
  });

  test("phones: the national ones are there from the start, two devices set one each", () => {
    const anna = new Y.Doc();
    const bo = new Y.Doc();
    setPhone(anna, "childWelfare", { number: "00 00 11 22", opensAt: "08:00", closesAt: "15:30" });
    setPhone(bo, "outOfHours", { number: "00 00 33 44" });
    meet(anna, bo);
    const phones = phonesOf(readPhones(bo));
    expect(phones.map(({ id, number }) => `${id} ${number}`)).toEqual([
      "childWelfare 00 00 11 22",
      "outOfHours 00 00 33 44",
      "police 112",
      "childAlarm 116 111",
    ]);
    expect(phonesToCall(phones, "2026-11-26T14:00:00").map(({ id }) => id)).toEqual(["childWelfare", "outOfHours", "police"]);
    expect(phonesToCall(phones, "2026-11-26T19:00:00").map(({ id }) => id)).toEqual(["outOfHours", "childWelfare", "police"]);
    expect(phonesToCall(phonesOf([]), "2026-11-26T14:00:00").map(({ id }) => id)).toEqual(["police"]);
  });

  test("whether anyone answers", () => {
    const phone = { id: "childWelfare" as const, number: "00 00 11 22", opensAt: "08:00", closesAt: "15:30" };
    expect(phoneHours(phone, "2026-11-26T14:00:00")).toEqual({ type: "openUntil", time: "15:30" });
    expect(phoneHours(phone, "2026-11-26T07:00:00")).toEqual({ type: "opensAt", time: "08:00" });
    expect(phoneHours(phone, "2026-11-26T15:30:00")).toEqual({ type: "closed" });
    expect(phoneHours(phone, "2026-11-28T12:00:00")).toEqual({ type: "closed" });
    expect(phoneHours({ id: "police", number: "112" }, "2026-11-28T12:00:00")).toEqual({ type: "always" });
  });

  test("next steps: renamed, hidden, moved, and one of the service's own", () => {
    const shelf = new Y.Doc();
    changeNextStep(shelf, "lowThreshold", { label: "Familiehuset" });
    changeNextStep(shelf, "bup", { hidden: true });
    changeNextStep(shelf, idOf(1), { label: "Fritidsteamet", involvesParents: true, order: 0.5 });
    const steps = nextStepsOf(readNextStepChanges(shelf));
    expect(steps.map(({ id }) => id).slice(0, 3)).toEqual(["schoolReports", idOf(1), "schoolTalksToParents"]);
    expect(steps.find(({ id }) => id === "lowThreshold")).toEqual({ id: "lowThreshold", label: "Familiehuset", involvesParents: true, hidden: false });
    expect(steps.find(({ id }) => id === "bup")?.hidden).toBe(true);
    changeNextStep(shelf, "lowThreshold", { label: undefined });
    expect(nextStepsOf(readNextStepChanges(shelf)).find(({ id }) => id === "lowThreshold")?.label).toBeNull();
  });

  test("next steps: one consultant renames what another hides, and both are true", () => {
    const anna = new Y.Doc();
    addNextStep(anna, idOf(1), { label: "Fritidsteamet", involvesParents: false });
    const bo = copyOf(anna);
    changeNextStep(anna, "lowThreshold", { label: "Familiehuset" });
    changeNextStep(anna, idOf(1), { label: "Fritidsklubben", involvesParents: true });
    changeNextStep(bo, "lowThreshold", { hidden: true });
    changeNextStep(bo, idOf(1), { hidden: true });
    meet(anna, bo);
    expect(nextStepsOf(readNextStepChanges(anna))).toEqual(nextStepsOf(readNextStepChanges(bo)));
    const stepOf = (id: string) => nextStepsOf(readNextStepChanges(bo)).find((step) => step.id === id);
    expect(stepOf("lowThreshold")).toEqual({ id: "lowThreshold", label: "Familiehuset", involvesParents: true, hidden: true });
    expect(stepOf(idOf(1))).toEqual({ id: idOf(1), label: "Fritidsklubben", involvesParents: true, hidden: true });
  });

  test("next steps: an own one comes after all others, in the order they were added, and adding is taken back without a trace", () => {
    const shelf = new Y.Doc();
    addNextStep(shelf, idOf(2), { label: "Fritidsteamet", involvesParents: false });
    addNextStep(shelf, idOf(1), { label: "Familiehuset", involvesParents: true });
    changeNextStep(shelf, "bup", { hidden: true });
    addNextStep(shelf, idOf(0), { label: "Uteteamet", involvesParents: false });
    expect(nextStepsOf(readNextStepChanges(shelf)).slice(-4).map(({ id, label }) => label ?? id)).toEqual([
      "noMore",
      "Fritidsteamet",
      "Familiehuset",
      "Uteteamet",
    ]);
    takeBackNextStep(shelf, idOf(1));
    changeNextStep(shelf, "bup", { hidden: undefined });
    expect(readNextStepChanges(shelf).map(({ label }) => label)).toEqual(["Uteteamet", "Fritidsteamet"]);
  });

  test("two who add a step at once have both", () => {
    const anna = new Y.Doc();
    const bo = new Y.Doc();
    addNextStep(anna, idOf(1), { label: "Fritidsteamet", involvesParents: false });
    addNextStep(bo, idOf(2), { label: "Familiehuset", involvesParents: true });
    meet(anna, bo);
    expect(nextStepsOf(readNextStepChanges(anna)).slice(-2).map(({ label }) => label)).toEqual(["Fritidsteamet", "Familiehuset"]);
    expect(nextStepsOf(readNextStepChanges(bo))).toEqual(nextStepsOf(readNextStepChanges(anna)));
  });

  test("holidays by date; changed and removed", () => {
    const shelf = new Y.Doc();
    addHoliday(shelf, { id: idOf(2), name: "Vinterferie", from: "2027-02-22", to: "2027-02-26" });
    addHoliday(shelf, { id: idOf(1), name: "Høstferie", from: "2026-09-28", to: "2026-10-02" });
    changeHoliday(shelf, idOf(2), { to: "2027-02-27" });
    expect(readHolidays(shelf).map(({ name, to }) => [name, to])).toEqual([
      ["Høstferie", "2026-10-02"],
      ["Vinterferie", "2027-02-27"],
    ]);
    removeHoliday(shelf, idOf(1));
    expect(readHolidays(shelf)).toHaveLength(1);
  });
});

test("the proposed holidays are in order, do not overlap, and leave a school year between", () => {
  for (let year = 2024; year < 2040; year++) {
    const holidays = proposedHolidays(year);
    for (const [index, { from, to }] of holidays.entries()) {
      expect(from <= to).toBe(true);
      if (index > 0) expect(from > holidays[index - 1]!.to).toBe(true);
    }
    expect(isWorkingDay(`${year}-11-26`, holidays) || new Date(`${year}-11-26`).getUTCDay() % 6 === 0).toBe(true);
  }
});

test("a list that something is chosen in keeps what was hidden since, and what this device does not know yet", () => {
  const steps = nextStepsOf([
    { id: "bup", hidden: true },
    { id: "ppt", hidden: true },
  ]);
  const kept = nextStepsWith(steps, ["bup", idOf(7)]);
  expect(kept.find(({ id }) => id === "bup")?.hidden).toBe(false);
  expect(kept.find(({ id }) => id === "ppt")?.hidden).toBe(true);
  expect(kept.at(-1)).toEqual({ id: idOf(7), label: null, involvesParents: true, hidden: false });
  expect(kept.slice(0, -1).map(({ id }) => id)).toEqual(steps.map(({ id }) => id));
  expect(nextStepsWith(steps, [])).toEqual(steps);
});

test("what stops a step from being called something", () => {
  expect(nextStepProblem("Fritidsteamet", ["BUP"])).toBeNull();
  expect(nextStepProblem("  ", [])).toBe("missing");
  expect(nextStepProblem(" bup ", ["PPT", "BUP"])).toBe("taken");
});

test("what stops a school from being saved", () => {
  expect(schoolProblems({ name: "Granly skole", from: "13:30", to: "15:30" })).toEqual([]);
  expect(schoolProblems({ name: " ", from: "13:30", to: "13:30" }).map(({ field }) => field)).toEqual(["name", "to"]);
  expect(schoolProblems({ name: "Granly skole ".repeat(7), from: "13:30", to: "15:30" })).toEqual([{ field: "name", type: "tooLong", by: 10 }]);
  expect([takesSignUps(schoolOf()), takesSignUps(schoolOf({ arrangement: "openDoorDropIn" }))]).toEqual([true, false]);
});
