import * as z from "zod/mini";
import { type Bytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import { type Leaf, Role, RoomKind } from "#protocol/control.ts";
import { deviceIdInput } from "#protocol/record.ts";
import {
  generateAgreementPair,
  generateSigningPair,
  type KeyPairBytes,
  openLocal,
  sealLocal,
  type SealKey,
  sha256,
} from "../crypto/primitives.ts";
import type { RoomKeyRow } from "../storage/log-store.ts";

/** What this device holds of one room. Never leaves it. */
export type RoomKeys = {
  roomId: string;
  kind: RoomKind;
  /** Opaque to the engine: which school and year the room is for. */
  label: string;
  role: Role;
  memberId: string;
  deviceId: string;
  /** Envelope id of the genesis that this room must begin with. */
  genesis: string;
  sign: KeyPairBytes;
  kem: KeyPairBytes;
  /** Epoch secrets by epoch; empty until the device has been added. */
  secrets: Record<number, Bytes>;
  /** Of epochs that the relay lost when it was restored, and that began another time since: what was sealed in them then still opens. */
  spare: { epoch: number; secret: Bytes }[];
};

const base64 = z.pipe(
  z.string(),
  z.transform((text) => fromBase64Url(text)),
);
const Pair = z.object({ privateKey: base64, publicKey: base64 });
const StoredRoomKeys = z.object({
  roomId: z.string(),
  kind: RoomKind,
  label: z.string(),
  role: Role,
  memberId: z.string(),
  deviceId: z.string(),
  genesis: z.string(),
  sign: Pair,
  kem: Pair,
  secrets: z.record(z.string(), base64),
  spare: z._default(z.array(z.object({ epoch: z.number(), secret: base64 })), []),
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function generateLeaf(): Promise<Pick<RoomKeys, "sign" | "kem" | "deviceId">> {
  const [sign, kem] = await Promise.all([generateSigningPair(), generateAgreementPair()]);
  return { sign, kem, deviceId: await deviceIdOf(sign.publicKey, kem.publicKey) };
}

/** The keys with these epoch secrets; those whose place they take are kept as spare. */
export function withSecrets(keys: RoomKeys, secrets: RoomKeys["secrets"]): RoomKeys {
  const replaced = Object.keys(secrets).flatMap((number) => {
    const [epoch, secret] = [Number(number), keys.secrets[Number(number)]];
    return secret === undefined ? [] : [{ epoch, secret }];
  });
  return { ...keys, secrets: { ...keys.secrets, ...secrets }, spare: [...keys.spare, ...replaced] };
}

/** SPEC.md [K3]. */
export async function deviceIdOf(signPublic: Bytes, kemPublic: Bytes): Promise<string> {
  return toHex((await sha256(deviceIdInput(signPublic, kemPublic))).subarray(0, 16));
}

export function publicLeaf(keys: Pick<RoomKeys, "sign" | "kem">): Leaf {
  return { sign: toBase64Url(keys.sign.publicKey), kem: toBase64Url(keys.kem.publicKey) };
}

export async function sealRoomKeys(key: SealKey, keys: RoomKeys): Promise<RoomKeyRow> {
  const pair = ({ privateKey, publicKey }: KeyPairBytes) => ({
    privateKey: toBase64Url(privateKey),
    publicKey: toBase64Url(publicKey),
  });
  const stored: z.input<typeof StoredRoomKeys> = {
    ...keys,
    sign: pair(keys.sign),
    kem: pair(keys.kem),
    secrets: Object.fromEntries(Object.entries(keys.secrets).map(([epoch, secret]) => [epoch, toBase64Url(secret)])),
    spare: keys.spare.map(({ epoch, secret }) => ({ epoch, secret: toBase64Url(secret) })),
  };
  return {
    roomId: keys.roomId,
    sealed: await sealLocal(key, encoder.encode(JSON.stringify(stored)), context(keys.roomId)),
  };
}

/** @throws when the row was changed or belongs to another room */
export async function openRoomKeys(key: SealKey, row: RoomKeyRow): Promise<RoomKeys> {
  const json = decoder.decode(await openLocal(key, row.sealed, context(row.roomId)));
  return StoredRoomKeys.parse(JSON.parse(json));
}

function context(roomId: string): Bytes {
  return new Uint8Array([...encoder.encode("aapen-dor/v1/keyring"), ...fromHex(roomId)]);
}
