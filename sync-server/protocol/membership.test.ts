import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, bodiesFor, deviceOf, emptyRoom, fold, type FoldedRoom, genesisOf, hashOf, roomId, roomOf, serviceId, wrapsFor } from "../../test/support/membership.ts";
import type { ControlAction, ControlBody, MemberDevice, Role, RoomKind } from "./control.ts";
import { limits } from "./limits.ts";
import { mayControl, mayWrite, type Membership, readableThrough, readMembership, rolesOfRoom } from "./membership.ts";
import type { Answer } from "./messages.ts";

const ada = deviceOf("ada.tablet", "consultant");
const adaPhone = deviceOf("ada.phone", "consultant");
const bo = deviceOf("bo", "consultant");
const siri = deviceOf("siri.tablet", "socialTeacher");
const siriPhone = deviceOf("siri.phone", "socialTeacher");
const paper = deviceOf("paper", "recovery");
const newPaper = deviceOf("new paper", "recovery");

const kinds = Object.keys(rolesOfRoom) as RoomKind[];
const roles: Role[] = ["consultant", "socialTeacher", "principal", "serviceLead", "recovery"];
const accepted = { ok: true };
const refused = (type: string) => ({ ok: false, refusal: { type } });
const valueOf = (answer: Answer<Membership>) => {
  if (!answer.ok) throw new Error(answer.refusal.type);
  return answer.value;
};

/** A closed room may be shredded; everything else is tried in an open one. */
const closed = (room: FoldedRoom) => after(room, ada, bodiesFor(room).close());
const restored = (room: FoldedRoom): FoldedRoom => ({ ...room, updates: [2], generation: { logGen: 9, fromSeq: room.place - 1 } });

/** One body of each action that would count if its author might make it, about somebody else than the author. */
function bodyOf(action: Exclude<ControlAction, "genesis">, room: FoldedRoom): ControlBody {
  const bodies = bodiesFor(room);
  switch (action) {
    case "addMember":
      return bodies.addMember(deviceOf("new", "consultant"));
    case "addDevice":
      return bodies.addDevice(deviceOf("bo.phone", "consultant"));
    case "setRole":
      return bodies.setRole(bo, "consultant");
    case "remove":
      return bodies.remove(bo);
    case "replaceRecovery":
      return bodies.replaceRecovery(newPaper);
    case "purge":
      return bodies.purge(bo, [2]);
    case "acceptGen":
      return bodies.acceptGen(room.generation);
    default:
      return bodies[action]();
  }
}

describe("who may make what", () => {
  const everything: Exclude<ControlAction, "genesis">[] = [
    "addMember",
    "addDevice",
    "setRole",
    "remove",
    "rotate",
    "replaceRecovery",
    "offer",
    "close",
    "shred",
    "acceptGen",
    "purge",
  ];
  const allowed: Partial<Record<Role, ControlAction[]>> = {
    consultant: everything,
    recovery: ["addMember", "addDevice", "remove", "rotate", "replaceRecovery", "acceptGen"],
  };

  const cases = kinds.flatMap((kind) =>
    [...rolesOfRoom[kind], "recovery" as const].flatMap((role) =>
      everything.map((action) => ({ kind, role, action, answer: allowed[role]?.includes(action) === true ? "takes" : "refuses" })),
    ),
  );

  test.each(cases)("[C4] a $kind room $answer $action of a $role", ({ kind, role, action, answer }) => {
    const author = role === "recovery" ? paper : deviceOf("author", role);
    const filled = roomOf(kind, ada, paper, bo, ...(role === "recovery" ? [] : [author]));
    const room = restored(action === "shred" ? closed(filled) : filled);
    const answered = fold(room, author, bodyOf(action, room));
    if (answer === "takes") expect(answered).toMatchObject(accepted);
    else expect(answered).toEqual(refused("forbidden"));
    expect(mayControl(role, action)).toBe(answer === "takes");
  });

  test.each(everything)("[C1] [C4] nobody who is no member makes %s: not a stranger, not a device that was removed", (action) => {
    const filled = roomOf("shelf", ada, paper, bo, siri);
    const room = restored(action === "shred" ? closed(after(filled, ada, bodiesFor(filled).remove(siri))) : after(filled, ada, bodiesFor(filled).remove(siri)));
    for (const author of [deviceOf("stranger", "consultant"), siri]) expect(fold(room, author, bodyOf(action, room))).toEqual(refused("notMember"));
  });

  test.each(kinds.flatMap((kind) => roles.map((role) => ({ kind, role, fits: rolesOfRoom[kind].includes(role) }))))(
    "[C4] a $role fits a $kind room: $fits",
    ({ kind, role, fits }) => {
      const room = roomOf(kind, ada, paper, bo);
      const bodies = bodiesFor(room);
      const expected = fits ? accepted : refused("forbidden");
      expect(fold(room, ada, bodies.addMember(deviceOf("new", role)))).toMatchObject(expected);
      expect(fold(room, ada, bodies.setRole(bo, role))).toMatchObject(expected);
    },
  );

  test("[C4] [Y5] nobody is made the recovery device, and it gets no other role, but by replaceRecovery", () => {
    const room = roomOf("school", ada, paper, bo);
    const bodies = bodiesFor(room);
    expect(fold(room, ada, bodies.addMember(newPaper))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodies.addDevice({ ...deviceOf("paper.copy", "recovery"), memberId: paper.memberId }))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodies.addDevice({ ...deviceOf("paper.copy", "consultant"), memberId: paper.memberId }))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodies.setRole(bo, "recovery"))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodies.setRole(paper, "consultant"))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodies.remove(paper))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodies.replaceRecovery(deviceOf("clerk", "consultant")))).toEqual(refused("forbidden"));
  });

  test.each(kinds.flatMap((kind) => roles.map((role) => ({ kind, role }))))("[P2] updates of a $role in a $kind room", ({ kind, role }) => {
    const expected = role === "consultant" || role === "recovery" || (role === "socialTeacher" && (kind === "school" || kind === "plan"));
    expect(mayWrite(role, kind)).toBe(expected);
  });
});

