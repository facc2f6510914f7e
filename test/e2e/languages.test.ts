import { allTexts, type Device, phone } from "./support/device.ts";
import { exampleWalks, walkService } from "./support/screens.ts";
import { expect, test } from "./support/test.ts";

type Tree = { readonly [key: string]: string | Tree };

/** All texts of a language by their path. */
function leaves(tree: Tree, path = ""): [path: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? [[`${path}.${key}`, value]] : leaves(value, `${path}.${key}`)));
}

const normal = (text: string) => text.replaceAll(/\s+/g, " ").trim().toLowerCase();

/** A text with its placeholders as a pattern; null when there is next to nothing beside them. */
function patternOf(text: string): RegExp | null {
  const words = normal(text).split(/\{\w+\}/);
  if (words.join("").replaceAll(/[^\p{L}]/gu, "").length < 4) return null;
  return new RegExp(`^${words.map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)).join(".+")}$`);
}

/** What says that a string on the screen is bokmål: one of its texts that the other language has written in another way. */
function leakFinder(language: "nn" | "en"): (strings: readonly string[]) => string[] {
  const own = leaves(allTexts[language]);
  const ownByPath = new Map(own);
  const ownTexts = new Set(own.map(([, text]) => normal(text)));
  const ownPatterns = own.flatMap(([, text]) => patternOf(text) ?? []);
  // The names of holidays are the example's own words, as a service writes them, in whatever language one reads.
  const foreign = leaves(allTexts.nb).filter(
    ([path, text]) => ownByPath.get(path) !== text && !ownTexts.has(normal(text)) && !path.startsWith(".content.holiday."),
  );
  const foreignPatterns = foreign.flatMap(([, text]) => patternOf(text) ?? []);
  const days = language === "en" ? /\b(man|tirs|ons|tors|fre|lør|søn)dag/ : /\b(mandag|tirsdag|lørdag)/;
  return (strings) =>
    strings.filter((string) => {
      const text = normal(string);
      if (days.test(text)) return true;
      return foreignPatterns.some((pattern) => pattern.test(text)) && !ownPatterns.some((pattern) => pattern.test(text));
    });
}

/** Everything that can be read or heard on the screen, and the parts of what is put together. */
async function stringsOn(device: Device): Promise<string[]> {
  const strings = await device.page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ["aria-label", "placeholder", "title", "alt"]) found.push(node.getAttribute(name) ?? "");
      } else found.push(node.textContent ?? "");
    }
    return found;
  });
  return strings.flatMap((text) => [text, ...text.split(/ · |\. |: | – /)]).filter((text) => text.trim() !== "");
}

for (const language of ["nn", "en"] as const) {
  const findLeaks = leakFinder(language);
  const look = async (device: Device, name: string) => {
    await expect(device.page.locator("html")).toHaveAttribute("lang", language);
    expect.soft(findLeaks(await stringsOn(device)), name).toEqual([]);
  };

  for (const [name, walk] of Object.entries(exampleWalks)) {
    test(`${language}: the example speaks it in its ${name}`, async ({ openDevice }) => {
      await walk(await openDevice({ language }), look);
    });
  }

  test(`${language}: a service is born, grows and signs up in it`, async ({ relay, openDevice }) => {
    const people = {
      consultant: await openDevice({ language }),
      teacher: await openDevice({ language, viewport: phone }),
      principal: await openDevice({ language }),
      lead: await openDevice({ language }),
    };
    await walkService(people, relay.code, look);
  });
}

test("the finder of bokmål finds it", () => {
  const text = allTexts.nb.space.welcome.createHelp;
  for (const language of ["nn", "en"] as const) {
    expect(leakFinder(language)([text, allTexts[language].space.welcome.createHelp])).toEqual([text]);
  }
});
