import { concatBytes, fromBase64Url, toBase64Url, toHex, type Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { purposeBytes } from "#protocol/version.ts";
import type { Hash } from "#protocol/log-rules.ts";
import { readableThrough } from "#protocol/membership.ts";
import type { RelayStorage, SessionRoom } from "./storage/storage.ts";

export type Session = {
  token: string;
  rooms: ReadonlyMap<string, SessionRoom>;
  expiresAt: number;
};

export type Access = {
  /** A challenge that every process on the database recognises for `limits.challengeMs`, without keeping it. */
  challenge(): Promise<string>;
  /** The bytes of a challenge that was made on this database and is not too old, else null. */
  readChallenge(challenge: string): Promise<Bytes | null>;
  /** A session over those of these rooms that the device may read still. One over no room is good for nothing and is not kept. */
  open(rooms: ReadonlyMap<string, SessionRoom>): Promise<Session>;
  session(token: string): Promise<Session | null>;
  /** A push-only token for those of the session's rooms whose member the device is, in place of those it had there. SPEC.md [U1]. */
  openPushToken(session: Session): Promise<{ token: string; rooms: string[] }>;
  /** The devices that the push-only token stands for, by room; null when there is no such token any more. */
  pushDevices(token: string): Promise<ReadonlyMap<string, string> | null>;
  /** Nothing that is at hand is sure any more. */
  forgetAll(): void;
  sweep(): Promise<void>;
};

export type AccessOptions = {
  storage: RelayStorage;
  clock: () => number;
  randomBytes: (length: number) => Bytes;
  sha256: Hash;
  /** Told when a session could not be stored. */
  onFault: (error: unknown) => void;
};

/** How many sessions a process has at hand. */
const sessionsKept = 20_000;

const challengeSecret = "challenge-secret";
const timeBytes = 8;
const randomPart = 16;
const macBytes = 32;

/** Compares two strings in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(b.length, 1));
  return difference === 0;
}

/** Challenges and sessions, which are good at every process on the database and outlive them. */
export function createAccess({ storage, clock, randomBytes, sha256, onFault }: AccessOptions): Access {
  const mac = { name: "HMAC", hash: "SHA-256" } as const;
  const sessions = new Map<string, Session>();
  /** Counts what was forgotten: a session that was read before is not kept after. */
  let forgotten = 0;
  let secret: Promise<CryptoKey> | null = null;

  const readSecret = async (): Promise<CryptoKey> => {
    const known = await storage.setting(challengeSecret);
    const bytes = known ?? (await storage.write((tx) => tx.settle(challengeSecret, randomBytes(32))));
    return crypto.subtle.importKey("raw", bytes, mac, false, ["sign", "verify"]);
  };

  const secretKey = (): Promise<CryptoKey> => {
    secret ??= readSecret().catch((error: unknown) => {
      secret = null;
      throw error;
    });
    return secret;
  };

  const hashOf = async (token: string): Promise<string> => toHex(await sha256(concatBytes(purposeBytes("bearer-token"), new TextEncoder().encode(token))));

  const keep = (session: Session) => {
    sessions.set(session.token, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= sessionsKept) break;
      sessions.delete(oldest);
    }
  };

  /** Stores the session and gives its rooms: membership is asked again under the lock, since a removal ends only the sessions that it finds. */
  const store = async (token: string, expiresAt: number, rooms: ReadonlyMap<string, SessionRoom>): Promise<ReadonlyMap<string, SessionRoom>> => {
    const tokenHash = await hashOf(token);
    return storage.write(async (tx) => {
      const members = new Map<string, SessionRoom>();
      const states = await tx.lockRooms([...rooms.keys()]);
      for (const [roomId, room] of rooms) {
        const state = states.get(roomId);
        if (state !== undefined && readableThrough(state.membership, room.deviceId) > 0) members.set(roomId, room);
      }
      if (members.size > 0) await tx.insertSession(tokenHash, { rooms: members, expiresAt });
      return members;
    });
  };

  return {
    async challenge() {
      const body = new Uint8Array(timeBytes + randomPart);
      new DataView(body.buffer).setBigUint64(0, BigInt(clock()));
      body.set(randomBytes(randomPart), timeBytes);
      const tag = new Uint8Array(await crypto.subtle.sign(mac, await secretKey(), body));
      return toBase64Url(concatBytes(body, tag));
    },
    async readChallenge(challenge) {
      let bytes: Bytes;
      try {
        bytes = fromBase64Url(challenge);
      } catch {
        return null;
      }
      if (bytes.length !== timeBytes + randomPart + macBytes) return null;
      const body = bytes.slice(0, timeBytes + randomPart);
      if (!(await crypto.subtle.verify(mac, await secretKey(), bytes.slice(body.length), body))) return null;
      // The clock may have been set back since.
      const ageMs = Math.abs(clock() - Number(new DataView(body.buffer).getBigUint64(0)));
      return ageMs <= limits.challengeMs ? bytes : null;
    },
    async open(proved) {
      const [token, expiresAt, before] = [toBase64Url(randomBytes(32)), clock() + limits.sessionMs, forgotten];
      let rooms = proved;
      try {
        if (rooms.size > 0) rooms = await store(token, expiresAt, proved);
      } catch (error) {
        // With a full disk there must still be reading: the session is then this process's alone.
        onFault(error);
      }
      const session = { token, rooms, expiresAt };
      if (rooms.size > 0 && before === forgotten) keep(session);
      return session;
    },
    async session(token) {
      const known = sessions.get(token);
      if (known !== undefined) return known.expiresAt > clock() ? known : null;
      const tokenHash = await hashOf(token);
      for (;;) {
        const before = forgotten;
        const stored = await storage.session(tokenHash);
        if (before !== forgotten) continue;
        if (stored === null || stored.expiresAt <= clock()) return null;
        const session = { token, ...stored };
        keep(session);
        return session;
      }
    },
    async openPushToken(session) {
      const token = toBase64Url(randomBytes(32));
      const tokenHash = await hashOf(token);
      const expiresAt = clock() + limits.pushTokenMs;
      return storage.write(async (tx) => {
        const states = await tx.lockRooms([...session.rooms.keys()]);
        const rooms = [...session.rooms].flatMap(([roomId, { deviceId }]) =>
          states.get(roomId)?.membership.devices[deviceId] === undefined ? [] : [{ roomId, deviceId }],
        );
        // One for each device and room: whoever asks again and again fills nothing.
        for (const { roomId, deviceId } of rooms) await tx.endPushTokens(roomId, deviceId);
        if (rooms.length > 0) await tx.insertPushToken({ tokenHash, expiresAt, rooms });
        return { token, rooms: rooms.map(({ roomId }) => roomId) };
      });
    },
    async pushDevices(token) {
      const known = await storage.pushToken(await hashOf(token));
      return known === null || known.expiresAt <= clock() ? null : new Map(known.rooms.map(({ roomId, deviceId }) => [roomId, deviceId]));
    },
    forgetAll() {
      forgotten++;
      sessions.clear();
    },
    async sweep() {
      const now = clock();
      for (const [token, { expiresAt }] of sessions) if (expiresAt <= now) sessions.delete(token);
      await storage.write((tx) => tx.sweepSessions(now));
    },
  };
}
