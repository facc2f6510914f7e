import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const project = join(import.meta.dirname, "../..");

/**
 * Lays out what a relay is to serve: the built app where there is one, and a page of ours under `/bench/`.
 * @returns the folder, and whether the app is in it
 */
export async function buildSite(folder: string, page: "field" | "years"): Promise<{ staticDir: string; hasApp: boolean }> {
  const staticDir = join(folder, "site");
  mkdirSync(staticDir, { recursive: true });
  const hasApp = existsSync(join(project, "dist/index.html"));
  if (hasApp) cpSync(join(project, "dist"), staticDir, { recursive: true });
  const root = join(import.meta.dirname, "page");
  await build({
    root,
    base: "/bench/",
    configFile: false,
    logLevel: "error",
    build: { outDir: join(staticDir, "bench"), emptyOutDir: true, target: "es2022", rolldownOptions: { input: join(root, `${page}.html`) } },
  });
  return { staticDir, hasApp };
}
