import { fromHex, type Bytes } from "#protocol/bytes.ts";
import { accNextInput, accStartInput } from "#protocol/record.ts";

/** SHA-256. */
export type Hash = (input: Bytes) => Bytes | Promise<Bytes>;

/** acc_0 of a log. SPEC.md [L2]. */
export async function startAcc(hash: Hash, roomId: string, logGen: number): Promise<Bytes> {
  return hash(accStartInput(fromHex(roomId), logGen));
}

/** The envelopes, which follow `before` in their order, each with the accumulator at its number. SPEC.md [L2]. */
export async function withAccs<E extends { envelopeId: string }>(hash: Hash, before: Bytes, envelopes: readonly E[]): Promise<(E & { acc: Bytes })[]> {
  const result: (E & { acc: Bytes })[] = [];
  let acc = before;
  for (const envelope of envelopes) {
    acc = await hash(accNextInput(acc, fromHex(envelope.envelopeId)));
    result.push({ ...envelope, acc });
  }
  return result;
}
