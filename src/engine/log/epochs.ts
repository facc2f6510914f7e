import { toHex } from "#protocol/bytes.ts";
import type { ControlBody, NewEpochBody } from "#protocol/control.ts";
import { sha256 } from "../crypto/primitives.ts";
import { unwrapSecret } from "../crypto/wrap.ts";
import type { RoomKeys } from "../keys/keyring.ts";
import { UnreadableError } from "../platform/errors.ts";
import { readControls } from "./control-rows.ts";
import { commitmentInput, openHistory } from "./record.ts";
import type { RoomContext } from "./room-context.ts";
import type { VerifiedEnvelope } from "./verify.ts";

export type Secrets = RoomKeys["secrets"];

/** A record that begins an epoch: genesis, removal, rotation. */
type Beginning = { epoch: number; commitment: string; history: NewEpochBody["history"] | null };

/**
 * The epoch secrets that newly accepted records give to this device: by wraps to its own leaf, and back from these by the history links. SPEC.md [K4], [K8].
 * @returns the first record whose wrap does not hold what its commitment says, if there is one
 */
export async function findSecrets(room: RoomContext, accepted: readonly VerifiedEnvelope[]): Promise<{ secrets: Secrets; badSeq: number | null }> {
  const { keys } = room;
  const secrets: Secrets = {};
  let badSeq: number | null = null;
  for (const { envelope: { epoch }, control, seq } of accepted) {
    if (control === null || !("wraps" in control)) continue;
    const wrap = control.wraps.find(({ deviceId }) => deviceId === keys.deviceId);
    const known = secrets[epoch] ?? keys.secrets[epoch];
    // A restored relay may have lost an epoch, and begun it another time.
    if (wrap === undefined || (known !== undefined && (await isCommitted(keys.roomId, epoch, known, control.commitment)))) continue;
    try {
      const secret = await unwrapSecret(keys.kem, wrap, keys.roomId, epoch);
      if (!(await isCommitted(keys.roomId, epoch, secret, control.commitment))) throw new UnreadableError("commitment");
      secrets[epoch] = secret;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      badSeq ??= seq;
    }
  }
  await readBack(room, accepted, secrets);
  return { secrets, badSeq };
}

/** Follows the links from each secret that has just come, as far as they hold. What they do not give stays unreadable, and is counted as that. */
async function readBack(room: RoomContext, accepted: readonly VerifiedEnvelope[], secrets: Secrets): Promise<void> {
  const { keys } = room;
  const learned = Object.keys(secrets).map(Number);
  const isMissing = learned.some((epoch) => epoch > 1 && (keys.secrets[epoch - 1] ?? secrets[epoch - 1]) === undefined);
  // Of a restored log a secret that is here may be of an epoch that was lost, and begun anew.
  if (learned.length === 0 || (!isMissing && room.status.get().state.generations.length === 1)) return;
  const beginnings = new Map<number, Beginning>();
  const stored = await readControls(room, room.status.get().state.membership?.controlHead ?? keys.genesis);
  const inPage = accepted.flatMap(({ envelope, control }) => (control === null ? [] : [{ envelope, body: control }]));
  for (const { envelope: { epoch }, body } of [...stored, ...inPage]) {
    const beginning = beginningOf(epoch, body);
    if (beginning !== null) beginnings.set(epoch, beginning);
  }
  for (let epoch = Math.max(...learned); epoch > 1; epoch--) {
    const secret = secrets[epoch] ?? keys.secrets[epoch];
    const [here, before] = [beginnings.get(epoch), beginnings.get(epoch - 1)];
    const known = secrets[epoch - 1] ?? keys.secrets[epoch - 1];
    if (known !== undefined && (before === undefined || (await isCommitted(keys.roomId, epoch - 1, known, before.commitment)))) continue;
    if (secret === undefined || here?.history === undefined || here.history === null || before === undefined) return;
    try {
      const earlier = await openHistory(secret, { roomId: keys.roomId, epoch }, here.history);
      if (!(await isCommitted(keys.roomId, epoch - 1, earlier, before.commitment))) return;
      secrets[epoch - 1] = earlier;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return;
    }
  }
}

function beginningOf(epoch: number, body: ControlBody): Beginning | null {
  if (body.action === "genesis") return { epoch, commitment: body.commitment, history: null };
  return "history" in body ? { epoch, commitment: body.commitment, history: body.history } : null;
}

async function isCommitted(roomId: string, epoch: number, secret: Secrets[number], commitment: string): Promise<boolean> {
  return toHex(await sha256(commitmentInput(roomId, epoch, secret))) === commitment;
}