describe("a purge", () => {
  const room: FoldedRoom = { ...roomOf("school", ada, paper, bo, siri, adaPhone), place: 20, updates: [7, 9, 12] };
  const bodies = bodiesFor(room);

  test("[Z3] is wanted by two persons who may both write there, and not by two devices of one, nor by the code on paper", () => {
    for (const second of [bo, siri]) expect(fold(room, ada, bodies.purge(second, [7, 9]))).toMatchObject(accepted);
    for (const second of [ada, adaPhone, paper, deviceOf("stranger", "consultant")]) expect(fold(room, ada, bodies.purge(second, [7, 9]))).toEqual(refused("forbidden"));
    const plan: FoldedRoom = { ...roomOf("plan", ada, paper, deviceOf("head", "principal")), place: 20, updates: [7] };
    expect(fold(plan, ada, bodiesFor(plan).purge(deviceOf("head", "principal"), [7]))).toEqual(refused("forbidden"));
  });

  test("[Z3] names updates that stand there, each once and in order, up to the number that was asked for and below its own", () => {
    for (const seqs of [[8], [9, 7], [7, 7], [1, 7]]) expect(fold(room, ada, bodies.purge(bo, seqs, 12))).toEqual(refused("malformed"));
    expect(fold(room, ada, bodies.purge(bo, [7, 12], 9))).toEqual(refused("malformed"));
    expect(fold(room, ada, bodies.purge(bo, [7], 20))).toEqual(refused("malformed"));
    expect(fold(room, ada, bodies.purge(bo, [7, 9, 12], 19))).toMatchObject(accepted);
  });
});

