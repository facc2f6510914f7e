import type { SourceEdit } from "./loader.ts";

/** One rule of SPEC.md switched off: the worlds must notice. Only what honest people and an honest relay can run into; the rest is for a hostile one. */
export type Mutant = { rule: string; what: string; edits: readonly SourceEdit[] };

const one = (rule: string, what: string, file: string, find: string, replace: string): Mutant => ({ rule, what, edits: [{ file, find, replace }] });

const log = (name: string) => `src/engine/log/${name}.ts`;
const syncLoop = "src/engine/sync/sync-loop.ts";
const membership = "sync-server/protocol/membership.ts";
const rules = "sync-server/protocol/log-rules.ts";

export const mutants: readonly Mutant[] = [
  one("W1", "the chain head is not compared before it is moved", log("other-tabs"), "if (tip !== room.head.tip || unread > 0)", "if (tip === undefined)"),
  one("P5a", "what another tab has written is passed over", log("other-tabs"), "if (tip !== room.head.tip || unread > 0)", "if (tip !== room.head.tip)"),
  one("P5b", "what another tab has read is not compared", log("other-tabs"), "if (row?.revision !== room.revision)", "if (row === undefined)"),
  one("P5c", "an edit is read back without its place being kept", log("inbox"), "{ local: row.local, seq, acc, pending: undefined, lostAt: undefined }", "{ local: row.local, pending: undefined, lostAt: undefined }"),
  one("P1", "a page that begins too far on is taken", log("inbox"), " || fresh[0]?.seq !== before.seq + 1)", " || fresh.length === 0)"),
  one("P6", "a tab does not learn the keys that another has learned", log("other-tabs"), "const lacking = wasLacking || state.membership?.commitment !== room.status.get().state.membership?.commitment;", "const lacking = wasLacking && state.seq < 0;"),
  one("W2a", "what was attempted may be folded", log("outbox-plan"), 'const stays = row.stage !== "sealed" &&', 'const stays = row.stage === "acked" &&'),
  one("W2b", "«attempted» is not on disk before the first byte is sent", log("outbox"), "const fresh = push.filter((row) => row.attempted !== 1);", "const fresh: RecordRow[] = [];"),
  one("W2c", "a fold does not ask whether another tab has begun to send", log("outbox"), "if (ownHead?.sendings !== sendings)", "if (ownHead === undefined)"),
  one("W2d", "what can never be taken is not sealed again", log("outbox-plan"), 'if (!stays && row.stage !== "acked") loose.push(row);', 'if (!stays && row.stage === "sealed") loose.push(row);'),
  one("W4", "an own envelope leaves the outbox when it is acked", log("outbox"), "acked.map(({ local }) => ({ local, pending: 2 }))", "acked.map(({ local }) => ({ local, pending: undefined }))"),
  one("W8", "what another tab has sent meanwhile is taken for lost", log("outbox"), ".filter((local) => owed.includes(local))", ""),
  one("W10", "what is of an epoch that is over is sent as it is", log("outbox-plan"), "row.epoch === epoch && row.logGen === logGen", "row.logGen === logGen"),
  {
    rule: "W11a",
    what: "a profile that was set back does not go on from the log's counter",
    edits: [
      { file: log("inbox"), find: "inLog !== undefined && inLog.ctr > room.head.ctr ? inLog : room.head", replace: "room.head" },
      { file: log("room-context"), find: "return unsent + unconfirmed + lost > 0 ? head : headInLog(state, keys.deviceId);", replace: "return head;" },
    ],
  },
  one("W11b", "an own control record or heartbeat is taken for a profile that was set back", log("inbox"), 'known === undefined && parsed.ok && parsed.envelope.type === "update"', "known === undefined"),
  one("E6", "counters may be used twice and left out", rules, 'if (facts.ctr < expected || facts.prev !== (head?.tip ?? toHex(noHash))) return { type: "ctrReused", expected };', ""),
  one("R1a", "the relay acks before the commit", "sync-server/room-writer.ts", "return () => resolve(result);", "resolve(result);\n          return () => undefined;"),
  one("R1b", "the relay takes what is sealed in an epoch that is over", rules, 'return !isAnother && (epoch === membership.epoch || (mayBeLate && epoch < membership.epoch)) ? null : { type: "staleEpoch" };', "return mayBeLate || isAnother || epoch > 0 ? null : null;"),
  one("R2", "the same envelope again gets another answer", "sync-server/room-log.ts", "return stored?.envelopeId === facts.envelopeId ? stored.seq : null;", "return null;"),
  one("L4", "a removed device reads on", membership, "(removed[deviceId]?.seq ?? 0)", "(removed[deviceId] === undefined ? 0 : Number.POSITIVE_INFINITY)"),
  one("C3", "control records need not name the one before", membership, 'if (body.previousControl !== before.controlHead) return refuse("staleControl");', ""),
  one("C10", "who removes need not have seen all", membership, 'if (cut < log.lastCtr(deviceId)) return refuse("staleCut");', ""),
  one("C11", "a room may lose its last consultant", membership, 'return Object.values(after.devices).some(({ role }) => role === "consultant") ? accept(after) : refuse("forbidden");', "return accept(after);"),
  one("C12", "a removal does not shut out: the one removed gets the new key too", log("changes"), "return begin(left, (epoch)", "return begin(membership.devices, (epoch)"),
  one("K4", "an epoch that was lost and begun anew keeps its old secret", log("epochs"), "(known !== undefined && (await isCommitted(keys.roomId, epoch, known, control.commitment)))", "known !== undefined"),
  one("K8", "history links are not followed", log("epochs"), "  await readBack(room, accepted, secrets);\n", ""),
  one("L2", "a generation does not go on from a sum of its own", log("verify"), "acc: started ?? acc };", "acc };"),
  one("G1", "sessions outlive a restore", "sync-server/storage/memory.ts", "for (const [tokenHash] of sessions.entries()) sessions.remove(tokenHash);", ""),
  one("G2a", "a device does not go back to where a generation begins", log("generations"), "Math.min(from, before.seq)", "before.seq"),
  one("G2b", "what was verified beyond is not given back", log("generations"), "if ((row.seq ?? 0) > state.seq) return [{ local: row.local, pending: 3, lostAt: row.seq, seq: undefined, acc: undefined }];", ""),
  one("G2c", "a page of another generation is taken", log("inbox"), "logGenOf(before) !== logGen || ", ""),
  one("G3a", "nothing is given back", syncLoop, "(await pull(room, met.asksAll)) ?? (await repair(room)) ??", "(await pull(room, met.asksAll)) ??"),
  {
    rule: "G3b",
    what: "new things are made before all is given back",
    edits: [
      { file: log("outbox"), find: "if (lost.length > 0 || isShutOut || isReopened(state)) return [];", replace: "if (isShutOut || isReopened(state)) return [];" },
      { file: syncLoop, find: "(await pull(room, met.asksAll)) ?? (await repair(room)) ?? (await push(room))", replace: "(await pull(room, met.asksAll)) ?? (await push(room)) ?? (await repair(room))" },
      { file: syncLoop, find: "room.unsent() > 0 && room.lost() === 0 && !closed", replace: "room.unsent() > 0 && !closed" },
    ],
  },
  one("G4", "the epoch of what is given back is held against the room's", rules, "const mayBeLate = generations.some((later) => later.logGen > logGen && place > later.fromSeq);", "const mayBeLate = false;"),
  one("G5", "people are let in and out on half a log", rules, "return membership !== null && fromSeq > 0 && logGen > membership.acceptedGen;", "return false;"),
  one("G7", "what is finally refused is not quoted", log("generations"), "mayWrite(role, kind) && row.quarantined === undefined", "false"),
  one("H2", "a device gives more than one heartbeat a day", log("seen"), "(unsaid && isOld(beatAt))", "unsaid"),
  one("D-leave", "a removed device forgets what it never sent", "src/engine/space.ts", "end !== null && unsent === 0 && mayDestroy", "end !== null && mayDestroy"),
  {
    rule: "R6a",
    what: "a session that is over is not asked for anew",
    edits: [
      { file: syncLoop, find: 'if (opened.refusal.type === "sessionExpired") session = null;', replace: "" },
      { file: syncLoop, find: 'if (refusal.type !== "sessionExpired") return refusal;', replace: 'if (refusal.type !== "malformed") return refusal;' },
    ],
  },
  one("R6b", "the relay lets a session that is over go on", "sync-server/access.ts", "if (known !== undefined) return known.expiresAt > clock() ? known : null;", "if (known !== undefined) return known;"),
  one("C4", "a teacher changes the room like a consultant", membership, "return role === \"consultant\" || (role === \"recovery\" && recoveryActions.has(action));", "return true;"),
  {
    rule: "G4b",
    what: "another epoch of the same number passes for the room's",
    edits: [
      { file: rules, find: "const isAnother = logGen < (membership.begunIn?.[epoch] ?? 1);", replace: "const isAnother = false;" },
      { file: log("generations"), find: "const isOther = isBegun && hasOther &&", replace: "const isOther = isBegun && !isBegun &&" },
    ],
  },
  one("G7b", "behind what is given up, the author's next waits for ever", log("generations"), 'new Set(["ctrReused", "gap", ', 'new Set(["ctrReused", '),
  one("G2d", "own savings that a relay has lost are not counted as unsent", log("record-rows"), "countEdits([...unacked, ...lostRows])", "countEdits(unacked)"),
  one("Z1", "one writes on in a closed room", rules, 'if (membership.shredded || (type === "update" && membership.keepUntil !== null)) return { type: "roomClosed" };', ""),
  one("Z1b", "a room is kept for longer than its day", log("room-state"), 'return membership.keepUntil !== null && membership.keepUntil < today ? "expired" : null;', "return membership.keepUntil === today ? \"expired\" : null;"),
  one("Z1c", "what waits in a closed room keeps its author from changing it", log("changes"), "const isClosed = membership.keepUntil !== null;", "const isClosed = membership.shredded;"),
  one("Z2b", "a device keeps a room that was shredded", log("room-state"), 'if (membership.shredded) return "shredded";', ""),
  one("Z3a", "one person alone may purge", membership, "second.memberId === author.memberId ||", ""),
  one("Z3b", "what a purge carries on is not read", log("reader"), "const items = states.map(({ docId, update }) => ({ docId, update: fromBase64Url(update) }));", "const items = states.slice(states.length).map(({ docId, update }) => ({ docId, update: fromBase64Url(update) }));"),
  one("Z4a", "devices keep the bytes that were purged", log("inbox"), "      purge(tx, roomId, purged),\n", ""),
  one("Z4b", "the relay keeps the bytes that were purged", "sync-server/room-log.ts", 'if (control?.action === "purge") draft.purged.push(...control.dropped.map((one) => one.seq));', ""),
  {
    rule: "Z4c",
    what: "snapshots outlive a purge",
    edits: [
      { file: log("inbox"), find: "  await tx.deleteSnapshots(roomId);\n", replace: "" },
      { file: "src/engine/documents/room-documents.ts", find: "      await this.#snapshots.drop(this.#log.roomId);\n", replace: "" },
    ],
  },
  one("Z4d", "a tab takes a snapshot without having read what another has", "src/engine/documents/snapshot-store.ts", "if (room?.revision !== revision || keptThrough < after) return false;", ""),
  {
    rule: "Z5",
    what: "what was purged is given back",
    edits: [
      { file: log("generations"), find: "rows.filter(({ droppedCtr }) => droppedCtr === undefined)", replace: "rows.filter(({ droppedCtr }) => droppedCtr !== -1)" },
      { file: log("generations"), find: "      if ((row.seq ?? 0) > state.seq && row.droppedCtr !== undefined) return [{ local: row.local, seq: undefined, acc: undefined }];\n", replace: "" },
    ],
  },
  one("Y5a", "the old code stays in the room", membership, "devices: { ...Object.fromEntries(stay), ...devicesOf([member]) },", "devices: { ...after.devices, ...devicesOf([member]) },"),
  one("Y5b", "the old code gets the new key", log("changes"), '.filter(([, { role }]) => role !== "recovery");', ';'),
  one("U4a", "a locked device does not mark what it sends", log("upload"), "tx.updateRows(fresh.map(({ local }) => ({ local, attempted: 1 }))),", ""),
  one("U4b", "a locked device takes for confirmed what was acked", log("upload"), "acked.map(({ local }) => ({ local, pending: 2 }))", "acked.map(({ local }) => ({ local, pending: undefined }))"),
  one("D-full", "what did not reach the disk stays on the screen", "src/engine/documents/room-documents.ts", "        await Promise.all(docIds.map((docId) => this.#takeBack(docId)));\n", ""),
  one("W1b", "a tab goes on from an envelope that the disk has refused", log("outbox"), "  const ctr = room.head.ctr + 1;\n  const local = await room", "  const ctr = room.head.ctr + 1;\n  room.head = { ctr, tip: toHex(sealed.envelopeId) };\n  const local = await room"),
  one("N-count", "a tab counts by itself what another has sent", log("inbox"), "&& acked.length <= room.status.get().unconfirmed", ""),
];
