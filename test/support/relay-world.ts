import { concatBytes, fromBase64Url, fromHex, toBase64Url, toHex, type Bytes } from "../../sync-server/protocol/bytes.ts";
import type { RoomKind } from "../../sync-server/protocol/control.ts";
import type { Answer, RelayPort } from "../../sync-server/protocol/messages.ts";
import { purposeBytes } from "../../sync-server/protocol/version.ts";
import { sessionProofInput } from "../../sync-server/protocol/record.ts";
import {
  createTestAuthor,
  createTestDevice,
  genesisBody,
  randomBytes,
  randomId,
  type TestAuthor,
  type TestDevice,
} from "./envelopes.ts";

/** The value of an answer that should not be a refusal. */
export function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.value;
}

export type TestService = { serviceId: string; token: Bytes; tokenHash: string };

export async function createTestService(): Promise<TestService> {
  const token = randomBytes(32);
  const hash = await crypto.subtle.digest("SHA-256", concatBytes(purposeBytes("service-token"), token));
  return { serviceId: randomId(), token, tokenHash: toHex(new Uint8Array(hash)) };
}

export type TestRoom = {
  roomId: string;
  /** The consultant who made the room, with the genesis behind it. */
  author: TestAuthor;
  genesis: Bytes;
  genesisId: string;
};

/** A room of a new device, made but not yet told to any relay. */
export async function draftRoom(service: TestService, kind: RoomKind = "school", roomId = randomId()): Promise<TestRoom> {
  const device = await createTestDevice();
  const author = createTestAuthor(device, roomId);
  const genesis = await author.control(genesisBody(kind, service.serviceId, [device.as("consultant")]));
  return { roomId, author, genesis, genesisId: author.tip() };
}

/** Registers the service by the code and makes one room. */
export async function createTestRoom(relay: RelayPort, code: string, kind: RoomKind = "school"): Promise<TestRoom & { service: TestService }> {
  const service = await createTestService();
  valueOf(await relay.registerService({ code, serviceId: service.serviceId, tokenHash: service.tokenHash }));
  const room = await draftRoom(service, kind);
  valueOf(await relay.createRoom(service.token, room.genesis));
  return { ...room, service };
}

export async function proofFor(challenge: string, roomId: string, device: TestDevice) {
  const signature = await device.sign(sessionProofInput(fromBase64Url(challenge), fromHex(roomId), fromHex(device.deviceId)));
  return { roomId, deviceId: device.deviceId, signature: toBase64Url(signature) };
}

/** A session over these rooms of one or more devices; the token. */
export async function openTestSession(relay: RelayPort, ...members: { roomId: string; device: TestDevice }[]): Promise<string> {
  const { challenge } = valueOf(await relay.challenge());
  const proofs = await Promise.all(members.map(({ roomId, device }) => proofFor(challenge, roomId, device)));
  return valueOf(await relay.openSession({ challenge, proofs })).token;
}


