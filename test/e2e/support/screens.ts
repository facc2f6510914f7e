import { expect } from "@playwright/test";
import { capitalise } from "../../../src/i18n/format.ts";
import type { Device } from "./device.ts";
import {
  addSchool,
  answerRest,
  askToJoin,
  button,
  caseRow,
  checkWords,
  chip,
  completeInvitation,
  confirmRecovery,
  fillSignUp,
  goBack,
  goTo,
  hideButton,
  holdToShow,
  link,
  lock,
  makeInvitation,
  saveConsultation,
  setPhones,
  signUp,
  startCreating,
  startVisit,
  unlock,
} from "./steps.ts";

/** Looks at the screen that the device is on. */
export type Look = (device: Device, name: string) => Promise<void>;

/** The example's passphrase; it stands on the lock screen. */
export const examplePassphrase = "eksempel";

/** Two ways through the example service, which together show every screen of it; each begins on a new device. */
export const exampleWalks = { "visits, drøftinger and settings": walkAnonymous, "meetings and routines": walkKnown } as const;

async function openExample(device: Device): Promise<void> {
  await button(device.page, device.texts.space.welcome.example).click();
  await expect(device.state).toBeVisible({ timeout: 30_000 });
  await expect(device.page.getByRole("heading", { name: /Granly|skole|skule|school/i }).first()).toBeVisible();
}

/** What is about children whom all in the room know: meetings with their minutes and papers, and cases along routines. */
async function walkKnown(device: Device, look: Look): Promise<void> {
  const { page, texts } = device;
  const see = (name: string) => look(device, name);
  await openExample(device);
  await goTo(device, "visits");
  await walkMeetings(device, see);
  await goTo(device, "schools");
  await page.locator("main").getByRole("link", { name: /Granly/ }).click();
  await expect(page.getByRole("heading", { name: texts.schools.page.upcoming })).toBeVisible();
  await seeRoutines(device, see);
}

