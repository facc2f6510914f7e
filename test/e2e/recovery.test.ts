import { parseRecoveryCode, recoveryLookupId } from "../../src/engine/keys/recovery.ts";
import { axeViolations } from "./support/axe.ts";
import { type Device, phone } from "./support/device.ts";
import { tabTo } from "./support/keyboard.ts";
import {
  addSchool,
  button,
  chip,
  completeInvitation,
  confirmRecovery,
  createService,
  goBack,
  goTo,
  link,
  passphrase,
  startCreating,
  unlock,
} from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const granly = "Granly skole";

/** Whether the relay keeps a bundle of this code. */
async function isKept(url: string, code: string): Promise<boolean> {
  const secret = parseRecoveryCode(code);
  if (secret === null) throw new Error("no code");
  return (await fetch(`${url}/v1/recovery/${await recoveryLookupId(secret)}`)).ok;
}

const waiting = { timeout: 90_000, intervals: [3000] };

async function codeOnScreen({ page, texts }: Device): Promise<string> {
  const items = page.getByRole("list", { name: texts.space.recovery.codeLabel }).getByRole("listitem");
  await expect(items).toHaveCount(8);
  return (await items.allTextContents()).join("-");
}

/** Types the code as somebody does who is in a hurry. */
async function giveCode(device: Device, code: string, name: string): Promise<void> {
  const { page, texts } = device;
  await page.getByLabel(texts.space.useCode.code).fill(code.toLowerCase().replaceAll("-", " "));
  await page.getByLabel(texts.space.create.ownName).fill(name);
  await page.getByLabel(texts.space.join.passphrase, { exact: true }).fill(passphrase);
  await button(page, texts.space.useCode.submit).click();
}

async function unlockTo(device: Device): Promise<void> {
  await device.page.getByLabel(device.texts.lock.passphrase, { exact: true }).fill(passphrase);
  await button(device.page, device.texts.lock.unlock).click();
}

