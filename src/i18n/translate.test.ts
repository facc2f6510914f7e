import { describe, expect, expectTypeOf, test } from "vitest";
import { bundledTexts, createTranslator, fillPlaceholders, loadTexts, type AllTexts, type Language, type TextKey } from "./translate.ts";
import type { Placeholder, TextAt, TextPath, TextTree } from "./texts.ts";

const sample = { visits: { cancel: "Avlyst: {reason}", title: "Besøk" } } as const;

describe("translator", () => {
  test("a dotted key gives the text with its values", () => {
    const { text } = createTranslator(() => "nb", () => bundledTexts);
    expect(text("common.state.saved", { device: "nettbrettet" })).toBe("Alt lagret på nettbrettet");
    expect(text("common.action.undo")).toBe("Angre");
  });

  test("the language is read at every call", async () => {
    const nynorsk = await loadTexts("nn");
    let language: Language = "nb";
    const { text, format } = createTranslator(
      () => language,
      () => (language === "nn" ? nynorsk : bundledTexts),
    );
    expect(text("common.nav.schools")).toBe("Skoler");
    language = "nn";
    expect(text("common.nav.schools")).toBe("Skular");
    expect(format.due("2026-11-30", "2026-11-26")).toBe("Måndag 30. nov.");
  });

  test("plural takes the one-text for exactly one and fills in the count", () => {
    const { plural } = createTranslator(() => "en", () => english);
    expect(plural(1, "common.state.attentionOne", "common.state.attentionMany")).toBe("1 thing needs you");
    expect(plural(0, "common.state.attentionOne", "common.state.attentionMany")).toBe("0 things need you");
    expect(plural(1200, "common.state.attentionOne", "common.state.attentionMany")).toBe("1,200 things need you");
  });

  test("a placeholder without a value stays visible", () => {
    expect(fillPlaceholders("{a} og {b}", { a: 1 })).toBe("1 og {b}");
    expect(fillPlaceholders("{a}", { a: "{a}" })).toBe("{a}");
  });

  test("keys and values are typed", () => {
    expectTypeOf<TextPath<typeof sample>>().toEqualTypeOf<"visits.cancel" | "visits.title">();
    expectTypeOf<Placeholder<TextAt<typeof sample, "visits.cancel">>>().toEqualTypeOf<"reason">();
    expectTypeOf<"common.nope">().not.toExtend<TextKey>();
  });
});

describe("languages", () => {
  test("nn and en have the same placeholders as nb in every text", async () => {
    for (const language of ["nn", "en"] as const) {
      const other = leavesOf(await loadTexts(language));
      for (const [key, text] of leavesOf(bundledTexts)) {
        expect(namesIn(other.get(key) ?? ""), `${language} ${key}`).toEqual(namesIn(text));
      }
    }
  });

  test("nynorsk keeps to one form of each word", async () => {
    const mixed = Array.from(leavesOf(await loadTexts("nn")), ([key, text]) => `${key}: ${text}`).filter((line) => /(?<!\p{L})(blei|blitt|er flytt|blir flytt)(?!\p{L})/iu.test(line));
    expect(mixed).toEqual([]);
  });

  test("no text is empty", async () => {
    for (const language of ["nb", "nn", "en"] as const) {
      for (const [key, text] of leavesOf(await loadTexts(language))) expect(text.trim(), `${language} ${key}`).not.toBe("");
    }
  });
});

const english: AllTexts = await loadTexts("en");

function leavesOf(tree: TextTree, path = ""): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") leaves.set(path + key, value);
    else for (const [inner, text] of leavesOf(value, `${path}${key}.`)) leaves.set(inner, text);
  }
  return leaves;
}

function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].sort();
}
