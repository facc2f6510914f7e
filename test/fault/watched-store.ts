import type { LogStore, RecordRow, WriteTx } from "../../src/engine/storage/log-store.ts";

/** What may become of the standing of an own envelope. SPEC.md [W4]. */
type Standing = "sealed" | "acked" | "confirmed";

const standingOf = (pending: RecordRow["pending"]): Standing => (pending === 1 ? "sealed" : pending === 2 ? "acked" : "confirmed");

/**
 * A disk whose rows are watched: an own envelope goes from sealed over acked to confirmed and never back.
 * @param mayGoBack whether the relay has lost something that it acked
 * @param broken told of what went another way
 */
export function watched(store: LogStore, mayGoBack: () => boolean, broken: (what: string) => void): LogStore {
  return {
    read: (tables, work) => store.read(tables, work),
    async write(tables, work) {
      const backwards: string[] = [];
      const result = await store.write(tables, (tx) => {
        const updateRows: WriteTx["updateRows"] = async (changes) => {
          const moving = changes.filter((change) => "pending" in change);
          const before = moving.length === 0 ? [] : await tx.rowsAt(moving.map(({ local }) => local));
          for (const [index, { pending, seq, quarantined }] of moving.entries()) {
            const row = before[index];
            if (row === undefined) continue;
            const [from, to] = [standingOf(row.pending), standingOf(pending)];
            if (from !== "confirmed" && to === "confirmed" && seq === undefined && quarantined === undefined) backwards.push(`${row.envelopeId.slice(0, 6)} to confirmed without a number`);
            if ((from === "confirmed" && to !== from) || (from === "acked" && to === "sealed")) backwards.push(`${row.envelopeId.slice(0, 6)} from ${from} to ${to}`);
          }
          return tx.updateRows(changes);
        };
        return work(new Proxy(tx, { get: (target, name: keyof WriteTx) => (name === "updateRows" ? updateRows : target[name]) }));
      });
      if (backwards.length > 0 && !mayGoBack()) broken(backwards.join(", "));
      return result;
    },
  };
}
