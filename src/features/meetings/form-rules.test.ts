import { expect, test } from "vitest";
import * as Y from "yjs";
import { countingIds, idOf } from "../features.test-data.ts";
import type { ParticipantId } from "../ids.ts";
import { shippedAgenda } from "./agenda-rules.ts";
import { preparationOf, prepareMeeting } from "./document.ts";
import {
  chairOf,
  consentOf,
  formOf,
  formProblems,
  freshForm,
  leadersOffered,
  minutesInForm,
  minuteTakerOf,
  newConsent,
  participantsInForm,
  plannedMinutesOf,
  preparationFrom,
  withRoles,
} from "./form-rules.ts";
import { MeetingForm } from "./form-schema.ts";
import { meetingId, waiverOf } from "./meetings.test-data.ts";

const fresh = freshForm({ id: meetingId, reference: "M-305-BFL", place: "Granly skole" });
const agenda = shippedAgenda("startupMeeting");
const chosen: MeetingForm = { ...fresh, type: "startupMeeting", date: "2026-12-03", from: "14:00" };
const made = { preparedAt: "2026-11-26T09:00:00", preparedBy: "consultant", version: agenda.version } as const;
const rolesOf = (form: MeetingForm) => participantsInForm(form).map(({ role }) => role);

test("four choices make a meeting: the rest is preset by the type and the school", () => {
  const saved = preparationFrom({ ...chosen, interpreterNeeded: false }, agenda, made, countingIds());
  expect(saved).toMatchObject({
    id: meetingId,
    meeting: {
      type: "startupMeeting",
      when: { date: "2026-12-03", from: "14:00" },
      place: "Granly skole",
      plannedMinutes: 60,
      chair: "consultant",
      minuteTaker: "socialTeacher",
      interpreter: { needed: false },
      agenda: "shipped-startupMeeting-1",
    },
  });
  expect(saved.participants.map(({ role }) => role)).toEqual(["guardian", "otherGuardian", "contactTeacher", "socialTeacher", "consultant", "contactPerson"]);
  expect(formProblems(chosen, agenda)).toEqual([]);
});

test("nothing that is empty is saved, and what is saved is read back the same", () => {
  const [index, doc] = [new Y.Doc(), new Y.Doc()];
  const saved = preparationFrom({ ...chosen, place: " ", chair: null, minuteTaker: null, interpreterNeeded: true, language: "somali ", consents: [{ ...waiverOf(1), withdrawnOn: "" }] }, agenda, made, countingIds());
  prepareMeeting(index, doc, saved, agenda.items);
  expect(preparationOf(index, doc, meetingId)).toEqual(saved);
  expect(saved.meeting).not.toHaveProperty("place");
  expect(saved.meeting).not.toHaveProperty("chair");
  expect(saved.meeting.interpreter).toEqual({ needed: true, language: "somali" });
  const again = preparationFrom(formOf(saved), agenda, made, countingIds());
  expect(again).toEqual(saved);
  expect(MeetingForm.parse(formOf(saved))).toEqual(formOf(saved));
});

test("what is missing is told, field by field", () => {
  expect(formProblems(fresh, null).map(({ field }) => field)).toEqual(["type", "date", "from"]);
  const wrong: MeetingForm = {
    ...chosen,
    minutes: "3",
    purpose: "Om blå rev 17",
    participants: [{ role: "guardian", name: "x".repeat(81) }],
    consents: [newConsent(countingIds(), "2026-11-26")],
  };
  expect(formProblems(wrong, agenda)).toEqual([
    { field: "minutes", type: "missing" },
    { field: "purpose", type: "namesCase" },
    { field: "name0", type: "tooLong" },
    { field: "consent0", type: "incomplete" },
  ]);
  expect(["60", " 45 ", "4", "481", "", "en time", "-5", "12.5"].map(plannedMinutesOf)).toEqual([60, 45, null, null, null, null, null, null]);
});

test("where violence is suspected the parents are not asked, their item takes no time, and going back brings them back with their names", () => {
  const named: MeetingForm = { ...chosen, participants: [{ role: "guardian", name: "Ola Nordmann" }, { role: "contactTeacher", name: "" }] };
  const suspected: MeetingForm = { ...named, ownProcedure: true };
  expect(rolesOf(suspected)).toEqual(["contactTeacher"]);
  expect(rolesOf({ ...chosen, ownProcedure: true })).not.toContain("guardian");
  expect(minutesInForm(suspected, agenda)).toBe("45");
  const changed: MeetingForm = { ...suspected, participants: withRoles(suspected, ["contactTeacher", "principal"]) };
  expect(rolesOf(changed)).toEqual(["contactTeacher", "principal"]);
  expect(participantsInForm({ ...changed, ownProcedure: false })).toEqual([
    { role: "guardian", name: "Ola Nordmann" },
    { role: "contactTeacher", name: "" },
    { role: "principal", name: "" },
  ]);
  const saved = preparationFrom(suspected, agenda, made, countingIds());
  expect(saved.meeting.ownProcedure).toBe(true);
  expect(JSON.stringify(saved)).not.toContain("Ola Nordmann");
  // What the form has from its run is left out of it likewise, and is not said of the meeting itself.
  const ofRun = preparationFrom(suspected, agenda, { ...made, ownProcedure: false }, countingIds());
  expect(ofRun.meeting).not.toHaveProperty("ownProcedure");
  expect(JSON.stringify(ofRun)).not.toContain("Ola Nordmann");
});

test("roles are chosen and left out; who stays keeps name and id", () => {
  const id = `participant-${idOf(4)}` as ParticipantId;
  const form: MeetingForm = { ...chosen, participants: [{ id, role: "ppt", name: "Pia" }, { role: "guardian", name: "" }] };
  expect(withRoles(form, ["ppt", "schoolNurse"])).toEqual([
    { id, role: "ppt", name: "Pia" },
    { role: "schoolNurse", name: "" },
  ]);
  expect(withRoles(chosen, [])).toEqual([]);
});

test("who leads and who writes is preset, can be another, and can be nobody yet", () => {
  expect([chairOf(chosen), minuteTakerOf(chosen)]).toEqual(["consultant", "socialTeacher"]);
  expect([chairOf({ ...chosen, type: "cooperationMeeting" }), chairOf(fresh), minuteTakerOf(fresh)]).toEqual(["contactPerson", undefined, undefined]);
  expect([chairOf({ ...chosen, chair: null }), minuteTakerOf({ ...chosen, minuteTaker: "contactTeacher" })]).toEqual([undefined, "contactTeacher"]);
  expect(leadersOffered(chosen)).toEqual(["consultant", "contactPerson", "socialTeacher", "contactTeacher"]);
  expect(leadersOffered({ ...chosen, chair: "principal" })).toContain("principal");
});

test("where violence is suspected a consent that the school obtained is not taken", () => {
  const consent = { ...waiverOf(1), withdrawnOn: "" };
  expect(consentOf(consent, false)).toEqual(waiverOf(1));
  expect(consentOf(consent, true)).toBeNull();
  expect(consentOf({ ...consent, obtainedBy: "childWelfare" }, true)).not.toBeNull();
  const form: MeetingForm = { ...chosen, ownProcedure: true, consents: [consent] };
  expect(formProblems(form, agenda)).toEqual([{ field: "consent0", type: "incomplete" }]);
  expect(formProblems({ ...form, type: "professionalMeeting" }, shippedAgenda("professionalMeeting"))).toEqual([]);
});
