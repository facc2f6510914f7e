import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import solid from "vite-plugin-solid";
import { trustedTemplates } from "../../.ci/trusted-templates.ts";

const project = join(import.meta.dirname, "../..");

const builtApp = join(project, "dist");

export function hasBuiltApp(): boolean {
  return existsSync(join(builtApp, "index.html"));
}

/** Lays out what a relay is to serve: the built app where there is one, and a page of ours under `/bench/`. @returns the folder */
export async function buildSite(folder: string, page: "field" | "years" | "minutes" | "paper"): Promise<string> {
  const staticDir = join(folder, "site");
  mkdirSync(staticDir, { recursive: true });
  if (hasBuiltApp()) cpSync(builtApp, staticDir, { recursive: true });
  const root = join(import.meta.dirname, "page");
  await build({
    root,
    base: "/bench/",
    configFile: false,
    plugins: [solid(), trustedTemplates()],
    logLevel: "error",
    build: { outDir: join(staticDir, "bench"), emptyOutDir: true, target: "es2022", rolldownOptions: { input: join(root, `${page}.html`) } },
  });
  return staticDir;
}
