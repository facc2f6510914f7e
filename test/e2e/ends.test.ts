import { axeViolations } from "./support/axe.ts";
import { phone, type Device } from "./support/device.ts";
import { walkPurge } from "./support/end-walks.ts";
import { largeTextTroubles } from "./support/large-text.ts";
import { expect, test } from "./support/test.ts";

async function look(device: Device, name: string): Promise<void> {
  expect.soft(await axeViolations(device), name).toEqual([]);
  expect.soft(await largeTextTroubles(device), name).toEqual([]);
}

test("what should never have been written is destroyed when two consultants want it, also on the first one's device", async ({ relay, openDevice }) => {
  await walkPurge(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});
