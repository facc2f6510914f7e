import type { ControlAction, ControlBody, Dropped, MemberDevice, NewEpochBody, Role, RoomKind } from "./control.ts";
import { limits } from "./limits.ts";
import type { Answer, Refusal } from "./messages.ts";
import type { EnvelopeFacts } from "./record.ts";

type MemberOf = Omit<MemberDevice, "deviceId">;

/** A device that was removed. What it wrote before still has its author, and it may read as far as the record that removed it. */
export type RemovedDevice = MemberOf & { cut: number; fence: number; seq: number };

/** Who is in a room, as the fold of its control records. JSON. */
export type Membership = {
  roomKind: RoomKind;
  serviceId: string;
  epoch: number;
  /** In which generation of the log each epoch was begun; not there for those of the first. SPEC.md [G4]. */
  begunIn?: Record<number, number>;
  commitment: string;
  /** Envelope id of the newest control record. */
  controlHead: string;
  devices: Record<string, MemberOf>;
  removed: Record<string, RemovedDevice>;
  /** The newest generation of the log that a person has accepted. SPEC.md [G5]. */
  acceptedGen: number;
  /** The last day that the room is kept, once it is closed. */
  keepUntil: string | null;
  shredded: boolean;
};

/** One that was stored before a room could be closed or anybody removed lacks what came since. */
export type StoredMembership = Omit<Membership, "removed" | "acceptedGen" | "keepUntil" | "shredded"> & Partial<Membership>;

export function readMembership(stored: StoredMembership): Membership {
  return { removed: {}, acceptedGen: 1, keepUntil: null, shredded: false, ...stored };
}

/** A device as it is in the room, or was; undefined for one that never was. @param membership null where nothing of the room has been read */
export function knownDevice(membership: Membership | null, deviceId: string): MemberOf | undefined {
  return membership?.devices[deviceId] ?? membership?.removed[deviceId];
}

/** What the fold asks of the log up to a control record. */
export type LogSoFar = {
  /** The number that the record is to have. */
  place: number;
  /** The log's present generation, and after which number it began. */
  generation: { logGen: number; fromSeq: number };
  /** The counter of a device's last envelope; 0 for one that has written nothing. */
  lastCtr(deviceId: string): number;
  /** Whether this is an update that stands there. */
  isUpdateAt(dropped: Dropped): boolean;
};

/** Which roles a room of each kind may have, besides the recovery device that every room has. */
export const rolesOfRoom: Record<RoomKind, readonly Role[]> = {
  service: ["consultant"],
  shelf: ["consultant", "socialTeacher", "principal", "serviceLead"],
  plan: ["consultant", "socialTeacher", "principal"],
  school: ["consultant", "socialTeacher"],
  figures: ["consultant", "serviceLead"],
};

/** What the holder of the recovery code may do: let people in again, lock out who has the old keys, and make a new code. */
const recoveryActions: ReadonlySet<ControlAction> = new Set(["addMember", "addDevice", "remove", "rotate", "replaceRecovery", "acceptGen"]);

/** Whether a member in this role may make the control record, whomever it is about. SPEC.md [C4]. */
export function mayControl(role: Role, action: ControlAction): boolean {
  return role === "consultant" || (role === "recovery" && recoveryActions.has(action));
}

/** Whether the role may store updates in a room of this kind at all; which documents it may write is the reader's check. SPEC.md [D3]. */
export function mayWrite(role: Role, kind: RoomKind): boolean {
  if (role === "consultant" || role === "recovery") return true;
  return role === "socialTeacher" && (kind === "school" || kind === "plan");
}

/** How far a device may read: a member all, one that was removed up to the record that tells it so, anybody else nothing. SPEC.md [L4]. */
export function readableThrough({ devices, removed }: Membership, deviceId: string): number {
  return devices[deviceId] === undefined ? (removed[deviceId]?.seq ?? 0) : Number.POSITIVE_INFINITY;
}

type Bare = Exclude<Refusal, { expected: number } | { logGen: number } | { retryAfterMs: number }>["type"];
const refuse = (type: Bare) => ({ ok: false, refusal: { type } }) as const;
const accept = (membership: Membership) => ({ ok: true, value: membership }) as const;

/**
 * The membership after one control record, or why it does not count. Pure: the relay and every reader run this same fold. SPEC.md §4.
 * @param before null when the room has no record yet
 */
