import { phone } from "./support/device.ts";
import { addSchool, createService, inviteToSchool, lock, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

test("a school visit", async ({ relay, openDevice }) => {
  let t=Date.now(); const lap=(s:string)=>{console.log(s,Date.now()-t);t=Date.now()};
  const consultant = await openDevice();lap("open");
  await createService(consultant, { code: relay.code });lap("create");
  await addSchool(consultant, "Granly skole");lap("school");
  await lock(consultant);lap("lock");
  await unlock(consultant);lap("unlock");
  await consultant.installed();lap("installed");
  await consultant.kill();lap("kill");
  await relay.stop();lap("relay stop");
  await consultant.open();lap("open again");
  await unlock(consultant);lap("unlock");
  await relay.start();lap("relay start");
  const s = await openDevice({viewport: phone});lap("open 2");
  await consultant.page.getByRole("link", {name: /Skoler/}).click();
  await consultant.page.getByRole("link", {name: /Granly/}).click();lap("nav");
  await inviteToSchool(consultant, s, {name: "Siri"});lap("invite");
});
