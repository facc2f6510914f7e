import { type Device, phone } from "./device.ts";

/** A phone with letters twice as large, and a laptop's window zoomed to 400 %. */
const views = [
  { name: "twice the letters", viewport: { width: 410, height: 844 }, fontSize: "200%" },
  { name: "400 % zoom", viewport: { width: 320, height: 256 }, fontSize: "" },
];

/** The bars may take so much of the window's height, in percent. */
const mostForBars = 34;

/** What is wider than the window, or cut off, or covers too much of the page, with large letters and close up. */
export async function largeTextTroubles(device: Device): Promise<string[]> {
  const { page } = device;
  const before = page.viewportSize() ?? phone;
  const found: string[] = [];
  for (const { name, viewport, fontSize } of views) {
    await page.setViewportSize(viewport);
    const here = await page.evaluate(
      ([size, most]) => {
        const root = document.documentElement;
        root.style.fontSize = size;
        const wide = root.clientWidth;
        const seen = Array.from(document.querySelectorAll("body *")).filter(
          (element) => element.getClientRects().length > 0 && getComputedStyle(element).clipPath === "none" && !element.closest(".ds-sr-only, .skip-link, [aria-hidden=true]"),
        );
        const say = (what: string, element: Element) => `${what}: ${element.tagName} ${element.className} «${(element.textContent ?? "").slice(0, 40)}»`;
        const out = seen.filter((element) => element.getBoundingClientRect().right > wide + 1).map((element) => say("outside", element));
        const cut = seen
          .filter((element) => getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1 && !element.matches("input, textarea"))
          .map((element) => say("cut", element));
        const bottom = document.querySelector(".bottom");
        const sticks = bottom !== null && getComputedStyle(bottom).position === "sticky";
        const share = sticks ? Math.round((100 * bottom.getBoundingClientRect().height) / window.innerHeight) : 0;
        const bars = share > most ? [`the bars at the bottom take ${share} %`] : [];
        const scrolls = root.scrollWidth > wide ? [`${root.scrollWidth - wide} px to scroll sideways`] : [];
        root.style.fontSize = "";
        return [...scrolls, ...bars, ...out.slice(0, 5), ...cut.slice(0, 5)];
      },
      [fontSize, mostForBars] as const,
    );
    found.push(...here.map((line) => `${name}: ${line}`));
  }
  await page.setViewportSize(before);
  return found;
}