export function foldControl(before: Membership | null, facts: EnvelopeFacts, body: ControlBody, log: LogSoFar): Answer<Membership> {
  if (body.action === "genesis") return before === null ? foldGenesis(facts, body) : refuse("roomExists");
  if (before === null) return refuse("malformed");
  const author = before.devices[facts.deviceId];
  if (author === undefined) return refuse("notMember");
  if (!mayControl(author.role, body.action) && !isAboutOwnDevices(before, author, body)) return refuse("forbidden");
  if (body.previousControl !== before.controlHead) return refuse("staleControl");
  if (before.shredded) return refuse("roomClosed");
  const after = { ...before, controlHead: facts.envelopeId };
  if (beginsEpoch(body)) {
    if (facts.epoch !== before.epoch + 1) return refuse("staleEpoch");
    const begunIn = facts.logGen > 1 ? { begunIn: { ...before.begunIn, [facts.epoch]: facts.logGen } } : {};
    return foldNewEpoch({ ...after, ...begunIn, epoch: facts.epoch, commitment: body.commitment }, facts, body, log);
  }
  if (facts.epoch !== before.epoch) return refuse("staleEpoch");
  switch (body.action) {
    case "addMember":
    case "addDevice":
      return foldAdded(after, body);
    case "setRole":
      return foldRole(after, body);
    case "offer":
      return accept(after);
    case "close":
      return before.keepUntil === null ? accept({ ...after, keepUntil: body.keepUntil }) : refuse("roomClosed");
    case "shred":
      return before.keepUntil === null ? refuse("forbidden") : accept({ ...after, shredded: true });
    case "purge":
      return foldPurge(after, author, body, log);
    case "acceptGen":
      return foldAcceptedGen(after, facts, body, log);
  }
}

function foldGenesis(facts: EnvelopeFacts, body: Extract<ControlBody, { action: "genesis" }>): Answer<Membership> {
  const [author, recovery] = body.members;
  if (author === undefined || author.deviceId !== facts.deviceId || author.role !== "consultant") return refuse("forbidden");
  if (recovery !== undefined && recovery.role !== "recovery") return refuse("forbidden");
  if (recovery?.memberId === author.memberId) return refuse("malformed");
  if (facts.epoch !== 1 || facts.ctr !== 1) return refuse("malformed");
  if ((body.roomKind === "service") !== (body.serviceId === facts.roomId)) return refuse("malformed");
  const devices = devicesOf(body.members);
  if (Object.keys(devices).length !== body.members.length || !wrapsAreFor(devices, body.wraps)) return refuse("malformed");
  return accept({
    roomKind: body.roomKind,
    serviceId: body.serviceId,
    epoch: 1,
    commitment: body.commitment,
    controlHead: facts.envelopeId,
    devices,
    removed: {},
    acceptedGen: 1,
    keepUntil: null,
    shredded: false,
  });
}

function foldAdded(after: Membership, { action, member, commitment, wraps }: Extract<ControlBody, { action: "addMember" | "addDevice" }>): Answer<Membership> {
  if (commitment !== after.commitment) return refuse("staleEpoch");
  const others = Object.values(after.devices).filter(({ memberId }) => memberId === member.memberId);
  const gone = Object.values(after.removed).filter(({ memberId }) => memberId === member.memberId);
  if (others.length + gone.length > 0 !== (action === "addDevice")) return refuse("malformed");
  if (!rolesOfRoom[after.roomKind].includes(member.role) || others.some(({ role }) => role !== member.role)) return refuse("forbidden");
  // Whoever has had the code on paper stays what it was.
  if (gone.some(({ role }) => role === "recovery")) return refuse("forbidden");
  // A leaf is used once: one that was removed may be in somebody else's hands.
  if (after.devices[member.deviceId] !== undefined || after.removed[member.deviceId] !== undefined) return refuse("malformed");
  if (!wrapsAreFor(devicesOf([member]), wraps)) return refuse("malformed");
  if (Object.keys(after.devices).length >= limits.roomDevices) return refuse("forbidden");
  return accept({ ...after, devices: { ...after.devices, ...devicesOf([member]) } });
}

function foldRole(after: Membership, { memberId, role }: Extract<ControlBody, { action: "setRole" }>): Answer<Membership> {
  const own = Object.entries(after.devices).filter(([, device]) => device.memberId === memberId);
  if (own.length === 0) return refuse("malformed");
  if (!rolesOfRoom[after.roomKind].includes(role) || own.some(([, device]) => device.role === "recovery")) return refuse("forbidden");
  const changed = own.map(([deviceId, device]) => [deviceId, { ...device, role }] as const);
  return withConsultant({ ...after, devices: { ...after.devices, ...Object.fromEntries(changed) } });
}

/** @param after with the epoch that the record begins, and the devices as they were before it */
function foldNewEpoch(after: Membership, facts: EnvelopeFacts, body: NewEpochBody, log: LogSoFar): Answer<Membership> {
  const changed = body.action === "rotate" ? accept(after) : body.action === "remove" ? foldRemoved(after, facts, body, log) : foldRecovery(after, facts, body, log);
  if (!changed.ok) return changed;
  return wrapsAreFor(changed.value.devices, body.wraps) ? changed : refuse("malformed");
}

