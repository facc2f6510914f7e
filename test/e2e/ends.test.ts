import { axeViolations } from "./support/axe.ts";
import { phone, type Device } from "./support/device.ts";
import { walkAccess, walkFollow, walkPurge, walkYearEnd } from "./support/end-walks.ts";
import { largeTextTroubles } from "./support/large-text.ts";
import { expect, test } from "./support/test.ts";

async function look(device: Device, name: string): Promise<void> {
  expect.soft(await axeViolations(device), name).toEqual([]);
  expect.soft(await largeTextTroubles(device), name).toEqual([]);
}

test("what should never have been written is destroyed when two consultants want it, also on the first one's device", async ({ relay, openDevice }) => {
  await walkPurge(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});

test("a school year is marked, closed and destroyed; the other consultant's device reads it until then, and follows", async ({ relay, openDevice }) => {
  await walkYearEnd(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});

test("who was with a school last year is asked on their own device, and let into the new year by one tap", async ({ relay, openDevice }) => {
  await walkFollow(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});

test("who has opened a case comes to the others without a saving, and never as something that waits to be sent", async ({ relay, openDevice }) => {
  await walkAccess(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});