describe("the genesis", () => {
  test.each(kinds)("[C2] of a %s room names its author as consultant, the recovery device where there is one, and no other", (kind) => {
    expect(valueOf(fold(emptyRoom, ada, genesisOf(kind, ada)))).toEqual({
      roomKind: kind,
      serviceId: kind === "service" ? roomId : serviceId,
      epoch: 1,
      commitment: hashOf("commitment 1"),
      controlHead: hashOf("record 1"),
      devices: { [ada.deviceId]: { memberId: ada.memberId, role: "consultant", leaf: ada.leaf } },
      removed: {},
      acceptedGen: 1,
      keepUntil: null,
      shredded: false,
    });
    expect(Object.keys(valueOf(fold(emptyRoom, ada, genesisOf(kind, ada, paper))).devices)).toEqual([ada.deviceId, paper.deviceId]);
    for (const members of [[bo], [bo, ada], [siri], [{ ...ada, role: "principal" as const }], [ada, bo], [ada, { ...paper, role: "consultant" as const }]]) {
      expect(fold(emptyRoom, ada, genesisOf(kind, ...members))).toEqual(refused("forbidden"));
    }
  });

  test("[C2] its wraps are for exactly the two", () => {
    const body = genesisOf("school", ada, paper);
    for (const wraps of [[], wrapsFor(ada), wrapsFor(paper), wrapsFor(ada, bo), wrapsFor(ada, ada), wrapsFor(ada, paper, paper), wrapsFor(ada, paper, bo)]) {
      expect(fold(emptyRoom, ada, { ...body, wraps })).toEqual(refused("malformed"));
    }
    expect(fold(emptyRoom, ada, { ...body, wraps: wrapsFor(paper, ada) })).toMatchObject(accepted);
  });

  test("[C2] the recovery device is another device, and not of the author's", () => {
    expect(fold(emptyRoom, ada, genesisOf("school", ada, { ...ada, role: "recovery" }))).toEqual(refused("malformed"));
    expect(fold(emptyRoom, ada, genesisOf("school", ada, { ...paper, memberId: ada.memberId }))).toEqual(refused("malformed"));
    expect(fold(emptyRoom, ada, { ...genesisOf("school", ada, { ...paper, deviceId: ada.deviceId }), wraps: wrapsFor(ada) })).toEqual(refused("malformed"));
  });

  test("[C2] it begins the author's chain and the first epoch, and a service room is its own service", () => {
    const body = genesisOf("school", ada);
    expect(fold(emptyRoom, ada, body, { epoch: 2 })).toEqual(refused("malformed"));
    expect(fold(emptyRoom, ada, body, { ctr: 2 })).toEqual(refused("malformed"));
    expect(fold(emptyRoom, ada, { ...genesisOf("service", ada), serviceId })).toEqual(refused("malformed"));
    expect(fold(emptyRoom, ada, { ...body, serviceId: roomId })).toEqual(refused("malformed"));
  });

  test("[C1] a room has one, and nothing before it", () => {
    const room = roomOf("school", ada, null);
    expect(fold(room, ada, genesisOf("school", ada))).toEqual(refused("roomExists"));
    expect(fold(emptyRoom, ada, bodiesFor(room).rotate())).toEqual(refused("malformed"));
  });
});

describe("the chain of control records", () => {
  test("[C3] each names the one before it: of two that name the same, the second is refused", () => {
    const room = roomOf("school", ada, paper, bo);
    const [first, second] = [bodiesFor(room).offer(), bodiesFor(room).setRole(bo, "socialTeacher")];
    const behind = after(room, ada, first);
    expect(behind.membership?.controlHead).toBe(hashOf(`record ${room.place}`));
    expect(fold(behind, bo, second)).toEqual(refused("staleControl"));
    expect(fold(behind, bo, { ...second, previousControl: behind.membership?.controlHead ?? "" })).toMatchObject(accepted);
  });

  test.each(["addMember", "addDevice", "setRole", "offer", "close", "acceptGen"] as const)("[C8] [P2] %s is of the room's epoch, and changes it not", (action) => {
    const room = restored(roomOf("school", ada, paper, bo));
    const body = bodyOf(action, room);
    for (const epoch of [0, 2]) expect(fold(room, ada, body, { epoch })).toEqual(refused("staleEpoch"));
    expect(valueOf(fold(room, ada, body))).toMatchObject({ epoch: 1, commitment: hashOf("commitment 1") });
  });

  test.each(["remove", "rotate", "replaceRecovery"] as const)("[C12] %s stands in the epoch that it begins, one above the last, with its own commitment", (action) => {
    const room = roomOf("school", ada, paper, bo);
    const body = bodyOf(action, room);
    for (const epoch of [0, 1, 3]) expect(fold(room, ada, body, { epoch })).toEqual(refused("staleEpoch"));
    expect(valueOf(fold(room, ada, body))).toMatchObject({ epoch: 2, commitment: hashOf("commitment 2") });
  });

  test.each([
    { action: "remove", left: [ada, paper, siri], others: [bo, deviceOf("stranger", "consultant")] },
    { action: "rotate", left: [ada, bo, paper, siri], others: [deviceOf("stranger", "consultant")] },
    { action: "replaceRecovery", left: [ada, bo, newPaper, siri], others: [paper] },
  ] as const)("[C12] the wraps of $action are for exactly the devices left, in whatever order", ({ action, left, others }) => {
    const room = roomOf("school", ada, paper, bo, siri);
    const body = bodyOf(action, room);
    expect(fold(room, ada, { ...body, wraps: wrapsFor(...left) } as ControlBody)).toMatchObject(accepted);
    expect(fold(room, ada, { ...body, wraps: wrapsFor(...left.toReversed()) } as ControlBody)).toMatchObject(accepted);
    const wrong = [[], left.slice(1), [...left, left[0]], [...left.slice(1), left[1]], ...others.flatMap((other) => [[...left, other], [...left.slice(1), other]])];
    for (const devices of wrong) expect(fold(room, ada, { ...body, wraps: wrapsFor(...devices) } as ControlBody)).toEqual(refused("malformed"));
  });
});

