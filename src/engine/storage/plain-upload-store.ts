import type { UploadPermit, UploadStore, UploadTx } from "./log-store.ts";

/** The row of `meta` that the permit is. */
export const permitName = "upload";

/** One profile's disk without a library, for a thread that starts for a few requests and dies. */
export type PlainUploadStore = UploadStore & { close(): void };

type Asking = <T>(ask: (store: IDBObjectStore) => IDBRequest<T>) => Promise<T>;

/** @returns null where there is no such database: none is made */
export function openPlainUploadStore(name: string, factory: IDBFactory, keys: typeof IDBKeyRange): Promise<PlainUploadStore | null> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name);
    // It would be made now. Which tables it has is for the app to say.
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onerror = () => (opening.error?.name === "AbortError" ? resolve(null) : reject(opening.error));
    opening.onsuccess = () => {
      const database = opening.result;
      // A newer version of the app, or somebody who deletes all, must not wait for this one.
      database.onversionchange = () => database.close();
      resolve({
        write: (tables, work) => write(database.transaction([...tables], "readwrite", { durability: "strict" }), (of) => work(requestsOf(of, keys))),
        close: () => database.close(),
      });
    };
  });
}

function write<T>(transaction: IDBTransaction, work: (of: (table: string) => Asking) => Promise<T>): Promise<T> {
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("given up"));
  });
  const of = (table: string): Asking => {
    const store = transaction.objectStore(table);
    return (ask) =>
      new Promise((resolve, reject) => {
        const request = ask(store);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
  };
  const working = work(of);
  working.catch(() => {
    try {
      transaction.abort();
    } catch {
      // It has failed already.
    }
  });
  return Promise.all([working, done]).then(([result]) => result);
}

function requestsOf(of: (table: string) => Asking, keys: typeof IDBKeyRange): UploadTx {
  const pending = (roomId: string, stage: number) => keys.only([roomId, stage]);
  return {
    unacked: (roomId) => of("records")((store) => store.index("[roomId+pending]").getAll(pending(roomId, 1))),
    countLost: (roomId) => of("records")((store) => store.index("[roomId+pending]").count(pending(roomId, 3))),
    ownHead: (roomId) => of("ownHeads")((store) => store.get(roomId)),
    async updateRows(changes) {
      const ask = of("records");
      const found = await Promise.all(
        changes.map(async ({ local, ...fields }) => {
          const row: unknown = await ask((store) => store.get(local));
          if (row === undefined) return 0;
          await ask((store) => store.put(Object.fromEntries(Object.entries({ ...(row as object), ...fields }).filter(([, value]) => value !== undefined))));
          return 1;
        }),
      );
      return found.filter((count) => count === 1).length;
    },
    putOwnHead: (row) => of("ownHeads")((store) => store.put(row)).then(nothing),
    async uploadPermit() {
      const row: unknown = await of("meta")((store) => store.get(permitName));
      return (row as { value: UploadPermit } | undefined)?.value;
    },
    putUploadPermit: (value) => of("meta")((store) => store.put({ name: permitName, value })).then(nothing),
    dropUploadPermit: () => of("meta")((store) => store.delete(permitName)).then(nothing),
  };
}

function nothing(): void {}
