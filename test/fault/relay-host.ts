import type { Bytes } from "#protocol/bytes.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { Membership } from "#protocol/membership.ts";
import type { RelayPort } from "#protocol/messages.ts";
import type { LogEntry } from "#protocol/record.ts";
import { nodeSha256 } from "../../sync-server/node-sha256.ts";
import { createRelay, type Relay } from "../../sync-server/relay.ts";
import { createMemoryStorage, type MemoryStorage } from "../../sync-server/storage/memory.ts";
import type { RelayStorage, RoomState } from "../../sync-server/storage/storage.ts";
import { never, type Scene } from "./scene.ts";
import { editsInStored, factsIn } from "./truth.ts";

/** The machine on which the relay runs: the process may die and start again, the disk stays. */
export type RelayHost = {
  /** The running relay, or null while it is down. */
  relay(): Relay | null;
  /** Grows with each start: what one process was asked, another does not answer. */
  run(): number;
  start(): void;
  /** Without a word to anybody. */
  kill(): void;
  backUp(): void;
  backups(): number;
  /** Puts a backup in the place of the disk, as the operator's tool does. SPEC.md [G1]. */
  restore(backup: number): Promise<void>;
  restoredAt(): number | null;
  storage(): MemoryStorage;
  /** What the relay says to have on its disk is remembered, to be looked for there. */
  tookOver(roomId: string, envelopes: readonly Bytes[], seqs: readonly number[]): void;
  /** So is what it shows in a page of the log: it may have died before it could say that it has it. */
  showed(roomId: string, page: readonly LogEntry[]): void;
  /** Every edit that it has said to have, in whatever generation, and its room. */
  everTaken(): ReadonlyMap<string, string>;
  /** Whether the relay has lost a purge, and nobody could give it back: what stood on what it carried on waits until it is made again by hand. SPEC.md [Z5]. */
  hasLostPurge(roomId: string): Promise<boolean>;
  /** Whether the relay has lost a close by which the room's last day is over: whoever has read it lets go of the room. SPEC.md [Z1]. */
  hasLostClose(roomId: string): Promise<boolean>;
  /** Edits that a purge has carried on from what it destroyed. */
  purgedEdits(): ReadonlySet<string>;
  /** Every edit that is on its disk. */
  edits(): Promise<Set<string>>;
  membership(roomId: string): Promise<(Pick<RoomState, "generations" | "logGen"> & { membership: Membership }) | null>;
  /** Whatever it has said to have, by envelope id. */
  everKnown(): ReadonlyMap<string, Bytes>;
  /** A room's log, in the order of its numbers. */
  log(roomId: string): Promise<LogEntry[]>;
  /** The relay has opened a session, and how long it is good. SPEC.md [R6]. */
  opened(token: string, rooms: readonly string[]): void;
  /** The relay has done what a session is needed for. */
  admitted(token: string, roomId: string, what: string): void;
  checkAcked(): Promise<void>;
};

type Acked = { roomId: string; seq: number; bytes: Bytes };

const sweepMs = 30_000;
/** What was asked in time may be answered later. */
const slowestAnswerMs = 1000;
const allOf = { maxBytes: Number.POSITIVE_INFINITY, maxEnvelopes: Number.POSITIVE_INFINITY };