describe("who comes in", () => {
  const room = roomOf("school", ada, paper, bo, siri);
  const without = after(room, ada, bodiesFor(room).remove(siri));

  test("[C13] addMember brings in a person whom the room has not had, addDevice one whom it has", () => {
    const [members, devices] = [bodiesFor(room).addMember, bodiesFor(room).addDevice];
    expect(valueOf(fold(room, ada, devices(siriPhone))).devices[siriPhone.deviceId]).toEqual({ memberId: siri.memberId, role: "socialTeacher", leaf: siriPhone.leaf });
    expect(fold(room, ada, members(siriPhone))).toEqual(refused("malformed"));
    expect(fold(room, ada, devices(deviceOf("new", "socialTeacher")))).toEqual(refused("malformed"));
    expect(fold(room, ada, members(deviceOf("new", "socialTeacher")))).toMatchObject(accepted);
  });

  test("[C13] a person who was removed comes back by addDevice, in whatever role, and never by addMember", () => {
    expect(fold(without, ada, bodiesFor(without).addMember(siriPhone))).toEqual(refused("malformed"));
    expect(fold(without, ada, bodiesFor(without).addDevice(siriPhone))).toMatchObject(accepted);
    expect(fold(without, ada, bodiesFor(without).addDevice({ ...siriPhone, role: "consultant" }))).toMatchObject(accepted);
  });

  test("[C4] [C13] under the name of a recovery device that was replaced nobody comes back: only replaceRecovery ends one", () => {
    const replaced = after(room, ada, bodiesFor(room).replaceRecovery(newPaper));
    const copy = { ...deviceOf("copy", "consultant"), memberId: paper.memberId };
    expect(fold(replaced, ada, bodiesFor(replaced).addDevice(copy))).toEqual(refused("forbidden"));
  });

  test("[C13] a person's devices have one role", () => {
    const { addDevice } = bodiesFor(room);
    for (const role of ["consultant", "principal"] as const) expect(fold(room, ada, addDevice({ ...siriPhone, role }))).toEqual(refused("forbidden"));
  });

  test("[C13] a device id that is or was in the room comes in never: not of another person, not after its removal", () => {
    expect(fold(room, ada, bodiesFor(room).addDevice(siri))).toEqual(refused("malformed"));
    expect(fold(room, ada, bodiesFor(room).addMember({ ...deviceOf("new", "socialTeacher"), deviceId: siri.deviceId }))).toEqual(refused("malformed"));
    expect(fold(without, ada, bodiesFor(without).addDevice(siri))).toEqual(refused("malformed"));
    expect(fold(without, ada, bodiesFor(without).addMember({ ...deviceOf("new", "socialTeacher"), deviceId: siri.deviceId }))).toEqual(refused("malformed"));
  });

  test("[C13] [K4] whoever comes in is given the secret of the epoch that is, and it alone", () => {
    const body = bodiesFor(room).addMember(deviceOf("new", "socialTeacher"));
    expect(fold(room, ada, { ...body, commitment: hashOf("another") })).toEqual(refused("staleEpoch"));
    for (const wraps of [[], wrapsFor(bo), wrapsFor(body.member, bo)]) expect(fold(room, ada, { ...body, wraps })).toEqual(refused("malformed"));
  });

  test("[C13] a room has a number of devices at most", () => {
    const crowd = Array.from({ length: limits.roomDevices - 1 }, (_, index) => deviceOf(`one of many ${index}`, "socialTeacher"));
    const full = roomOf("school", ada, null, ...crowd);
    expect(Object.keys(full.membership?.devices ?? {})).toHaveLength(limits.roomDevices);
    expect(fold(full, ada, bodiesFor(full).addMember(bo))).toEqual(refused("forbidden"));
  });
});

