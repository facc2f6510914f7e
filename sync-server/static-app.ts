import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { MiddlewareHandler } from "hono";

/** Vite puts a hash of the contents into the names under this folder: what is there never changes. */
const hashedFolder = "/assets/";

function isNavigation(accept: string | undefined, mode: string | undefined): boolean {
  return mode === undefined ? (accept ?? "").includes("text/html") : mode === "navigate";
}

/**
 * Serves the built app from a folder: files as they are, with a `.br` or `.gz` sibling where there is one and the browser takes it,
 * and `index.html` for every other page that a person opens. Anything else that is missing is passed on.
 */
export function serveApp(folder: string): MiddlewareHandler {
  const files = serveStatic({ root: folder, precompressed: true });
  return async (c, next) => {
    const { path } = c.req;
    c.header("cache-control", path.startsWith(hashedFolder) ? "public, max-age=31536000, immutable" : "no-cache");
    let isMissing = false;
    const response = await files(c, async () => {
      isMissing = true;
    });
    if (!isMissing) return response;
    c.header("cache-control", "no-cache");
    const index = join(folder, "index.html");
    const isPage = isNavigation(c.req.header("accept"), c.req.header("sec-fetch-mode"));
    if (!isPage || path.startsWith(hashedFolder) || !existsSync(index)) return next();
    return c.html(await readFile(index, "utf8"));
  };
}
