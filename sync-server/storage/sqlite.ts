import Database from "better-sqlite3";
import { fromHex, toHex, type Bytes } from "#protocol/bytes.ts";
import type { ChainHead, Generation } from "#protocol/log-rules.ts";
import { readMembership, type StoredMembership } from "#protocol/membership.ts";
import { InviteSlot } from "#protocol/messages.ts";
import { accNextInput, accStartInput } from "#protocol/record.ts";
import { nodeSha256 } from "../node-sha256.ts";
import { SchemaTooNewError } from "./schema-version.ts";
import { encodeGen, newestGenOf, newestGenSetting, newRoom, type Invite, type LogPage, type RecoveryBundle, type RelayStorage, type RoomState, type Stored, type WriteTx } from "./storage.ts";

/** The schema, one step for each version. Steps are appended and never edited: databases out there have run the earlier ones. */
const migrations: readonly (string | ((connection: Database.Database) => void))[] = [
  `
  CREATE TABLE rooms (
    room INTEGER PRIMARY KEY,
    room_id BLOB NOT NULL UNIQUE,
    head_seq INTEGER NOT NULL,
    log_gen INTEGER NOT NULL
  );
  CREATE TABLE memberships (room INTEGER PRIMARY KEY REFERENCES rooms, body TEXT NOT NULL);
  CREATE TABLE chain_heads (
    room INTEGER NOT NULL REFERENCES rooms,
    device_id BLOB NOT NULL,
    ctr INTEGER NOT NULL,
    tip BLOB NOT NULL,
    PRIMARY KEY (room, device_id)
  ) WITHOUT ROWID;
  CREATE TABLE envelopes (
    room INTEGER NOT NULL REFERENCES rooms,
    seq INTEGER NOT NULL,
    device_id BLOB NOT NULL,
    ctr INTEGER NOT NULL,
    envelope_id BLOB NOT NULL,
    bytes BLOB NOT NULL
  );
  CREATE UNIQUE INDEX envelopes_by_number ON envelopes (room, seq);
  CREATE UNIQUE INDEX envelopes_by_place ON envelopes (room, device_id, ctr);
  CREATE TABLE enrolment_codes (code_hash BLOB PRIMARY KEY, created_at INTEGER NOT NULL, used_by BLOB) WITHOUT ROWID;
  CREATE TABLE services (service_id BLOB PRIMARY KEY, token_hash BLOB NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE invites (
    invite_id BLOB PRIMARY KEY,
    room_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    claim BLOB
  ) WITHOUT ROWID;
  CREATE INDEX invites_by_expiry ON invites (expires_at);
  CREATE TABLE invite_slots (
    invite_id BLOB NOT NULL REFERENCES invites ON DELETE CASCADE,
    slot TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (invite_id, slot)
  );
  `,
  addAccumulators,
  `
  ALTER TABLE rooms ADD COLUMN generations TEXT NOT NULL DEFAULT '[]';
  UPDATE rooms SET generations = json_array(json_object('logGen', log_gen, 'fromSeq', 0));
  ALTER TABLE rooms ADD COLUMN stored_bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE rooms SET stored_bytes = (SELECT coalesce(sum(length(bytes)), 0) FROM envelopes WHERE envelopes.room = rooms.room);
  CREATE TABLE outer_keys (room INTEGER PRIMARY KEY REFERENCES rooms, outer_key BLOB NOT NULL);
  CREATE TABLE tokens (
    token_hash BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX tokens_by_expiry ON tokens (expires_at);
  CREATE TABLE token_rooms (
    token_hash BLOB NOT NULL REFERENCES tokens ON DELETE CASCADE,
    room_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    head_seq INTEGER NOT NULL,
    PRIMARY KEY (token_hash, room_id)
  ) WITHOUT ROWID;
  CREATE INDEX token_rooms_by_device ON token_rooms (room_id, device_id);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE recovery_bundles (lookup_id BLOB PRIMARY KEY, service_id BLOB NOT NULL, body BLOB NOT NULL);
  `,
];

