import { Client, Pool, types, type ClientConfig, type PoolClient, type QueryResult, type QueryResultRow } from "pg";
import { concatBytes, fromBase64Url, fromHex, toBase64Url, toHex, type Bytes } from "#protocol/bytes.ts";
import type { ChainHead, Generation } from "#protocol/log-rules.ts";
import type { Membership } from "#protocol/membership.ts";
import { InviteSlot } from "#protocol/messages.ts";
import type { PeerListener, RelayPeers } from "./peers.ts";
import { SchemaTooNewError } from "./schema-version.ts";
import { encodeGen, newestGenOf, newestGenSetting, newRoom, type Invite, type LogPage, type RelayStorage, type RoomState, type WriteTx } from "./storage.ts";

/** The schema, one step for each version. Steps are appended and never edited: databases out there have run the earlier ones. */
const migrations: readonly string[] = [
  `
  CREATE TABLE rooms (
    room bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id bytea NOT NULL UNIQUE,
    head_seq bigint NOT NULL,
    log_gen bigint NOT NULL,
    generations jsonb NOT NULL,
    stored_bytes bigint NOT NULL,
    membership text NOT NULL
  ) WITH (fillfactor = 50);
  CREATE TABLE chain_heads (
    room bigint NOT NULL REFERENCES rooms,
    device_id bytea NOT NULL,
    ctr bigint NOT NULL,
    tip bytea NOT NULL,
    PRIMARY KEY (room, device_id)
  ) WITH (fillfactor = 50);
  CREATE TABLE envelopes (
    room bigint NOT NULL REFERENCES rooms,
    seq bigint NOT NULL,
    device_id bytea NOT NULL,
    ctr bigint NOT NULL,
    envelope_id bytea NOT NULL,
    acc bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (room, device_id, ctr)
  );
  -- What is sealed cannot be compressed.
  ALTER TABLE envelopes ALTER COLUMN bytes SET STORAGE EXTERNAL;
  CREATE TABLE outer_keys (room bigint PRIMARY KEY REFERENCES rooms, outer_key bytea NOT NULL);
  CREATE TABLE enrolment_codes (code_hash bytea PRIMARY KEY, created_at bigint NOT NULL, used_by bytea);
  CREATE TABLE services (service_id bytea PRIMARY KEY, token_hash bytea NOT NULL, created_at bigint NOT NULL);
  CREATE TABLE invites (
    invite_id bytea PRIMARY KEY,
    room_id bytea NOT NULL,
    device_id bytea NOT NULL,
    expires_at bigint NOT NULL,
    claim bytea
  );
  CREATE INDEX invites_by_expiry ON invites (expires_at);
  CREATE INDEX invites_by_room ON invites (room_id);
  CREATE TABLE invite_slots (
    invite_id bytea NOT NULL REFERENCES invites ON DELETE CASCADE,
    slot text NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (invite_id, slot)
  );
  CREATE TABLE tokens (token_hash bytea PRIMARY KEY, kind text NOT NULL, expires_at bigint NOT NULL);
  CREATE INDEX tokens_by_expiry ON tokens (expires_at);
  CREATE TABLE token_rooms (
    token_hash bytea NOT NULL REFERENCES tokens ON DELETE CASCADE,
    room_id bytea NOT NULL,
    device_id bytea NOT NULL,
    head_seq bigint NOT NULL,
    PRIMARY KEY (token_hash, room_id)
  );
  CREATE INDEX token_rooms_by_device ON token_rooms (room_id, device_id);
  CREATE TABLE settings (name text PRIMARY KEY, value bytea NOT NULL);
  CREATE TABLE recovery_bundles (lookup_id bytea PRIMARY KEY, service_id bytea NOT NULL, body bytea NOT NULL);
  `,
];

/** «aapn» in ASCII: one process at a time changes the schema. */
const migrationLock = 0x6161706e;

const channel = "aapen_dor";
const connections = 10;
const connectMs = 5_000;
const queryMs = 30_000;
const listenCheckMs = 20_000;
const listenRetryMs = 1_000;

/**
 * READ COMMITTED: what follows a lock must see what its last holder wrote. A relay that hangs with a room locked is cut off by the database.
 * An ack promises what is on disk, whatever the database's own setting.
 */
