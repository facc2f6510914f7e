import { test as base, type TestInfo } from "@playwright/test";
import { Device, type DeviceOptions } from "./device.ts";
import { type RelayProcess, startRelay } from "./relay-process.ts";

export { expect } from "@playwright/test";

type World = {
  /** Whether the relay serves a copy of the built app that the test may change. Default false. */
  copyApp: boolean;
  /** A relay process of the test's own. */
  relay: RelayProcess;
  /** A new device, open at the app; removed after the test. */
  openDevice: (options?: DeviceOptions, path?: string) => Promise<Device>;
};

/** A test with a real relay and as many devices as it asks for. It fails when a page threw something that nobody caught. */
export const test = base.extend<World>({
  copyApp: [false, { option: true }],
  relay: async ({ copyApp }, use) => {
    const relay = await startRelay(copyApp);
    await use(relay);
    await relay.remove();
  },
  openDevice: async ({ relay }, use, testInfo) => {
    const devices: Device[] = [];
    await use(async (options, path) => {
      const device = new Device(relay.url, options);
      devices.push(device);
      await device.open(path);
      return device;
    });
    if (testInfo.status !== testInfo.expectedStatus) await keepScreens(devices, testInfo);
    await Promise.all(devices.map((device) => device.remove()));
    const errors = devices.flatMap(({ pageErrors }) => pageErrors);
    if (errors.length > 0) throw new Error(`A page failed:\n${errors.join("\n")}`);
  },
});

/** What every device showed when the test failed. */
async function keepScreens(devices: readonly Device[], testInfo: TestInfo): Promise<void> {
  for (const [index, device] of devices.entries()) {
    if (!device.isOpen) continue;
    const name = `device-${index + 1}`;
    await device.page.screenshot({ path: testInfo.outputPath(`${name}.png`), fullPage: true });
    await testInfo.attach(name, { body: await device.page.locator("body").ariaSnapshot(), contentType: "text/plain" });
  }
}