describe("a person's own devices", () => {
  const room = roomOf("school", ada, paper, bo, siri, siriPhone, adaPhone);
  const { addDevice, remove } = bodiesFor(room);

  test("[C9] anybody adds one to itself in its own role", () => {
    const third = deviceOf("siri.laptop", "socialTeacher");
    expect(fold(room, siri, addDevice(third))).toMatchObject(accepted);
    expect(fold(room, siri, addDevice({ ...third, role: "consultant" }))).toEqual(refused("forbidden"));
    expect(fold(room, siri, addDevice(deviceOf("bo.phone", "consultant")))).toEqual(refused("forbidden"));
    expect(fold(room, siri, bodiesFor(room).addMember(third))).toEqual(refused("forbidden"));
  });

  test("[C9] anybody removes its own, and no other", () => {
    expect(valueOf(fold(room, siri, remove(siriPhone))).devices[siriPhone.deviceId]).toBeUndefined();
    expect(fold(room, siri, remove(bo))).toEqual(refused("forbidden"));
    expect(fold(room, siri, remove(siriPhone, bo))).toEqual(refused("forbidden"));
    expect(fold(room, siri, remove(deviceOf("stranger", "socialTeacher")))).toEqual(refused("forbidden"));
  });

  test("[C9] [C4] the recovery device has none besides itself", () => {
    const copy = { ...deviceOf("copy", "recovery"), memberId: paper.memberId };
    expect(fold(room, paper, addDevice(copy))).toEqual(refused("forbidden"));
  });

  test.each(["setRole", "rotate", "replaceRecovery", "offer", "close"] as const)("[C9] %s of one that is no consultant is refused, also about itself", (action) => {
    const body = action === "setRole" ? bodiesFor(room).setRole(siri, "consultant") : bodyOf(action, room);
    expect(fold(room, siri, body)).toEqual(refused("forbidden"));
  });
});

describe("who goes", () => {
  const room: FoldedRoom = { ...roomOf("school", ada, paper, bo, siri), place: 30 };
  const written: FoldedRoom = { ...room, ctrs: { ...room.ctrs, [siri.deviceId]: 7 } };

  test("[C10] what a device wrote stays its own, and cut, fence and place are kept", () => {
    const { devices, removed } = valueOf(fold(written, ada, bodiesFor(written).remove({ ...siri, cut: 7, fence: 4 })));
    expect(devices[siri.deviceId]).toBeUndefined();
    expect(removed).toEqual({ [siri.deviceId]: { memberId: siri.memberId, role: "socialTeacher", leaf: siri.leaf, cut: 7, fence: 4, seq: 30 } });
  });

  test.each([
    { cut: 7, fence: 7, answer: "accepted" },
    { cut: 7, fence: 0, answer: "accepted" },
    { cut: 6, fence: 6, answer: "staleCut" },
    { cut: 0, fence: 0, answer: "staleCut" },
    { cut: 8, fence: 7, answer: "malformed" },
    { cut: 7, fence: 8, answer: "malformed" },
  ])("[C10] of a device with seven envelopes, a cut at $cut and a fence at $fence are $answer", ({ cut, fence, answer }) => {
    const answered = fold(written, ada, bodiesFor(written).remove({ ...siri, cut, fence }));
    expect(answered).toMatchObject(answer === "accepted" ? accepted : refused(answer));
  });

  test("[C10] each of several is held against its own counter", () => {
    const two = { ...written, ctrs: { ...written.ctrs, [bo.deviceId]: 2 } };
    const { remove } = bodiesFor(two);
    expect(fold(two, ada, remove({ ...siri, cut: 7 }, { ...bo, cut: 2 }))).toMatchObject(accepted);
    expect(fold(two, ada, remove({ ...siri, cut: 7 }, { ...bo, cut: 1 }))).toEqual(refused("staleCut"));
    expect(fold(two, ada, remove({ ...siri, cut: 2 }, { ...bo, cut: 2 }))).toEqual(refused("staleCut"));
  });

  test("[C10] a device is named once, and only one that is there", () => {
    const { remove } = bodiesFor(room);
    expect(fold(room, ada, remove(siri, siri))).toEqual(refused("malformed"));
    expect(fold(room, ada, remove(deviceOf("stranger", "consultant")))).toEqual(refused("malformed"));
    const gone = after(room, ada, remove(siri));
    expect(fold(gone, ada, bodiesFor(gone).remove(siri))).toEqual(refused("malformed"));
  });

  test("[C11] nobody removes itself", () => {
    expect(fold(room, ada, bodiesFor(room).remove(ada))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodiesFor(room).remove(bo, ada))).toEqual(refused("forbidden"));
  });

  test("[C11] the last device of a consultant stays: the recovery device neither removes nor replaces it, and no role takes it away", () => {
    expect(fold(room, paper, bodiesFor(room).remove({ ...ada, cut: room.ctrs[ada.deviceId] ?? 0 }, bo))).toEqual(refused("forbidden"));
    const alone = after(room, ada, bodiesFor(room).remove(bo));
    expect(fold(alone, paper, bodiesFor(alone).remove({ ...ada, cut: alone.ctrs[ada.deviceId] ?? 0 }))).toEqual(refused("forbidden"));
    expect(fold(alone, ada, bodiesFor(alone).setRole(ada, "socialTeacher"))).toEqual(refused("forbidden"));
    expect(fold(room, ada, bodiesFor(room).setRole(ada, "socialTeacher"))).toMatchObject(accepted);
  });

  test("[L4] a member reads all, a removed device as far as the record that tells it so, a stranger nothing", () => {
    const { membership } = after(room, ada, bodiesFor(room).remove(siri));
    expect([ada, siri, deviceOf("stranger", "consultant")].map(({ deviceId }) => readableThrough(membership!, deviceId))).toEqual([Number.POSITIVE_INFINITY, 30, 0]);
  });
});

