import { toBase64Url, toHex } from "#protocol/bytes.ts";
import { createRecovery, sealRecoveryBundle } from "../engine/keys/recovery.ts";
import { serviceTokenHash } from "../engine/keys/service-token.ts";
import { indexDocId } from "../engine/log/rights.ts";
import { systemClock, systemRandom } from "../engine/platform/clock.ts";
import { createRelayClient } from "../engine/sync/relay-client.ts";
import type { CreateFault, NewService } from "../features/space/create-service-page.tsx";
import { changeSettings, setRecoveryBundle, setRecoveryMember, setServiceToken } from "../features/space/document.ts";
import type { Joining } from "../features/space/join-page.tsx";
import type { UnlockedEngine } from "../reactive/engine-context.tsx";
import type { Installation } from "./installation.ts";
import { RelayUnreachableError } from "../engine/platform/errors.ts";

type Born = { installation: Installation; engine: UnlockedEngine; code: string; ask: [number, number] };

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
    const code = await furnish(engine, { ...service, serviceId, token });
    return { ok: true, installation, engine, code, ask: askedGroups() };
  } catch (error) {
    await installation.destroy();
    return { ok: false, fault: error instanceof RelayUnreachableError ? "unreachable" : "failed" };
  }
}

/** The rooms that every service has from the first day. @returns the recovery code, kept sealed on this device until it is confirmed */
export async function furnish(
  engine: UnlockedEngine,
  service: { serviceId: string; token: Uint8Array; serviceName: string; ownName: string },
): Promise<string> {
  const { serviceId, serviceName, ownName: name } = service;
  const recovery = await createRecovery(engine.random);
  const made = { serviceId, label: "", name, recovery: recovery.member };
  engine.serviceToken.current = service.token;
  const serviceRoom = await engine.space.createRoom({ kind: "service", ...made });
  const shelf = await engine.space.createRoom({ kind: "shelf", ...made });
  await engine.space.createRoom({ kind: "figures", ...made });
  const bundle = await sealRecoveryBundle(recovery, serviceId, serviceRoom.genesis);
  await serviceRoom.edit([indexDocId], (doc) => {
    if (doc === undefined) return;
    setServiceToken(doc, toBase64Url(service.token));
    setRecoveryMember(doc, JSON.stringify(recovery.member));
    setRecoveryBundle(doc, bundle);
  });
  await shelf.edit([indexDocId], (doc) => doc && changeSettings(doc, { serviceName }));
  await engine.locals.save("recoveryCode", recovery.code);
  return recovery.code;
}

/** Two different groups of the code, by chance. */
export function askedGroups(): [number, number] {
  const [a = 0, b = 0] = systemRandom(2);
  const first = a % 7;
  const second = first + 1 + (b % (7 - first));
  return [first, second];
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
