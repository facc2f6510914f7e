/** A value that can be read and followed; `set` with an equal value tells nobody. */
export type Observable<T> = {
  get(): T;
  /** @returns what ends the subscription */
  subscribe(listener: (value: T) => void): () => void;
};

export type Settable<T> = Observable<T> & { set(value: T): void };

export function createObservable<T>(initial: T): Settable<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
