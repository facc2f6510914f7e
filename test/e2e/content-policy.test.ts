import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Device } from "./support/device.ts";
import { savePdf } from "./support/papers.ts";
import { addSchool, answerRest, answerWho, button, closeVisit, completeInvitation, createService, goBack, goTo, link, lock, saveConsultation, setPhones, signUp, startVisit, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

// What the browser itself says about the headers that the relay serves the app with: security-headers.ts and src/lib/trusted-types.ts.

/** Everything that the policy refuses on this device from its next page on, as directive and what was refused. */
async function refusals(device: Device): Promise<string[]> {
  const found: string[] = [];
  await device.context.exposeFunction("policyRefused", (line: string) => void found.push(line));
  await device.context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample, sourceFile, lineNumber }) =>
      (globalThis as unknown as { policyRefused(line: string): void }).policyRefused(`${effectiveDirective} ${blockedURI} ${sample} ${sourceFile}:${lineNumber}`),
    );
  });
  const answer = await device.page.reload();
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain("'unsafe-");
  return found;
}

/** Puts HTML on the clipboard of an event, as another program would have. */
const pasteHtml = (page: Page, name: string, html: string) =>
  page.getByRole("textbox", { name }).evaluate((element, given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", given);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, html);

test("the whole app runs under the policy, and nothing of it is refused", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice();
  const refused = [await refusals(consultant), await refusals(teacher)];
  const { page, texts } = consultant;
  const { minutes, meetings } = texts;

  await test.step("a service, a school, and the invitation with its QR code", async () => {
    await createService(consultant, { code: relay.code });
    await setPhones(consultant, { childWelfare: "55 00 11 22", outOfHours: "55 00 33 44" });
    await addSchool(consultant, "Granly skole");
    await link(page, texts.space.invite.title).click();
    await completeInvitation(consultant, teacher, { name: "Siri Sosiallærer" });
    await goBack(consultant);
    await consultant.installed();
  });

  await test.step("a visit with a case, and locked and opened again", async () => {
    await goTo(teacher, "today");
    await signUp(teacher);
    await teacher.sent();
    await goTo(consultant, "today");
    await startVisit(consultant);
    await link(page, texts.visits.newConsultation).click();
    await answerWho(consultant);
    await answerRest(consultant);
    await saveConsultation(consultant);
    await lock(consultant);
    await page.reload();
    await unlock(consultant);
    await closeVisit(consultant);
  });

  await test.step("a meeting with its minutes, where something is pasted", async () => {
    await goTo(consultant, "visits");
    await page.getByRole("link", { name: meetings.new }).first().click();
    await page.getByText(meetings.type.startupMeeting, { exact: true }).click();
    await page.getByLabel(meetings.form.date, { exact: true }).fill("2026-11-26");
    await page.getByLabel(meetings.form.from, { exact: true }).fill("14:00");
    await button(page, texts.common.action.save).click();
    await link(page, minutes.start).click();
    const item = meetings.item.purposeAndFrames;
    await button(page, minutes.next.replace("{item}", item)).click();
    const notes = minutes.notes.replace("{item}", item);
    await page.getByRole("textbox", { name: notes }).click();
    await page.keyboard.type("Alle er her. ");
    await pasteHtml(
      page,
      notes,
      `<meta charset="utf-8"><style>p { color: red }</style><p style="color:red" onclick="alert(1)">Limt <b>inn</b><img src="x" onerror="alert(1)"><script>alert(1)</script></p>`,
    );
    await expect(page.getByRole("textbox", { name: notes })).toContainText("Limt inn");
    await page.getByRole("button", { name: meetings.item.agreement }).click();
    await button(page, minutes.finish).click();
    await page.getByText(meetings.noNextReason.dateComesLater, { exact: true }).click();
    await button(page, minutes.finish).click();
  });

  await test.step("its paper as a PDF and in print", async () => {
    await expect(page.getByRole("article")).toContainText("Limt inn");
    await savePdf(consultant);
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => {
      window.print = () => dispatchEvent(new Event("beforeprint"));
    });
    await page.pdf();
    await page.emulateMedia({ media: "screen" });
  });

  await test.step("every main page, in every language", async () => {
    await goBack(consultant);
    for (const place of ["today", "visits", "followUp", "schools", "settings"] as const) await goTo(consultant, place);
    await page.getByText("Nynorsk", { exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "nn");
    await page.getByText("English", { exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  });

  expect(refused).toEqual([[], []]);
});

test("what somebody got into the page becomes neither HTML nor code, and no policy can be made that lets it", async ({ openDevice }) => {
  const device = await openDevice();
  const refused = await refusals(device);
  const { page } = device;
  await expect(button(page, device.texts.space.welcome.create)).toBeVisible();
  const attempts = await page.evaluate(async () => {
    // By a timer, so that it is the page that runs it and not the test's own way in.
    const outcome = (run: () => unknown) =>
      new Promise<string>((told) => {
        setTimeout(() => {
          try {
            told(`ran: ${String(run())}`);
          } catch (error) {
            told(error instanceof Error ? error.name : String(error));
          }
        });
      });
    const evil = "<img src=x onerror='window.broken = true'>";
    type Factory = { createPolicy(name: string, rules: object): { createHTML(html: string): string } };
    const { trustedTypes } = globalThis as unknown as { trustedTypes: Factory };
    return {
      innerHtml: await outcome(() => (document.body.innerHTML = evil)),
      adjacent: await outcome(() => document.body.insertAdjacentHTML("beforeend", evil)),
      fragment: await outcome(() => document.createRange().createContextualFragment(evil)),
      parser: await outcome(() => new DOMParser().parseFromString(evil, "text/html")),
      // oxlint-disable-next-line no-eval -- what the policy is to refuse
      evaluated: await outcome(() => (0, eval)("1 + 1")),
      // oxlint-disable-next-line typescript/no-implied-eval -- the same
      made: await outcome(() => new Function("return 1")()),
      worker: await outcome(() => new Worker(URL.createObjectURL(new Blob(["1"])))),
      scriptAddress: await outcome(() => (document.createElement("script").src = "https://evil.example/x.js")),
      handler: await outcome(() => document.body.setAttribute("onclick", "window.broken = true")),
      samePolicy: await outcome(() => trustedTypes.createPolicy("aapen-dor", { createHTML: (html: string) => html })),
      otherPolicy: await outcome(() => trustedTypes.createPolicy("other", { createHTML: (html: string) => html })),
      defaultPolicy: await outcome(() => trustedTypes.createPolicy("default", { createHTML: (html: string) => html })),
      scriptText: await outcome(() => (document.createElement("script").textContent = "window.broken = true")),
      style: await outcome(() => {
        document.body.setAttribute("style", "color: rgb(1, 2, 3)");
        return getComputedStyle(document.body).color;
      }),
      broken: String((globalThis as { broken?: boolean }).broken),
    };
  });
  const { style, broken, ...sinks } = attempts;
  expect(Object.entries(sinks).filter(([, outcome]) => !/^(TypeError|EvalError)$/.test(outcome))).toEqual([]);
  expect(style).not.toBe("ran: rgb(1, 2, 3)");
  expect(broken).toBe("undefined");
  await expect.poll(() => refused.length).toBe(14);
  expect(new Set(refused.map((line) => line.split(" ")[0]))).toEqual(new Set(["require-trusted-types-for", "style-src-attr", "trusted-types"]));
  // They are what this test is about.
  device.pageErrors.length = 0;
});

test.describe("with a page that somebody has changed", () => {
  test.use({ copyApp: true });

  test("scripts in it, from elsewhere or in attributes, do not run, and the app does", async ({ relay, openDevice }) => {
    const device = await openDevice();
    const { page, context } = device;
    await page.evaluate(async () => {
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    });
    await context.route("https://elsewhere.example/**", (route) => route.fulfill({ contentType: "text/javascript", body: "window.broken = 'elsewhere'" }));
    const file = join(relay.appDir, "index.html");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(
        "<body>",
        `<body onload="window.broken = 'attribute'"><script>window.broken = 'inline'</script><script src="https://elsewhere.example/x.js"></script><base href="https://elsewhere.example/" />`,
      ),
    );
    const refused = await refusals(device);
    await expect(button(page, device.texts.space.welcome.create)).toBeVisible();
    await expect.poll(() => new Set(refused.map((line) => line.split(" ")[0]))).toEqual(new Set(["script-src-elem", "script-src-attr", "base-uri"]));
    expect(await page.evaluate(() => (window as { broken?: string }).broken)).toBeUndefined();
    device.pageErrors.length = 0;
  });
});
