import { concatBytes, fromBase64Url, toBase64Url, type Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";

/** The device whose leaf was proved, and how far the room's log had come then. */
export type SessionRoom = { deviceId: string; headSeq: number };

export type Session = {
  token: string;
  rooms: ReadonlyMap<string, SessionRoom>;
  expiresAt: number;
};

export type Access = {
  /** A challenge that this process recognises for `limits.challengeMs`, without keeping it. */
  challenge(): Promise<string>;
  /** The bytes of a challenge that this process made and that is not too old, else null. */
  readChallenge(challenge: string): Promise<Bytes | null>;
  /** A session over these rooms. One over no room is good for nothing and is not kept. */
  open(rooms: ReadonlyMap<string, SessionRoom>): Session;
  session(token: string): Session | null;
  sweep(): void;
};

/** How many sessions a process keeps. Past that the oldest goes, which costs its owner one new challenge. */
const sessionsKept = 20_000;

const timeBytes = 8;
const randomPart = 16;
const macBytes = 32;

/** Compares two strings in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(b.length, 1));
  return difference === 0;
}

/** Challenges and sessions of one process; none outlives it. */
export function createAccess(clock: () => number, randomBytes: (length: number) => Bytes): Access {
  const mac = { name: "HMAC", hash: "SHA-256" } as const;
  const secret = crypto.subtle.importKey("raw", randomBytes(32), mac, false, ["sign", "verify"]);
  const sessions = new Map<string, Session>();

  return {
    async challenge() {
      const body = new Uint8Array(timeBytes + randomPart);
      new DataView(body.buffer).setBigUint64(0, BigInt(clock()));
      body.set(randomBytes(randomPart), timeBytes);
      const tag = new Uint8Array(await crypto.subtle.sign(mac, await secret, body));
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
      if (!(await crypto.subtle.verify(mac, await secret, bytes.slice(body.length), body))) return null;
      // The clock may have been set back since.
      const ageMs = Math.abs(clock() - Number(new DataView(body.buffer).getBigUint64(0)));
      return ageMs <= limits.challengeMs ? bytes : null;
    },
    open(rooms) {
      const session = { token: toBase64Url(randomBytes(32)), rooms, expiresAt: clock() + limits.sessionMs };
      if (rooms.size > 0) sessions.set(session.token, session);
      for (const oldest of sessions.keys()) {
        if (sessions.size <= sessionsKept) break;
        sessions.delete(oldest);
      }
      return session;
    },
    session(token) {
      const session = sessions.get(token);
      return session !== undefined && session.expiresAt > clock() ? session : null;
    },
    sweep() {
      // All live equally long, so the first that is not over ends the search.
      for (const [token, session] of sessions) {
        if (session.expiresAt > clock()) break;
        sessions.delete(token);
      }
    },
  };
}
