import { type Bytes, fromHex } from "#protocol/bytes.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import { type Envelope, noHash } from "#protocol/record.ts";
import { suite } from "#protocol/version.ts";
import { importSealKey, importSigner, type SealKey } from "../crypto/primitives.ts";
import type { RoomKeys } from "../keys/keyring.ts";
import { UnreadableError } from "../platform/errors.ts";
import { deriveRoomKey, deriveRoomKeyBytes, openEnvelope, sealEnvelope } from "./record.ts";
import { logGenOf, type RoomState } from "./room-state.ts";

/** An own envelope, signed, and where it puts the end of the own chain. */
export type SealedEnvelope = { bytes: Bytes; envelopeId: Bytes };

const keyPurposes = { update: "key/update", control: "key/control", heartbeat: "key/heartbeat", presence: "key/presence" } as const;
type Sealed = keyof typeof keyPurposes;

/** What a room's keys can do. Derives and imports each key once. */
export class RoomCipher {
  readonly #keys: RoomKeys;
  readonly #sealKeys = new Map<string, { secret: Bytes; key: Promise<SealKey> }>();
  #signer: Promise<CryptoKey> | null = null;

  constructor(keys: RoomKeys) {
    this.#keys = keys;
  }

  /**
   * Seals and signs the next envelope of the own chain.
   * @param after the envelope before it
   * @param state how far the author says to have read
   * @param resealOf envelope id of what this one replaces, if it may have left the device
   */
  seal(
    type: Exclude<Sealed, "presence">,
    after: ChainHead,
    state: RoomState,
    content: { clear: Bytes; inside: Bytes },
    nonce: Bytes,
    resealOf: string | null = null,
  ): Promise<SealedEnvelope> {
    const place = { ctr: after.ctr + 1, prev: fromHex(after.tip), resealOf: resealOf === null ? noHash : fromHex(resealOf) };
    return this.#sealAt(type, place, state, content, nonce);
  }

  /** Seals and signs what stands in no chain. SPEC.md [N1]. @returns the envelope */
  async sealPresence(state: RoomState, inside: Bytes, nonce: Bytes): Promise<Bytes> {
    const place = { ctr: 0, prev: noHash, resealOf: noHash };
    return (await this.#sealAt("presence", place, state, { clear: new Uint8Array(0), inside }, nonce)).bytes;
  }

  async #sealAt(
    type: Sealed,
    place: { ctr: number; prev: Readonly<Bytes>; resealOf: Readonly<Bytes> },
    state: RoomState,
    content: { clear: Bytes; inside: Bytes },
    nonce: Bytes,
  ): Promise<SealedEnvelope> {
    const { roomId, deviceId, sign: signing } = this.#keys;
    const epoch = state.membership?.epoch ?? 1;
    this.#signer ??= importSigner(signing.privateKey);
    const [sign, seal] = await Promise.all([this.#signer, this.#sealKey(type, epoch, deviceId)]);
    const header = {
      suite,
      type,
      roomId: fromHex(roomId),
      deviceId: fromHex(deviceId),
      epoch,
      ...place,
      logGen: logGenOf(state),
      seenSeq: state.seq,
      seenAcc: state.acc,
    };
    return sealEnvelope(header, content.clear, content.inside, { seal, sign }, nonce);
  }

  /** @throws {UnreadableError} when the key is not here or does not fit; {RangeError} when the inside is broken */
  async open(type: Sealed, envelope: Envelope, authorId: string): Promise<Bytes> {
    const { epoch } = envelope;
    try {
      return await openEnvelope(envelope, await this.#sealKey(type, epoch, authorId));
    } catch (error) {
      const spare = this.#keys.spare.filter((one) => one.epoch === epoch);
      if (!(error instanceof UnreadableError) || spare.length === 0) throw error;
      const { roomId } = this.#keys;
      const keys = spare.map(({ secret }) => deriveRoomKey(secret, { roomId, epoch, deviceId: authorId }, keyPurposes[type]));
      return Promise.any(keys.map(async (key) => openEnvelope(envelope, await key))).catch(() => Promise.reject(error));
    }
  }

  /**
   * The key that an update opens with, for those who have none of its epoch: that may have been lost with a relay's disk. SPEC.md [G7].
   * @returns `isOfLostEpoch`: this device has read since that another epoch of that number was begun
   * @throws {UnreadableError} when it is not here
   */
  async keyOf(envelope: Envelope, authorId: string): Promise<{ key: Bytes; isOfLostEpoch: boolean }> {
    const { epoch } = envelope;
    const { roomId, secrets, spare } = this.#keys;
    const known = [secrets[epoch], ...spare.map((one) => (one.epoch === epoch ? one.secret : undefined))];
    for (const [at, secret] of known.entries()) {
      if (secret === undefined) continue;
      const key = await deriveRoomKeyBytes(secret, { roomId, epoch, deviceId: authorId }, keyPurposes.update);
      const opens = await openEnvelope(envelope, await importSealKey(key)).then(() => true, () => false);
      if (opens) return { key, isOfLostEpoch: at > 0 };
    }
    throw new UnreadableError("keyMissing");
  }

  #sealKey(type: Sealed, epoch: number, deviceId: string): Promise<SealKey> {
    const secret = this.#keys.secrets[epoch];
    if (secret === undefined) return Promise.reject(new UnreadableError("keyMissing"));
    const name = `${type} ${epoch} ${deviceId}`;
    const known = this.#sealKeys.get(name);
    if (known?.secret === secret) return known.key;
    const key = deriveRoomKey(secret, { roomId: this.#keys.roomId, epoch, deviceId }, keyPurposes[type]);
    this.#sealKeys.set(name, { secret, key });
    return key;
  }
}
