import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

/** A word as every way of writing it to a disk that is in use here. */
function encodings(word: string): Buffer[] {
  const bigEndian = Buffer.from(word, "utf16le").swap16();
  return [Buffer.from(word, "utf8"), Buffer.from(word, "utf16le"), bigEndian, Buffer.from(Buffer.from(word, "utf8").toString("base64").slice(0, -4))];
}

/** Which of the words are in the bytes, as UTF-8, UTF-16 of either order, or base64. */
export function findWords(bytes: Buffer, words: readonly string[]): string[] {
  return words.filter((word) => encodings(word).some((encoded) => bytes.includes(encoded)));
}

/** Which of the words are in which files under a folder. Files that come and go while the browser runs are left out. */
export function findWordsInFolder(folder: string, words: readonly string[]): { word: string; file: string }[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return findWords(readFileSync(file), words).map((word) => ({ word, file }));
  });
}

/**
 * Everything that a page of this origin can read back: all rows of all IndexedDB databases, both web storages, cookies, the history's state, the
 * address, and the contents of every cache. Chromium compresses its files, so what is in them is only half of the proof.
 */
export async function dumpPageStorage(page: Page): Promise<Buffer> {
  const dump = await page.evaluate(async () => {
    const parts: string[] = [];
    const keep = (bytes: Uint8Array) => parts.push(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const encoder = new TextEncoder();
    const seen = new Set<unknown>();
    const walk = (value: unknown): void => {
      if (value instanceof ArrayBuffer) keep(new Uint8Array(value));
      else if (ArrayBuffer.isView(value)) keep(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      else if (typeof value === "object" && value !== null) {
        if (seen.has(value)) return;
        seen.add(value);
        for (const [name, inner] of Object.entries(value)) {
          walk(name);
          walk(inner);
        }
      } else keep(encoder.encode(`${String(value)}\n`));
    };
    const finished = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
    for (const { name } of await indexedDB.databases()) {
      const database = await finished(indexedDB.open(name ?? ""));
      for (const store of database.objectStoreNames) {
        const source = database.transaction(store).objectStore(store);
        walk(store);
        walk(await finished(source.getAllKeys()));
        walk(await finished(source.getAll()));
      }
      database.close();
    }
    walk(Object.fromEntries(Object.entries(localStorage)));
    walk(Object.fromEntries(Object.entries(sessionStorage)));
    walk(document.cookie);
    walk(history.state);
    walk(location.href);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        walk(request.url);
        keep(new Uint8Array((await (await cache.match(request))?.arrayBuffer()) ?? new ArrayBuffer(0)));
      }
    }
    return btoa(parts.join(""));
  });
  return Buffer.from(dump, "base64");
}

/** The names of the drafts that lie on the device; what is in them is sealed. */
export async function draftIdsOn(page: Page): Promise<string[]> {
  return (await rowsOf(page, ["drafts"])).flatMap(({ draftId }) => draftId ?? []);
}

/** The room ids that the device has anything of. */
export async function roomIdsOn(page: Page): Promise<string[]> {
  return Array.from(new Set((await rowsOf(page)).flatMap(({ roomId }) => roomId ?? [])));
}

/** What is in the clear of the rows of some stores, or of all. */
function rowsOf(page: Page, stores?: string[]): Promise<{ roomId?: string; draftId?: string }[]> {
  return page.evaluate(async (wanted) => {
    const finished = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
    const opened = await finished(indexedDB.open("aapen-dor"));
    const rows: { roomId?: string; draftId?: string }[] = [];
    for (const store of wanted ?? Array.from(opened.objectStoreNames)) {
      for (const { roomId, draftId } of await finished(opened.transaction(store).objectStore(store).getAll())) rows.push({ roomId, draftId });
    }
    opened.close();
    return rows;
  }, stores);
}

/** Turns over a bit in the middle of a field of bytes, in the first or the last row of a store; doing it twice puts it back. */
export async function flipByte(page: Page, row: { store: string; field: string; last?: boolean }): Promise<void> {
  await page.evaluate(
    async ({ store, field, last }) => {
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open("aapen-dor");
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
      const transaction = opened.transaction(store, "readwrite");
      await new Promise<void>((done, failed) => {
        const cursor = transaction.objectStore(store).openCursor(null, last === true ? "prev" : "next");
        cursor.addEventListener("success", () => {
          const at = cursor.result;
          if (at === null) return failed(new Error(`no row in ${store}`));
          const found: Record<string, Uint8Array> = at.value;
          const bytes = found[field];
          if (bytes === undefined) return failed(new Error(`no ${field} in ${store}`));
          const middle = bytes.length >> 1;
          bytes[middle] = (bytes[middle] ?? 0) ^ 1;
          at.update(found);
          return undefined;
        });
        transaction.addEventListener("complete", () => done());
        transaction.addEventListener("abort", () => failed(transaction.error ?? new Error("aborted")));
      });
      opened.close();
    },
    row,
  );
}
