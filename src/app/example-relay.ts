import { type Bytes, fromHex } from "#protocol/bytes.ts";
import { parseControlBody } from "#protocol/control.ts";
import { type ChainHead, firstGeneration } from "#protocol/log-rules.ts";
import { foldControl, type LogSoFar, type Membership } from "#protocol/membership.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { type EnvelopeFacts, factsOf, parseEnvelope } from "#protocol/record.ts";
import { enrolmentCodeHash } from "../../sync-server/enrolment.ts";
import { createRelay } from "../../sync-server/relay.ts";
import { createMemoryStorage } from "../../sync-server/storage/memory.ts";
import type { NewEnvelope, RelayStorage } from "../../sync-server/storage/storage.ts";
import { serviceTokenHash } from "../engine/keys/service-token.ts";
import { systemRandom } from "../engine/platform/clock.ts";
import type { Database } from "../engine/storage/database.ts";
import type { RecordRow } from "../engine/storage/log-store.ts";

/** The example's one enrolment code and service token: nothing is behind them but this page's memory. */
export const exampleCode = "EKSEMPEL";
export const exampleServiceToken: Bytes = new Uint8Array(32).fill(0xad);

/**
 * The relay core in this page. It keeps nothing of its own: what it had taken before the page was closed is in the device's log,
 * in the relay's own order, and is put back from there.
 */
export async function openExampleRelay(database: Database): Promise<RelayPort> {
  const storage = createMemoryStorage();
  const codeHash = await enrolmentCodeHash(exampleCode);
  const now = Date.now();
  await storage.write((tx) => tx.insertCode(codeHash, now));
  const numbered = (await database.records.toArray()).filter((row) => row.seq !== undefined);
  for (const [roomId, rows] of Map.groupBy(numbered, (row) => row.roomId)) await putBack(storage, roomId, rows, now);
  return createRelay({ storage, clock: Date.now, randomBytes: systemRandom });
}

const nothing: Bytes = new Uint8Array(0);
/** What stands for the bytes of a purged envelope until they are dropped again. */
const something: Bytes = new Uint8Array(1);

async function putBack(storage: RelayStorage, roomId: string, rows: RecordRow[], now: number): Promise<void> {
  const envelopes: NewEnvelope[] = [];
  const heads = new Map<string, ChainHead>();
  const dropped: number[] = [];
  let membership: Membership | null = null;
  for (const row of rows.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
    const { deviceId, envelopeId, bytes, seq = 0, acc = nothing, droppedCtr } = row;
    if (droppedCtr !== undefined) {
      envelopes.push({ deviceId, ctr: droppedCtr, seq, envelopeId, bytes: something, acc });
      heads.set(deviceId, { ctr: droppedCtr, tip: envelopeId });
      dropped.push(seq);
      continue;
    }
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok) continue;
    const { envelope } = parsed;
    const { ctr } = envelope;
    const log = { place: seq, generation: firstGeneration, lastCtr: (id: string) => heads.get(id)?.ctr ?? 0, isUpdateAt: () => true };
    if (envelope.type === "control") membership = foldOne(membership, factsOf(envelope, fromHex(envelopeId)), envelope.clear, log);
    envelopes.push({ deviceId, ctr, seq, envelopeId, bytes, acc });
    heads.set(deviceId, { ctr, tip: envelopeId });
  }
  if (membership === null) return;
  const made: Membership = membership;
  const tokenHash = await serviceTokenHash(exampleServiceToken);
  await storage.write(async (tx) => {
    if (made.roomKind === "service") await tx.insertService(roomId, { tokenHash }, now);
    await tx.insertRoom(roomId, made);
    await tx.appendEnvelopes(roomId, envelopes);
    await tx.dropBytes(roomId, dropped);
    await tx.setChainHeads(roomId, heads);
  });
}

function foldOne(before: Membership | null, facts: EnvelopeFacts, clear: Bytes, log: LogSoFar): Membership | null {
  const parsed = parseControlBody(clear);
  if (!parsed.ok) return before;
  const folded = foldControl(before, facts, parsed.body, log);
  return folded.ok ? folded.value : before;
}
