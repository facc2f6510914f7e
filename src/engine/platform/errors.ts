// The ways in which the world fails the engine. Each is caught in named places and has its words on screen; none carries content or keys.

/** The bytes did not decrypt or verify under the key: a wrong key or changed bytes, never «nothing there». */
export class UnreadableError extends Error {
  override name = "UnreadableError";
}

/** Writing failed because the device's storage is full. */
export class StorageFullError extends Error {
  override name = "StorageFullError";
}

/** The device's storage did not do what it was asked, for another reason than being full. */
export class StorageError extends Error {
  override name = "StorageError";
}

/** One change holds more than an envelope carries; nothing was changed. */
export class TooLargeError extends Error {
  override name = "TooLargeError";
}

/** The room is closed, or this device is not in it any more: nothing can be written there, and nothing was changed. */
export class RoomOverError extends Error {
  override name = "RoomOverError";
}

/** The relay gave no answer, or none that this protocol knows: down, blocked, or something else is at its address. */
export class RelayUnreachableError extends Error {
  override name = "RelayUnreachableError";
}

/** The passphrase could not be stretched: its thread did not start, failed or gave no answer. Whether it is the right one is not known; nothing was changed. */
export class StretchError extends Error {
  override name = "StretchError";
}