const begin = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '10s';
  SET LOCAL idle_in_transaction_session_timeout = '20s'`;

type RoomRow = { room: number; room_id: Buffer; head_seq: number; log_gen: number; generations: Generation[]; stored_bytes: number; membership: string };
type PageRow = { log_gen: number; head_seq: number; seq: number | null; envelope_id: Buffer; device_id: Buffer; ctr: number; bytes: Buffer };
type InviteRow = { room_id: Buffer; device_id: Buffer; expires_at: number; claim: Buffer | null; slot: string | null; body: Buffer };
type TokenRow = { expires_at: number; room_id: Buffer; device_id: Buffer; head_seq: number };
type TokenKind = "session" | "push";

type Ask = <Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]) => Promise<QueryResult<Row>>;
type Asking = { query<Row extends QueryResultRow>(question: { name: string; text: string; values: unknown[] }): Promise<QueryResult<Row>> };

/** The name makes the connection keep the statement's plan. */
const askOn =
  (connection: Asking): Ask =>
  (name, text, values) =>
    connection.query({ name, text, values: [...values] });

/** A copy: node-postgres cuts small values from one common piece of memory. */
const bytesOf = (value: Buffer): Bytes => new Uint8Array(value);

const roomColumns = "room, room_id, head_seq, log_gen, generations, stored_bytes, membership";

const stateOf = (row: RoomRow): RoomState => ({
  membership: JSON.parse(row.membership) as Membership,
  headSeq: row.head_seq,
  logGen: row.log_gen,
  generations: row.generations,
  storedBytes: row.stored_bytes,
});

async function readInvite(ask: Ask, inviteId: string): Promise<Invite | null> {
  const { rows } = await ask<InviteRow>(
    "invite",
    "SELECT room_id, device_id, expires_at, claim, slot, body FROM invites LEFT JOIN invite_slots USING (invite_id) WHERE invite_id = $1",
    [fromHex(inviteId)],
  );
  const [first] = rows;
  if (first === undefined) return null;
  const slots: Invite["slots"] = {};
  for (const { slot, body } of rows) if (slot !== null) slots[InviteSlot.parse(slot)] = bytesOf(body);
  return {
    inviteId,
    roomId: toHex(first.room_id),
    deviceId: toHex(first.device_id),
    expiresAt: first.expires_at,
    claim: first.claim && toHex(first.claim),
    slots,
  };
}

async function readService(ask: Ask, serviceId: string): Promise<{ tokenHash: string } | null> {
  const { rows } = await ask<{ token_hash: Buffer }>("service", "SELECT token_hash FROM services WHERE service_id = $1", [fromHex(serviceId)]);
  return rows[0] === undefined ? null : { tokenHash: toHex(rows[0].token_hash) };
}

async function readOuterKey(ask: Ask, roomId: string): Promise<Bytes | null> {
  const text = "SELECT outer_key FROM outer_keys JOIN rooms USING (room) WHERE room_id = $1";
  const { rows } = await ask<{ outer_key: Buffer }>("outer-key", text, [fromHex(roomId)]);
  return rows[0] === undefined ? null : bytesOf(rows[0].outer_key);
}

/** The token and its rooms; null for none, or for one that has no room left. */
async function readToken(ask: Ask, kind: TokenKind, tokenHash: string) {
  const { rows } = await ask<TokenRow>(
    "token",
    "SELECT expires_at, room_id, device_id, head_seq FROM tokens JOIN token_rooms USING (token_hash) WHERE token_hash = $1 AND kind = $2",
    [fromHex(tokenHash), kind],
  );
  const [first] = rows;
  if (first === undefined) return null;
  const rooms = rows.map((row) => ({ roomId: toHex(row.room_id), deviceId: toHex(row.device_id), headSeq: row.head_seq }));
  return { expiresAt: first.expires_at, rooms };
}

async function readSetting(ask: Ask, name: string): Promise<Bytes | null> {
  const { rows } = await ask<{ value: Buffer }>("setting", "SELECT value FROM settings WHERE name = $1", [name]);
  return rows[0] === undefined ? null : bytesOf(rows[0].value);
}

/** What a commit tells the other processes. */
type Note = { grown: [roomId: string, fromSeq: number, toSeq: number] };
type Telling = { from: string } & (Note | { presence: [roomId: string, authorId: string, bytes: string] } | { held: [roomId: string, deviceIds: string[]] });

function writesOn(ask: Ask, notes: Note[]): WriteTx {
  /** Rooms of which this transaction has heard; a room's key never changes. */
  const keys = new Map<string, number>();

  const keyOf = async (roomId: string): Promise<number> => {
    const known = keys.get(roomId);
    if (known !== undefined) return known;
    const { rows } = await ask<{ room: number }>("room-key", "SELECT room FROM rooms WHERE room_id = $1", [fromHex(roomId)]);
    if (rows[0] === undefined) throw new Error(`no room ${roomId}`);
    keys.set(roomId, rows[0].room);
    return rows[0].room;
  };

  const insertToken = async (kind: TokenKind, tokenHash: string, expiresAt: number, rooms: readonly { roomId: string; deviceId: string; headSeq: number }[]) => {
    const hash = fromHex(tokenHash);
    await ask("insert-token", "INSERT INTO tokens (token_hash, kind, expires_at) VALUES ($1, $2, $3)", [hash, kind, expiresAt]);
    await ask(
      "insert-token-rooms",
      `INSERT INTO token_rooms (token_hash, room_id, device_id, head_seq)
        SELECT $1, room_id, device_id, head_seq FROM unnest($2::bytea[], $3::bytea[], $4::bigint[]) AS added (room_id, device_id, head_seq)`,
      [hash, rooms.map(({ roomId }) => fromHex(roomId)), rooms.map(({ deviceId }) => fromHex(deviceId)), rooms.map(({ headSeq }) => headSeq)],
    );
  };

  const restoredGen = async (): Promise<number> => {
    const { rows } = await ask<{ newest: number | null }>("restored-gen", "SELECT max(log_gen) AS newest FROM rooms", []);
    return newestGenOf(await readSetting(ask, newestGenSetting), rows[0]?.newest ?? null);
  };

  return {
    async lockRoom(roomId) {
      // All of a room's state is in the row that is locked: what is joined to it would be as it was before the lock was waited for.
      const { rows } = await ask<RoomRow>("lock-room", `SELECT ${roomColumns} FROM rooms WHERE room_id = $1 FOR UPDATE`, [fromHex(roomId)]);
      const [row] = rows;
      if (row === undefined) return null;
      keys.set(roomId, row.room);
      return stateOf(row);
    },
    async lockRooms(roomIds) {
      const text = `SELECT ${roomColumns} FROM rooms WHERE room_id = ANY ($1::bytea[]) ORDER BY room_id FOR UPDATE`;
      const { rows } = await ask<RoomRow>("lock-rooms", text, [roomIds.map(fromHex)]);
      for (const row of rows) keys.set(toHex(row.room_id), row.room);
      return new Map(rows.map((row) => [toHex(row.room_id), stateOf(row)]));
    },
    async insertRoom(roomId, membership, born) {
      const { headSeq, logGen, generations, storedBytes } = newRoom(membership, born);
      const { rows } = await ask<{ room: number }>(
        "insert-room",
        `INSERT INTO rooms (room_id, head_seq, log_gen, generations, stored_bytes, membership) VALUES ($1, $2, $3, $4, $5, $6) RETURNING room`,
        [fromHex(roomId), headSeq, logGen, JSON.stringify(generations), storedBytes, JSON.stringify(membership)],
      );
      if (rows[0] !== undefined) keys.set(roomId, rows[0].room);
    },
    async setMembership(roomId, membership) {
      const room = await keyOf(roomId);
      await ask("set-membership", "UPDATE rooms SET membership = $2 WHERE room = $1", [room, JSON.stringify(membership)]);
    },
    async appendEnvelopes(roomId, envelopes) {
      const [first, last] = [envelopes[0], envelopes.at(-1)];
      const room = await keyOf(roomId);
      if (first === undefined || last === undefined) return;
      envelopes.forEach(({ seq }, index) => {
        if (seq !== first.seq + index) throw new Error(`room ${roomId} has no place for number ${seq}`);
      });
      const ends: number[] = [];
      for (const { bytes } of envelopes) ends.push((ends.at(-1) ?? 0) + bytes.length);
      // All bytes as one value, cut in the database: an array would send them as text, and a value each would be another statement each time.
      const { rowCount } = await ask(
        "append",
        `WITH moved AS (
          UPDATE rooms SET head_seq = head_seq + $3::int, stored_bytes = stored_bytes + octet_length($8::bytea)
            WHERE room = $1 AND head_seq = $2::bigint RETURNING room, head_seq - $3::int AS before
        )
        INSERT INTO envelopes (room, seq, device_id, ctr, envelope_id, acc, bytes)
          SELECT room, before + i, substring($4::bytea FROM i * 16 - 15 FOR 16), ($5::bigint[])[i], substring($6::bytea FROM i * 32 - 31 FOR 32),
            substring($7::bytea FROM i * 32 - 31 FOR 32), substring($8::bytea FROM coalesce(($9::int[])[i - 1], 0) + 1 FOR ($9::int[])[i] - coalesce(($9::int[])[i - 1], 0))
          FROM moved, generate_series(1, $3::int) AS i`,
        [
          room,
          first.seq - 1,
          envelopes.length,
          concatBytes(...envelopes.map(({ deviceId }) => fromHex(deviceId))),
          envelopes.map(({ ctr }) => ctr),
          concatBytes(...envelopes.map(({ envelopeId }) => fromHex(envelopeId))),
          concatBytes(...envelopes.map(({ acc }) => acc)),
          concatBytes(...envelopes.map(({ bytes }) => bytes)),
          ends,
        ],
      );
      if (rowCount !== envelopes.length) throw new Error(`room ${roomId} has no place for number ${first.seq}`);
      notes.push({ grown: [roomId, first.seq, last.seq] });
    },
    async chainHeads(roomId, deviceIds) {
      const { rows } = await ask<{ device_id: Buffer; ctr: number; tip: Buffer }>(
        "chain-heads",
        "SELECT device_id, ctr, tip FROM chain_heads WHERE room = $1 AND device_id = ANY ($2::bytea[])",
        [await keyOf(roomId), deviceIds.map(fromHex)],
      );
      return new Map(rows.map(({ device_id: deviceId, ctr, tip }): [string, ChainHead] => [toHex(deviceId), { ctr, tip: toHex(tip) }]));
    },
    async setChainHeads(roomId, heads) {
      const moved = [...heads];
      await ask(
        "set-chain-heads",
        `INSERT INTO chain_heads (room, device_id, ctr, tip)
          SELECT $1, device_id, ctr, tip FROM unnest($2::bytea[], $3::bigint[], $4::bytea[]) AS moved (device_id, ctr, tip)
          ON CONFLICT (room, device_id) DO UPDATE SET ctr = excluded.ctr, tip = excluded.tip`,
        [await keyOf(roomId), moved.map(([deviceId]) => fromHex(deviceId)), moved.map(([, { ctr }]) => ctr), moved.map(([, { tip }]) => fromHex(tip))],
      );
    },
    async storedAt(roomId, places) {
      const { rows } = await ask<{ place: number; seq: number; envelope_id: Buffer }>(
        "stored-at",
        `SELECT place, seq, envelope_id FROM unnest($2::bytea[], $3::bigint[]) WITH ORDINALITY AS asked (device_id, ctr, place)
          JOIN envelopes USING (device_id, ctr) WHERE room = $1`,
        [await keyOf(roomId), places.map(({ deviceId }) => fromHex(deviceId)), places.map(({ ctr }) => ctr)],
      );
      const found = new Map(rows.map(({ place, seq, envelope_id: envelopeId }) => [place, { seq, envelopeId: toHex(envelopeId) }]));
      return places.map((_, index) => found.get(index + 1) ?? null);
    },
    async bytesAt(roomId, { deviceId, ctr }) {
      const { rows } = await ask<{ bytes: Buffer }>(
        "bytes-at",
        "SELECT bytes FROM envelopes WHERE room = $1 AND device_id = $2 AND ctr = $3",
        [await keyOf(roomId), fromHex(deviceId), ctr],
      );
      const [row] = rows;
      return row === undefined || row.bytes.length === 0 ? null : bytesOf(row.bytes);
    },
    async accsAt(roomId, seqs) {
      const { rows } = await ask<{ seq: number; acc: Buffer }>("accs-at", "SELECT seq, acc FROM envelopes WHERE room = $1 AND seq = ANY ($2::bigint[])", [
        await keyOf(roomId),
        seqs,
      ]);
      return new Map(rows.map(({ seq, acc }) => [seq, bytesOf(acc)]));
    },
    async dropBytes(roomId, seqs) {
      const room = await keyOf(roomId);
      const asked = [...new Set(seqs)];
      const { rows } = await ask<{ size_bytes: number }>("sizes-at", "SELECT octet_length(bytes) AS size_bytes FROM envelopes WHERE room = $1 AND seq = ANY ($2::bigint[])", [
        room,
        asked,
      ]);
      if (rows.length < asked.length) throw new Error(`room ${roomId} has not all of the numbers ${asked.join(" ")}`);
      await ask("drop-bytes", "UPDATE envelopes SET bytes = '' WHERE room = $1 AND seq = ANY ($2::bigint[])", [room, asked]);
      const droppedBytes = rows.reduce((sum, row) => sum + row.size_bytes, 0);
      await ask("drop-size", "UPDATE rooms SET stored_bytes = stored_bytes - $2 WHERE room = $1", [room, droppedBytes]);
    },
    async shredRoom(roomId) {
      const room = await keyOf(roomId);
      await ask("shred-bytes", "UPDATE envelopes SET bytes = '' WHERE room = $1 AND octet_length(bytes) > 0", [room]);
      await ask("shred-size", "UPDATE rooms SET stored_bytes = 0 WHERE room = $1", [room]);
      await ask("shred-key", "DELETE FROM outer_keys WHERE room = $1", [room]);
    },
    async beginGeneration(atLeast) {
      const logGen = Math.max((await restoredGen()) + 1, Math.trunc(atLeast));
      await ask(
        "put-setting",
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [newestGenSetting, encodeGen(logGen)],
      );
      const { rowCount } = await ask(
        "begin-generation",
        `WITH locked AS (SELECT room FROM rooms ORDER BY room_id FOR UPDATE)
        UPDATE rooms SET log_gen = greatest(log_gen + 1, $1),
          generations = generations || jsonb_build_array(jsonb_build_object('logGen', greatest(log_gen + 1, $1), 'fromSeq', head_seq))
          FROM locked WHERE rooms.room = locked.room`,
        [Math.trunc(atLeast)],
      );
      await ask("end-sessions", "DELETE FROM tokens WHERE kind = 'session'", []);
      return rowCount ?? 0;
    },
    restoredGen,
    outerKey: (roomId) => readOuterKey(ask, roomId),
    async insertOuterKey(roomId, outerKey) {
      await ask("insert-outer-key", "INSERT INTO outer_keys (room, outer_key) VALUES ($1, $2)", [await keyOf(roomId), outerKey]);
    },
    async insertSession(tokenHash, { rooms, expiresAt }) {
      await insertToken("session", tokenHash, expiresAt, [...rooms].map(([roomId, room]) => ({ roomId, ...room })));
    },
    async insertPushToken({ tokenHash, expiresAt, rooms }) {
      await insertToken("push", tokenHash, expiresAt, rooms.map((room) => ({ ...room, headSeq: 0 })));
    },
    async endPushTokens(roomId, deviceId) {
      // Only a sweep holds such a row, and what it holds is over: waiting for it here could make each wait for the other.
      await ask(
        "end-push-tokens",
        `DELETE FROM token_rooms WHERE (token_hash, room_id) IN
          (SELECT token_hash, room_id FROM token_rooms JOIN tokens USING (token_hash)
            WHERE kind = 'push' AND room_id = $1 AND device_id = $2 FOR UPDATE OF token_rooms SKIP LOCKED)`,
        [fromHex(roomId), fromHex(deviceId)],
      );
    },
    async sweepSessions(now) {
      const text = "DELETE FROM tokens WHERE token_hash IN (SELECT token_hash FROM tokens WHERE expires_at <= $1 FOR UPDATE SKIP LOCKED)";
      await ask("sweep-sessions", text, [now]);
    },
    async settle(name, value) {
      await ask("settle", "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", [name, value]);
      const settled = await readSetting(ask, name);
      if (settled === null) throw new Error(`setting ${name} is gone`);
      return settled;
    },
    async putRecoveryBundle({ lookupId, serviceId, body }) {
      const { rowCount } = await ask(
        "put-bundle",
        `INSERT INTO recovery_bundles AS kept (lookup_id, service_id, body) VALUES ($1, $2, $3)
          ON CONFLICT (lookup_id) DO UPDATE SET body = excluded.body WHERE kept.service_id = excluded.service_id`,
        [fromHex(lookupId), fromHex(serviceId), body],
      );
      if (rowCount === 0) throw new Error("the bundle is another service's");
    },
    async dropRecoveryBundle(lookupId) {
      await ask("drop-bundle", "DELETE FROM recovery_bundles WHERE lookup_id = $1", [fromHex(lookupId)]);
    },
    async countRecoveryBundles(serviceId) {
      const text = "SELECT count(*)::int AS kept FROM recovery_bundles WHERE service_id = $1";
      const { rows } = await ask<{ kept: number }>("count-bundles", text, [fromHex(serviceId)]);
      return rows[0]?.kept ?? 0;
    },
    async insertCode(codeHash, createdAt) {
      await ask("insert-code", "INSERT INTO enrolment_codes (code_hash, created_at) VALUES ($1, $2)", [fromHex(codeHash), createdAt]);
    },
    async lockCode(codeHash) {
      const text = "SELECT used_by FROM enrolment_codes WHERE code_hash = $1 FOR UPDATE";
      const { rows } = await ask<{ used_by: Buffer | null }>("lock-code", text, [fromHex(codeHash)]);
      return rows[0] === undefined ? null : { usedBy: rows[0].used_by && toHex(rows[0].used_by) };
    },
    async useCode(codeHash, serviceId) {
      const text = "UPDATE enrolment_codes SET used_by = $2 WHERE code_hash = $1";
      const { rowCount } = await ask("use-code", text, [fromHex(codeHash), fromHex(serviceId)]);
      if (rowCount !== 1) throw new Error("no such enrolment code");
    },
    service: (serviceId) => readService(ask, serviceId),
    async insertService(serviceId, { tokenHash }, createdAt) {
      const text = "INSERT INTO services (service_id, token_hash, created_at) VALUES ($1, $2, $3)";
      await ask("insert-service", text, [fromHex(serviceId), fromHex(tokenHash), createdAt]);
    },
    async lockInvite(inviteId) {
      // Read after the lock, not with it: the slots would be as they were before it was waited for.
      await ask("lock-invite", "SELECT 1 FROM invites WHERE invite_id = $1 FOR UPDATE", [fromHex(inviteId)]);
      return readInvite(ask, inviteId);
    },
    async insertInvite({ inviteId, roomId, deviceId, expiresAt, claim, slots }) {
      const id = fromHex(inviteId);
      await ask("insert-invite", "INSERT INTO invites (invite_id, room_id, device_id, expires_at, claim) VALUES ($1, $2, $3, $4, $5)", [
        id,
        fromHex(roomId),
        fromHex(deviceId),
        expiresAt,
        claim === null ? null : fromHex(claim),
      ]);
      for (const [slot, body] of Object.entries(slots)) await ask("insert-slot", "INSERT INTO invite_slots (invite_id, slot, body) VALUES ($1, $2, $3)", [id, slot, body]);
    },
    async writeInviteSlot(inviteId, slot, body, claim) {
      const id = fromHex(inviteId);
      await ask("insert-slot", "INSERT INTO invite_slots (invite_id, slot, body) VALUES ($1, $2, $3)", [id, slot, body]);
      if (claim !== null) await ask("put-claim", "UPDATE invites SET claim = $2 WHERE invite_id = $1", [id, fromHex(claim)]);
    },
    async countInvites(roomId, now) {
      const text = "SELECT count(*)::int AS open FROM invites WHERE room_id = $1 AND expires_at > $2";
      const { rows } = await ask<{ open: number }>("count-invites", text, [fromHex(roomId), now]);
      return rows[0]?.open ?? 0;
    },
    async sweepInvites(expiredBefore, forgetBefore) {
      const expired = "SELECT invite_id FROM invites WHERE expires_at < $1";
      const free = "FOR UPDATE SKIP LOCKED";
      // Of what has expired most were emptied long ago.
      const full = `${expired} AND EXISTS (SELECT FROM invite_slots WHERE invite_slots.invite_id = invites.invite_id)`;
      await ask("empty-invites", `DELETE FROM invite_slots WHERE invite_id IN (${full} ${free})`, [expiredBefore]);
      await ask("forget-invites", `DELETE FROM invites WHERE invite_id IN (${expired} ${free})`, [forgetBefore]);
    },
  };
}

async function migrate(client: PoolClient): Promise<void> {
  await client.query(begin);
  await client.query("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
  await client.query("CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL)");
  const { rows } = await client.query<{ version: number }>("SELECT version FROM schema_version");
  const version = rows[0]?.version ?? 0;
  if (version > migrations.length) throw new SchemaTooNewError("the database", version, migrations.length);
  for (const step of migrations.slice(version)) await client.query(step);
  await client.query(rows.length === 0 ? "INSERT INTO schema_version VALUES ($1)" : "UPDATE schema_version SET version = $1", [migrations.length]);
  await client.query("COMMIT");
}

/** Runs `work` with a connection of the pool. One on which it failed and that cannot be rolled back is not used again. */
async function withConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isSound = true;
  try {
    return await work(client);
  } catch (error) {
    isSound = await client.query("ROLLBACK").then(
      () => true,
      () => false,
    );
    throw error;
  } finally {
    client.release(!isSound);
  }
}

function listenOn(config: ClientConfig, processId: string, retryMs: number) {
  let listener: PeerListener | null = null;
  let current: Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let check: NodeJS.Timeout | undefined;
  let isClosed = false;

  const hear = (payload: string) => {
    const told = JSON.parse(payload) as Telling;
    if (told.from === processId) return;
    if ("grown" in told) listener?.grown(...told.grown);
    else if ("held" in told) listener?.held(...told.held);
    else listener?.presence(told.presence[0], told.presence[1], fromBase64Url(told.presence[2]));
  };

  const connect = async (): Promise<void> => {
    const client = new Client(config);
    const lose = () => {
      client.removeAllListeners("notification");
      client.end().catch(() => undefined);
      if (current !== client) return;
      current = null;
      again();
    };
    // An error that nobody listens to ends the process.
    client.on("error", lose);
    client.on("end", lose);
    client.on("notification", ({ payload }) => hear(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      lose();
      throw error;
    }
    if (isClosed) return lose();
    current = client;
    listener?.missed();
  };

  /** `connect` begins it by itself where a connection that stood is lost. */
  const again = () => {
    clearTimeout(retry);
    if (!isClosed) retry = setTimeout(() => connect().catch(again), retryMs).unref();
  };

  return {
    listen(heard: PeerListener) {
      listener = heard;
      connect().catch(again);
      // A connection may be gone without a word, and a listener says nothing by itself.
      check = setInterval(() => current?.query("SELECT 1").catch(() => current?.emit("error", new Error("no answer"))), listenCheckMs).unref();
    },
    async close() {
      isClosed = true;
      clearTimeout(retry);
      clearInterval(check);
      const client = current;
      current = null;
      await client?.end();
    },
    /** To be called when it is not known whether a commit came through, and so whether its own listeners are to be told. */
    doubt: () => listener?.missed(),
  };
}

export type PostgresOptions = {
  /** How long to wait before a lost connection for listening is made again. */
  retryMs?: number;
  /** A name of this process, which no other on the database has. */
  processId: string;
};

/**
 * A PostgreSQL database, which may have any number of relay processes; tables are made where they are missing.
 * Closing the storage ends the listening too.
 * @param url `postgres://user:password@host:port/database`
 * @throws {SchemaTooNewError} when the database was written by a newer version; the driver's or the database's error when it cannot be used
 */
