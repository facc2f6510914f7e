import { axeViolations } from "./support/axe.ts";
import { phone, type Device } from "./support/device.ts";
import { largeTextTroubles } from "./support/large-text.ts";
import { walkDevices, walkRemoval, walkRestore } from "./support/people-walks.ts";
import { expect, test } from "./support/test.ts";

async function look(device: Device, name: string): Promise<void> {
  expect.soft(await axeViolations(device), name).toEqual([]);
  expect.soft(await largeTextTroubles(device), name).toEqual([]);
}

test("a further device by QR is in everything; lost, it is shut out everywhere, and what it wrote since is listed", async ({ relay, openDevice }) => {
  await walkDevices(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});

test("a sosiallærer who is removed while offline sees what was never sent, saves it, and deletes it", async ({ relay, openDevice }) => {
  await walkRemoval(await openDevice(), await openDevice({ viewport: phone, language: "nn" }), relay, look);
});

test("a relay that was restored is given back what it lost, and a consultant accepts in every room", async ({ relay, openDevice }) => {
  await walkRestore(await openDevice(), await openDevice({ viewport: phone }), relay, look);
});
