import { expect, test } from "vitest";
import { withoutStyles } from "./clipboard.ts";

test("styles and handlers are put aside wherever they stand in a tag, and the words are left alone", () => {
  expect(withoutStyles(`<p style="color:red" onclick='a("b")'>style="x" onclick=</p>`)).toBe(`<p data-pasted-style="color:red" data-onclick='a("b")'>style="x" onclick=</p>`);
  expect(withoutStyles(`<b title="a > b"STYLE=x/onLoad=y>`)).toBe(`<b title="a > b"data-pasted-style=x/data-onLoad=y>`);
  expect(withoutStyles("<style>p { color: red }</style><styled>")).toBe("<template>p { color: red }</template><styled>");
});

test("a tag that never ends is read once", () => {
  const startedAt = performance.now();
  withoutStyles(`<a "`.repeat(200_000));
  withoutStyles("<a".repeat(200_000));
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