export async function openPostgresStorage(url: string, options: PostgresOptions): Promise<{ storage: RelayStorage; peers: RelayPeers }> {
  const config: ClientConfig = {
    connectionString: url,
    application_name: "aapen-dor",
    connectionTimeoutMillis: connectMs,
    query_timeout: queryMs,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)) as never },
  };
  const pool = new Pool({ ...config, max: connections });
  // An error that nobody listens to ends the process. The pool makes a new connection in place of one that is lost.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  try {
    await withConnection(pool, migrate);
  } catch (error) {
    await pool.end();
    throw error;
  }

  const ask = askOn(pool);
  const { processId } = options;
  const listening = listenOn(config, processId, options.retryMs ?? listenRetryMs);
  const inHand = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  const transact = <T>(work: (tx: WriteTx) => Promise<T>): Promise<T> =>
    withConnection(pool, async (client) => {
      const notes: Note[] = [];
      await client.query(begin);
      const result = await work(writesOn(askOn(client), notes));
      const tellings = notes.map((note) => `NOTIFY ${channel}, ${client.escapeLiteral(JSON.stringify({ from: processId, ...note }))};`);
      let last: QueryResult | undefined;
      try {
        const done: QueryResult | QueryResult[] = await client.query(`${tellings.join("")} COMMIT`);
        last = Array.isArray(done) ? done.at(-1) : done;
      } catch (error) {
        listening.doubt();
        throw error;
      }
      // The database answers so, and with no error, when a statement had failed before.
      if (last?.command !== "COMMIT") throw new Error("the transaction was rolled back");
      return result;
    });

  const closeAll = async () => {
    await Promise.allSettled(inHand);
    await listening.close();
    await pool.end();
  };

  const storage: RelayStorage = {
    write(work) {
      if (closing !== null) return Promise.reject(new Error("the storage is closed"));
      const written = transact(work);
      const watched = written.catch(() => undefined).finally(() => inHand.delete(watched));
      inHand.add(watched);
      return written;
    },
    async rooms(roomIds) {
      const { rows } = await ask<RoomRow>("rooms", `SELECT ${roomColumns} FROM rooms WHERE room_id = ANY ($1::bytea[])`, [roomIds.map(fromHex)]);
      return new Map(rows.map((row) => [toHex(row.room_id), stateOf(row)]));
    },
    async log(roomId, after, { maxBytes, maxEnvelopes }) {
      const { rows } = await ask<PageRow>(
        "log",
        `SELECT log_gen, head_seq, page.* FROM rooms LEFT JOIN LATERAL (
          SELECT seq, envelope_id, device_id, ctr, bytes FROM (
            SELECT seq, envelope_id, device_id, ctr, bytes, sum(octet_length(bytes)) OVER following AS size_bytes, row_number() OVER following AS place
            FROM envelopes WHERE envelopes.room = rooms.room AND seq > $2
            WINDOW following AS (ORDER BY seq ROWS UNBOUNDED PRECEDING) ORDER BY seq LIMIT $3
          ) AS sized WHERE size_bytes <= $4 OR place = 1
        ) AS page ON true WHERE room_id = $1 ORDER BY seq`,
        [fromHex(roomId), after, maxEnvelopes, maxBytes],
      );
      const [first] = rows;
      if (first === undefined) return null;
      const page: LogPage["page"] = [];
      for (const { seq, envelope_id: envelopeId, device_id: deviceId, ctr, bytes } of rows) {
        if (seq === null) continue;
        // No envelope is empty, so empty bytes are dropped ones.
        if (bytes.length > 0) page.push({ seq, bytes: bytesOf(bytes) });
        else page.push({ seq, dropped: { envelopeId: toHex(envelopeId), deviceId: toHex(deviceId), ctr } });
      }
      return { logGen: first.log_gen, headSeq: first.head_seq, page };
    },
    invite: (inviteId) => readInvite(ask, inviteId),
    service: (serviceId) => readService(ask, serviceId),
    outerKey: (roomId) => readOuterKey(ask, roomId),
    async session(tokenHash) {
      const found = await readToken(ask, "session", tokenHash);
      return found && { expiresAt: found.expiresAt, rooms: new Map(found.rooms.map(({ roomId, deviceId, headSeq }) => [roomId, { deviceId, headSeq }])) };
    },
    async pushToken(tokenHash) {
      const found = await readToken(ask, "push", tokenHash);
      return found && { tokenHash, expiresAt: found.expiresAt, rooms: found.rooms.map(({ roomId, deviceId }) => ({ roomId, deviceId })) };
    },
    async recoveryBundle(lookupId) {
      const text = "SELECT service_id, body FROM recovery_bundles WHERE lookup_id = $1";
      const { rows } = await ask<{ service_id: Buffer; body: Buffer }>("bundle", text, [fromHex(lookupId)]);
      return rows[0] === undefined ? null : { lookupId, serviceId: toHex(rows[0].service_id), body: bytesOf(rows[0].body) };
    },
    setting: (name) => readSetting(ask, name),
    async serviceBytes(serviceId) {
      const text = "SELECT coalesce(sum(stored_bytes), 0)::bigint AS bytes FROM rooms WHERE membership::json ->> 'serviceId' = $1";
      const { rows } = await ask<{ bytes: number }>("service-bytes", text, [serviceId]);
      return rows[0]?.bytes ?? 0;
    },
    async isNew() {
      const { rowCount } = await ask("any-code", "SELECT 1 FROM enrolment_codes LIMIT 1", []);
      return rowCount === 0;
    },
    close: () => (closing ??= closeAll()),
  };

  const tell = async (telling: Telling): Promise<void> => {
    await ask("notify", "SELECT pg_notify($1, $2)", [channel, JSON.stringify(telling)]);
  };

  const peers: RelayPeers = {
    listen: (listener) => listening.listen(listener),
    sendPresence: (roomId, authorId, bytes) => tell({ from: processId, presence: [roomId, authorId, toBase64Url(bytes)] }),
    // The most that one record names is a little under what a message may have: 8000 bytes.
    sendHold: (roomId, deviceIds) => tell({ from: processId, held: [roomId, [...deviceIds]] }),
  };

  return { storage, peers };
}
