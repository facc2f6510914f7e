import type { Bytes } from "#protocol/bytes.ts";
import type { ControlBody, Role } from "#protocol/control.ts";
import type { Generation } from "#protocol/log-rules.ts";
import type { LogEntry } from "#protocol/record.ts";
import { editsInStored, factsIn, type Facts, quotedIn, secretsIn } from "./truth.ts";

/** A room's log as it lies at the relay, and what is known of it from elsewhere. */
export type LogCase = {
  roomId: string;
  entries: readonly LogEntry[];
  generations: readonly Generation[];
  /** Whatever the relay has said to have, in whatever generation, by envelope id. */
  everTaken: ReadonlyMap<string, Bytes>;
  /** Whether there are, or were, two of the profile that the device is on. */
  isOneOfTwo(deviceId: string): boolean;
  broken(promise: string, what: string): void;
  /** Something that cannot be had, for the table of what worlds cover. */
  excused(what: string): void;
};

/** The room at a place of its log, worked out without the code that is tried. */
type Standing = {
  epoch: number;
  controlHead: string;
  members: ReadonlyMap<string, { memberId: string; role: Role }>;
  heads: ReadonlyMap<string, { ctr: number; tip: string }>;
  acceptedGen: number;
  isClosed: boolean;
  isShredded: boolean;
};

/**
 * What an honest relay and honest members leave behind, held against what SPEC.md says of it.
 * @returns what purges have destroyed for good: the secrets that no disk of a member may hold
 */
