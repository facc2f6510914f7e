import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

// Imports run one way. Each layer may import itself and what its row names; `package:` rows are what it may take from npm.
const layers: Record<string, { files: RegExp; mayImport: string[]; packages: RegExp | null }> = {
  lib: { files: /^src\/lib\//, mayImport: [], packages: null },
  protocol: { files: /^sync-server\/protocol\//, mayImport: [], packages: /^zod/ },
  server: { files: /^sync-server\/(?!protocol\/)/, mayImport: ["protocol"], packages: /^(node:|hono|@hono\/|better-sqlite3|pg$|pino|prom-client|zod)/ },
  content: { files: /^src\/content\//, mayImport: ["lib"], packages: /^zod/ },
  i18n: { files: /^src\/i18n\//, mayImport: ["lib"], packages: null },
  guard: { files: /^src\/guard\//, mayImport: ["lib"], packages: /^@navikt\/fnrvalidator/ },
  platform: { files: /^src\/engine\/platform\//, mayImport: ["protocol", "lib"], packages: null },
  crypto: { files: /^src\/engine\/crypto\//, mayImport: ["protocol", "lib", "platform"], packages: /^(@hpke\/core|fflate)$/ },
  storage: { files: /^src\/engine\/storage\//, mayImport: ["protocol", "lib", "platform", "crypto"], packages: /^(dexie|zod)/ },
  keys: { files: /^src\/engine\/keys\//, mayImport: ["protocol", "lib", "platform", "crypto", "storage"], packages: /^(zod|hash-wasm)/ },
  log: { files: /^src\/engine\/log\//, mayImport: ["protocol", "lib", "platform", "crypto", "storage", "keys"], packages: /^(yjs|lib0\/|zod)/ },
  documents: { files: /^src\/engine\/documents\//, mayImport: ["protocol", "lib", "platform", "crypto", "storage", "keys", "log"], packages: /^yjs/ },
  sync: { files: /^src\/engine\/sync\//, mayImport: ["protocol", "lib", "platform", "crypto", "storage", "keys"], packages: /^zod/ },
  space: {
    files: /^src\/engine\/[^/]+\.ts$/,
    mayImport: ["protocol", "lib", "platform", "crypto", "storage", "keys", "log", "documents", "sync"],
    packages: /^(yjs|zod)/,
  },
  paper: { files: /^src\/paper\//, mayImport: ["lib"], packages: /^(pdfkit|bidi-js|@fontsource\/)/ },
  // ProseMirror is a component's inside. It knows neither Yjs nor a document of ours: both sides speak of lib/shared-text.ts.
  ui: {
    files: /^src\/ui\//,
    mayImport: ["lib", "i18n", "paper"],
    packages: /^(solid-js|uqr|prosemirror-(model|state|view|transform|keymap|commands)$|@digdir\/|@fontsource|@navikt\/aksel-icons)/,
  },
  domain: {
    files: /^src\/features\/([^/]+\/(schema|rules|document)|[^/]+|.*-(rules|schema|document))\.ts$/,
    mayImport: ["lib", "content", "protocol", "log"],
    packages: /^(zod|yjs|diff\/)/,
  },
  reactive: { files: /^src\/reactive\//, mayImport: ["lib", "protocol", "space", "log", "platform", "storage", "documents", "sync"], packages: /^(yjs|solid-js|zod)/ },
  pages: {
    files: /^src\/features\/.*/,
    mayImport: ["lib", "content", "i18n", "guard", "paper", "ui", "domain", "reactive", "protocol", "space", "keys", "sync", "log", "platform", "storage"],
    packages: /^(solid-js|@solidjs\/router|zod|yjs|ts-ics)/,
  },
  app: { files: /^src\/(app\/|main\.tsx|service-worker\.ts)/, mayImport: ["*", "server"], packages: /./ },
};

const sources = globSync(["src/**/*.{ts,tsx}", "sync-server/**/*.ts"], { exclude: (name: string) => name.includes("node_modules") })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => !/\.(test|test-data)\.tsx?$/.test(file));

function layerOf(file: string): string {
  return Object.entries(layers).find(([, { files }]) => files.test(file))?.[0] ?? "none";
}

function importsOf(file: string): { specifier: string; typeOnly: boolean }[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|^import\s+"([^"]+)"/gm);
  return Array.from(found, (match) => ({ specifier: match[2] ?? match[3] ?? match[4] ?? "", typeOnly: match[1] !== undefined }));
}

test("every source file has a place in the house", () => {
  expect(sources.filter((file) => layerOf(file) === "none")).toEqual([]);
});

test("imports run one way", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const layer = layerOf(file);
    const rule = layers[layer];
    if (rule === undefined || rule.mayImport.includes("*")) continue;
    for (const { specifier } of importsOf(file)) {
      const target = specifier.startsWith("#protocol/")
        ? "protocol"
        : specifier.startsWith(".")
          ? layerOf(normalize(join(dirname(file), specifier)).replaceAll("\\", "/").replace(/\?.*$/, ""))
          : null;
      if (target === null) {
        if (rule.packages === null || !rule.packages.test(specifier)) wrong.push(`${file} (${layer}) takes ${specifier} from npm`);
      } else if (target !== layer && !rule.mayImport.includes(target)) {
        wrong.push(`${file} (${layer}) imports ${relative(".", specifier)} (${target})`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("only crypto/primitives.ts touches crypto.subtle, and only platform/clock.ts the clock and chance", () => {
  const engine = sources.filter((file) => file.startsWith("src/engine/"));
  const using = (pattern: RegExp) => engine.filter((file) => pattern.test(readFileSync(file, "utf8")));
  expect(using(/crypto\.subtle/)).toEqual(["src/engine/crypto/primitives.ts"]);
  expect(using(/Date\.now\(|setTimeout\(|Math\.random\(/)).toEqual(["src/engine/platform/clock.ts"]);
});

test("the log, the documents and the space know no disk but what LogStore promises", () => {
  const pure = sources.filter((file) => ["log", "documents", "sync", "space"].includes(layerOf(file)));
  const knowing = pure.filter((file) => importsOf(file).some(({ specifier }) => /\/storage\/(database|dexie-log-store)\.ts$/.test(specifier)));
  expect(knowing).toEqual([]);
});

test("nobody but Solid's own runtime gives HTML to the app's policy", () => {
  expect(sources.filter((file) => /templateHtml/.test(readFileSync(file, "utf8")))).toEqual(["src/lib/trusted-types.ts"]);
});
