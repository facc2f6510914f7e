import { onCleanup } from "solid-js";
import * as z from "zod/mini";
import type { Room } from "../../engine/space.ts";
import { dateOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { afterDrawing } from "../../ui/next-frame.ts";
import { MomentText } from "../fields.ts";
import { accessDocumentOf, noteOpening } from "./document.ts";

const storedName = "openings";
/** So long an opening waits for a saving of the same room to go along with. Then it goes by itself, if there is a network. */
const waitMs = 5 * 60_000;

const Waiting = z.object({ roomId: z.string(), docId: z.string(), at: MomentText });
/** `noted` is what this device has noted on `day`, waiting or written: once a day is enough. */
const Stored = z.object({ day: z.string(), noted: z.array(z.string()), waiting: z.array(Waiting) });
type Stored = z.infer<typeof Stored>;

/**
 * Notes in each room which of its cases and meetings this person opens, once a day each. After the page is drawn, and never as something the person has yet to
 * send: what cannot go along with a saving waits sealed on the device.
 */
export function AccessKeeper(): null {
  const engine = useEngine();
  let stored: Stored = { day: "", noted: [], waiting: [] };
  let over = false;
  let stopWaiting = () => {};
  const loaded = engine.locals.load(storedName).then(
    (value) => {
      const parsed = Stored.safeParse(value);
      if (!parsed.success) return;
      stored = parsed.data;
      for (const one of stored.waiting) writeAlong(one);
    },
    () => undefined,
  );
  const stop = engine.onOpened((room, docId) => void afterDrawing().then(() => note(room, docId)));
  const stopFlushing = engine.beforeLock(flush);
  arm();
  onCleanup(() => {
    over = true;
    stop();
    stopFlushing();
    stopWaiting();
  });
  return null;

  async function note(room: Room, docId: string): Promise<void> {
    await loaded;
    const id = `${room.roomId}/${docId}`;
    const at = engine.moment();
    if (stored.day !== dateOf(at)) stored = { ...stored, day: dateOf(at), noted: [] };
    // A closed year takes no more notes; it can still be read.
    if (over || stored.noted.includes(id) || accessDocumentOf(docId) === null || room.keptUntil() !== null) return;
    // The page of a case looks in both rooms that it may have something in.
    const doc = await room.open(docId).catch(() => null);
    if (over || doc === null || doc.store.clients.size === 0 || stored.noted.includes(id)) return;
    stored.noted.push(id);
    const one = { roomId: room.roomId, docId, at };
    stored.waiting.push(one);
    writeAlong(one);
    await keep();
  }

  function writeAlong(one: z.infer<typeof Waiting>): void {
    const room = engine.rooms().find(({ roomId }) => roomId === one.roomId);
    const access = accessDocumentOf(one.docId);
    if (room === undefined || access === null || room.keptUntil() !== null) {
      stored.waiting = stored.waiting.filter((other) => other !== one);
      return;
    }
    const written = () => {
      stored.waiting = stored.waiting.filter((other) => other !== one);
      void keep();
    };
    room.writeAlong(access, (doc) => noteOpening(doc, room.deviceId, one.at), written);
  }

  /** A note that the disk has no room for is tried again with the next one; whoever reads is not told of it. */
  async function keep(): Promise<void> {
    await engine.locals.save(storedName, stored).catch(() => undefined);
  }

  function arm(): void {
    stopWaiting = engine.clock.after(waitMs, () => void flush().then(() => (over ? undefined : arm())));
  }

  async function flush(): Promise<void> {
    // The loop finds out with its next request that the network is gone; the browser mostly knows before.
    if (engine.space.sync.status.get().reached !== true || !navigator.onLine) return;
    const rooms = new Set(stored.waiting.map(({ roomId }) => roomId));
    for (const room of engine.rooms()) if (rooms.has(room.roomId)) await room.edit([], () => {}).catch(() => undefined);
  }
}