export function checkLog({ roomId, entries, generations, everTaken, isOneOfTwo, broken, excused }: LogCase): Set<string> {
  const room = roomId.slice(0, 4);
  const isRestored = generations.length > 1;
  const standings: Standing[] = [{ epoch: 1, controlHead: "", members: new Map(), heads: new Map(), acceptedGen: 1, isClosed: false, isShredded: false }];
  const epochs: number[] = [1];
  const placeOfEdit = new Map<string, number>();
  const named = new Set<string>();
  const destroyed = new Set<string>();
  const beats: string[] = [];
  const ofDevice = Map.groupBy(Array.from(everTaken.values(), factsIn), ({ deviceId }) => deviceId);

  const everPurged = new Set(Array.from(everTaken.values(), factsIn).flatMap(({ control }) => (control?.action === "purge" ? control.dropped.map(({ envelopeId }) => envelopeId) : [])));

  for (const entry of entries) {
    const before = standings.at(-1) as Standing;
    if ("dropped" in entry) {
      const { deviceId, ctr, envelopeId } = entry.dropped;
      step({ ...before, heads: new Map(before.heads).set(deviceId, { ctr, tip: envelopeId }) });
      continue;
    }
    const facts = factsIn(entry.bytes);
    const { envelope, control, deviceId } = facts;
    if (envelope.type === "heartbeat" && !isRestored) beats.push(deviceId);
    if (before.isShredded) broken("end", `something stands behind the shredding of ${room}`);
    if (before.isClosed && envelope.type === "update") broken("end", `an update stands behind the closing of ${room}`);
    if (envelope.epoch < before.epoch && !isRestored) broken("keys", `an envelope of epoch ${envelope.epoch} stands behind the beginning of ${before.epoch} in ${room}`);
    if (control !== null) checkControl(before, facts, control);
    else if (!isRestored && !isOneOfTwo(deviceId)) {
      for (const edit of new Set(editsInStored(entry.bytes))) {
        if (placeOfEdit.has(edit)) broken("once", `${edit} stands at ${placeOfEdit.get(edit)} and ${entry.seq} in ${room}`);
        placeOfEdit.set(edit, entry.seq);
      }
    }
    if (envelope.type === "update" && !isOneOfTwo(deviceId)) checkGivenBack(before, facts, entry.bytes);
    const heads = new Map(before.heads).set(deviceId, { ctr: envelope.ctr, tip: facts.id });
    step({ ...before, ...(control !== null && folded(before, facts, control)), epoch: Math.max(before.epoch, envelope.epoch), heads });
  }
  // A world is over within a day.
  const tooMany = beats.find((author, at) => beats.indexOf(author) < at && !isOneOfTwo(author));
  if (tooMany !== undefined) broken("heartbeats", `${tooMany.slice(0, 4)} has written two in ${room} in one day`);
  for (const entry of entries) if ("dropped" in entry && !named.has(entry.dropped.envelopeId) && !standings.at(-1)?.isShredded) broken("purge", `number ${entry.seq} of ${room} is gone, and no purge names it`);
  return destroyed;

  function step(after: Standing): void {
    standings.push(after);
    epochs.push(after.epoch);
  }

  function checkControl(before: Standing, { deviceId, envelope }: Facts, body: ControlBody): void {
    // All that a shred could be held against has gone with it. SPEC.md [Z2].
    if (body.action === "genesis" || body.action === "shred") return;
    if (body.previousControl !== before.controlHead) broken("control", `${body.action} in ${room} does not name the record before it`);
    const author = before.members.get(deviceId);
    if (author === undefined) broken("control", `${body.action} in ${room} is by no member`);
    const isOwn = (member: { memberId: string } | undefined) => member?.memberId === author?.memberId;
    const isAboutOwn = (body.action === "addDevice" && isOwn(body.member)) || (body.action === "remove" && body.devices.every((one) => isOwn(before.members.get(one.deviceId))));
    if (author?.role === "socialTeacher" && !isAboutOwn) broken("control", `${body.action} in ${room} is by a teacher`);
    const { fromSeq = 0 } = generations.find(({ logGen }) => logGen === envelope.logGen) ?? {};
    if (body.action !== "acceptGen" && fromSeq > 0 && before.acceptedGen < envelope.logGen) broken("control", `${body.action} in ${room} before the generation was accepted`);
    if (body.action === "remove") {
      for (const { deviceId: gone, cut } of body.devices) {
        const written = before.heads.get(gone)?.ctr ?? 0;
        if (cut !== written && !isRestored) broken("cut", `a removal names ${cut} where the device has written ${written}`);
      }
    }
    if (body.action === "purge") {
      const second = before.members.get(body.ask.deviceId);
      if (second === undefined || second.memberId === author?.memberId) broken("purge", `one person alone has purged in ${room}`);
      checkPurge(body);
    }
  }

  function checkPurge({ dropped }: Extract<ControlBody, { action: "purge" }>): void {
    const record = entries.find((entry) => "bytes" in entry && factsIn(entry.bytes).control !== null && JSON.stringify(factsIn(entry.bytes).control).includes(JSON.stringify(dropped)));
    const kept = new Set(record !== undefined && "bytes" in record ? secretsIn(record.bytes) : []);
    for (const { seq, envelopeId } of dropped) {
      named.add(envelopeId);
      const entry = entries[seq - 1];
      if (entry !== undefined && "bytes" in entry && !isRestored) broken("purge", `number ${seq} of ${room} was purged and is there`);
      const bytes = everTaken.get(envelopeId);
      if (bytes !== undefined && !isRestored) for (const secret of secretsIn(bytes)) if (!kept.has(secret)) destroyed.add(secret);
    }
  }

  /**
   * What a restored relay has lost and would take again as it is, is given back as it is: its author makes nothing new before that, and nobody quotes
   * it. SPEC.md [G3], [G4], [G7].
   */
  function checkGivenBack(before: Standing, { envelope, deviceId }: Facts, bytes: Bytes): void {
    if (!isRestored || envelope.logGen === 1) return;
    const then = standings[envelope.seenSeq];
    const quoted = quotedIn(bytes);
    const own = (ofDevice.get(deviceId) ?? []).filter((one) => one.envelope.ctr === envelope.ctr && one.envelope.type === "update");
    for (const lost of quoted === null ? own : [quoted]) {
      if (lost.envelope.logGen >= envelope.logGen || everPurged.has(lost.id) || then === undefined) continue;
      if (!isTakable(lost, then) || !isTakable(lost, before)) continue;
      if (isBehindPurged(lost)) excused("envelopes given up behind what a lost purge had destroyed, before others gave that back");
      else broken("given back", `${lost.id.slice(0, 6)} of ${room} was to be given back, and has given way to ${envelope.ctr} of ${deviceId.slice(0, 4)}`);
    }
  }

  /** To whoever knows of the purge there is a gap before it, until somebody who does not gives back what was purged. */
  function isBehindPurged({ deviceId, envelope }: Facts): boolean {
    return entries.some((entry) => {
      if (!("bytes" in entry)) return false;
      const purged = factsIn(entry.bytes);
      const isGivenBack = everPurged.has(purged.id) && entry.seq > beginningAfter(purged.envelope.logGen);
      return isGivenBack && purged.deviceId === deviceId && purged.envelope.ctr < envelope.ctr;
    });
  }

  /** Behind which number the log of a generation was lost; beyond all where none of it was. */
  function beginningAfter(generation: number): number {
    return Math.min(...generations.filter(({ logGen }) => logGen > generation).map(({ fromSeq }) => fromSeq));
  }

  function isTakable({ envelope, deviceId }: Facts, { members, heads, isClosed }: Standing): boolean {
    const head = heads.get(deviceId);
    const continues = envelope.ctr === (head?.ctr ?? 0) + 1 && Buffer.from(envelope.prev).toString("hex") === (head?.tip ?? "0".repeat(64));
    return !isClosed && members.has(deviceId) && continues && envelope.epoch <= (epochs[beginningAfter(envelope.logGen)] ?? 0);
  }
}

function folded({ members, acceptedGen, isClosed }: Standing, { id }: Facts, body: ControlBody): Partial<Standing> {
  const after = new Map(members);
  const add = ({ deviceId, memberId, role }: { deviceId: string; memberId: string; role: Role }) => after.set(deviceId, { memberId, role });
  if (body.action === "genesis") body.members.forEach(add);
  if (body.action === "remove") for (const { deviceId } of body.devices) after.delete(deviceId);
  if (body.action === "replaceRecovery") for (const [deviceId, { role }] of members) if (role === "recovery") after.delete(deviceId);
  if (body.action === "addMember" || body.action === "addDevice" || body.action === "replaceRecovery") add(body.member);
  if (body.action === "setRole") for (const [deviceId, { memberId }] of members) if (memberId === body.memberId) after.set(deviceId, { memberId, role: body.role });
  return {
    controlHead: id,
    members: after,
    acceptedGen: body.action === "acceptGen" ? body.logGen : acceptedGen,
    isClosed: isClosed || body.action === "close",
    isShredded: body.action === "shred",
  };
}
