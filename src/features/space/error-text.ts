import type { Refusal } from "#protocol/messages.ts";
import type { LogFault } from "../../engine/log/room-state.ts";
import type { TextKey } from "../../i18n/translate.ts";
import { BrokenAssumptionError } from "../../lib/assert.ts";
import { RelayUnreachableError, RoomOverError, StorageError, StorageFullError, StretchError, TooLargeError, UnreadableError } from "../../engine/platform/errors.ts";

export type ErrorTextKey = Extract<TextKey, `errors.${string}`>;

/** The errors that may reach a person, each with its words. A test holds this against every error class of the engine. */
export const thrownErrors: readonly { readonly error: new (message: string) => Error; readonly key: ErrorTextKey }[] = [
  { error: StorageFullError, key: "errors.storageFull" },
  { error: StorageError, key: "errors.storage" },
  { error: TooLargeError, key: "errors.tooLarge" },
  { error: RoomOverError, key: "errors.roomOver" },
  { error: StretchError, key: "errors.stretch" },
  { error: UnreadableError, key: "errors.unreadable" },
  { error: RelayUnreachableError, key: "errors.unreachable" },
  { error: BrokenAssumptionError, key: "errors.ownFault" },
];

/** The words for anything that was thrown. What nobody has named is said to be unknown, and that what was saved is safe. */
export function errorTextKey(error: unknown): ErrorTextKey {
  return thrownErrors.find((known) => error instanceof known.error)?.key ?? "errors.unknown";
}

const refusals: Readonly<Record<Refusal["type"], ErrorTextKey>> = {
  malformed: "errors.refusal.notUnderstood",
  badSignature: "errors.refusal.notUnderstood",
  tooLarge: "errors.refusal.tooLarge",
  notMember: "errors.refusal.notMember",
  forbidden: "errors.refusal.forbidden",
  roomUnknown: "errors.refusal.notThereYet",
  ctrReused: "errors.refusal.catchUp",
  gap: "errors.refusal.catchUp",
  roomExists: "errors.refusal.catchUp",
  staleControl: "errors.refusal.catchUp",
  staleEpoch: "errors.refusal.catchUp",
  otherLogGen: "errors.refusal.catchUp",
  staleCut: "errors.refusal.catchUp",
  forked: "errors.fault.fork",
  roomClosed: "errors.refusal.roomClosed",
  generationPending: "errors.refusal.generationPending",
  sessionExpired: "errors.refusal.later",
  busy: "errors.refusal.later",
  overQuota: "errors.refusal.overQuota",
  codeUnknown: "errors.refusal.codeUnknown",
  codeUsed: "errors.refusal.codeUsed",
  inviteUnknown: "errors.refusal.inviteUnknown",
  inviteExpired: "errors.refusal.inviteExpired",
  inviteUsed: "errors.refusal.inviteUsed",
  unknownAction: "errors.refusal.needsUpdate",
};

export function refusalTextKey(refusal: Refusal): ErrorTextKey {
  return refusals[refusal.type];
}

const faults: Readonly<Record<LogFault["type"], ErrorTextKey>> = {
  signature: "errors.fault.changed",
  chain: "errors.fault.changed",
  membership: "errors.fault.changed",
  malformed: "errors.fault.changed",
  fork: "errors.fault.fork",
  rollback: "errors.fault.rollback",
  generations: "errors.fault.fork",
  unproven: "errors.fault.unproven",
  genesis: "errors.fault.otherPlace",
  needsUpdate: "errors.fault.needsUpdate",
};

export function faultTextKey(fault: LogFault): ErrorTextKey {
  return faults[fault.type];
}