/** From a new device to a deleted example. */
async function walkAnonymous(device: Device, look: Look): Promise<void> {
  const { page, texts } = device;
  const { consultations, content, visits } = texts;
  const see = (name: string) => look(device, name);
  const heading = (name: string | RegExp) => expect(page.getByRole("heading", { name }).first()).toBeVisible();
  /** Until nothing can be undone any more. */
  const settled = async () => {
    await device.pass(8_100);
    await expect(page.locator(".toast")).toHaveCount(0);
  };

  await expect(button(page, texts.space.welcome.example)).toBeVisible();
  await see("welcome");
  await openExample(device);
  await see("today");

  await goTo(device, "visits");
  await heading(texts.common.nav.visits);
  await see("visits");
  await goTo(device, "followUp");
  await heading(texts.followUp.title);
  await see("follow-up");
  const asked = page.locator(".ask").first();
  await button(asked, content.followUp.notYet).click();
  await expect(asked.getByRole("group", { name: texts.followUp.whyNotYet })).toBeVisible();
  await see("follow-up-not-yet");

  await goTo(device, "schools");
  await heading(texts.schools.title);
  await see("schools");
  await page.locator("main").getByRole("link", { name: /Granly/ }).click();
  await heading(texts.schools.page.upcoming);
  await see("school");
  await page.getByRole("button", { name: new RegExp(`^${texts.schools.page.move}`) }).first().click();
  await expect(page.getByText(texts.schools.page.confirmMove).first()).toBeVisible();
  await see("school-move");
  await link(page, texts.common.action.change).click();
  await expect(page.getByLabel(texts.schools.form.name)).toBeVisible();
  await see("school-change");
  await goBack(device);
  await link(page, texts.space.invite.title).click();
  await expect(page.getByText(texts.space.invite.exampleOff)).toBeVisible();
  await see("invite-off");
  await goBack(device);
  await goTo(device, "schools");
  await link(page, texts.schools.add).click();
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(texts.schools.form.nameMissing)).toBeVisible();
  await see("school-new-incomplete");
  await goBack(device);

  await goTo(device, "settings");
  await heading(texts.space.settings.title);
  await see("settings");
  await button(page, texts.space.settings.changePassphrase).click();
  await expect(page.getByLabel(texts.space.settings.oldPassphrase)).toBeVisible();
  await see("settings-passphrase");
  await button(page, texts.settings.consultations.add).click();
  await page.getByLabel(texts.settings.consultations.label).fill("Kari Nordmann");
  await page.keyboard.press("Enter");
  await expect(page.getByText(texts.settings.consultations.parentsMissing)).toBeVisible();
  await see("settings-next-step");
  await page.getByRole("link", { name: new RegExp(texts.routines.name.concernReport) }).click();
  await heading(texts.routines.run.steps);
  await button(page, new RegExp(`^${texts.templates.down}:`)).first().click();
  await expect(page.getByText(texts.templates.difference.moved, { exact: true })).toBeVisible();
  await see("routine-template");
  await button(page, texts.routines.template.add).click();
  await chip(device, texts.routines.template.deadline, texts.routines.template.deadlineOwn).click();
  await button(page, texts.routines.template.add).click();
  await expect(page.getByText(texts.routines.template.lengthWrong)).toBeVisible();
  await see("routine-template-step");
  await settled();
  await goBack(device);
  await page.getByRole("link", { name: new RegExp(texts.meetings.type.cooperationMeeting) }).click();
  await heading(texts.agendas.items);
  await button(page, new RegExp(`^${texts.common.action.remove}:`)).first().click();
  await expect(page.getByText(texts.templates.difference.removed, { exact: true })).toBeVisible();
  await see("agenda");
  await button(page, texts.agendas.template.add).click();
  await button(page, texts.agendas.template.add).click();
  await expect(page.getByText(texts.agendas.item.titleMissing)).toBeVisible();
  await see("agenda-item");
  await button(page, texts.common.action.cancel).click();
  await settled();

  await goTo(device, "today");
  await button(page, visits.start).first().click();
  await heading(visits.open.heading);
  await see("visit");
  await settled();
  await link(page, visits.startConsultation).click();
  await expect(chip(device, consultations.question.violence, content.violence.no)).toBeVisible();
  await see("consultation-signed-up");
  await chip(device, consultations.question.violence, content.violence.unsure).click();
  await heading(consultations.guard.cardHeading);
  await see("consultation-unsure");
  await chip(device, consultations.question.violence, content.violence.yes).click();
  await heading(consultations.guard.frameHeading);
  await see("consultation-violence");
  await chip(device, consultations.question.violence, content.violence.no).click();
  await chip(device, consultations.question.dutyToReport, content.duty.unsure).click();
  await chip(device, consultations.question.nextSteps, content.nextStep.threeWayTalk).click();
  await page.getByLabel(consultations.question.note).fill("Ola Nordmann, født 12.03.2016");
  await expect(page.locator(".findings-list li").first()).toBeVisible();
  await see("consultation-note-guarded");
  await page.getByLabel(consultations.question.note).fill("");
  await expect(page.locator(".findings-list li")).toHaveCount(0);
  const code = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  await button(page, texts.common.action.save).click();
  await expect(caseRow(device, code).first()).toBeVisible();
  await see("visit-saved");
  await settled();
  await caseRow(device, code).first().getByRole("link").click();
  await heading(code);
  await see("case");
  await seeDisclosure(device, see, "case-disclosure");
  await goBack(device);
  await heading(visits.open.heading);
  await button(page, content.role.contactTeacher).click();
  await expect(chip(device, consultations.question.violence, content.violence.no)).toBeVisible();
  await see("consultation-walk-in");
  await button(page, consultations.exit.button).click();
  await heading(consultations.exit.title);
  await see("child-known");
  await settled();
  await link(page, consultations.exit.back).click();
  await link(page, visits.close).click();
  await heading(visits.overview.title);
  await see("visit-close");
  await button(page, visits.close).click();
  await expect(link(page, visits.today.see)).toBeVisible();
  await see("today-closed");
  await link(page, visits.today.see).click();
  await heading(visits.overview.title);
  await see("visit-closed");
  await goBack(device);

  await hideButton(device).click();
  await expect(button(page, texts.common.hide.hold)).toBeVisible();
  await see("hidden");
  await holdToShow(device);
  await lock(device);
  await see("locked");
  await button(page, texts.lock.phones).click();
  await see("locked-phones");
  await page.getByLabel(texts.lock.passphrase, { exact: true }).fill("noe annet enn den");
  await button(page, texts.lock.unlock).click();
  await expect(page.getByText(texts.lock.wrong)).toBeVisible();
  await see("locked-wrong");
  await unlock(device, examplePassphrase);
  await goTo(device, "settings");
  await button(page, texts.space.settings.deleteExample).click();
  await expect(button(page, texts.space.welcome.example)).toBeVisible();
}

