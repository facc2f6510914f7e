import { addSchool, chip, completeInvitation, createService, goBack, goTo, link } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const granly = "Granly skole";
const furumo = "Furumo skole";

test("a colleague is invited to the service and is in every school, also in those that come later", async ({ relay, openDevice }) => {
  const first = await openDevice();
  const { texts } = first;
  const second = await openDevice();

  await test.step("the first has a service with one school, and invites a fagkonsulent", async () => {
    await createService(first, { code: relay.code });
    await addSchool(first, granly);
    await goBack(first);
    await goTo(first, "settings");
    await link(first.page, texts.space.invite.title).click();
    await chip(first, texts.space.invite.who, "Fagkonsulent").click();
    await completeInvitation(first, second, { name: "Kim Kollega" });
  });

  await test.step("the second sees the school", async () => {
    await goTo(second, "schools");
    await expect(second.page.getByText(granly).first()).toBeVisible();
  });

  await test.step("the first is told when the second, who has written nothing, has read the newest saving", async () => {
    const readByOne = first.page.getByText(first.fill(texts.common.state.readOne, { count: 1 }));
    await expect(readByOne).toBeHidden();
    // It rests for a minute, and goes with the next round.
    await second.pass(61_000);
    await second.setOffline(true);
    await second.setOffline(false);
    await expect(readByOne).toBeVisible({ timeout: 60_000 });
    await expect(first.state).toContainText(texts.common.state.allSent);
  });

  await test.step("a school that the second adds without a network comes to the first by itself", async () => {
    await second.installed();
    await second.setOffline(true);
    await addSchool(second, furumo);
    await second.setOffline(false);
    await goBack(first);
    await goTo(first, "schools");
    await expect(first.page.getByText(furumo).first()).toBeVisible({ timeout: 60_000 });
    await first.page.getByRole("link", { name: new RegExp(furumo) }).click();
    await expect(first.page.getByText("Kim Kollega").first()).toBeVisible();
  });

  await test.step("and sees when the second's device was last seen", async () => {
    await goBack(first);
    await goTo(first, "settings");
    await link(first.page, texts.people.title).click();
    await first.page.getByRole("link", { name: /Kim Kollega/ }).click();
    await expect(first.page.getByText(texts.people.person.seen.split("{date}", 1).join(""))).toBeVisible();
  });
});
