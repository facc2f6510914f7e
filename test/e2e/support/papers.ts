import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import type { Device } from "./device.ts";
import { button } from "./steps.ts";

/** Saves the paper on the page as a PDF, as a person does. */
export async function savePdf(device: Device): Promise<{ bytes: Buffer; name: string }> {
  const { page, texts } = device;
  const download = page.waitForEvent("download");
  await button(page, texts.papers.actions.savePdf).click();
  const file = await download;
  await expect(page.getByText(device.fill(texts.papers.actions.saved, { name: file.suggestedFilename() }))).toBeVisible();
  return { bytes: readFileSync(await file.path()), name: file.suggestedFilename() };
}