/** The runs of the school whose page one is on, from a new one to one that has gone on to D, and the school's routine. Ends on the school's page. */
async function seeRoutines(device: Device, see: (name: string) => Promise<void>): Promise<void> {
  const { page, texts } = device;
  const { routines } = texts;
  const runs = page.getByRole("list", { name: routines.run.heading }).getByRole("link");
  const legal = page.getByRole("heading", { name: routines.run.legal });
  await runs.first().click();
  await expect(page.locator(".run-step-held")).toBeVisible();
  await see("routine-run-meeting");
  await goBack(device);
  await runs.last().click();
  await expect(legal).toBeVisible();
  await see("routine-run");
  await seeDisclosure(device, see, "routine-run-disclosure");
  await expect(legal).toBeVisible();
  await button(page, routines.contact.change).click();
  await button(page, routines.fact.change).click();
  await button(page, new RegExp(`^${texts.followUp.changeDate}:`)).last().click();
  await button(page, new RegExp(`^${routines.stepAnswer.noLongerRelevant}:`)).first().click();
  await expect(page.getByRole("group", { name: routines.run.whySkipped })).toBeVisible();
  await see("routine-run-forms");
  await goBack(device);
  await link(page, routines.run.new).click();
  await button(page, routines.run.start).click();
  await expect(page.getByText(routines.run.chooseRoutine)).toBeVisible();
  await see("routine-new-incomplete");
  await chip(device, routines.run.which, routines.name.concernReport).click();
  await button(page, routines.run.start).click();
  await expect(legal).toBeVisible();
  await button(page, texts.content.followUp.notYet).click();
  await expect(page.getByRole("group", { name: texts.followUp.whyNotYet })).toBeVisible();
  await see("routine-run-begun");
  await button(page, routines.name.ownProcedure).click();
  await expect(page.getByRole("heading", { name: texts.consultations.guard.frameHeading })).toBeVisible();
  await see("routine-run-own-procedure");
  await goBack(device);
  await page.locator("main").getByRole("link", { name: new RegExp(routines.name.handover) }).last().click();
  await expect(page.getByText(routines.template.schoolDetail)).toBeVisible();
  await see("routine-template-school");
  await goBack(device);
  await page.locator("main").getByRole("link", { name: new RegExp(texts.meetings.type.cooperationMeeting) }).last().click();
  await expect(page.getByText(texts.agendas.template.schoolDetail)).toBeVisible();
  await see("agenda-school");
  await goBack(device);
  await expect(page.getByRole("heading", { name: texts.schools.page.upcoming })).toBeVisible();
}

/** From a page with the link to everything that is held, to that paper and back. */
async function seeDisclosure(device: Device, see: (name: string) => Promise<void>, name: string): Promise<void> {
  const { page, texts } = device;
  await link(page, texts.disclosure.page.link).click();
  await expect(page.locator(".paper").getByText(texts.disclosure.notHere.heading)).toBeVisible();
  await see(name);
  await goBack(device);
}

