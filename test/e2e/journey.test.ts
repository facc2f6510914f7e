import { phone } from "./support/device.ts";
import { addSchool, createService, inviteToSchool, lock, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

test("a school visit", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  await createService(consultant, { code: relay.code });
  await lock(consultant);
  await unlock(consultant);
});
