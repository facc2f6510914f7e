import { join, resolve } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { build } from "vite";
import solid from "vite-plugin-solid";
import { trustedTemplates } from "../../.ci/trusted-templates.ts";
import type { MinutesPage } from "../support/minutes-page/main.tsx";
import type { Device } from "./support/device.ts";
import { button } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

// The editor as it is in the app, under the relay's own headers, with a colleague whom the test writes for.

test.use({ copyApp: true });

const root = resolve(import.meta.dirname, "../support/minutes-page");

test.beforeEach(async ({ relay }) => {
  await build({
    root,
    base: "/minutes/",
    configFile: false,
    logLevel: "error",
    plugins: [solid(), trustedTemplates()],
    build: { outDir: join(relay.appDir, "minutes"), emptyOutDir: true, target: "es2022" },
  });
});

type Open = (options?: object, path?: string) => Promise<Device>;

async function openMinutes(openDevice: Open): Promise<Device> {
  const device = await openDevice({}, "/minutes/index.html");
  await editor(device.page).waitFor();
  return device;
}

const editor = (page: Page) => page.getByRole("textbox", { name: "Foreldrenes syn" });

function tell<Name extends keyof MinutesPage>(page: Page, name: Name, ...input: Parameters<MinutesPage[Name]>): Promise<ReturnType<MinutesPage[Name]>> {
  return page.evaluate(([command, given]) => (globalThis as unknown as { minutes: Record<string, (...input: unknown[]) => never> }).minutes[command]?.(...given) as never, [
    name as string,
    input as unknown[],
  ] as const);
}

/** What is kept of the text, as a string: «#» and «-» before a line, «*» around bold. */
async function written(page: Page): Promise<string> {
  type Operation = { insert: string; attributes?: { bold?: boolean; kind?: string } };
  let [lines, line] = ["", ""];
  for (const { insert, attributes } of (await tell(page, "delta")) as Operation[]) {
    for (const [index, part] of insert.split("\n").entries()) {
      if (index > 0) {
        lines += `${{ heading: "# ", item: "- " }[attributes?.kind ?? ""] ?? ""}${line}\n`;
        line = "";
      }
      if (part !== "") line += attributes?.bold ? `*${part}*` : part;
    }
  }
  return lines + line;
}

/** What is on the screen. */
const shown = (page: Page) => editor(page).evaluate((element) => Array.from(element.children, (line) => line.textContent).join("\n"));

test("written with the keyboard alone: headings, points, bold, undo, and Tab leads out", async ({ openDevice }) => {
  const { page, texts } = await openMinutes(openDevice);
  const { keyboard } = page;
  const words = texts.common.editor;
  await expect(editor(page)).toHaveAttribute("aria-multiline", "true");
  await button(page, "før").focus();
  await keyboard.press("Tab");
  await expect(button(page, words.heading)).toBeFocused();
  await keyboard.press("Enter");
  await expect(editor(page)).toBeFocused();
  await expect(button(page, words.heading)).toHaveAttribute("aria-pressed", "true");
  await keyboard.type("Bakgrunn");
  await keyboard.press("Enter");
  await expect(button(page, words.heading)).toHaveAttribute("aria-pressed", "false");
  await keyboard.type("- mor er ");
  await expect(button(page, words.list)).toHaveAttribute("aria-pressed", "true");
  await keyboard.press("Control+b");
  await keyboard.type("sliten");
  await keyboard.press("Control+b");
  await keyboard.press("Enter");
  await keyboard.type("far er med");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.type("Slutt");
  await expect.poll(() => written(page)).toBe("# Bakgrunn\n- mor er *sliten*\n- far er med\nSlutt\n");
  await keyboard.press("Control+z");
  await expect.poll(() => written(page)).not.toContain("Slutt");
  await keyboard.press("Control+Shift+z");
  await expect.poll(() => written(page)).toBe("# Bakgrunn\n- mor er *sliten*\n- far er med\nSlutt\n");
  await keyboard.press("Home");
  await keyboard.press("Backspace");
  await keyboard.press("Backspace");
  await expect.poll(() => written(page)).toBe("# Bakgrunn\n- mor er *sliten*\n- far er meSlutt\n");
  await keyboard.press("Tab");
  await expect(button(page, "etter")).toBeFocused();
});