/** From «Besøk» through a meeting that is prepared, changed and not held, and back. */
async function walkMeetings(device: Device, see: (name: string) => Promise<void>): Promise<void> {
  const { page, texts } = device;
  const { form, type, page: words } = texts.meetings;
  /** Until nothing can be undone any more: the pointer is taken off the toast, which waits for whoever reaches for it. */
  const settled = async () => {
    await page.mouse.move(0, 0);
    await device.pass(8_100);
    await expect(page.locator(".toast")).toHaveCount(0);
  };
  const unfold = (title: string) => page.locator("summary", { has: page.getByText(title, { exact: true }) }).click();
  await link(page, texts.meetings.new).click();
  await expect(page.getByRole("group", { name: form.school })).toBeVisible();
  await see("meeting-school");
  await page.getByRole("group", { name: form.school }).getByRole("button").first().click();
  await expect(page.getByLabel(form.place)).toBeVisible();
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(form.typeMissing)).toBeVisible();
  await see("meeting-incomplete");
  await chip(device, form.type, type.startupMeeting).click();
  await page.getByLabel(form.date).fill("2026-12-03");
  await page.getByLabel(form.from, { exact: true }).fill("14:00");
  await chip(device, form.interpreter, form.interpreterYes).click();
  for (const title of [form.lead, form.purpose, form.names, form.minutes, form.consent, form.agenda]) await unfold(title);
  await button(page, form.addConsent).click();
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(form.consentIncomplete)).toBeVisible();
  await see("meeting-unfolded");
  await button(page, texts.common.action.remove).click();
  await unfold(form.ownProcedure);
  await page.getByText(form.ownProcedureLabel, { exact: true }).click();
  await expect(page.getByText(words.parentsLeftOut)).toBeVisible();
  await see("meeting-own-procedure");
  await page.getByText(form.ownProcedureLabel, { exact: true }).click();
  await button(page, texts.common.action.save).click();
  await expect(page.getByRole("heading", { level: 1, name: type.startupMeeting })).toBeVisible();
  await expect(page.locator(".invitation")).toBeVisible();
  await settled();
  await see("meeting");
  await link(page, texts.common.action.change).click();
  await expect(page.getByRole("heading", { level: 1, name: form.changeTitle })).toBeVisible();
  await see("meeting-change");
  await unfold(form.agenda);
  await link(page, texts.agendas.meeting.link).click();
  await expect(page.getByRole("heading", { name: texts.agendas.items })).toBeVisible();
  await button(page, new RegExp(`^${texts.common.action.remove}:`)).first().click();
  await expect(page.getByRole("heading", { name: texts.agendas.meeting.takenOff })).toBeVisible();
  await settled();
  await see("meeting-agenda");
  await goBack(device);
  await button(page, words.notHeld).click();
  await expect(page.getByRole("group", { name: words.whyNotHeld })).toBeVisible();
  await see("meeting-why-not-held");
  await button(page, texts.meetings.notHeldReason.capacity).click();
  await expect(button(page, words.undoNotHeld)).toBeVisible();
  await see("meeting-not-held");
  await settled();
  await goBack(device);
  await expect(page.getByText(texts.meetings.list.past)).toBeVisible();
  await see("visits-with-meetings");
  await walkMinutes(device, see);
}

/** A meeting that was held and is approved, with something proposed since; one that is not approved; and the screen where both are written. */
async function walkMinutes(device: Device, see: (name: string) => Promise<void>): Promise<void> {
  const { page, texts } = device;
  const { minutes, meetings, papers } = texts;
  const paper = page.getByRole("article");
  await page.getByRole("link", { name: new RegExp(`${meetings.type.cooperationMeeting}.*${meetings.state.approved}`) }).click();
  await expect(page.getByRole("heading", { name: minutes.proposal.heading })).toBeVisible();
  await see("minutes-approved");
  await link(page, papers.sheet.title).click();
  await expect(paper).toContainText(papers.takeHome.title);
  await see("take-home");
  await goBack(device);
  await seeDisclosure(device, see, "meeting-disclosure");
  await expect(page.getByRole("heading", { name: minutes.proposal.heading })).toBeVisible();
  await button(page, new RegExp(`^${minutes.proposal.accept}:`)).click();
  await button(page, minutes.filing.markTransferred).click();
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(minutes.filing.whereMissing)).toBeVisible();
  await see("minutes-correcting-and-filing");
  await link(page, minutes.approval.correct).click();
  await expect(page.getByText(minutes.afterApproval)).toBeVisible();
  await expect(page.getByRole("textbox", { name: /./ }).first()).toBeVisible();
  await see("minutes-written-afterwards");
  await button(page, minutes.readThrough).click();
  await expect(paper).toBeVisible();
  await goBack(device);
  await page.getByRole("link", { name: new RegExp(`${meetings.type.startupMeeting}.*${meetings.state.held}`) }).first().click();
  await expect(paper).toContainText(papers.minutes.notApproved);
  await see("minutes-draft");
  await goBack(device);
}

/** Who takes part in a real service. */
export type People = Record<"consultant" | "teacher" | "principal" | "lead", Device>;

