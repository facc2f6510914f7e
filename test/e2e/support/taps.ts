import type { Page } from "@playwright/test";

type Counted = Window & { pressed?: { taps: number; keys: number } };

/** How many presses of a person `work` takes on a page that is not loaded again meanwhile, and how many keys. */
export async function countTaps(page: Page, work: () => Promise<unknown>): Promise<{ taps: number; keys: number }> {
  await page.evaluate(() => {
    const counted = window as Counted;
    if (counted.pressed === undefined) {
      const count = (name: "taps" | "keys") => (event: Event) => {
        if (event.isTrusted && counted.pressed !== undefined) counted.pressed[name]++;
      };
      window.addEventListener("pointerdown", count("taps"), { capture: true });
      window.addEventListener("keydown", count("keys"), { capture: true });
    }
    counted.pressed = { taps: 0, keys: 0 };
  });
  await work();
  return page.evaluate(() => (window as Counted).pressed ?? { taps: -1, keys: -1 });
}