describe("roles and recovery", () => {
  test("[C14] setRole gives the role to all devices of the person, and to no other", () => {
    const room = roomOf("school", ada, paper, bo, siri, siriPhone);
    const before = room.membership!;
    const changed = valueOf(fold(room, ada, bodiesFor(room).setRole(siri, "consultant")));
    expect(Object.entries(changed.devices).filter(([id, { role }]) => role !== before.devices[id]?.role).map(([id]) => id)).toEqual([siri.deviceId, siriPhone.deviceId]);
    expect(changed).toEqual({ ...before, controlHead: changed.controlHead, devices: changed.devices });
    expect(fold(room, ada, bodiesFor(room).setRole(deviceOf("stranger", "consultant"), "consultant"))).toEqual(refused("malformed"));
  });

  test("[C14] a person all of whose devices were removed has no role to be given", () => {
    const room = roomOf("school", ada, paper, siri);
    const without = after(room, ada, bodiesFor(room).remove(siri));
    expect(fold(without, ada, bodiesFor(without).setRole(siri, "consultant"))).toEqual(refused("malformed"));
  });

  const room: FoldedRoom = { ...roomOf("plan", ada, paper, bo), ctrs: { [ada.deviceId]: 3, [paper.deviceId]: 5 }, place: 12 };

  test.each([
    { by: "a consultant", author: ada, cut: 5 },
    { by: "the one before it, whose own last counter is that of the record", author: paper, cut: 6 },
  ])("[C12] the recovery device gives way to a new one, by $by", ({ author, cut }) => {
    const { devices, removed } = valueOf(fold(room, author, bodiesFor(room).replaceRecovery(newPaper)));
    expect(Object.entries(devices).flatMap(([id, { role }]) => (role === "recovery" ? [id] : []))).toEqual([newPaper.deviceId]);
    expect(removed).toEqual({ [paper.deviceId]: { memberId: paper.memberId, role: "recovery", leaf: paper.leaf, cut, fence: cut, seq: 12 } });
  });

  test("[C4] [C13] the new one is a device and a person whom the room has not had", () => {
    const { replaceRecovery } = bodiesFor(room);
    expect(fold(room, ada, replaceRecovery({ ...newPaper, memberId: bo.memberId }))).toEqual(refused("malformed"));
    expect(fold(room, ada, replaceRecovery({ ...newPaper, memberId: paper.memberId }))).toEqual(refused("malformed"));
    expect(fold(room, ada, { ...replaceRecovery({ ...newPaper, deviceId: bo.deviceId }), wraps: wrapsFor(ada, bo) })).toEqual(refused("malformed"));
    const behind = after(room, ada, replaceRecovery(newPaper));
    expect(fold(behind, ada, bodiesFor(behind).replaceRecovery(paper))).toEqual(refused("malformed"));
  });

  test("[C4] the one before it may do nothing any more, and the new one what it could", () => {
    const behind = after(room, ada, bodiesFor(room).replaceRecovery(newPaper));
    expect(fold(behind, paper, bodiesFor(behind).rotate())).toEqual(refused("notMember"));
    expect(fold(behind, newPaper, bodiesFor(behind).rotate())).toMatchObject(accepted);
  });

  test("[C4] a room that has had none gets one", () => {
    const without = roomOf("plan", ada, null);
    expect(valueOf(fold(without, ada, bodiesFor(without).replaceRecovery(paper))).removed).toEqual({});
  });
});

