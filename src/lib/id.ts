declare const kindOfId: unique symbol;

/** An id that cannot be mistaken for one of another kind: `Id<"case">`. 32 hexadecimal digits, unless the kind says otherwise. */
export type Id<Kind extends string> = string & { readonly [kindOfId]: Kind };

/** Random bytes, as many as asked for. */
export type RandomBytes = (length: number) => Uint8Array;

/** Makes a new id; the kind is the caller's to name: `newId<"case">()`. */
export type NewId = <Kind extends string>() => Id<Kind>;

/** 16 random bytes from `random` for every id. */
export function createNewId(random: RandomBytes): NewId {
  return <Kind extends string>() =>
    Array.from(random(16), (byte) => byte.toString(16).padStart(2, "0")).join("") as Id<Kind>;
}
