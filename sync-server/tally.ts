import type { Refusal } from "#protocol/messages.ts";

/** What is counted of a relay's work, for whoever watches over it. Nothing here knows who asked, or for which room. */
export type Tally = {
  /** Envelopes that were given a number, and the bytes of the request that brought them. */
  pushed(envelopes: number, sizeBytes: number): void;
  refused(type: Refusal["type"]): void;
  /** A log's page was sent. */
  sent(sizeBytes: number): void;
  /** A connection was closed on somebody who was too slow, or had too many. */
  cutOff(reason: "slow" | "crowd"): void;
};

const nothing = () => undefined;

/** Counts nothing. */
export const noTally: Tally = { pushed: nothing, refused: nothing, sent: nothing, cutOff: nothing };
