import { type Accessor, createContext, createEffect, createSignal, type JSX, onCleanup, useContext } from "solid-js";
import * as z from "zod/mini";
import { RoomKind } from "#protocol/control.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { momentAt } from "../../lib/iso-date.ts";
import { noteYearClosed, noteYearShredded } from "./document.ts";
import { readRoomPeople } from "./create-people.ts";
import { followersOf } from "./followers.ts";
import { invitableRoles } from "./invite-rules.ts";
import { changesIn, inOrder, type RoomWork } from "./people-rules.ts";

const Work = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("remove"),
    person: z.string(),
    device: z.nullable(z.string()),
    schoolId: z.nullable(z.string()),
    lastHad: z.nullable(z.string()),
    reason: z.string(),
  }),
  z.object({ type: z.literal("setRole"), person: z.string(), role: z.enum(invitableRoles), schoolId: z.nullable(z.string()), reason: z.string() }),
  z.object({ type: z.literal("acceptGen") }),
  z.object({ type: z.literal("follow"), people: z.readonly(z.array(z.string())) }),
  z.object({ type: z.literal("close"), label: z.string(), keepUntil: z.string() }),
  z.object({ type: z.literal("shred"), label: z.string() }),
]);
const Job = z.object({
  id: z.string(),
  /** Whom it is about, as the one who began it saw the name. */
  name: z.string(),
  work: Work,
  rooms: z.array(z.object({ roomId: z.string(), kind: RoomKind, label: z.string() })),
});

/** Work that somebody has begun on this device. It is kept sealed here until all of it is done and has been seen to be. */
export type Job = z.infer<typeof Job>;

export type JobStanding = {
  job: Job;
  /** Room ids. */
  done: ReadonlySet<string>;
  now: string | null;
  isFinished: boolean;
  /** Why it rests before it is finished. */
  rests: "offline" | "refused" | null;
};

export type RoomWorkContextValue = {
  jobs: Accessor<readonly JobStanding[]>;
  /** Begins it, and keeps it before anything of it is done. @returns its id; null when nothing is to be done */
  begin(name: string, work: RoomWork): Promise<string | null>;
  /** It is finished and has been seen. */
  close(jobId: string): Promise<void>;
};

const storedName = "roomWork";
/** How long what was refused rests. */
const restMs = 30_000;

const RoomWorkContext = createContext<RoomWorkContextValue>();

/** @throws outside of an unlocked app */
export function useRoomWork(): RoomWorkContextValue {
  const value = useContext(RoomWorkContext);
  if (value === undefined) throw new Error("useRoomWork needs a RoomWorkProvider above it");
  return value;
}

export function RoomWorkProvider(props: { children: JSX.Element }): JSX.Element {
  return <RoomWorkContext.Provider value={createRoomWork()}>{props.children}</RoomWorkContext.Provider>;
}

