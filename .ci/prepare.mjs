// Makes a fresh machine ready, with nothing but Node 20 or later and npm: dependencies, a newer Node where needed,
// the built app (--build) or a browser to test in (--browser). What is there already is left alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "./find-browser.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

function run(command, args, onFailure) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) fail(`${onFailure}${error ? ` (${error.message})` : ""}`);
}

function installDependencies() {
  const stampFile = join("node_modules", ".prepared");
  const stamp = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  say("Installing dependencies …");
  // Not `npm ci`: some registries lack the newest binaries of platforms that are not this one, and then the lock file cannot name them all.
  run("npm", ["install", "--no-save", ...quiet], "The dependencies could not be installed. Is the npm registry reachable?");
  writeFileSync(stampFile, stamp);
}

/** `npm run` finds node_modules/.bin/node before the machine's own. On Linux it came with the dependencies. */
function installNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const newEnough = major > 22 || (major === 22 && minor >= 18);
  if (newEnough || existsSync(join("node_modules", ".bin", "node"))) return;
  say("Installing a newer Node …");
  run("npm", ["install", "--no-save", ...quiet, "node@24"], `Node ${process.versions.node} is too old. Install Node 24 or later.`);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function buildApp() {
  const built = join("dist", "index.html");
  const sources = ["src", "public", "sync-server", "index.html", "package-lock.json", "vite.config.ts", ".ci/trusted-templates.ts"];
  if (existsSync(built) && Math.max(...sources.map(newest)) < statSync(built).mtimeMs) return;
  say("Building the app …");
  run("npm", ["run", "--silent", "build", "--", "--logLevel", "warn"], "The app could not be built.");
}

function installBrowser() {
  if (findBrowser() !== null) return;
  const asRoot = process.getuid?.() === 0;
  if (asRoot && spawnSync("apt-get", ["--version"]).status === 0) {
    say("Installing Chromium …");
    run("apt-get", ["update", "-qq"], "apt-get update failed.");
    run("apt-get", ["install", "-y", "-qq", "chromium"], "Chromium could not be installed by apt-get.");
    return;
  }
  run("npx", ["playwright", "install", "chromium"], "No Chromium was found and Playwright could not fetch its own. Set CHROMIUM_PATH.");
}

installDependencies();
installNode();
if (process.argv.includes("--build")) buildApp();
if (process.argv.includes("--browser")) installBrowser();
