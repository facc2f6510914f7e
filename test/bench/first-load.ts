import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build, parseAst } from "vite";
import type { Report } from "./measure.ts";

const project = join(import.meta.dirname, "../..");
const dist = join(project, "dist");

/** The libraries that the design is built on, each as the app takes it: what a first load cannot go below. */
const floorParts: Record<string, string> = {
  "solid, router": `export { createEffect, createMemo, createResource, createSignal, For, Match, onCleanup, onMount, Show, Suspense, Switch, useContext, createContext, lazy } from "solid-js";
    export { createComponent, delegateEvents, insert, render, setAttribute, spread, template } from "solid-js/web";
    export { createStore, reconcile } from "solid-js/store";
    export { A, Route, Router, useNavigate, useParams } from "@solidjs/router";`,
  yjs: `export { applyUpdateV2, Doc, encodeStateAsUpdateV2, mergeUpdatesV2 } from "yjs";`,
  dexie: `export { Dexie } from "dexie";`,
  "zod/mini": `import * as z from "zod/mini"; export const schema = z.discriminatedUnion("a", [z.object({ a: z.literal("b"), c: z.optional(z.array(z.string().check(z.regex(/x/), z.minLength(1)))), d: z.nullable(z.int().check(z.nonnegative())), e: z.enum(["f"]) })]);`,
  "hpke, hash-wasm": `export { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core"; export { argon2id } from "hash-wasm";`,
};

const ours = "Åpen dør";
const floor = "its libraries alone";
const beforeFirstScreen = "JS and CSS before the first screen";

/** Bytes on the wire of the first load, by part, from the built app in `dist`. */
export async function firstLoad(report: Report): Promise<void> {
  const libraries = await libraryBytes();
  const kB = (metric: string, subject: string, bytes: number) => report.figure({ metric, subject, unit: "kB", runs: [bytes / 1000] });
  const floorFigure = () => {
    report.figure({ metric: beforeFirstScreen, subject: floor, unit: "kB", runs: [sum(Object.values(libraries)) / 1000] });
    for (const [part, bytes] of Object.entries(libraries)) kB(`of these, ${part}`, floor, bytes);
  };
  if (!existsSync(join(dist, "index.html"))) {
    floorFigure();
    report.note("dist is missing: run npm run build first.");
    return;
  }
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const first = staticClosure(html);
  const all = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.slice(dist.length).replaceAll("\\", "/"), entry.name).replace(/^\/*/, ""));
  const of = (pattern: RegExp, isFirst: boolean) => all.filter((file) => pattern.test(file) && first.has(file) === isFirst && file !== serviceWorker);
  const bytesOf = (files: readonly string[]) => sum(files.map((file) => onTheWire(join(dist, file))));
  const [scripts, styles] = [of(/\.js$/, true), of(/\.css$/, true)];

  report.figure({
    metric: beforeFirstScreen,
    subject: ours,
    unit: "kB",
    runs: [bytesOf([...scripts, ...styles]) / 1000],
    beside: floor,
    target: { atMost: 130 },
  });
  floorFigure();
  for (const file of [...scripts, ...styles].toSorted((a, b) => bytesOf([b]) - bytesOf([a]))) kB(`of these, ${unhashed(file)}`, ours, bytesOf([file]));
  kB("index.html", ours, bytesOf(["index.html"]));
  kB("later: lazy JS", ours, bytesOf(of(/\.js$/, false)));
  kB("later: lazy CSS", ours, bytesOf(of(/\.css$/, false)));
  kB("later: service worker", ours, bytesOf(all.filter((file) => file === serviceWorker)));
  kB("fonts, all", ours, bytesOf(all.filter((file) => file.endsWith(".woff2"))));
  kB("later: fonts of the papers", ours, bytesOf(all.filter((file) => file.endsWith(".woff"))));
  report.note(
    `brotli ${brotliQuality}; fonts as they are. Before the first screen: what index.html names and what that imports statically. ${of(/\.js$/, false).length} lazy chunks; a browser asks only for the fonts and chunks that a page uses.`,
  );
}

const brotliQuality = 11;
const serviceWorker = "service-worker.js";

/** The files that `index.html` names as module, preload or stylesheet, with everything they import statically. */
function staticClosure(html: string): Set<string> {
  const found = new Set<string>();
  const take = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    if (file.endsWith(".js")) for (const imported of staticImports(file)) take(imported);
  };
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
    const file = /\s(?:src|href)="\/([^"]+\.(?:js|css))"/.exec(tag)?.[1];
    if (file !== undefined) take(file);
  }
  return found;
}

function staticImports(file: string): string[] {
  return parseAst(readFileSync(join(dist, file), "utf8")).body.flatMap((statement) => {
    if (!("source" in statement) || statement.source === null) return [];
    return [posix.join(dirname(file), statement.source.value)];
  });
}

async function libraryBytes(): Promise<Record<string, number>> {
  const entries = Object.keys(floorParts).map((part, index) => [part, `\0floor-${index}`] as const);
  const sizes: Record<string, number> = {};
  for (const [part, id] of entries) {
    const built = await build({
      root: project,
      configFile: false,
      logLevel: "silent",
      build: { write: false, target: "es2022", rolldownOptions: { input: id, preserveEntrySignatures: "strict" } },
      plugins: [
        {
          name: "floor",
          resolveId: (source) => (source === id ? id : null),
          load: (source) => (source === id ? floorParts[part] : null),
        },
      ],
    });
    const outputs = (Array.isArray(built) ? built : [built]).flatMap((bundle) => ("output" in bundle ? bundle.output : []));
    sizes[part] = sum(outputs.map((output) => (output.type === "chunk" ? brotliBytes(Buffer.from(output.code)) : 0)));
  }
  return sizes;
}

/** What the bytes come to on the wire. */
export function brotliBytes(bytes: Buffer): number {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }).length;
}

function onTheWire(path: string): number {
  const bytes = readFileSync(path);
  return /\.woff2?$/.test(path) ? bytes.length : brotliBytes(bytes);
}

function unhashed(file: string): string {
  return file.replace(/^assets\//, "").replace(/-[\w-]{8}(?=\.\w+$)/, "");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
