import { fromHex, toBase64Url, toHex, type Bytes } from "../../sync-server/protocol/bytes.ts";
import type { ControlBody, Leaf, MemberDevice, Role, RoomKind } from "../../sync-server/protocol/control.ts";
import type { ChainHead } from "../../sync-server/protocol/log-rules.ts";
import {
  accNextInput,
  accStartInput,
  deviceIdInput,
  encodeUnsigned,
  envelopeIdInput,
  noHash,
  signatureInput,
  withSignature,
  type EnvelopeHeader,
} from "../../sync-server/protocol/record.ts";

const sha256 = async (input: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", input));

/** The system gives 64 KiB at a time. */
const randomAtOnce = 65_536;

export function randomBytes(length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += randomAtOnce) crypto.getRandomValues(bytes.subarray(at, at + randomAtOnce));
  return bytes;
}

export const randomId = (): string => toHex(randomBytes(16));

/** A leaf with its private half: real keys, so that a relay's checks are the real ones. */
export type TestDevice = {
  deviceId: string;
  leaf: Leaf;
  sign(message: Bytes): Promise<Bytes>;
  /** The device as a control record names it. */
  as(role: Role): MemberDevice;
};

export async function createTestDevice(): Promise<TestDevice> {
  const sign = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const kem = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const signPublic = new Uint8Array(await crypto.subtle.exportKey("raw", sign.publicKey));
  const kemPublic = new Uint8Array(await crypto.subtle.exportKey("raw", kem.publicKey));
  const deviceId = toHex((await sha256(deviceIdInput(signPublic, kemPublic))).subarray(0, 16));
  const leaf = { sign: toBase64Url(signPublic), kem: toBase64Url(kemPublic) };
  const memberId = randomId();
  return {
    deviceId,
    leaf,
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, sign.privateKey, message)),
    as: (role) => ({ memberId, role, deviceId, leaf }),
  };
}

/** What an author may say who has seen this log. @param page from number 1 on */
export async function seen(roomId: string, page: readonly { bytes: Bytes }[]): Promise<{ seenSeq: number; seenAcc: Bytes }> {
  let acc = await sha256(accStartInput(fromHex(roomId), 1));
  for (const { bytes } of page) acc = await sha256(accNextInput(acc, await sha256(envelopeIdInput(bytes))));
  return { seenSeq: page.length, seenAcc: acc };
}

/** One device's chain in one room. Each envelope continues the chain, whether or not anyone stores it. */
export type TestAuthor = {
  device: TestDevice;
  roomId: string;
  /** Envelope id of the newest envelope. */
  tip(): string;
  update(changes?: Partial<EnvelopeHeader>, sealedBytes?: number): Promise<Bytes>;
  heartbeat(changes?: Partial<EnvelopeHeader>, sealedBytes?: number): Promise<Bytes>;
  /** Stands in no chain: what comes after it is made as if it had not been. */
  presence(changes?: Partial<EnvelopeHeader>, sealedBytes?: number): Promise<Bytes>;
  control(body: ControlBody, changes?: Partial<EnvelopeHeader>, sealedBytes?: number): Promise<Bytes>;
  /** Lets the next envelope be made as if the newest had not been. */
  back(): void;
  /** Where the chain stands. */
  head(): ChainHead;
  /** Lets the next envelope continue the chain from there, as if what came after it had not been. */
  goOnFrom(head: ChainHead): void;
};

export function createTestAuthor(device: TestDevice, roomId: string): TestAuthor {
  let before = { ctr: 0, tip: toHex(noHash) };
  let head = before;
  const start = sha256(accStartInput(fromHex(roomId), 1));

  const make = async (type: EnvelopeHeader["type"], clear: Bytes, sealedBytes: number, changes: Partial<EnvelopeHeader>) => {
    const unsigned = encodeUnsigned({
      suite: 1,
      type,
      roomId: fromHex(roomId),
      deviceId: fromHex(device.deviceId),
      epoch: 1,
      ctr: head.ctr + 1,
      prev: fromHex(head.tip),
      logGen: 1,
      seenSeq: 0,
      seenAcc: await start,
      resealOf: new Uint8Array(32),
      clear,
      nonce: randomBytes(12),
      sealed: randomBytes(sealedBytes),
      ...changes,
    });
    const id = await sha256(envelopeIdInput(withSignature(unsigned, new Uint8Array(64))));
    before = head;
    head = { ctr: changes.ctr ?? head.ctr + 1, tip: toHex(id) };
    return withSignature(unsigned, await device.sign(signatureInput(id)));
  };

  return {
    device,
    roomId,
    tip: () => head.tip,
    update: (changes = {}, sealedBytes = 272) => make("update", new Uint8Array(0), sealedBytes, changes),
    heartbeat: (changes = {}, sealedBytes = 272) => make("heartbeat", new Uint8Array(0), sealedBytes, changes),
    async presence(changes = {}, sealedBytes = 272) {
      const [wasBefore, was] = [before, head];
      const envelope = await make("presence", new Uint8Array(0), sealedBytes, { ctr: 0, prev: new Uint8Array(32), ...changes });
      [before, head] = [wasBefore, was];
      return envelope;
    },
    control: (body, changes = {}, sealedBytes = 272) => make("control", new TextEncoder().encode(JSON.stringify(body)), sealedBytes, changes),
    back: () => {
      head = before;
    },
    head: () => head,
    goOnFrom(earlier) {
      head = earlier;
    },
  };
}

export const wrapFor = ({ deviceId }: { deviceId: string }) => ({
  deviceId,
  enc: toBase64Url(randomBytes(65)),
  sealed: toBase64Url(randomBytes(48)),
});

export const testCommitment = "c0".repeat(32);

/** A genesis body for a room of these members, the author first. The wraps are random bytes: a relay cannot tell. */
export function genesisBody(roomKind: RoomKind, serviceId: string, members: MemberDevice[]): ControlBody {
  return { action: "genesis", roomKind, serviceId, members, commitment: testCommitment, wraps: members.map(wrapFor) };
}

/** A removal that begins a new epoch, with wraps for the devices that are left. */
export function removeBody(previousControl: string, devices: { deviceId: string; cut: number; fence: number }[], left: readonly string[]): ControlBody {
  const epoch = { commitment: testCommitment, wraps: left.map((deviceId) => wrapFor({ deviceId })), history: toBase64Url(randomBytes(60)) };
  return { action: "remove", previousControl, devices, ...epoch };
}

export function addMemberBody(previousControl: string, member: MemberDevice): ControlBody {
  return { action: "addMember", previousControl, member, commitment: testCommitment, wraps: [wrapFor(member)] };
}

/** One more device of a person who is in the room. */
export function addDeviceBody(previousControl: string, member: MemberDevice): ControlBody {
  return { action: "addDevice", previousControl, member, commitment: testCommitment, wraps: [wrapFor(member)] };
}
