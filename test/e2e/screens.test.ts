import { axeViolations } from "./support/axe.ts";
import { phone, type Device } from "./support/device.ts";
import { largeTextTroubles } from "./support/large-text.ts";
import { exampleWalks, walkService } from "./support/screens.ts";
import { expect, test } from "./support/test.ts";

/** Both in one walk: to get to the screens takes longer than to look at them. */
async function look(device: Device, name: string): Promise<void> {
  expect.soft(await axeViolations(device), name).toEqual([]);
  expect.soft(await largeTextTroubles(device), name).toEqual([]);
}

for (const [name, walk] of Object.entries(exampleWalks)) {
  test(`the example's ${name}: axe finds nothing, light or dark, and every screen can be read with large letters and close up`, async ({ openDevice }) => {
    await walk(await openDevice(), look);
  });
}

test("so it is with the screens of a real service", async ({ relay, openDevice }) => {
  const people = {
    consultant: await openDevice(),
    teacher: await openDevice({ viewport: phone }),
    principal: await openDevice(),
    lead: await openDevice(),
  };
  await walkService(people, relay.code, look);
});
