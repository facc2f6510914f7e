import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { formatInviteLink, newInviteLink, sealSlot } from "../../src/engine/keys/invitation.ts";
import { createRecovery, sealRecoveryBundle } from "../../src/engine/keys/recovery.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
import { type Givens, givenOf, type Kind, type VectorFile } from "./format.ts";
import { run } from "./ours.ts";
import { read } from "./reader.ts";

// Frozen vectors, through our code and through a second reader that knows SPEC.md only. Another reader may be held to the same files.

const folder = import.meta.dirname;
const files = globSync("*.json", { cwd: folder }).sort().map((name) => ({ name, file: JSON.parse(readFileSync(join(folder, name), "utf8")) as VectorFile }));
const all = files.flatMap(({ name, file }) => file.vectors.map((vector) => ({ ...vector, file: basename(name, ".json"), given: givenOf(vector, file) })));

describe.each(files)("$name", ({ file }) => {
  test.each(file.vectors)("$rules $name, by our code", async (vector) => {
    const { gives, why } = await run(vector.kind, givenOf(vector, file) as Givens[Kind]);
    expect(Object.keys(gives)).not.toEqual([]);
    expect(vector.gives).toMatchObject(gives);
    expect(why).toBe(vector.why);
  });

  test.each(file.vectors)("$rules $name, by the words of the spec", (vector) => {
    expect(read(vector.kind, givenOf(vector, file) as Givens[Kind])).toEqual(vector.gives);
  });
});

test("the files are as they were made: a vector is added in a file of its own, and none is changed", () => {
  const sums = readFileSync(join(folder, "SHA256SUMS"), "utf8").trim().split("\n").sort();
  const now = files.map(({ name }) => `${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}  ${name}`);
  expect(sums).toEqual(now.sort());
});

test("each vector has a name of its own, and rules that SPEC.md has", () => {
  const spec = readFileSync("sync-server/protocol/SPEC.md", "utf8");
  expect(all.length).toBeGreaterThanOrEqual(60);
  expect(new Set(all.map(({ file, name }) => `${file} ${name}`)).size).toBe(all.length);
  expect(all.flatMap(({ name, rules }) => rules.filter((rule) => !spec.includes(`**[${rule}]**`)).map((rule) => `${name}: ${rule}`))).toEqual([]);
});

test("the second reader knows nothing of ours: it imports Node's own modules, what reads the wire on them, and types", () => {
  const importsOf = (file: string) => Array.from(readFileSync(join(folder, file), "utf8").matchAll(/^(?:import|export)[^;]*?from "([^"]+)"/gm), ([line, from]) => (line.startsWith("import type") ? "" : from ?? ""));
  expect(new Set(importsOf("reader.ts"))).toEqual(new Set(["node:crypto", "node:zlib", "../support/wire.ts", ""]));
  expect(importsOf("../support/wire.ts").every((from) => from.startsWith("node:"))).toBe(true);
  expect(importsOf("format.ts")).toEqual([]);
});

test("[K8] [R12] are among the vectors, which no other test holds", () => {
  for (const rule of ["K8", "R12"]) expect(all.some(({ rules }) => rules.includes(rule))).toBe(true);
});

test("what a reader decides by after a restore and at a room's end is among the vectors: else the second reader falls behind SPEC.md unseen", () => {
  const held = new Set(all.flatMap(({ rules }) => rules));
  expect(["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "Z1", "Z2", "Z3", "Z4", "Z6"].filter((rule) => !held.has(rule))).toEqual([]);
});

test("[K6] [I2] [Y2] what our code seals today opens by the words of the spec", async () => {
  const link = newInviteLink(systemRandom, toHex(systemRandom(32)));
  const content = { name: "Siri", rooms: [] };
  expect(read("slot", { link: formatInviteLink(link), slot: "reveal", body: await sealSlot(link, "reveal", content) })).toEqual({ content });
  const recovery = await createRecovery(systemRandom);
  const bundle = await sealRecoveryBundle(recovery, "5e".repeat(16), "6e".repeat(32));
  expect(read("recoveryBundle", { code: recovery.code, bundle })).toMatchObject({ content: { serviceId: "5e".repeat(16), serviceGenesis: "6e".repeat(32) } });
  expect(read("recoveryCode", { code: recovery.code })).toMatchObject({ kemPublic: Buffer.from(recovery.member.leaf.kem, "base64url").toString("hex") });
});