test("keys that come faster than the editor is told of the caret meet the text where it has moved to", async ({ openDevice }) => {
  const { page, context } = await openMinutes(openDevice);
  const { keyboard } = page;
  const session = await context.newCDPSession(page);
  const keys = { Home: { windowsVirtualKeyCode: 36 }, Backspace: { windowsVirtualKeyCode: 8 }, a: { windowsVirtualKeyCode: 65, modifiers: 2 } };
  /** None waits for what the one before it has done. */
  const hurry = (...names: (keyof typeof keys)[]) =>
    Promise.all(names.flatMap((key) => (["rawKeyDown", "keyUp"] as const).map((type) => session.send("Input.dispatchKeyEvent", { type, key, code: key === "a" ? "KeyA" : key, ...keys[key] }))));
  await editor(page).click();
  for (let round = 0; round < 20; round++) {
    await keyboard.type("- en");
    await keyboard.press("Enter");
    await keyboard.press("Enter");
    await keyboard.type("to tre");
    await hurry("Home", "Backspace", "Backspace");
    expect(await written(page)).toBe("- eto tre\n");
    await hurry("a", "Backspace", "Backspace");
    expect(await written(page)).toBe("");
  }
});

test("typing goes on undisturbed while a colleague writes, before it, in the same line and elsewhere", async ({ openDevice }) => {
  const { page } = await openMinutes(openDevice);
  await editor(page).click();
  await page.keyboard.type("Første linje");
  await page.keyboard.press("Enter");
  for (const letter of "Foresatte forteller") {
    await page.keyboard.type(letter);
    if (letter === "e") await tell(page, "colleagueWrites", 0, "·");
    if (letter === "t") await tell(page, "colleagueWrites", (await written(page)).indexOf("For"), "!");
  }
  const text = await written(page);
  expect(text.replaceAll(/[·!]/g, "")).toBe("Første linje\nForesatte forteller");
  expect(text.startsWith("····")).toBe(true);
  expect(text).toContain("\n!!!Foresatte forteller");
  expect(await shown(page)).toBe(text);
});

test("the first letter of a new line stays before the next, however fast they come", async ({ openDevice }) => {
  const { page } = await openMinutes(openDevice);
  await editor(page).click();
  for (let line = 0; line < 80; line++) {
    await page.keyboard.press("Enter");
    await page.keyboard.type("Abc");
  }
  await expect.poll(() => written(page)).toBe("\nAbc".repeat(80));
});

for (const [where, offset] of [
  ["in another line", 0],
  ["earlier in the same line", 13],
] as const) {
  test(`what is composed, as by an on-screen keyboard, comes whole when a colleague writes ${where}`, async ({ openDevice }) => {
    const { page, context } = await openMinutes(openDevice);
    await editor(page).click();
    await page.keyboard.type("Første linje");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Andre linje ");
    const session = await context.newCDPSession(page);
    const compose = (text: string) => session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    for (const text of ["h", "ha", "hal"]) await compose(text);
    await tell(page, "colleagueWrites", offset, "NY ");
    await compose("hall");
    await session.send("Input.insertText", { text: "hallo" });
    const expected = offset === 0 ? "NY Første linje\nAndre linje hallo" : "Første linje\nNY Andre linje hallo";
    await expect.poll(() => written(page)).toBe(expected);
    expect(await shown(page)).toBe(expected);
    await page.keyboard.type("!");
    await expect.poll(() => written(page)).toBe(`${expected}!`);
  });
}