function createRoomWork(): RoomWorkContextValue {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const [jobs, setJobs] = createSignal<readonly JobStanding[]>([]);
  let over = false;
  let running = false;
  let cancelRest = () => {};
  onCleanup(() => {
    over = true;
    cancelRest();
  });

  void engine.read(async () => {
    const stored = z.array(Job).safeParse(await engine.locals.load(storedName));
    if (!stored.success || over) return;
    setJobs(stored.data.map((job) => ({ job, done: new Set<string>(), now: null, isFinished: false, rests: null })));
    void run();
  });
  // The network is back.
  createEffect((before: boolean | null | undefined) => {
    const { reached } = sync();
    if (reached === true && before === false) void run();
    return reached;
  });

  return {
    jobs,
    async begin(name, work) {
      const rooms = await waitingRooms(work, engine.rooms());
      if (rooms.length === 0) return null;
      const job: Job = { id: engine.newId(), name, work, rooms: rooms.map(({ roomId, kind, label }) => ({ roomId, kind, label })) };
      await keep([...jobs(), { job, done: new Set(), now: null, isFinished: false, rests: null }]);
      void run();
      return job.id;
    },
    close: (jobId) => keep(jobs().filter(({ job }) => job.id !== jobId)),
  };

  async function keep(next: readonly JobStanding[]): Promise<void> {
    await engine.locals.save(storedName, next.map(({ job }) => job));
    setJobs(next);
  }

  async function waitingRooms(work: RoomWork, rooms: readonly Room[]): Promise<Room[]> {
    const asked = await Promise.all(rooms.map(async (room) => (await changesOf(work, room)).length > 0));
    return inOrder(rooms.filter((_, index) => asked[index]));
  }

  async function changesOf(work: RoomWork, room: Room) {
    const restored = engine.space.status.get().attention.some((one) => one.roomId === room.roomId && one.restored);
    const people = await readRoomPeople(room);
    const followers = work.type === "follow" ? await followersOf(room, engine.rooms()) : [];
    const now = { ...people, restored, keptUntil: room.keptUntil(), followers };
    if (work.type !== "remove" || work.lastHad === null) return changesIn(work, now);
    const untilMs = Date.parse(momentAt(work.lastHad, "00:00"));
    const lost = people.members.filter(({ person, device }) => person === work.person && (work.device === null || device === work.device));
    const fences = new Map<string, number>();
    for (const { deviceId } of lost) fences.set(deviceId, await room.lastCounterBefore(deviceId, untilMs));
    return changesIn(work, now, fences);
  }

  /** One job after the other, one room after the other. What has been done is seen in the rooms, so that it can be begun anew at any time. */
  async function run(): Promise<void> {
    if (running || over) return;
    running = true;
    cancelRest();
    let rests = false;
    for (const { job } of jobs()) {
      if (jobs().find((one) => one.job.id === job.id)?.isFinished !== false) continue;
      const why = await engine.space.sync.settle().then(() => work(job), offlineOnly).catch(offlineOnly);
      update(job.id, { now: null, rests: why, isFinished: why === null });
      rests ||= why !== null;
    }
    running = false;
    if (rests && !over) cancelRest = engine.clock.after(restMs, () => void run());
    else if (jobs().some(({ isFinished }) => !isFinished)) void run();
  }

  async function work({ id, work, rooms }: Job): Promise<JobStanding["rests"]> {
    let refused = false;
    const done = new Set<string>();
    update(id, { rests: null });
    await tellConsultants(work, rooms);
    for (const { roomId } of inOrder(rooms)) {
      const room = engine.rooms().find((candidate) => candidate.roomId === roomId);
      if (over) return "offline";
      update(id, { now: roomId, done: new Set(done) });
      if (room !== undefined && !(await changeAll(work, room))) refused = true;
      else done.add(roomId);
      update(id, { now: null, done: new Set(done) });
    }
    return refused ? "refused" : null;
  }

  /** What becomes of a year is said in the service's room first: the year's own are not there afterwards. */
  async function tellConsultants(work: RoomWork, rooms: Job["rooms"]): Promise<void> {
    const service = engine.rooms().find(({ kind }) => kind === "service");
    const roomIds = new Set(rooms.map(({ roomId }) => roomId));
    if (service === undefined || (work.type !== "close" && work.type !== "shred")) return;
    await service.edit([indexDocId], (index) => {
      if (index === undefined) return;
      if (work.type === "close") noteYearClosed(index, roomIds, work.keepUntil);
      else noteYearShredded(index, roomIds, engine.today());
    });
  }

  async function changeAll(work: RoomWork, room: Room): Promise<boolean> {
    for (const change of await changesOf(work, room)) {
      if (!(await engine.space.change(room.roomId, change))) return false;
    }
    return true;
  }

  function update(jobId: string, standing: Partial<JobStanding>): void {
    if (!over) setJobs((all) => all.map((one) => (one.job.id === jobId ? { ...one, ...standing } : one)));
  }
}

function offlineOnly(error: unknown): "offline" | "refused" {
  return error instanceof RelayUnreachableError ? "offline" : "refused";
}
