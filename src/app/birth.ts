import { toBase64Url, toHex } from "#protocol/bytes.ts";
import { createRecovery } from "../engine/keys/recovery.ts";
import { serviceTokenHash } from "../engine/keys/service-token.ts";
import { indexDocId } from "../engine/log/rights.ts";
import { systemClock, systemRandom } from "../engine/platform/clock.ts";
import { createRelayClient } from "../engine/sync/relay-client.ts";
import type { CreateFault, NewService } from "../features/space/create-service-page.tsx";
import { changeSettings, setRecovery, setServiceToken } from "../features/space/document.ts";
import type { Joining } from "../features/space/join-page.tsx";
import { describeRecovery, type PendingCode, savePendingCode } from "../features/space/recovery-code.ts";
import { announceRooms } from "../features/space/school-rooms.ts";
import type { UnlockedEngine } from "../reactive/engine-context.tsx";
import type { Installation } from "./installation.ts";
import { RelayUnreachableError } from "../engine/platform/errors.ts";

type Born = { installation: Installation; engine: UnlockedEngine; pending: PendingCode };

/**
 * Makes a service: stretches the passphrase, which a weak device may fail at, then binds the enrolment code at the relay, then makes everything else
 * on this device. When something fails nothing is left here; a code whose device died in between is spent, and the operator makes another.
 */
export async function createService(
  installation: Installation,
  service: NewService,
): Promise<({ ok: true } & Born) | { ok: false; fault: CreateFault }> {
  const relay = createRelayClient(location.origin, fetch.bind(globalThis), systemClock);
  const serviceId = toHex(systemRandom(16));
  const token = systemRandom(32);
  try {
    const vault = await installation.vault.prepare(service.passphrase);
    const registered = await relay.registerService({ code: service.code, serviceId, tokenHash: await serviceTokenHash(token) });
    if (!registered.ok) {
      const { type } = registered.refusal;
      return { ok: false, fault: type === "codeUsed" ? type : type === "busy" ? "unreachable" : "codeUnknown" };
    }
    const engine = await installation.open(await vault.keep());
    const pending = await furnish(engine, { ...service, serviceId, token });
    return { ok: true, installation, engine, pending };
  } catch (error) {
    await installation.destroy();
    return { ok: false, fault: error instanceof RelayUnreachableError ? "unreachable" : "failed" };
  }
}

/** The rooms that every service has from the first day. @returns the recovery code, which is kept sealed on this device until it is confirmed */
export async function furnish(
  engine: UnlockedEngine,
  service: { serviceId: string; token: Uint8Array; serviceName: string; ownName: string },
): Promise<PendingCode> {
  const { serviceId, serviceName, ownName: name } = service;
  const recovery = await createRecovery(engine.random);
  const made = { serviceId, label: "", name, recovery: recovery.member };
  engine.serviceToken.current = service.token;
  const serviceRoom = await engine.space.createRoom({ kind: "service", ...made });
  const shelf = await engine.space.createRoom({ kind: "shelf", ...made });
  const figures = await engine.space.createRoom({ kind: "figures", ...made });
  const described = await describeRecovery(recovery, serviceRoom, name);
  const newId = () => toHex(engine.random(16));
  await serviceRoom.edit([indexDocId], (doc) => {
    if (doc === undefined) return;
    setServiceToken(doc, toBase64Url(service.token));
    setRecovery(doc, described);
    announceRooms(doc, [shelf, figures], null, newId);
  });
  await shelf.edit([indexDocId], (doc) => doc && changeSettings(doc, { serviceName }));
  const pending = { code: recovery.code, next: null };
  await savePendingCode(engine.locals, pending);
  return pending;
}

/** Takes up the rooms of an accepted invitation, under a vault of this device's own. */
export async function joinService(installation: Installation, joining: Joining): Promise<UnlockedEngine> {
  try {
    const engine = await installation.open(await installation.vault.create(joining.passphrase));
    for (const room of joining.offer.rooms) {
      const pending = joining.leaves.find(({ roomId }) => roomId === room.roomId);
      if (pending === undefined) continue;
      const { memberId, roomId: _, ...leaf } = pending;
      await engine.space.joinRoom({ ...room, role: joining.offer.role, memberId }, leaf);
    }
    await engine.space.sync.settle();
    return engine;
  } catch (error) {
    await installation.destroy();
    throw error;
  }
}