/** Puts something on the clipboard of an event, as another program would have. */
const paste = (page: Page, types: Record<string, string>) =>
  editor(page).evaluate((element, given) => {
    const clipboardData = new DataTransfer();
    for (const [type, value] of Object.entries(given)) clipboardData.setData(type, value);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, types);

test("what is pasted comes as words, headings, points and bold, and nothing else", async ({ openDevice }) => {
  const { page, texts } = await openMinutes(openDevice);
  await editor(page).click();
  await paste(page, {
    "text/plain": "unused",
    "text/html": `<meta charset="utf-8"><b style="font-weight:normal"><h2 style="color:red">Om <i>saken</i></h2><p>Se <a href="https://example.org">siden</a>
      <img src="https://example.org/x.png" alt="bilde"><span title="a > b" onclick='alert("1")' style="font-weight:700">fet</span><br>ny linje</p><ul><li>en</li><li><p>to</p></li></ul>
      <script>alert(1)</script><style>p{color:red}</style><table><tr><td>celle</td></tr></table></b>`,
  });
  await expect.poll(() => written(page)).toBe("# Om saken\nSe siden *fet*\nny linje\n- en\n- to\ncelle");
  expect(await editor(page).locator("a, img, script, style, table").count()).toBe(0);
  await page.keyboard.press("Control+a");
  await paste(page, { "text/plain": "Første\r\n- punkt\n\nsist" });
  await expect.poll(() => written(page)).toBe("Første\n- punkt\n\nsist");
  expect(await shown(page)).toBe("Første\npunkt\n\nsist");
  const tooLong = page.getByText(texts.common.field.pasteTooLong.split("{")[0] ?? "");
  await paste(page, { "text/plain": "x".repeat(100_001) });
  await expect(tooLong).toBeVisible();
  expect(await written(page)).toBe("Første\n- punkt\n\nsist");
  await page.keyboard.type("!");
  await expect(tooLong).toBeHidden();
});

test("undo is of this person and this item, with the buttons too", async ({ openDevice }) => {
  const { page, texts } = await openMinutes(openDevice);
  const undo = button(page, texts.common.action.undo);
  const redo = button(page, texts.common.editor.redo);
  await expect(undo).toHaveAttribute("aria-disabled", "true");
  await editor(page).click();
  await page.keyboard.type("mitt");
  await tell(page, "colleagueWrites", 0, "ditt ");
  await undo.click();
  await expect.poll(() => written(page)).toBe("ditt ");
  await redo.click();
  await expect.poll(() => written(page)).toBe("ditt mitt");
  await expect(editor(page)).toBeFocused();
  await tell(page, "openItem", "second");
  await expect.poll(() => shown(page)).toBe("");
  await expect(undo).toHaveAttribute("aria-disabled", "true");
  await editor(page).click();
  await page.keyboard.type("andre");
  await tell(page, "openItem", "first");
  await expect.poll(() => shown(page)).toBe("ditt mitt");
});

test("a colleague's place is a bar with a role, which nobody copies or hears, and one's own is told", async ({ openDevice }) => {
  const { page } = await openMinutes(openDevice);
  await editor(page).click();
  await page.keyboard.type("Foresatte forteller");
  await tell(page, "colleagueIsAt", 9);
  const bar = editor(page).locator("[data-name='Sosiallærer']");
  await expect(bar).toHaveCount(1);
  await expect(bar).toHaveAttribute("aria-hidden", "true");
  expect(await shown(page)).toBe("Foresatte forteller");
  // Else its name, which is over the line, is cut off.
  await page.keyboard.press("Enter");
  await expect(bar.locator("..")).toHaveCSS("content-visibility", "visible");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Home");
  await page.keyboard.type("Her: ");
  expect(await bar.evaluate((element) => element.previousSibling?.textContent)).toBe("Her: Foresatte");
  expect(await tell(page, "ownOffset")).toBe(5);
  await tell(page, "colleagueIsAt", null);
  await expect(bar).toHaveCount(0);
});

test("axe finds nothing in it, light or dark, and every target is large", async ({ openDevice }) => {
  const { page } = await openMinutes(openDevice);
  await editor(page).click();
  await paste(page, { "text/html": "<h2>Bakgrunn</h2><ul><li>en</li><li>to</li></ul><p>Og <b>fet</b></p>" });
  await tell(page, "colleagueIsAt", 3);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include(".rich-text-field").analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  }
  for (const target of await page.locator(".rich-text-tools button").all()) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(48);
  }
});
