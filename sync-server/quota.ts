import type { RelayStorage } from "./storage/storage.ts";

/** How many bytes of envelopes are kept, at most. */
export type Quotas = { roomBytes: number; serviceBytes: number };

export const noQuotas: Quotas = { roomBytes: Number.POSITIVE_INFINITY, serviceBytes: Number.POSITIVE_INFINITY };

export type QuotaKeeper = {
  /** How large a room of the service may become now: no larger than it is where the whole service is full. */
  mostRoomBytes(serviceId: string): Promise<number>;
  /** So much more of the service's was stored here. */
  stored(serviceId: string, sizeBytes: number): void;
};

/** A service's rooms are summed up at most this often; what this process stores in between is added. */
const sumMs = 60_000;
/** Past so many services, the one that was summed up first is forgotten. */
const servicesKept = 1000;

export function createQuotaKeeper(storage: Pick<RelayStorage, "serviceBytes">, clock: () => number, { roomBytes, serviceBytes }: Quotas): QuotaKeeper {
  const sums = new Map<string, { sizeBytes: number; at: number }>();

  const sumOf = async (serviceId: string): Promise<number> => {
    const known = sums.get(serviceId);
    if (known !== undefined && Math.abs(clock() - known.at) < sumMs) return known.sizeBytes;
    const sizeBytes = await storage.serviceBytes(serviceId);
    sums.delete(serviceId);
    sums.set(serviceId, { sizeBytes, at: clock() });
    for (const oldest of sums.keys()) {
      if (sums.size <= servicesKept) break;
      sums.delete(oldest);
    }
    return sizeBytes;
  };

  return {
    async mostRoomBytes(serviceId) {
      if (!Number.isFinite(serviceBytes)) return roomBytes;
      return (await sumOf(serviceId)) < serviceBytes ? roomBytes : 0;
    },
    stored(serviceId, sizeBytes) {
      const known = sums.get(serviceId);
      if (known !== undefined) known.sizeBytes += sizeBytes;
    },
  };
}
