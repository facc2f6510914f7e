import { expect, test } from "vitest";
import { loadTexts, createTranslator, type Language } from "../../i18n/translate.ts";
import { idOf } from "../features.test-data.ts";
import type { ParticipantId } from "../ids.ts";
import { inSentence, invitationText, itemTitle, plainInvitation } from "./invitation-text.ts";
import { itemsOf, meetingOf } from "./meetings.test-data.ts";
import type { Participant } from "./schema.ts";

async function translatorOf(language: Language) {
  const texts = await loadTexts(language);
  return createTranslator(
    () => language,
    () => texts,
  );
}

const participantOf = (number: number, role: Participant["role"], name?: string): Participant => ({
  id: `participant-${idOf(number)}` as ParticipantId,
  role,
  ...(name === undefined ? {} : { name }),
});
const participants = [participantOf(1, "guardian"), participantOf(2, "contactTeacher", "Tora Lærer"), participantOf(3, "ppt"), participantOf(4, "consultant", "Kari Konsulent")];
const meeting = meetingOf({
  place: "Granly skole",
  purpose: "Gå gjennom meldingen sammen.",
  chair: "consultant",
  minuteTaker: "socialTeacher",
  interpreter: { needed: true, language: "somali", bookedBy: "childWelfare" },
});
const asked = { reference: "M-305-BFL", items: itemsOf(), participants };

test("the whole invitation in bokmål, with the interpreter's time", async () => {
  expect(plainInvitation(invitationText(meeting, asked, await translatorOf("nb")))).toBe(
    [
      "Innkalling til oppstartsmøte",
      "Møtet er torsdag 3. desember 2026, klokka 14.00 til 15.30.",
      "Sted: Granly skole.",
      "Dette er møtet til for: Gå gjennom meldingen sammen.",
      "Disse er bedt om å komme: forelder, Tora Lærer (kontaktlærer), PPT og Kari Konsulent (fagkonsulent).",
      "Kari Konsulent (fagkonsulent) leder møtet. Sosiallærer skriver referat.",
      "Dette snakker vi om:",
      "– Formål og ramme\n– Gå gjennom meldingen\n– Foreldrenes syn\n– Skolens syn\n– Forventninger\n– Bekymringsnivå\n– Avtale og neste dato",
      "Det kommer en tolk som snakker somali.",
      "Passer ikke tida? Si fra til skolen, så finner vi en ny.",
      "Referanse: M-305-BFL",
    ].join("\n\n"),
  );
});

test("in nynorsk and in English it is written, with no gaps left open", async () => {
  const written = await Promise.all((["nn", "en"] as const).map(async (language) => plainInvitation(invitationText(meeting, asked, await translatorOf(language)))));
  expect(written[0]).toContain("Desse er bedne om å kome: forelder, Tora Lærer (kontaktlærar)");
  expect(written[1]).toContain("The meeting is on Thursday 3 December 2026, from 14:00 to 15:30.");
  for (const text of written) expect(text).not.toMatch(/[{}]|undefined/);
});

test("what is not settled is not in it; who needs an interpreter is asked to say so", async () => {
  const text = plainInvitation(invitationText(meetingOf(), { ...asked, items: [], participants: [] }, await translatorOf("nb")));
  expect(text.split("\n\n")).toEqual([
    "Innkalling til oppstartsmøte",
    "Møtet er torsdag 3. desember 2026, klokka 14.00 til 15.00.",
    "Trenger du tolk? Si fra til skolen, så blir det bestilt.",
    "Passer ikke tida? Si fra til skolen, så finner vi en ny.",
    "Referanse: M-305-BFL",
  ]);
});

test("the words of items: ours, one's own, and of separate talks", async () => {
  const translator = await translatorOf("nb");
  expect(itemTitle({ id: "parentsView" }, translator)).toBe("Foreldrenes syn");
  expect(itemTitle({ id: "parentsView-second", talk: "second" }, translator)).toBe("Foreldrenes syn – andre samtale");
  expect(itemTitle({ id: `own-${idOf(1)}`, title: "Skolevei" }, translator)).toBe("Skolevei");
  expect([inSentence("Kontaktlærer"), inSentence("PPT"), inSentence("SFO eller AKS")]).toEqual(["kontaktlærer", "PPT", "SFO eller AKS"]);
});
