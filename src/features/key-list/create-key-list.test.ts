import { expect, test } from "vitest";
import { createDevice } from "../../../test/support/device.ts";
import { createTestRelay } from "../../../test/support/test-relay.ts";
import { createLocalStore } from "../../engine/storage/local-store.ts";
import type { CaseId } from "../ids.ts";
import { forgetExpiredLines, UnknownKeyListError } from "./create-key-list.ts";
import type { KeyList } from "./schema.ts";

async function openLocals() {
  const { database, deviceKeys, space } = await createDevice(createTestRelay().port);
  await space.close();
  return { database, locals: createLocalStore(database, deviceKeys.local) };
}

const line = (id: string, expiresOn: string) => ({
  caseId: id.repeat(32) as CaseId,
  codeLabel: "Blå rev 17",
  text: "MARKØRNAVN",
  createdAt: "2026-09-01T10:00:00",
  expiresOn,
});

test("a line is there on its last day and gone the day after", async () => {
  const { locals } = await openLocals();
  const list: KeyList = { entries: [line("a", "2026-11-21"), line("b", "2026-11-22")] };
  await locals.save("keyList", list);
  await forgetExpiredLines(locals, "2026-11-22");
  expect(await locals.load("keyList")).toEqual({ entries: [list.entries[1]] });
  await forgetExpiredLines(locals, "2026-11-23");
  expect(await locals.load("keyList")).toEqual({ entries: [] });
});

test("a list that this version does not know is left as it is", async () => {
  const { locals } = await openLocals();
  await locals.save("keyList", { rows: ["newer"] });
  await expect(forgetExpiredLines(locals, "2026-11-22")).rejects.toThrow(UnknownKeyListError);
  expect(await locals.load("keyList")).toEqual({ rows: ["newer"] });
});

test("a device without a list gets none by looking", async () => {
  const { locals, database } = await openLocals();
  await forgetExpiredLines(locals, "2026-11-22");
  expect(await database.locals.get("keyList")).toBeUndefined();
});

test("no name lies in the clear on the disk", async () => {
  const { locals, database } = await openLocals();
  await locals.save("keyList", { entries: [line("a", "2027-07-31")] } satisfies KeyList);
  for (const table of database.tables) {
    for (const row of (await table.toArray()) as object[]) {
      const bytes = Object.values(row).flatMap((value) => (value instanceof Uint8Array ? [new TextDecoder().decode(value)] : []));
      expect(JSON.stringify(row) + bytes.join("")).not.toContain("MARKØRNAVN");
    }
  }
});
