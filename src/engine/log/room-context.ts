import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import { noHash } from "#protocol/record.ts";
import type { RoomKeys } from "../keys/keyring.ts";
import type { DeviceKeys } from "../keys/vault.ts";
import type { Clock, RandomBytes } from "../platform/clock.ts";
import type { Settable } from "../platform/observable.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { OpenedRecord } from "./reader.ts";
import type { OfferAnswer, UpdateInside } from "./record.ts";
import type { RowsAfter } from "./record-rows.ts";
import type { RoomCipher } from "./room-cipher.ts";
import type { RoomState } from "./room-state.ts";

export type RoomLogParts = {
  store: LogStore;
  deviceKeys: DeviceKeys;
  clock: Clock;
  random: RandomBytes;
  /** Reads the rows of a room that came after one; see `gatherRowsAfter`. */
  rowsAfter: RowsAfter;
  /** Called after every commit that added records, with what could be opened. */
  opened: (records: OpenedRecord[]) => void;
  /** Called when bytes were destroyed on the disk: what was made of them in memory must be made anew. */
  purged: () => void;
  /** Called when something was committed here that other tabs should read. */
  committed: (roomId: string) => void;
};

export type RoomLogStatus = {
  /** Savings that the relay has not acked. */
  unsent: number;
  /** Own envelopes that the relay has acked and that have not come back inside the verified log. SPEC.md [W4]. */
  unconfirmed: number;
  /** Envelopes, of whatever author, that are to be given back to a restored relay. SPEC.md [G3]. */
  lost: number;
  /** The log has envelopes of this device that this profile never wrote: it was set back, or there are two of it. SPEC.md [W11]. */
  setBack: boolean;
  /** Records whose inside is set aside. */
  quarantined: number;
  state: RoomState;
};

/** One room as this tab has it in memory: what the modules of the log share. Each field is what the disk said last, see [Note: fence]. */
export type RoomContext = {
  readonly keys: RoomKeys;
  readonly parts: RoomLogParts;
  readonly cipher: RoomCipher;
  readonly status: Settable<RoomLogStatus>;
  /** Of the stored state that `status` shows. */
  revision: number;
  /** The end of the own chain, sent or not. */
  head: ChainHead;
  /** Every row up to this one has been handed to `opened`, or was written in this tab. */
  throughLocal: number;
  /** When somebody else's news was last read here, or this device last told that it has read; in ms. */
  newsAt: number;
  /** What this device answers to offers and what has not come back in the log. SPEC.md [O2]. */
  answers: readonly OfferAnswer[];
  /** What was written in this tab and had not come back when something was last sent, by envelope id: it need not be opened to be folded, nor checked and opened when it comes back. */
  readonly written: Map<string, { bytes: Bytes; inside: UpdateInside }>;
};

/** Where the chain of a device stands that has written nothing yet. */
export const chainStart: ChainHead = { ctr: 0, tip: toHex(noHash) };

/** Where a device's chain stands in the verified log. What waits here of this one's own is behind that. */
export function headInLog({ heads }: Pick<RoomState, "heads">, deviceId: string): ChainHead {
  return heads[deviceId] ?? chainStart;
}

/**
 * What a record follows that is stored only when it comes back in the log: the last that is under way, else the log. This device may remember another one
 * as its last, which a purge has destroyed and a restore has lost: that is nobody's to give back. SPEC.md [Z5].
 */
export function headToFollow({ head, keys, status }: RoomContext): ChainHead {
  const { state, unsent, unconfirmed, lost } = status.get();
  return unsent + unconfirmed + lost > 0 ? head : headInLog(state, keys.deviceId);
}
