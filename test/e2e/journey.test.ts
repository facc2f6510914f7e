import { phone } from "./support/device.ts";
import { addSchool, createService, inviteToSchool, lock, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

test("a school visit", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, "Granly skole");
  await lock(consultant);
  await unlock(consultant);
  await consultant.installed();
  await consultant.kill();
  await relay.stop();
  await consultant.open();
  await unlock(consultant);
  await relay.start();
  const s = await openDevice({viewport: phone});
  await consultant.page.getByRole("link", {name: /Skoler/}).click();
  await consultant.page.getByRole("link", {name: /Granly/}).click();
  await inviteToSchool(consultant, s, {name: "Siri"});
});
