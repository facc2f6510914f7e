import type { Device } from "./support/device.ts";
import { readHeads, setLastVersion } from "./support/relay-data.ts";
import { addSchool, askToJoin, button, checkWords, completeInvitation, createService, goBack, goTo, inviteToSchool, link, lock, makeInvitation, passphrase, unlock } from "./support/steps.ts";
import { flipByte } from "./support/storage.ts";
import { expect, test } from "./support/test.ts";

async function follow(device: Device, invitation: string): Promise<void> {
  await device.page.goto("about:blank");
  await device.page.goto(invitation);
}

test("a newcomer who reloads while the words are compared is told to ask for a new link, and gets in by that", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const { texts } = consultant;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, "Granly skole");
  await link(consultant.page, texts.space.invite.title).click();
  const teacher = await openDevice();
  const invitation = await makeInvitation(consultant);
  await askToJoin(teacher, invitation, { name: "Siri Sosiallærer" });
  await checkWords(teacher);
  await checkWords(consultant);

  await teacher.page.reload();
  await expect(teacher.page.getByText(texts.space.join.reloaded)).toBeVisible();
  await teacher.page.reload();
  await expect(button(teacher.page, texts.space.welcome.create)).toBeVisible();

  await button(consultant.page, texts.space.invite.different).click();
  await button(consultant.page, texts.space.invite.again).click();
  await completeInvitation(consultant, teacher, { name: "Siri Sosiallærer" });
});

test("an invitation that is used, has run out or is broken says so, and leaves nothing on the device", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const { texts } = consultant;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, "Granly skole");
  const teacher = await openDevice();
  const used = await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  const stranger = await openDevice();

  await follow(stranger, used);
  await expect(stranger.page.getByText(texts.space.invite.fault.inviteUsed)).toBeVisible();

  await button(consultant.page, texts.space.invite.again).click();
  const old = await makeInvitation(consultant);
  await relay.stop();
  await relay.start(21 * 60_000);
  await follow(stranger, old);
  await expect(stranger.page.getByText(texts.space.invite.fault.inviteExpired)).toBeVisible();
  await expect(button(consultant.page, texts.space.invite.again)).toBeVisible();

  for (const broken of [old.slice(0, -6), `${relay.url}/#/i/`, `${relay.url}/#/i/hei`]) {
    await follow(stranger, broken);
    await expect(stranger.page.getByText(texts.space.invite.fault.brokenLink)).toBeVisible();
    expect(stranger.page.url()).not.toContain("#/i/");
  }

  await follow(stranger, relay.url);
  await expect(button(stranger.page, texts.space.welcome.create)).toBeVisible();
  await follow(teacher, used);
  await expect(teacher.page.getByText(texts.space.join.occupied)).toBeVisible();
  await button(teacher.page, texts.lock.unlock).click();
  await unlock(teacher);
});

test("[E2] a record from a newer app is said plainly and kept, one works on, and it is read after the update", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const { texts } = consultant;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, "Granly skole");
  const teacher = await openDevice();
  await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  await teacher.sent();
  await teacher.close();

  await goBack(consultant);
  const before = readHeads(relay.dataDir);
  await link(consultant.page, texts.common.action.change).click();
  await consultant.page.getByLabel(texts.schools.form.name).fill("Granlia skole");
  await button(consultant.page, texts.common.action.save).click();
  // In the service's room, and from there by itself in the school's plan.
  await expect.poll(() => Array.from(readHeads(relay.dataDir)).filter(([roomId, head]) => head > (before.get(roomId) ?? 0)).length).toBeGreaterThanOrEqual(2);
  await consultant.sent();
  await consultant.close();

  await relay.stop();
  expect(await setLastVersion(relay.dataDir, 2)).toBeGreaterThan(0);
  await relay.start();
  await teacher.open();
  await unlock(teacher);
  await expect(teacher.page.locator(".state")).toHaveAttribute("data-kind", "attention");
  await expect(teacher.state).toHaveText(texts.common.state.tooOld);
  await link(teacher.page, texts.common.state.tooOldAction).click();
  await expect(teacher.page.getByText(texts.errors.fault.needsUpdate).first()).toBeVisible();
  await expect(teacher.page.getByText(texts.settings.fetchUpdate)).toBeVisible();
  await goTo(teacher, "today");
  await expect(teacher.page.getByText("Granly skole").first()).toBeVisible();

  await relay.stop();
  await setLastVersion(relay.dataDir, 1);
  await relay.start();
  await teacher.restart();
  await unlock(teacher);
  await expect(teacher.page.getByText("Granlia skole").first()).toBeVisible();
  await teacher.sent();
});

