import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { phone, type Device } from "./device.ts";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * What axe finds on the screen, in a window as tall as what is on it: what the dock covers only until one scrolls is no fault. What the disk or the
 * browser answers meanwhile may make the screen taller; then it is looked at whole.
 */
export async function axeViolations(device: Device): Promise<string[]> {
  const { page } = device;
  const viewport = page.viewportSize() ?? phone;
  const neededHeight = () => page.evaluate(() => document.documentElement.scrollHeight);
  let found: string[] = [];
  let height = viewport.height;
  do {
    height = Math.max(height, await neededHeight());
    await page.setViewportSize({ ...viewport, height });
    found = await violationsNow(page);
  } while ((await neededHeight()) > height);
  await page.setViewportSize(viewport);
  return found;
}

/** Everything in light, and the colours again in dark. */
async function violationsNow(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Without frames the older way finds the same, and does not open a page of its own for each run.
    const builder = new AxeBuilder({ page }).setLegacyMode(true);
    const results = await (colorScheme === "light" ? builder.withTags(tags) : builder.withRules(["color-contrast"])).analyze();
    for (const { id, nodes } of results.violations) {
      for (const node of nodes) found.push(`${colorScheme} ${id}: ${node.target.join(" ")} ${node.html.slice(0, 160)} ${node.failureSummary?.replaceAll(/\s+/g, " ") ?? ""}`);
    }
  }
  return found;
}
