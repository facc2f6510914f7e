import { expect, type Locator } from "@playwright/test";
import type { Device } from "./device.ts";

/** Presses Tab until the element has focus, and sees that the focus can be seen. */
export async function tabTo(device: Device, target: Locator, most = 80): Promise<void> {
  const { page } = device;
  const has = () => target.evaluate((element) => element === document.activeElement);
  for (let pressed = 0; pressed < most && !(await has()); pressed++) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
  await expectVisibleFocus(target);
}

/** A ring of at least two pixels on the element, or on the label that stands for it, and nothing on top of it. */
async function expectVisibleFocus(target: Locator): Promise<void> {
  const seen = await target.evaluate((element: HTMLElement) => {
    const shown = element.matches(".chip-input") ? (element.closest<HTMLElement>(".chip") ?? element) : element;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
    const { left, top, width, height } = shown.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    return {
      ring: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none",
      covered: above === null || shown.contains(above) || above.contains(shown) ? "" : above.outerHTML.slice(0, 200),
    };
  });
  expect(seen).toEqual({ ring: true, covered: "" });
}