test("a full disk: nothing is called saved, what was typed stays, and it can be saved when there is room", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, "Granly skole");
  await device.sent();
  // A browser that has just begun has not yet remembered how much room there was.
  await device.restart();
  const { page } = device;
  const browser = await device.context.newCDPSession(page);
  const origin = relay.url;
  await browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await unlock(device);

  await goTo(device, "schools");
  await link(page, texts.schools.add).click();
  await page.getByLabel(texts.schools.form.name).fill("Tjernlia skole");
  await button(page, texts.common.action.save).click();
  await expect(device.state).toHaveText(texts.common.state.full);
  // The draft may be refused first, while the saving is still under way.
  await expect(button(page, texts.common.action.save)).toBeEnabled();
  await expect(page.getByLabel(texts.schools.form.name)).toHaveValue("Tjernlia skole");
  await expect(page.getByRole("heading", { level: 1, name: "Tjernlia skole" })).toHaveCount(0);

  await browser.send("Storage.overrideQuotaForOrigin", { origin });
  await button(page, texts.common.action.save).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tjernlia skole" })).toBeVisible();
  await device.sent();
  await device.restart();
  await unlock(device);
  await goTo(device, "schools");
  for (const name of ["Granly skole", "Tjernlia skole"]) await expect(device.page.getByText(name).first()).toBeVisible();
});

test("a damaged row is told from a wrong passphrase, and nothing is written over it", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, "Granly skole");
  await device.sent();

  for (const row of [
    { store: "rooms", field: "sealedState" },
    { store: "roomKeys", field: "sealed" },
  ]) {
    await test.step(`${row.store}: the lock says that something cannot be read`, async () => {
      await page.reload();
      await flipByte(page, row);
      await page.getByLabel(texts.lock.passphrase, { exact: true }).fill(passphrase);
      await button(page, texts.lock.unlock).click();
      await expect(page.getByText(texts.lock.couldNotOpen)).toBeVisible();
      await flipByte(page, row);
      await unlock(device);
      await goTo(device, "schools");
      await expect(page.getByText("Granly skole").first()).toBeVisible();
    });
  }
});

test("[P6] a damaged record is set aside and counted, the rest is read, and its bytes stay", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, "Granly skole");
  await device.sent();
  // Reloaded without a lock: no snapshot stands between the record and the page.
  await page.reload();
  const row = { store: "records", field: "bytes", last: true };
  await flipByte(page, row);
  await unlock(device);
  await expect(page.locator(".state")).toHaveAttribute("data-kind", "attention");
  await link(page, texts.common.state.attentionAction).click();
  await expect(page.getByText(device.fill(texts.space.settings.quarantinedOne, { count: 1 }))).toBeVisible();

  await page.reload();
  await flipByte(page, row);
  await unlock(device);
  await goTo(device, "schools");
  await expect(page.getByText("Granly skole").first()).toBeVisible();
  await device.sent();
});

test("a damaged snapshot costs nothing: the log has every record", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, "Granly skole");
  await device.sent();
  await lock(device);
  for (const last of [false, true]) await flipByte(page, { store: "snapshots", field: "sealed", last });
  for (const _time of ["with the damage", "and again after new snapshots"]) {
    await unlock(device);
    await goTo(device, "schools");
    await expect(page.getByText("Granly skole").first()).toBeVisible();
    await device.sent();
    await lock(device);
  }
});

for (const [what, answer] of [
  ["a portal's page in place of the relay", { status: 200, contentType: "text/html", body: "<!doctype html><title>Logg på nettet</title>" }],
  ["a relay that only fails", { status: 500, contentType: "text/plain", body: "Internal Server Error" }],
] as const) {
  test(`${what}: grey, nothing lost, and sent by itself afterwards`, async ({ relay, openDevice }) => {
    const device = await openDevice();
    const { page, texts } = device;
    await createService(device, { code: relay.code });
    await device.sent();
    await device.installed();
    await relay.stop();
    await page.route("**/v1/**", (route) => route.fulfill(answer));
    await page.reload();
    await unlock(device);
    await addSchool(device, "Granly skole");
    await expect(page.locator(".state")).toHaveAttribute("data-kind", "unsent");
    await expect(device.state).toContainText(device.fill(texts.common.state.saved, { device: texts.common.device.tablet }));
    await expect(page.getByRole("alert")).toHaveCount(0);

    await page.unroute("**/v1/**");
    await relay.start();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await device.sent();
  });
}
