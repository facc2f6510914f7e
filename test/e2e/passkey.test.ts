import type { CDPSession } from "@playwright/test";
import { axeViolations } from "./support/axe.ts";
import { Device } from "./support/device.ts";
import { tabTo } from "./support/keyboard.ts";
import { button, createService, goTo, lock, passphrase } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

/** An authenticator in the browser that says yes by itself. */
async function addAuthenticator({ context, page }: Device, hasPrf: boolean): Promise<{ session: CDPSession; authenticatorId: string }> {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
  return { session, authenticatorId };
}

test("a passkey: added with the passphrase, opens offline, gives way to the passphrase, and is removed", async ({ relay }) => {
  // A passkey belongs to a name; an address of numbers has none.
  const device = new Device(relay.url.replace("127.0.0.1", "localhost"));
  await device.open();
  const { page, texts } = device;
  const said = texts.space.settings;
  const add = async (secret: string) => {
    await page.getByLabel(said.oldPassphrase).fill(secret);
    await page.keyboard.press("Enter");
  };
  await createService(device, { code: relay.code });
  await device.installed();
  const without = await addAuthenticator(device, false);

  await test.step("an authenticator that cannot is told of in plain words, and nothing is changed", async () => {
    await goTo(device, "settings");
    await button(page, said.addPasskey).click();
    await add("feil");
    await expect(page.getByText(texts.lock.wrong)).toBeVisible();
    await add(passphrase);
    await expect(page.getByText(said.passkeyNoPrf)).toBeVisible();
    expect(await axeViolations(device)).toEqual([]);
    await without.session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: without.authenticatorId });
  });

  const { session, authenticatorId } = await addAuthenticator(device, true);
  await test.step("one that can is added", async () => {
    await add(passphrase);
    await expect(page.getByText(said.passkeyDone)).toBeVisible();
    await expect(page.getByText(said.passkeyTitle, { exact: true })).toBeVisible();
    expect(await axeViolations(device)).toEqual([]);
  });

  await test.step("it opens the device without a network", async () => {
    await relay.stop();
    await lock(device);
    expect(await axeViolations(device)).toEqual([]);
    await tabTo(device, button(page, texts.lock.usePasskey));
    await page.keyboard.press("Enter");
    await expect(device.state).toBeVisible();
  });

  await test.step("who says no to the authenticator is asked for the passphrase, and that opens too", async () => {
    await lock(device);
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await button(page, texts.lock.usePasskey).click();
    await expect(page.getByText(texts.lock.passkeyCancelled)).toBeVisible();
    await page.getByLabel(texts.lock.passphrase, { exact: true }).fill(passphrase);
    await button(page, texts.lock.unlock).click();
    await expect(device.state).toBeVisible();
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  });

  await test.step("removed, it is offered no more", async () => {
    await goTo(device, "settings");
    await page.getByRole("button", { name: new RegExp(`^${said.removePasskeyOf.split("{")[0] ?? ""}`) }).click();
    await expect(page.getByText(said.passkeyRemoved)).toBeVisible();
    await lock(device);
    await expect(button(page, texts.lock.usePasskey)).toBeHidden();
  });
  expect(device.pageErrors).toEqual([]);
  await device.remove();
});
