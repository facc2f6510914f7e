/** What cannot be unless our own code is wrong. The message never carries content or keys. */
export class BrokenAssumptionError extends Error {
  override readonly name = "BrokenAssumptionError";
}

/** @throws {BrokenAssumptionError} when the condition does not hold */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenAssumptionError(message);
}

/** Makes the compiler check that every case of a union is handled. @throws {BrokenAssumptionError} always */
export function unreachable(value: never): never {
  throw new BrokenAssumptionError(`no such case: ${typeof value}`);
}
