import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { trustedTemplates } from "../.ci/trusted-templates.ts";

type Transform = (this: { error(message: string): never }, code: string, id: string) => { code: string } | null;

const context = {
  error(message: string): never {
    throw new Error(message);
  },
};
const transform = (code: string, id = "/src/page.tsx") => (trustedTemplates().transform as unknown as Transform).call(context, code, id);

test("a call of template() with a literal passes as it is", () => {
  expect(transform('import { template as t } from "solid-js/web"; const a = t(`<p>`), b = t("<li>", true);')).toBeNull();
  expect(transform('import { insert } from "solid-js/web"; insert(element, template);')).toBeNull();
});

test("nothing that is only known at run time becomes a template, whichever way it is tried", () => {
  for (const use of [
    'import { template as t } from "solid-js/web"; t(given);',
    'import { template as t } from "solid-js/web"; t(`<p>${given}`);',
    'import { template as t } from "solid-js/web"; t("<p>" + given);',
    'import { template as t } from "solid-js/web"; const make = t; make(given);',
    'import { template as t } from "solid-js/web"; [given].map(t);',
    'import { template as t } from "solid-js/web"; export { t };',
    'import * as web from "solid-js/web"; web.template(given);',
    'export * from "solid-js/web";',
    'export { template } from "solid-js/web";',
    'const { template } = await import("solid-js/web"); template(given);',
  ]) {
    expect(() => transform(use), use).toThrow("/src/page.tsx");
  }
});

test("a template that the browser would refuse stops the build", () => {
  for (const html of ["<p style=color:red>", "<p onclick=go()>", "<script>", "<STYLE>"]) {
    expect(() => transform(`import { template as t } from "solid-js/web"; t(\`${html}\`);`), html).toThrow("would refuse");
  }
});

test("Solid's runtime gets its HTML by way of the policy, and the build stops when it is written another way", () => {
  const runtime = join(dirname(createRequire(import.meta.url).resolve("solid-js/package.json")), "web/dist/web.js");
  const code = readFileSync(runtime, "utf8");
  expect(transform(code, runtime)?.code).toContain("t.innerHTML = templateHtml(html);");
  expect(() => transform(code.replace("t.innerHTML", "t.inner"), runtime)).toThrow("policy");
});