/** Puts to each envelope the accumulator at its number. SPEC.md [L2]. */
function addAccumulators(connection: Database.Database): void {
  connection.exec("ALTER TABLE envelopes ADD COLUMN acc BLOB NOT NULL DEFAULT x''");
  const rooms = connection.prepare<[], { room: number; room_id: Buffer; log_gen: number }>("SELECT room, room_id, log_gen FROM rooms").all();
  const idAt = connection.prepare<[number, number], Buffer>("SELECT envelope_id FROM envelopes WHERE room = ? AND seq = ?").pluck();
  const put = connection.prepare<[Bytes, number, number]>("UPDATE envelopes SET acc = ? WHERE room = ? AND seq = ?");
  for (const { room, room_id: roomId, log_gen: logGen } of rooms) {
    let acc = nodeSha256(accStartInput(roomId, logGen));
    for (let seq = 1; ; seq++) {
      const id = idAt.get(room, seq);
      if (id === undefined) break;
      acc = nodeSha256(accNextInput(acc, id));
      put.run(acc, room, seq);
    }
  }
}

const busyTimeoutMs = 5000;

type RoomRow = { room: number; head_seq: number; log_gen: number; generations: string; stored_bytes: number; body: string };
type EnvelopeRow = { seq: number; envelope_id: Buffer; device_id: Buffer; ctr: number; bytes: Buffer };
type InviteRow = { room_id: Buffer; device_id: Buffer; expires_at: number; claim: Buffer | null };

/** better-sqlite3 gives each blob an allocation of its own, so a view is enough. */
const bytesOf = (blob: Buffer): Bytes => new Uint8Array(blob.buffer as ArrayBuffer, blob.byteOffset, blob.length);

const roomQuery = `SELECT room, head_seq, log_gen, generations, stored_bytes, body FROM rooms JOIN memberships USING (room) WHERE room_id = ?`;

const stateOf = (row: RoomRow): RoomState => ({
  membership: readMembership(JSON.parse(row.body) as StoredMembership),
  headSeq: row.head_seq,
  logGen: row.log_gen,
  generations: JSON.parse(row.generations) as Generation[],
  storedBytes: row.stored_bytes,
});

/** No envelope is empty, so an empty blob is one whose bytes are dropped. */
const entryOf = ({ seq, envelope_id: envelopeId, device_id: deviceId, ctr, bytes }: EnvelopeRow): LogPage["page"][number] =>
  bytes.length > 0 ? { seq, bytes: bytesOf(bytes) } : { seq, dropped: { envelopeId: toHex(envelopeId), deviceId: toHex(deviceId), ctr } };

function openConnection(path: string): Database.Database {
  const connection = new Database(path, { timeout: busyTimeoutMs });
  connection.pragma("journal_mode = WAL");
  // FULL: in WAL mode NORMAL does not sync at commit, and an ack would promise what a power cut can take back.
  connection.pragma("synchronous = FULL");
  connection.pragma("foreign_keys = ON");
  // What is deleted is overwritten: dropped bytes and keys must not be found in the file.
  connection.pragma("secure_delete = ON");
  return connection;
}

