import * as z from "zod/mini";
import { createService } from "../../../src/app/birth.ts";
import { openInstallation } from "../../../src/app/installation.ts";
import { documentId, indexDocId } from "../../../src/engine/log/rights.ts";
import type { Room } from "../../../src/engine/space.ts";
import { fillExamplePlan, fillExampleSchool, fillExampleService, fillExampleShelf } from "../../../src/features/example/document.ts";
import { editDocuments } from "../../../src/features/example/edit-documents.ts";
import { buildExampleService } from "../../../src/features/example/rules.ts";
import { readRecovery } from "../../../src/features/space/document.ts";
import { announceSchoolRooms, createSchoolRooms } from "../../../src/features/space/school-rooms.ts";
import { toHex } from "#protocol/bytes.ts";
import { momentOf } from "../../../src/lib/iso-date.ts";

// Fills this browser with a service of seven schools as the app itself would have, so that the app can be opened on it.

z.config({ jitless: true });

const ownName = "Ada";

/** Makes the service and fills one or more school years, the newest up to today; over when the relay has everything. */
async function fill({ code, passphrase, years }: { code: string; passphrase: string; years: number }): Promise<void> {
  const born = await createService(openInstallation("service"), { code, passphrase, serviceName: "Tjenesten", ownName });
  if (!born.ok) throw new Error(born.fault);
  const { space, locals, clock, random } = born.engine;
  await locals.remove("recoveryCode");
  const roomOf = (kind: Room["kind"]) => space.rooms.get().find((room) => room.kind === kind) as Room;
  const service = roomOf("service");
  const recovery = readRecovery(await service.open(indexDocId))?.member ?? null;

  const today = new Date(clock.now());
  for (let ago = years - 1; ago >= 0; ago--) {
    const at = new Date(today);
    at.setFullYear(today.getFullYear() - ago);
    const example = buildExampleService(momentOf(at));
    if (ago === years - 1) {
      await roomOf("shelf").edit([indexDocId], (shelf) => shelf && fillExampleShelf(example, shelf));
      const onlyUs = example.schools.flatMap((one) => (one.onlyUs === null ? [] : [documentId("case", one.onlyUs.form.caseId)]));
      await editDocuments(service, onlyUs, (index, docOf) => fillExampleService(example, index, docOf));
    }
    for (const one of example.schools) {
      const place = { schoolId: one.school.id, schoolYear: example.schoolYear };
      const pair = await createSchoolRooms(space, { ...place, serviceId: service.roomId, ownName, recovery });
      await pair.planRoom.edit([indexDocId], (plan) => plan && fillExamplePlan(example, one, plan));
      await editDocuments(pair.schoolRoom, one.documentIds, (index, docOf) => fillExampleSchool(example, one, index, docOf));
      await service.edit([indexDocId], (doc) => doc && announceSchoolRooms(doc, place, pair, () => toHex(random(16))));
    }
  }
  while (space.status.get().unsent > 0) await space.sync.settle();
  await space.close();
}

const commands = { fill };
export type YearsPage = typeof commands;
Object.assign(globalThis, { bench: commands });
