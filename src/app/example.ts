import { toHex } from "#protocol/bytes.ts";
import { documentId, indexDocId } from "../engine/log/rights.ts";
import type { Room } from "../engine/space.ts";
import { serviceTokenHash } from "../engine/keys/service-token.ts";
import { exampleOwnName, exampleServiceName } from "../content/example-names.ts";
import { approveExampleMinutes } from "../features/example/approved-minutes.ts";
import { fillExamplePlan, fillExampleSchool, fillExampleService, fillExampleShelf } from "../features/example/document.ts";
import { editDocuments } from "../features/example/edit-documents.ts";
import { buildExampleService } from "../features/example/rules.ts";
import { readRecovery } from "../features/space/document.ts";
import { removePendingCode } from "../features/space/recovery-code.ts";
import { announceSchoolRooms, createSchoolRooms } from "../features/space/school-rooms.ts";
import { momentOf } from "../lib/iso-date.ts";
import type { UnlockedEngine } from "../reactive/engine-context.tsx";
import { furnish } from "./birth.ts";
import { exampleCode, exampleServiceToken } from "./example-relay.ts";
import type { Installation } from "./installation.ts";

/**
 * Builds the invented service on this device, with the same engine and commands as a real one. The same on every run but for its ids and keys.
 * When something fails, nothing is left.
 */
export async function buildExample(installation: Installation, passphrase: string): Promise<UnlockedEngine> {
  try {
    const engine = await installation.open(await installation.vault.create(passphrase));
    const serviceId = toHex(engine.random(16));
    const tokenHash = await serviceTokenHash(exampleServiceToken);
    await engine.relay.registerService({ code: exampleCode, serviceId, tokenHash });
    await furnish(engine, { serviceId, token: exampleServiceToken, serviceName: exampleServiceName, ownName: exampleOwnName });
    await removePendingCode(engine.locals);
    await fill(engine, serviceId);
    return engine;
  } catch (error) {
    await installation.destroy();
    throw error;
  }
}

async function fill(engine: UnlockedEngine, serviceId: string): Promise<void> {
  const example = buildExampleService(momentOf(new Date(engine.clock.now())));
  const newId = () => toHex(engine.random(16));
  const roomOf = (kind: Room["kind"]) => engine.space.rooms.get().find((room) => room.kind === kind) as Room;
  const service = roomOf("service");
  await roomOf("shelf").edit([indexDocId], (shelf) => shelf && fillExampleShelf(example, shelf));
  const recovery = readRecovery(await service.open(indexDocId))?.member ?? null;

  const onlyUsCases = example.schools.flatMap(({ onlyUs }) => (onlyUs === null ? [] : [documentId("case", onlyUs.form.caseId)]));
  await editDocuments(service, onlyUsCases, (index, docOf) => fillExampleService(example, index, docOf));
  for (const one of example.schools) {
    const place = { schoolId: one.school.id, schoolYear: example.schoolYear };
    const pair = await createSchoolRooms(engine.space, { ...place, serviceId, ownName: exampleOwnName, recovery });
    await pair.planRoom.edit([indexDocId], (plan) => plan && fillExamplePlan(example, one, plan));
    await editDocuments(pair.schoolRoom, one.documentIds, (index, docOf) => fillExampleSchool(example, one, index, docOf));
    await approveExampleMinutes(pair.schoolRoom, one, engine.random);
    await service.edit([indexDocId], (doc) => doc && announceSchoolRooms(doc, place, pair, newId));
  }
}
