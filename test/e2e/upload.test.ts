import type { Device } from "./support/device.ts";
import { addSchool, caseRow, createService, goBack, goTo, inviteToSchool, lock, signUp, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Granly skole";

/** Has the browser wake the service worker as it does when there is a network again. */
async function fireBackgroundSync(device: Device): Promise<void> {
  const browser = await device.context.newCDPSession(device.page);
  const registrations: { registrationId: string; scopeURL: string }[] = [];
  browser.on("ServiceWorker.workerRegistrationUpdated", (event) => registrations.push(...event.registrations));
  await browser.send("ServiceWorker.enable");
  await expect.poll(() => registrations.length).toBeGreaterThan(0);
  const { registrationId, scopeURL } = registrations[0]!;
  await browser.send("ServiceWorker.dispatchSyncEvent", { origin: new URL(scopeURL).origin, registrationId, tag: "upload", lastChance: false });
  await browser.detach();
}

/** What lies in the clear for the worker, if anything. */
function permitOn(device: Device): Promise<Record<string, unknown> | null> {
  return device.page.evaluate(async () => {
    const opening = indexedDB.open("aapen-dor");
    const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const asking = database.transaction("meta").objectStore("meta").get("upload");
    const row = await new Promise<{ value: Record<string, unknown> } | undefined>((resolve) => (asking.onsuccess = () => resolve(asking.result as never)));
    database.close();
    return row?.value ?? null;
  });
}

test("[U3] what was written without a network reaches the colleague while its author's device is still locked", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice();
  const { texts } = consultant;

  await test.step("two devices are in one school", async () => {
    await createService(consultant, { code: relay.code });
    await addSchool(consultant, school);
    await inviteToSchool(consultant, teacher, { name: "Tone Eriksen", passphrase: "vimpel torv kajakk bris" });
    await goBack(consultant);
    await goTo(consultant, "today");
    await goTo(teacher, "today");
    await teacher.sent();
    await teacher.installed();
    await expect.poll(async () => Object.keys(((await permitOn(teacher))?.["rooms"] as object | undefined) ?? {}).length).toBe(3);
    expect(Object.keys((await permitOn(teacher)) ?? {}).sort()).toEqual(["expiresAt", "rooms", "token"]);
  });

  let code = "";
  await test.step("she signs a case up without a network, and locks", async () => {
    await teacher.setOffline(true);
    code = await signUp(teacher);
    await expect(teacher.page.locator(".state")).toHaveAttribute("data-kind", /unsent|offline/);
    await lock(teacher);
    await expect(caseRow(consultant, code)).toHaveCount(0);
  });

  await test.step("on the lock screen it goes by itself when the network is back", async () => {
    await teacher.setOffline(false);
    await expect(caseRow(consultant, code)).toBeVisible({ timeout: 60_000 });
    await expect(teacher.page.getByLabel(texts.lock.passphrase, { exact: true })).toBeVisible();
  });

  let second = "";
  await test.step("with the app closed, the browser wakes the worker", async () => {
    await unlock(teacher, "vimpel torv kajakk bris");
    await teacher.sent();
    await teacher.setOffline(true);
    second = await signUp(teacher);
    await lock(teacher);
    await teacher.page.goto("about:blank");
    await teacher.setOffline(false);
    await expect(caseRow(consultant, second)).toHaveCount(0);
    await fireBackgroundSync(teacher);
    await expect(caseRow(consultant, second)).toBeVisible({ timeout: 60_000 });
  });

  await test.step("unlocked again, it knows that all is sent, and nothing stands there twice", async () => {
    await teacher.page.goto(relay.url);
    await unlock(teacher, "vimpel torv kajakk bris");
    await goTo(teacher, "today");
    await teacher.sent();
    for (const device of [consultant, teacher]) for (const each of [code, second]) await expect(caseRow(device, each)).toHaveCount(1);
  });
});