/** Goes through the screens that only a real service has: its birth, invitations, and what each of the other roles sees. */
export async function walkService(people: People, code: string, look: Look): Promise<void> {
  const { consultant, teacher, principal, lead } = people;
  const { page, texts } = consultant;
  const { preRegistration, content, keyList } = texts;
  const invite = texts.space.invite;

  await button(page, texts.space.welcome.create).click();
  await button(page, texts.space.create.submit).click();
  await expect(page.getByText(texts.space.create.required).first()).toBeVisible();
  await look(consultant, "create-incomplete");
  await page.reload();
  await startCreating(consultant, { code });
  await expect(page.getByRole("list", { name: texts.space.recovery.codeLabel })).toBeVisible();
  await look(consultant, "recovery-code");
  await confirmRecovery(consultant);
  await expect(page.getByText(texts.visits.today.noSchools)).toBeVisible();
  await look(consultant, "today-no-schools");
  await setPhones(consultant, { childWelfare: "55 00 11 22", outOfHours: "55 00 33 44" });
  await addSchool(consultant, "Granly skole");

  await link(page, invite.title).click();
  await look(consultant, "invite");
  const invitation = await makeInvitation(consultant);
  await look(consultant, "invite-link");
  await teacher.page.goto("about:blank");
  await teacher.page.goto(invitation);
  await expect(button(teacher.page, texts.space.join.submit)).toBeVisible();
  await look(teacher, "join");
  await askToJoin(teacher, invitation, { name: "Siri Sosiallærer" });
  await checkWords(teacher);
  await checkWords(consultant);
  await look(consultant, "invite-words");
  await look(teacher, "join-words");
  await button(page, invite.same).click();
  await expect(page.getByRole("heading", { level: 1, name: consultant.fill(invite.done, { name: "Siri Sosiallærer" }) })).toBeVisible();
  await look(consultant, "invite-done");
  await expect(teacher.state).toBeVisible();
  await teacher.page.goto("about:blank");
  await teacher.page.goto(invitation);
  await expect(teacher.page.getByText(texts.space.join.occupied)).toBeVisible();
  await look(teacher, "join-occupied");
  await button(teacher.page, texts.lock.unlock).click();
  await unlock(teacher);

  await look(teacher, "school-home-empty");
  await fillSignUp(teacher);
  await look(teacher, "sign-up");
  await chip(teacher, preRegistration.urgency, content.urgency.urgent).click();
  await expect(teacher.page.getByRole("heading", { name: preRegistration.stop.urgent })).toBeVisible();
  await look(teacher, "sign-up-urgent");
  await chip(teacher, preRegistration.urgency, content.urgency.violence).click();
  await expect(teacher.page.getByRole("heading", { name: preRegistration.stop.violence })).toBeVisible();
  await look(teacher, "sign-up-violence");
  await chip(teacher, preRegistration.urgency, content.urgency.wantsFirst).click();
  await button(teacher.page, preRegistration.submit).click();
  await expect(link(teacher.page, preRegistration.done.finish)).toBeVisible();
  await look(teacher, "sign-up-done");
  await teacher.page.getByRole("link", { name: preRegistration.done.keyList }).click();
  await teacher.page.getByLabel(keyList.form.who).fill("Den vi snakket om på mandag");
  await look(teacher, "key-list-form");
  await button(teacher.page, keyList.form.save).click();
  await expect(teacher.page.getByRole("heading", { level: 1, name: keyList.title })).toBeVisible();
  await look(teacher, "key-list");
  await goTo(teacher, "today");
  const signedUp = await signUp(teacher);
  await look(teacher, "school-home");
  await caseRow(teacher, signedUp).getByRole("link").click();
  await expect(button(teacher.page, preRegistration.withdraw)).toBeVisible();
  await look(teacher, "sign-up-change");
  await goBack(teacher);

  await goBack(consultant);
  await goTo(consultant, "today");
  await expect(caseRow(consultant, signedUp)).toBeVisible();
  await startVisit(consultant);
  await link(page, texts.visits.startConsultation).click();
  await answerRest(consultant);
  await saveConsultation(consultant);
  await expect(teacher.page.locator(".ask")).toBeVisible();
  await look(teacher, "school-home-question");
  await link(teacher.page, texts.routines.run.new).click();
  await chip(teacher, texts.routines.run.which, texts.routines.name.newReport).click();
  await look(teacher, "school-routine-new");
  await button(teacher.page, texts.routines.run.start).click();
  await expect(teacher.page.getByRole("heading", { name: texts.routines.run.legal })).toBeVisible();
  await look(teacher, "school-routine-run");
  for (const place of ["visits", "followUp", "schools", "settings"] as const) {
    await goTo(teacher, place);
    await expect(teacher.page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(teacher, `school-${place}`);
  }

  for (const [device, role] of [
    [principal, "principal"],
    [lead, "serviceLead"],
  ] as const) {
    await page.goto(consultant.url);
    await unlock(consultant);
    await goTo(consultant, "settings");
    await link(page, invite.title).click();
    await chip(consultant, invite.who, capitalise(texts.space.role[role])).click();
    if (role === "principal") await chip(consultant, invite.school, "Granly skole").click();
    await completeInvitation(consultant, device, { name: "Lise Leder" });
    await expect(device.page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(device, `${role}-home`);
  }
}