function foldRemoved(after: Membership, facts: EnvelopeFacts, { devices: named }: Extract<ControlBody, { action: "remove" }>, log: LogSoFar): Answer<Membership> {
  const devices = { ...after.devices };
  const removed = { ...after.removed };
  for (const { deviceId, cut, fence } of named) {
    const device = devices[deviceId];
    if (device === undefined) return refuse("malformed");
    // Who removes itself would know the key that is made to shut it out; and the recovery device gives way to a new one only.
    if (deviceId === facts.deviceId || device.role === "recovery") return refuse("forbidden");
    if (fence > cut || cut > log.lastCtr(deviceId)) return refuse("malformed");
    if (cut < log.lastCtr(deviceId)) return refuse("staleCut");
    delete devices[deviceId];
    removed[deviceId] = { ...device, cut, fence, seq: log.place };
  }
  return withConsultant({ ...after, devices, removed });
}

function foldRecovery(after: Membership, facts: EnvelopeFacts, { member }: Extract<ControlBody, { action: "replaceRecovery" }>, log: LogSoFar): Answer<Membership> {
  if (member.role !== "recovery") return refuse("forbidden");
  const { memberId, deviceId } = member;
  const known = [...Object.entries(after.devices), ...Object.entries(after.removed)];
  if (known.some(([id, device]) => id === deviceId || device.memberId === memberId)) return refuse("malformed");
  const [gone = [], stay = []] = [true, false].map((isGone) => Object.entries(after.devices).filter(([, { role }]) => (role === "recovery") === isGone));
  // Where the code was used to make a new one, this record is the last that it made.
  const last = (id: string) => (id === facts.deviceId ? facts.ctr : log.lastCtr(id));
  const removed = gone.map(([id, device]) => [id, { ...device, cut: last(id), fence: last(id), seq: log.place }] as const);
  return accept({
    ...after,
    devices: { ...Object.fromEntries(stay), ...devicesOf([member]) },
    removed: { ...after.removed, ...Object.fromEntries(removed) },
  });
}

/** Two persons must want it, and it must say truly what it destroys. SPEC.md [Z3]. */
function foldPurge(after: Membership, author: MemberOf, { through, dropped, ask }: Extract<ControlBody, { action: "purge" }>, log: LogSoFar): Answer<Membership> {
  const second = after.devices[ask.deviceId];
  if (second === undefined || second.memberId === author.memberId || !mayWrite(second.role, after.roomKind) || second.role === "recovery") return refuse("forbidden");
  const isInOrder = dropped.every(({ seq }, at) => seq > (dropped[at - 1]?.seq ?? 0) && seq <= through);
  return through < log.place && isInOrder && dropped.every(log.isUpdateAt) ? accept(after) : refuse("malformed");
}

function foldAcceptedGen(after: Membership, facts: EnvelopeFacts, { logGen, fromSeq }: Extract<ControlBody, { action: "acceptGen" }>, { generation }: LogSoFar): Answer<Membership> {
  if (logGen !== facts.logGen || logGen <= after.acceptedGen) return refuse("malformed");
  // One that was made before a later restore tells of a generation that is over.
  if (logGen === generation.logGen && fromSeq !== generation.fromSeq) return refuse("malformed");
  return accept({ ...after, acceptedGen: logGen });
}

/** Everybody may add and remove devices of their own; for the recovery device the fold has more to say. SPEC.md [C9]. */
function isAboutOwnDevices(before: Membership, author: MemberOf, body: ControlBody): boolean {
  if (body.action === "addDevice") return body.member.memberId === author.memberId;
  return body.action === "remove" && body.devices.every(({ deviceId }) => before.devices[deviceId]?.memberId === author.memberId);
}

/** A room without one could never be changed again. */
function withConsultant(after: Membership): Answer<Membership> {
  return Object.values(after.devices).some(({ role }) => role === "consultant") ? accept(after) : refuse("forbidden");
}

function beginsEpoch(body: ControlBody): body is NewEpochBody {
  return "history" in body;
}

function devicesOf(members: readonly MemberDevice[]): Membership["devices"] {
  return Object.fromEntries(members.map(({ deviceId, ...device }) => [deviceId, device]));
}

function wrapsAreFor(devices: Membership["devices"], wraps: readonly { deviceId: string }[]): boolean {
  const wrapped = new Set(wraps.map(({ deviceId }) => deviceId));
  return wrapped.size === wraps.length && wrapped.size === Object.keys(devices).length && Array.from(wrapped).every((id) => devices[id] !== undefined);
}