describe("the end", () => {
  const room = roomOf("school", ada, paper, bo);
  const kept = after(room, ada, bodiesFor(room).close("2031-08-01"));
  const gone = after(kept, ada, bodiesFor(kept).shred());

  test("[Z1] a room is closed once, and only that says how long it is kept", () => {
    expect([room, kept, gone].map(({ membership }) => membership?.keepUntil)).toEqual([null, "2031-08-01", "2031-08-01"]);
    expect(fold(kept, ada, bodiesFor(kept).close("2099-01-01"))).toEqual(refused("roomClosed"));
  });

  test.each(["addMember", "addDevice", "setRole", "remove", "rotate", "replaceRecovery", "offer", "acceptGen"] as const)("[Z1] a closed room takes %s", (action) => {
    const closedRoom = restored(kept);
    expect(fold(closedRoom, ada, bodyOf(action, closedRoom))).toMatchObject(accepted);
  });

  test("[Z2] only a closed room is shredded", () => {
    expect(fold(room, ada, bodiesFor(room).shred())).toEqual(refused("forbidden"));
    expect(gone.membership?.shredded).toBe(true);
  });

  test.each(["addMember", "addDevice", "setRole", "remove", "rotate", "replaceRecovery", "offer", "close", "shred", "acceptGen"] as const)(
    "[Z2] a shredded room does not take %s",
    (action) => {
      const end = restored(gone);
      expect(fold(end, ada, bodyOf(action, end))).toEqual(refused("roomClosed"));
    },
  );
});

describe("a restored relay", () => {
  const generation = { logGen: 100, fromSeq: 3 };
  const room: FoldedRoom = { ...roomOf("school", ada, paper, bo), generation };
  const { acceptGen } = bodiesFor(room);

  test("[G5] acceptGen has the number and the beginning of the generation that it stands in", () => {
    expect(valueOf(fold(room, ada, acceptGen(generation))).acceptedGen).toBe(100);
    expect(fold(room, ada, acceptGen({ logGen: 100, fromSeq: 2 }))).toEqual(refused("malformed"));
    expect(fold(room, ada, acceptGen({ logGen: 99, fromSeq: 3 }))).toEqual(refused("malformed"));
    expect(fold(room, ada, acceptGen({ logGen: 101, fromSeq: 3 }))).toEqual(refused("malformed"));
  });

  test("[G5] a generation is accepted once, and no older one after it", () => {
    const behind = after(room, ada, acceptGen(generation));
    expect(fold(behind, bo, bodiesFor(behind).acceptGen(generation))).toEqual(refused("malformed"));
    expect(fold(behind, bo, bodiesFor(behind).acceptGen({ logGen: 50, fromSeq: 2 }), { logGen: 50 })).toEqual(refused("malformed"));
  });

  test("[G5] one that is given back after a later restore counts for the generation that it was made in", () => {
    const later = { ...room, generation: { logGen: 200, fromSeq: 2 } };
    expect(valueOf(fold(later, ada, bodiesFor(later).acceptGen(generation), { logGen: 100 })).acceptedGen).toBe(100);
    expect(fold(later, ada, bodiesFor(later).acceptGen({ logGen: 200, fromSeq: 2 }), { logGen: 100 })).toEqual(refused("malformed"));
  });
});

test("[C1] a membership that was stored before there was anything to remove, close or accept has none of it", () => {
  const { removed: _removed, acceptedGen: _acceptedGen, keepUntil: _keepUntil, shredded: _shredded, ...stored } = roomOf("school", ada, paper).membership!;
  expect(readMembership(stored)).toEqual(roomOf("school", ada, paper).membership);
  const { membership } = closed(roomOf("school", ada, paper));
  expect(readMembership(membership!)).toEqual(membership);
});