export function createRelayHost(scene: Scene, ended: () => void): RelayHost {
  const { timeline, chance } = scene;
  let disk = createMemoryStorage();
  /** Each with what was acked in the log that it was made of; what came behind it there has higher numbers. */
  const backups: { disk: MemoryStorage; acked: Acked[] }[] = [];
  let relay: Relay | null = null;
  let runs = 0;
  let generation = 0;
  let restoredAt: number | null = null;
  let newestGen = 0;
  const everTaken = new Map<string, string>();
  const everKnown = new Map<string, Bytes>();
  const purgedEdits = new Set<string>();
  const purges: { roomId: string; id: string }[] = [];
  const closes: { roomId: string; keepUntil: string }[] = [];
  const sessions = new Map<string, { openedAt: number; rooms: readonly string[]; run: number }>();
  /** Where somebody may have written: what a relay took that died before it could say so is on its disk too. */
  const roomIds = new Set<string>();
  let acked: Acked[] = [];

  /** A disk takes its time, and a process may die before, and after, it has written. */
  function slowly(storage: MemoryStorage, own: number): RelayStorage {
    const isRunning = () => runs === own && relay !== null;
    const pause = () =>
      chance.happens(0.8)
        ? Promise.resolve()
        : new Promise<void>((resolve, reject) => timeline.after(chance.below(40), () => (isRunning() ? resolve() : reject(new Error("the process is dead")))));
    return {
      ...storage,
      async write(work) {
        try {
          // What is not committed when the process dies is not on the disk.
          const result = await storage.write(async (tx) => {
            const done = await work(tx);
            await pause();
            return done;
          });
          await pause();
          return result;
        } catch (error) {
          if (!isRunning()) return never();
          throw error;
        }
      },
    };
  }

  function start(): void {
    const own = ++runs;
    const started = createRelay({
      storage: slowly(disk, own),
      clock: timeline.now,
      randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
      sha256: nodeSha256,
      defer: (run) => void timeline.after(chance.below(3), () => runs === own && relay !== null && run()),
      onFault: (error) => scene.broken("relay fault", String(error)),
    });
    relay = started;
    const sweep = () => {
      if (runs !== own || relay === null) return;
      void started.sweep();
      timeline.after(sweepMs, sweep);
    };
    timeline.after(sweepMs, sweep);
  }

  async function log(roomId: string): Promise<LogEntry[]> {
    return (await disk.log(roomId, 0, allOf))?.page ?? [];
  }

  function know(roomId: string, bytes: Bytes): void {
    const { id, control } = factsIn(bytes);
    if (everKnown.has(id)) return;
    everKnown.set(id, bytes);
    if (control?.action === "purge") purges.push({ roomId, id });
    if (control?.action === "purge") for (const edit of editsInStored(bytes)) purgedEdits.add(edit);
    if (control?.action === "close") closes.push({ roomId, keepUntil: control.keepUntil });
    for (const edit of editsInStored(bytes)) everTaken.set(edit, roomId);
  }

  function kill(): void {
    relay = null;
    ended();
  }

  return {
    relay: () => relay,
    run: () => runs,
    start,
    kill,
    backUp: () => void backups.push({ disk: disk.copy(), acked }),
    backups: () => backups.length,
    async restore(backup) {
      kill();
      const kept = backups[backup] as (typeof backups)[number];
      disk = kept.disk.copy();
      // Nobody restores twice within a second, as this world may.
      newestGen = Math.max(Math.floor(timeline.now() / 1000), newestGen + 1);
      await disk.write((tx) => tx.beginGeneration(newestGen));
      const rooms = await disk.rooms([...new Set(kept.acked.map(({ roomId }) => roomId))]);
      acked = kept.acked.filter(({ roomId, seq }) => seq <= (rooms.get(roomId)?.headSeq ?? 0));
      restoredAt = timeline.now();
      generation++;
    },
    restoredAt: () => restoredAt,
    storage: () => disk,
    tookOver(roomId, envelopes, seqs) {
      for (const [index, seq] of seqs.entries()) {
        const bytes = envelopes[index];
        if (bytes === undefined) continue;
        acked.push({ roomId, seq, bytes });
        know(roomId, bytes);
      }
    },
    showed(roomId, page) {
      for (const entry of page) if ("bytes" in entry) know(roomId, entry.bytes);
    },
    everTaken: () => everTaken,
    async edits() {
      const found = new Set<string>();
      for (const roomId of roomIds) for (const entry of await log(roomId)) if ("bytes" in entry) for (const edit of editsInStored(entry.bytes)) found.add(edit);
      return found;
    },
    membership: async (roomId) => (await disk.rooms([roomId])).get(roomId) ?? null,
    everKnown: () => everKnown,
    async hasLostPurge(roomId) {
      if (restoredAt === null || purges.every((one) => one.roomId !== roomId)) return false;
      const there = new Set((await log(roomId)).flatMap((entry) => ("bytes" in entry ? [factsIn(entry.bytes).id] : [])));
      return purges.some((one) => one.roomId === roomId && !there.has(one.id));
    },
    async hasLostClose(roomId) {
      const today = new Date(timeline.now()).toISOString().slice(0, 10);
      if (restoredAt === null || closes.every((one) => one.roomId !== roomId || one.keepUntil >= today)) return false;
      return (await disk.rooms([roomId])).get(roomId)?.membership.keepUntil === null;
    },
    purgedEdits: () => purgedEdits,
    log,
    opened(token, rooms) {
      sessions.set(token, { openedAt: timeline.now(), rooms, run: generation });
      for (const roomId of rooms) roomIds.add(roomId);
    },
    admitted(token, roomId, what) {
      const session = sessions.get(token);
      if (session === undefined) return;
      if (timeline.now() - session.openedAt > limits.sessionMs + slowestAnswerMs) scene.broken("session", `${what} in a session that is over`);
      if (session.run !== generation) scene.broken("session", `${what} in a session from before a restore`);
      if (!session.rooms.includes(roomId)) scene.broken("session", `${what} in a room that nobody has proved to be in`);
    },
    async checkAcked() {
      for (const [roomId, ofRoom] of Map.groupBy(acked, (one) => one.roomId)) {
        const page = await log(roomId);
        const places = new Map<string, number>();
        for (const entry of page) {
          const id = "bytes" in entry ? factsIn(entry.bytes).id : entry.dropped.envelopeId;
          if (places.has(id)) scene.broken("once", `${roomId.slice(0, 4)} has one envelope at ${places.get(id)} and ${entry.seq}`);
          places.set(id, entry.seq);
        }
        for (const { seq, bytes } of ofRoom) {
          const there = page[seq - 1];
          const isThere = there !== undefined && ("bytes" in there ? equalBytes(there.bytes, bytes) : there.dropped.envelopeId === factsIn(bytes).id);
          if (!isThere) scene.broken("acked", `${roomId.slice(0, 4)} has lost what it acked as ${seq}`);
        }
      }
    },
  };
}

type Asked = RelayPort & Pick<Relay, "pushByToken">;

export type RelayCall = { [Name in keyof Asked]: { name: Name; args: Parameters<Asked[Name]> } }[keyof Asked];

/** Asks a running relay, and notes what it says to have taken. */
export async function ask(host: RelayHost, { name, args }: RelayCall): Promise<unknown> {
  const relay = host.relay();
  if (relay === null) return never();
  const answer = (await (relay[name] as (...given: unknown[]) => Promise<unknown>)(...args)) as { ok: boolean; value?: { seqs?: number[]; seq?: number; page?: LogEntry[]; token?: string; rooms?: { roomId: string }[] } };
  if (answer.ok && (name === "push" || name === "repair" || name === "pushByToken")) host.tookOver(args[1], args[2], answer.value?.seqs ?? []);
  if (answer.ok && name === "log") host.showed(args[1], answer.value?.page ?? []);
  if (answer.ok && name === "openSession") host.opened(String(answer.value?.token), (answer.value?.rooms ?? []).map(({ roomId }) => roomId));
  if (answer.ok && (name === "push" || name === "repair" || name === "control" || name === "log")) host.admitted(args[0], args[1], name);
  if (answer.ok && name === "control") host.tookOver(args[1], [args[2]], [answer.value?.seq ?? 0]);
  return answer;
}