test("the recovery code: confirmed before the first note, used on a new device, replaced, and seen by all", async ({ relay, openDevice }) => {
  const first = await openDevice();
  const second = await openDevice();
  let code = "";

  await test.step("nothing can be written before the code is confirmed, wherever one goes and whenever one comes back", async () => {
    await startCreating(first, { code: relay.code });
    const shown = await codeOnScreen(first);
    for (const path of ["/skoler/ny", "/"]) {
      await first.page.goto(relay.url + path);
      await unlockTo(first);
      expect(await codeOnScreen(first)).toBe(shown);
    }
    code = await confirmRecovery(first);
    expect(code).toBe(shown);
    await addSchool(first, granly);
    await goBack(first);
    await goTo(first, "settings");
    await link(first.page, first.texts.space.invite.title).click();
    await chip(first, first.texts.space.invite.who, "Fagkonsulent").click();
    await completeInvitation(first, second, { name: "Kim Kollega" });
    await first.sent();
    await expect.poll(() => isKept(relay.url, code), waiting).toBe(true);
  });

  await first.close();
  const third = await openDevice({ viewport: phone, language: "nn", colorScheme: "dark" });
  const { page, texts } = third;

  await test.step("a code that is not whole, and one that nobody knows, leave nothing behind", async () => {
    await tabTo(third, button(page, texts.space.welcome.useCode));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: texts.space.useCode.title })).toBeVisible();
    expect(await axeViolations(third)).toEqual([]);
    await giveCode(third, code.slice(5), "Nora Ny");
    await expect(page.getByText(texts.space.useCode.notWhole)).toBeVisible();
    await expect(page.getByLabel(texts.space.useCode.code)).toBeFocused();
    await giveCode(third, `${code.slice(5)}-AAAA`, "Nora Ny");
    await expect(page.getByText(texts.space.useCode.codeUnknown)).toBeVisible();
    expect(await axeViolations(third)).toEqual([]);
    await page.reload();
    await expect(button(page, texts.space.welcome.useCode)).toBeVisible();
  });

  await test.step("broken off while it is let in, it goes on with the passphrase alone", async () => {
    await page.route("**/control", (route) => route.abort());
    await button(page, texts.space.welcome.useCode).click();
    await giveCode(third, code, "Nora Ny");
    await expect(page.getByText(texts.space.useCode.unreachable)).toBeVisible({ timeout: 60_000 });
    expect(await axeViolations(third)).toEqual([]);
    await page.unroute("**/control");
    await page.reload();
    await unlockTo(third);
  });

  let next = "";
  await test.step("the new code is shown, also after a reload, and the old one is good until the new one is confirmed", async () => {
    await expect(page.getByRole("heading", { level: 1, name: texts.space.recovery.nextTitle })).toBeVisible({ timeout: 60_000 });
    const shown = await codeOnScreen(third);
    expect(await axeViolations(third)).toEqual([]);
    await page.reload();
    await unlockTo(third);
    expect(await codeOnScreen(third)).toBe(shown);
    expect(await isKept(relay.url, code)).toBe(true);
    next = await confirmRecovery(third);
    expect(next).not.toBe(code);
  });

  await test.step("what was written is there", async () => {
    await goTo(third, "schools");
    await expect(page.getByText(granly).first()).toBeVisible();
    await third.sent();
  });

  await test.step("the old code is refused", async () => {
    await expect.poll(() => isKept(relay.url, next), waiting).toBe(true);
    await expect.poll(() => isKept(relay.url, code), waiting).toBe(false);
    const fourth = await openDevice();
    await button(fourth.page, fourth.texts.space.welcome.useCode).click();
    await giveCode(fourth, code, "Noen Annen");
    await expect(fourth.page.getByText(fourth.texts.space.useCode.codeUnknown)).toBeVisible();
    await fourth.close();
  });

  await test.step("a colleague sees that it was used, by whom and when, and makes a new one without it", async () => {
    const said = second.texts.space.renewCode;
    await goTo(second, "today");
    await expect(second.page.locator(".state")).toHaveAttribute("data-kind", "attention");
    expect(await axeViolations(second)).toEqual([]);
    const warning = second.page.getByRole("link", { name: said.usedTitle });
    await expect(warning).toContainText(/Nora Ny kom inn med den 26\. november 2026/);
    await warning.click();
    const list = second.page.getByRole("list", { name: said.list });
    await expect(list.getByText(said.used)).toBeVisible();
    await expect(list.getByText(/^Nora Ny kom inn med den 26\. november 2026/)).toBeVisible();
    await expect(list.getByText(said.replaced)).toBeVisible();
    await expect(list.getByText(/^Av Nora Ny 26\. november 2026/)).toBeVisible();
    await button(second.page, second.texts.people.evidence.seen).click();
    await expect(second.page.getByText(said.usedTitle)).toBeHidden();
    await second.sent();
    expect(await axeViolations(second)).toEqual([]);
    await link(second.page, said.make).click();
    expect(await axeViolations(second)).toEqual([]);
    await button(second.page, said.make).click();
    await expect(second.page.getByRole("heading", { level: 1, name: second.texts.space.recovery.nextTitle })).toBeVisible();
    expect(await axeViolations(second)).toEqual([]);
    const renewed = await confirmRecovery(second);
    await expect(second.page.getByText(said.done)).toBeVisible();
    await expect.poll(() => isKept(relay.url, next), waiting).toBe(false);
    expect(await isKept(relay.url, renewed)).toBe(true);
  });
});

test("forgotten passphrase: what is lost is said first, a word is asked for, and then nothing is left", async ({ relay, openDevice }) => {
  const device = await openDevice({ viewport: phone, language: "nn", colorScheme: "dark" });
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await device.installed();
  await device.sent();
  await device.setOffline(true);
  await addSchool(device, granly);
  await page.reload();
  await button(page, texts.lock.forgotten).click();
  await expect(page.getByText(texts.lock.wayCode)).toBeVisible();
  await expect(page.getByText(texts.lock.wayPasskey)).toBeHidden();
  await button(page, texts.lock.startOver).click();
  await expect(page.getByText(device.fill(texts.lock.lostSavingsMany, { count: "" }).trim())).toBeVisible();
  const word = page.getByLabel(device.fill(texts.lock.startOverLabel, { word: texts.lock.startOverWord }));
  await expect(word).toBeFocused();
  expect(await axeViolations(device)).toEqual([]);
  await word.fill("slet");
  await page.keyboard.press("Enter");
  await expect(page.getByText(device.fill(texts.lock.startOverMismatch, { word: texts.lock.startOverWord }))).toBeVisible();
  await page.reload();
  await unlock(device);
  await goTo(device, "schools");
  await expect(page.getByText(granly).first()).toBeVisible();
  await page.reload();
  await button(page, texts.lock.forgotten).click();
  await button(page, texts.lock.startOver).click();
  await word.fill(" Slett ");
  await button(page, texts.lock.startOverDo).click();
  await expect(button(page, texts.space.welcome.useCode)).toBeVisible();
  const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(databases.filter((name) => name?.startsWith("aapen-dor") === true)).toEqual([]);
  await page.reload();
  await expect(button(page, texts.space.welcome.useCode)).toBeVisible();
});