describe("whatever happens", () => {
  type Step = { author: number; action: number; whom: number; role: number; wrong: boolean };
  const step: fc.Arbitrary<Step> = fc.record({ author: fc.nat(), action: fc.nat(), whom: fc.nat(), role: fc.nat(), wrong: fc.boolean() });
  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

  /** A record about somebody in the room or somebody new, by somebody in the room: most count. */
  function bodyBy(room: FoldedRoom, { action, whom, role }: Step): ControlBody {
    const membership = room.membership!;
    const named = ([deviceId, { memberId, role: has, leaf }]: [string, Omit<MemberDevice, "deviceId">]) => ({ deviceId, memberId, role: has, leaf });
    const there = Object.entries(membership.devices).map(named);
    const known = pick([...there, ...Object.entries(membership.removed).map(named)], whom);
    const someone = deviceOf(`new ${room.place}`, pick(rolesOfRoom[membership.roomKind], role));
    const bodies = bodiesFor(room);
    const removing = pick(there, whom);
    return pick<ControlBody>(
      [
        bodies.addMember(someone),
        bodies.addMember(someone),
        bodies.addDevice({ ...someone, memberId: known.memberId, role: known.role }),
        bodies.addDevice({ ...someone, memberId: known.memberId }),
        bodies.setRole(known, pick(roles, role)),
        bodies.remove({ ...removing, cut: room.ctrs[removing.deviceId] ?? 0 }),
        bodies.remove(...new Set([removing, pick(there, whom + role)].map((one) => ({ ...one, cut: room.ctrs[one.deviceId] ?? 0 })))),
        bodies.rotate(),
        bodies.replaceRecovery(deviceOf(`paper ${room.place}`, "recovery")),
        bodies.offer(),
        ...(whom % 7 === 0 ? [bodies.close(), bodies.shred()] : []),
      ],
      action,
    );
  }

  test("[C1] [C11] [C12] [C13] a room keeps a consultant and at most one recovery device, its epoch grows by one with each new key, exactly its devices are wrapped, and no leaf comes back", () => {
    let counted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.boolean(), fc.array(step, { maxLength: 40 }), (kind, hasRecovery, steps) => {
        let room = roomOf(kind, ada, hasRecovery ? paper : null);
        const everIn = new Set(Object.keys(room.membership!.devices));
        for (const one of steps) {
          const before = room.membership!;
          const author = { deviceId: pick(Object.keys(before.devices), one.author) };
          const right = bodyBy(room, one);
          const body = one.wrong && "wraps" in right ? ({ ...right, wraps: right.wraps.slice(1) } as ControlBody) : right;
          const frozen = structuredClone(before);
          const answer = fold(room, author, body);
          expect(before).toEqual(frozen);
          if (!answer.ok) continue;
          counted++;
          expect(body).toBe(right);
          room = after(room, author, body);
          const now = room.membership!;
          const devices = Object.entries(now.devices);
          expect(devices.some(([, { role }]) => role === "consultant")).toBe(true);
          expect(devices.filter(([, { role }]) => role === "recovery").length).toBeLessThanOrEqual(1);
          expect(devices.every(([, { role }]) => role === "recovery" || rolesOfRoom[kind].includes(role))).toBe(true);
          expect(now.devices[author.deviceId] !== undefined || body.action === "replaceRecovery").toBe(true);
          expect(now.epoch).toBe(before.epoch + ("history" in body ? 1 : 0));
          if ("history" in body) expect(new Set(body.wraps.map(({ deviceId }) => deviceId))).toEqual(new Set(Object.keys(now.devices)));
          for (const [deviceId] of devices) {
            if (before.devices[deviceId] !== undefined) continue;
            expect(everIn.has(deviceId)).toBe(false);
            everIn.add(deviceId);
          }
          // Nobody is forgotten: whoever was in the room is in it or among the removed.
          expect(new Set([...Object.keys(now.devices), ...Object.keys(now.removed)])).toEqual(everIn);
          for (const memberId of new Set(devices.map(([, device]) => device.memberId))) {
            expect(new Set(devices.filter(([, device]) => device.memberId === memberId).map(([, { role }]) => role)).size).toBe(1);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(counted).toBeGreaterThan(300);
  });
});