function migrate(connection: Database.Database, path: string): void {
  const version = () => connection.pragma("user_version", { simple: true }) as number;
  if (version() > migrations.length) throw new SchemaTooNewError(path, version(), migrations.length);
  connection
    .transaction(() => {
      // Asked again inside: another process may have migrated while this one waited for the lock.
      for (const step of migrations.slice(version())) {
        if (typeof step === "string") connection.exec(step);
        else step(connection);
      }
      connection.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}

function prepareRooms(connection: Database.Database): (roomIds: readonly string[]) => Map<string, RoomState> {
  const find = connection.prepare<[Bytes], RoomRow>(roomQuery);
  return (roomIds) => {
    const found = new Map<string, RoomState>();
    for (const roomId of roomIds) {
      const row = find.get(fromHex(roomId));
      if (row !== undefined) found.set(roomId, stateOf(row));
    }
    return found;
  };
}

function prepareInvite(connection: Database.Database): (inviteId: string) => Invite | null {
  const find = connection.prepare<[Bytes], InviteRow>(
    "SELECT room_id, device_id, expires_at, claim FROM invites WHERE invite_id = ?",
  );
  const slots = connection.prepare<[Bytes], { slot: string; body: Buffer }>(
    "SELECT slot, body FROM invite_slots WHERE invite_id = ?",
  );
  return (inviteId) => {
    const id = fromHex(inviteId);
    const row = find.get(id);
    if (row === undefined) return null;
    return {
      inviteId,
      roomId: toHex(row.room_id),
      deviceId: toHex(row.device_id),
      expiresAt: row.expires_at,
      claim: row.claim && toHex(row.claim),
      slots: Object.fromEntries(slots.all(id).map(({ slot, body }) => [InviteSlot.parse(slot), bytesOf(body)])),
    };
  };
}

function prepareService(connection: Database.Database): (serviceId: string) => { tokenHash: string } | null {
  const find = connection.prepare<[Bytes], { token_hash: Buffer }>("SELECT token_hash FROM services WHERE service_id = ?");
  return (serviceId) => {
    const row = find.get(fromHex(serviceId));
    return row === undefined ? null : { tokenHash: toHex(row.token_hash) };
  };
}

function prepareOuterKey(connection: Database.Database): (roomId: string) => Bytes | null {
  const find = connection.prepare<[Bytes], Buffer>("SELECT outer_key FROM outer_keys JOIN rooms USING (room) WHERE room_id = ?").pluck();
  return (roomId) => {
    const outerKey = find.get(fromHex(roomId));
    return outerKey === undefined ? null : bytesOf(outerKey);
  };
}

type TokenRow = { expires_at: number; room_id: Buffer; device_id: Buffer; head_seq: number };
type TokenKind = "session" | "push";

/** The token and its rooms; null for none, or for one that has no room left. */
function prepareToken(connection: Database.Database, kind: TokenKind) {
  const find = connection.prepare<[Bytes, TokenKind], TokenRow>(
    "SELECT expires_at, room_id, device_id, head_seq FROM tokens JOIN token_rooms USING (token_hash) WHERE token_hash = ? AND kind = ?",
  );
  return (tokenHash: string) => {
    const rows = find.all(fromHex(tokenHash), kind);
    const [first] = rows;
    if (first === undefined) return null;
    const rooms = rows.map((row) => ({ roomId: toHex(row.room_id), deviceId: toHex(row.device_id), headSeq: row.head_seq }));
    return { expiresAt: first.expires_at, rooms };
  };
}

function prepareBundle(connection: Database.Database): (lookupId: string) => RecoveryBundle | null {
  const find = connection.prepare<[Bytes], { service_id: Buffer; body: Buffer }>("SELECT service_id, body FROM recovery_bundles WHERE lookup_id = ?");
  return (lookupId) => {
    const row = find.get(fromHex(lookupId));
    return row === undefined ? null : { lookupId, serviceId: toHex(row.service_id), body: bytesOf(row.body) };
  };
}

function prepareSetting(connection: Database.Database): (name: string) => Bytes | null {
  const find = connection.prepare<[string], Buffer>("SELECT value FROM settings WHERE name = ?").pluck();
  return (name) => {
    const value = find.get(name);
    return value === undefined ? null : bytesOf(value);
  };
}

/** @param erased is told that bytes were overwritten, which the log of changes still has */
function prepareWrites(connection: Database.Database, erased: () => void): WriteTx {
  const findRoom = connection.prepare<[Bytes], RoomRow>(roomQuery);
  const findRooms = prepareRooms(connection);
  const findRoomKey = connection.prepare<[Bytes], number>("SELECT room FROM rooms WHERE room_id = ?").pluck();
  const insertRoom = connection.prepare<[Bytes, number, string]>(
    "INSERT INTO rooms (room_id, head_seq, log_gen, generations) VALUES (?, 0, ?, ?)",
  );
  const moveHead = connection.prepare<[number, number, number]>(
    "UPDATE rooms SET head_seq = ?, stored_bytes = stored_bytes + ? WHERE room = ?",
  );
  const putMembership = connection.prepare<[number, string]>(
    "INSERT INTO memberships (room, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
  );
  const insertEnvelope = connection.prepare<[number, number, Bytes, number, Bytes, Bytes, Bytes]>(
    "INSERT INTO envelopes (room, seq, device_id, ctr, envelope_id, bytes, acc) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const findAcc = connection.prepare<[number, number], Buffer>("SELECT acc FROM envelopes WHERE room = ? AND seq = ?").pluck();
  const headSeqOf = connection.prepare<[number], number>("SELECT head_seq FROM rooms WHERE room = ?").pluck();
  const findHead = connection.prepare<[number, Bytes], { ctr: number; tip: Buffer }>(
    "SELECT ctr, tip FROM chain_heads WHERE room = ? AND device_id = ?",
  );
  const putHead = connection.prepare<[number, Bytes, number, Bytes]>(
    "INSERT INTO chain_heads (room, device_id, ctr, tip) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET ctr = excluded.ctr, tip = excluded.tip",
  );
  const findPlace = connection.prepare<[number, Bytes, number], { seq: number; envelope_id: Buffer }>(
    "SELECT seq, envelope_id FROM envelopes WHERE room = ? AND device_id = ? AND ctr = ?",
  );
  const findBytes = connection
    .prepare<[number, Bytes, number], Buffer>("SELECT bytes FROM envelopes WHERE room = ? AND device_id = ? AND ctr = ?")
    .pluck();
  const sizeAt = connection.prepare<[number, number], number>("SELECT length(bytes) FROM envelopes WHERE room = ? AND seq = ?").pluck();
  const dropAt = connection.prepare<[number, number]>("UPDATE envelopes SET bytes = x'' WHERE room = ? AND seq = ?");
  const dropAll = connection.prepare<[number]>("UPDATE envelopes SET bytes = x'' WHERE room = ? AND length(bytes) > 0");
  const clearStoredBytes = connection.prepare<[number]>("UPDATE rooms SET stored_bytes = 0 WHERE room = ?");
  const beginGeneration = connection.prepare<{ atLeast: number }>(
    `UPDATE rooms SET log_gen = max(log_gen + 1, @atLeast),
      generations = json_insert(generations, '$[#]', json_object('logGen', max(log_gen + 1, @atLeast), 'fromSeq', head_seq))`,
  );
  const endSessions = connection.prepare<[]>("DELETE FROM tokens WHERE kind = 'session'");
  const newestGen = connection.prepare<[], number | null>("SELECT max(log_gen) FROM rooms").pluck();
  const insertOuterKey = connection.prepare<[number, Bytes]>("INSERT INTO outer_keys (room, outer_key) VALUES (?, ?)");
  const dropOuterKey = connection.prepare<[number]>("DELETE FROM outer_keys WHERE room = ?");
  const insertToken = connection.prepare<[Bytes, TokenKind, number]>("INSERT INTO tokens (token_hash, kind, expires_at) VALUES (?, ?, ?)");
  const insertTokenRoom = connection.prepare<[Bytes, Bytes, Bytes, number]>(
    "INSERT INTO token_rooms (token_hash, room_id, device_id, head_seq) VALUES (?, ?, ?, ?)",
  );
  const endPushTokenRooms = connection.prepare<[Bytes, Bytes]>(
    "DELETE FROM token_rooms WHERE room_id = ? AND device_id = ? AND token_hash IN (SELECT token_hash FROM tokens WHERE kind = 'push')",
  );
  const sweepTokens = connection.prepare<[number]>("DELETE FROM tokens WHERE expires_at <= ?");
  const findSetting = prepareSetting(connection);
  const putSetting = connection.prepare<[string, Bytes]>(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const restoredGen = () => newestGenOf(findSetting(newestGenSetting), newestGen.get() ?? null);
  const insertSetting = connection.prepare<[string, Bytes]>("INSERT INTO settings (name, value) VALUES (?, ?)");
  const putBundle = connection.prepare<[Bytes, Bytes, Bytes]>(
    `INSERT INTO recovery_bundles (lookup_id, service_id, body) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET body = excluded.body WHERE service_id = excluded.service_id`,
  );
  const dropBundle = connection.prepare<[Bytes]>("DELETE FROM recovery_bundles WHERE lookup_id = ?");
  const countBundles = connection.prepare<[Bytes], number>("SELECT count(*) FROM recovery_bundles WHERE service_id = ?").pluck();
  const findOuterKey = prepareOuterKey(connection);
  const insertCode = connection.prepare<[Bytes, number]>("INSERT INTO enrolment_codes (code_hash, created_at) VALUES (?, ?)");
  const findCode = connection.prepare<[Bytes], { used_by: Buffer | null }>(
    "SELECT used_by FROM enrolment_codes WHERE code_hash = ?",
  );
  const useCode = connection.prepare<[Bytes, Bytes]>("UPDATE enrolment_codes SET used_by = ? WHERE code_hash = ?");
  const insertService = connection.prepare<[Bytes, Bytes, number]>(
    "INSERT INTO services (service_id, token_hash, created_at) VALUES (?, ?, ?)",
  );
  const insertInvite = connection.prepare<[Bytes, Bytes, Bytes, number, Bytes | null]>(
    "INSERT INTO invites (invite_id, room_id, device_id, expires_at, claim) VALUES (?, ?, ?, ?, ?)",
  );
  const insertSlot = connection.prepare<[Bytes, string, Bytes]>(
    "INSERT INTO invite_slots (invite_id, slot, body) VALUES (?, ?, ?)",
  );
  const putClaim = connection.prepare<[Bytes, Bytes]>("UPDATE invites SET claim = ? WHERE invite_id = ?");
  const countInvites = connection
    .prepare<[Bytes, number], number>("SELECT count(*) FROM invites WHERE room_id = ? AND expires_at > ?")
    .pluck();
  const emptyInvites = connection.prepare<[number]>(
    // A cross join is read in this order: the slots are few, and of what has expired most were emptied long ago.
    "DELETE FROM invite_slots WHERE invite_id IN (SELECT invite_id FROM invite_slots CROSS JOIN invites USING (invite_id) WHERE expires_at < ?)",
  );
  const forgetInvites = connection.prepare<[number]>("DELETE FROM invites WHERE expires_at < ?");
  const findInvite = prepareInvite(connection);
  const findService = prepareService(connection);

  const keyOf = (roomId: string): number => {
    const room = findRoomKey.get(fromHex(roomId));
    if (room === undefined) throw new Error(`no room ${roomId}`);
    return room;
  };

  return {
    // BEGIN IMMEDIATE has locked the whole database, and so every row of it.
    async lockRoom(roomId) {
      const row = findRoom.get(fromHex(roomId));
      return row === undefined ? null : stateOf(row);
    },
    async lockRooms(roomIds) {
      return findRooms(roomIds);
    },
    async insertRoom(roomId, membership, born) {
      const { logGen, generations } = newRoom(membership, born);
      const { lastInsertRowid } = insertRoom.run(fromHex(roomId), logGen, JSON.stringify(generations));
      putMembership.run(Number(lastInsertRowid), JSON.stringify(membership));
    },
    async setMembership(roomId, membership) {
      putMembership.run(keyOf(roomId), JSON.stringify(membership));
    },
    async appendEnvelopes(roomId, envelopes) {
      const room = keyOf(roomId);
      let headSeq = headSeqOf.get(room) ?? 0;
      let addedBytes = 0;
      for (const { seq, deviceId, ctr, envelopeId, bytes, acc } of envelopes) {
        if (seq !== headSeq + 1) throw new Error(`room ${roomId} has no place for number ${seq}`);
        insertEnvelope.run(room, seq, fromHex(deviceId), ctr, fromHex(envelopeId), bytes, acc);
        headSeq = seq;
        addedBytes += bytes.length;
      }
      moveHead.run(headSeq, addedBytes, room);
    },
    async chainHeads(roomId, deviceIds) {
      const room = keyOf(roomId);
      const heads = new Map<string, ChainHead>();
      for (const deviceId of deviceIds) {
        const head = findHead.get(room, fromHex(deviceId));
        if (head !== undefined) heads.set(deviceId, { ctr: head.ctr, tip: toHex(head.tip) });
      }
      return heads;
    },
    async setChainHeads(roomId, heads) {
      const room = keyOf(roomId);
      for (const [deviceId, { ctr, tip }] of heads) putHead.run(room, fromHex(deviceId), ctr, fromHex(tip));
    },
    async storedAt(roomId, places) {
      const room = keyOf(roomId);
      return places.map(({ deviceId, ctr }): Stored | null => {
        const row = findPlace.get(room, fromHex(deviceId), ctr);
        return row === undefined ? null : { seq: row.seq, envelopeId: toHex(row.envelope_id) };
      });
    },
    async bytesAt(roomId, { deviceId, ctr }) {
      const bytes = findBytes.get(keyOf(roomId), fromHex(deviceId), ctr);
      return bytes === undefined || bytes.length === 0 ? null : bytesOf(bytes);
    },
    async accsAt(roomId, seqs) {
      const room = keyOf(roomId);
      const accs = new Map<number, Bytes>();
      for (const seq of seqs) {
        const acc = findAcc.get(room, seq);
        if (acc !== undefined) accs.set(seq, bytesOf(acc));
      }
      return accs;
    },
    async dropBytes(roomId, seqs) {
      const room = keyOf(roomId);
      for (const seq of seqs) {
        const sizeBytes = sizeAt.get(room, seq);
        if (sizeBytes === undefined) throw new Error(`room ${roomId} has no number ${seq}`);
        dropAt.run(room, seq);
        moveHead.run(headSeqOf.get(room) ?? 0, -sizeBytes, room);
      }
      erased();
    },
    async shredRoom(roomId) {
      const room = keyOf(roomId);
      dropAll.run(room);
      clearStoredBytes.run(room);
      dropOuterKey.run(room);
      erased();
    },
    async beginGeneration(atLeast) {
      endSessions.run();
      const logGen = Math.max(restoredGen() + 1, Math.trunc(atLeast));
      putSetting.run(newestGenSetting, encodeGen(logGen));
      return beginGeneration.run({ atLeast: Math.trunc(atLeast) }).changes;
    },
    async restoredGen() {
      return restoredGen();
    },
    async outerKey(roomId) {
      return findOuterKey(roomId);
    },
    async insertOuterKey(roomId, outerKey) {
      insertOuterKey.run(keyOf(roomId), outerKey);
    },
    async insertSession(tokenHash, { rooms, expiresAt }) {
      const hash = fromHex(tokenHash);
      insertToken.run(hash, "session", expiresAt);
      for (const [roomId, { deviceId, headSeq }] of rooms) insertTokenRoom.run(hash, fromHex(roomId), fromHex(deviceId), headSeq);
    },
    async insertPushToken({ tokenHash, expiresAt, rooms }) {
      const hash = fromHex(tokenHash);
      insertToken.run(hash, "push", expiresAt);
      for (const { roomId, deviceId } of rooms) insertTokenRoom.run(hash, fromHex(roomId), fromHex(deviceId), 0);
    },
    async endPushTokens(roomId, deviceId) {
      endPushTokenRooms.run(fromHex(roomId), fromHex(deviceId));
    },
    async sweepSessions(now) {
      sweepTokens.run(now);
    },
    async settle(name, value) {
      const known = findSetting(name);
      if (known !== null) return known;
      insertSetting.run(name, value);
      return value;
    },
    async putRecoveryBundle({ lookupId, serviceId, body }) {
      const { changes } = putBundle.run(fromHex(lookupId), fromHex(serviceId), body);
      if (changes === 0) throw new Error("the bundle is another service's");
    },
    async dropRecoveryBundle(lookupId) {
      dropBundle.run(fromHex(lookupId));
      erased();
    },
    async countRecoveryBundles(serviceId) {
      return countBundles.get(fromHex(serviceId)) ?? 0;
    },
    async insertCode(codeHash, createdAt) {
      insertCode.run(fromHex(codeHash), createdAt);
    },
    async lockCode(codeHash) {
      const row = findCode.get(fromHex(codeHash));
      return row === undefined ? null : { usedBy: row.used_by && toHex(row.used_by) };
    },
    async useCode(codeHash, serviceId) {
      if (useCode.run(fromHex(serviceId), fromHex(codeHash)).changes !== 1) throw new Error("no such enrolment code");
    },
    async service(serviceId) {
      return findService(serviceId);
    },
    async insertService(serviceId, { tokenHash }, createdAt) {
      insertService.run(fromHex(serviceId), fromHex(tokenHash), createdAt);
    },
    async lockInvite(inviteId) {
      return findInvite(inviteId);
    },
    async insertInvite({ inviteId, roomId, deviceId, expiresAt, claim, slots }) {
      const id = fromHex(inviteId);
      insertInvite.run(id, fromHex(roomId), fromHex(deviceId), expiresAt, claim === null ? null : fromHex(claim));
      for (const [slot, body] of Object.entries(slots)) insertSlot.run(id, slot, body);
    },
    async writeInviteSlot(inviteId, slot, body, claim) {
      const id = fromHex(inviteId);
      insertSlot.run(id, slot, body);
      if (claim !== null) putClaim.run(fromHex(claim), id);
    },
    async countInvites(roomId, now) {
      return countInvites.get(fromHex(roomId), now) ?? 0;
    },
    async sweepInvites(expiredBefore, forgetBefore) {
      emptyInvites.run(expiredBefore);
      forgetInvites.run(forgetBefore);
    },
  };
}

/**
 * One SQLite file in WAL mode. Reads have a connection of their own, so that they never see an unfinished write of this process.
 * Other processes may open the same file for single commands; `live` reaches only the listeners of the process that wrote.
 * @throws {SchemaTooNewError} when the file was written by a newer version; SqliteError when it cannot be opened
 */
export function openSqliteStorage(path: string): RelayStorage {
  const writer = openConnection(path);
  try {
    migrate(writer, path);
  } catch (error) {
    writer.close();
    throw error;
  }
  const reader = openConnection(path);
  reader.pragma("query_only = ON");

  let isErased = false;
  const tx = prepareWrites(writer, () => (isErased = true));
  const begin = writer.prepare("BEGIN IMMEDIATE");
  const commit = writer.prepare("COMMIT");
  const rollback = writer.prepare("ROLLBACK");

  const findRoom = reader.prepare<[Bytes], RoomRow>(roomQuery);
  const findRooms = prepareRooms(reader);
  const pageAfter = reader.prepare<[number, number, number], EnvelopeRow>(
    "SELECT seq, envelope_id, device_id, ctr, bytes FROM envelopes WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?",
  );
  const sumOfService = reader
    .prepare<[string], number>("SELECT coalesce(sum(stored_bytes), 0) FROM rooms JOIN memberships USING (room) WHERE body ->> 'serviceId' = ?")
    .pluck();
  const anyCode = reader.prepare("SELECT 1 FROM enrolment_codes LIMIT 1");
  const findInvite = prepareInvite(reader);
  const findService = prepareService(reader);
  const findOuterKey = prepareOuterKey(reader);
  const findSession = prepareToken(reader, "session");
  const findPushToken = prepareToken(reader, "push");
  const findBundle = prepareBundle(reader);
  const findSetting = prepareSetting(reader);

  /** The log of changes has the bytes that were overwritten until it is written over itself. */
  const forget = () => {
    if (!isErased) return;
    // A long reader, such as a backup, is in the way until it is done; nobody waits for it here, and the next write asks again.
    writer.pragma("busy_timeout = 0");
    try {
      isErased = writer.pragma("wal_checkpoint(TRUNCATE)", { simple: true }) !== 0;
    } catch {
      // The commit stands whatever becomes of the log.
    } finally {
      writer.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
  };

  let tail: Promise<unknown> = Promise.resolve();

  return {
    write(work) {
      const run = async () => {
        begin.run();
        try {
          const result = await work(tx);
          commit.run();
          forget();
          return result;
        } catch (error) {
          // A full disk may already have rolled back.
          if (writer.inTransaction) rollback.run();
          throw error;
        }
      };
      const written = tail.then(run, run);
      tail = written.catch(() => undefined);
      return written;
    },
    async rooms(roomIds) {
      return reader.transaction(() => findRooms(roomIds))();
    },
    async log(roomId, after, { maxBytes, maxEnvelopes }) {
      return reader.transaction(() => {
        const room = findRoom.get(fromHex(roomId));
        if (room === undefined) return null;
        const page: LogPage["page"] = [];
        let sizeBytes = 0;
        for (const row of pageAfter.iterate(room.room, after, maxEnvelopes)) {
          sizeBytes += row.bytes.length;
          if (page.length > 0 && sizeBytes > maxBytes) break;
          page.push(entryOf(row));
        }
        return { logGen: room.log_gen, headSeq: room.head_seq, page };
      })();
    },
    async invite(inviteId) {
      return reader.transaction(() => findInvite(inviteId))();
    },
    async service(serviceId) {
      return findService(serviceId);
    },
    async outerKey(roomId) {
      return findOuterKey(roomId);
    },
    async session(tokenHash) {
      const found = findSession(tokenHash);
      return found && { expiresAt: found.expiresAt, rooms: new Map(found.rooms.map(({ roomId, deviceId, headSeq }) => [roomId, { deviceId, headSeq }])) };
    },
    async pushToken(tokenHash) {
      const found = findPushToken(tokenHash);
      return found && { tokenHash, expiresAt: found.expiresAt, rooms: found.rooms.map(({ roomId, deviceId }) => ({ roomId, deviceId })) };
    },
    async recoveryBundle(lookupId) {
      return findBundle(lookupId);
    },
    async serviceBytes(serviceId) {
      return sumOfService.get(serviceId) ?? 0;
    },
    async setting(name) {
      return findSetting(name);
    },
    async isNew() {
      return anyCode.get() === undefined;
    },
    async close() {
      await tail;
      reader.close();
      writer.close();
    },
  };
}
