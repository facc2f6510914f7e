import { expect, test } from "vitest";
import { createTranslator, type Language, loadTexts } from "../../i18n/translate.ts";
import { paperFonts } from "../../../test/support/paper-fonts.ts";
import { paperPdf } from "../../paper/pdf/paper-pdf.ts";
import { paperText } from "../../paper/plain-text.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { MinutesContent } from "./minutes-content-schema.ts";
import { minutesPaper } from "./minutes-paper.ts";
import { minutesInWords } from "./minutes-words.ts";
import { minutes, takeHome } from "./papers.test-data.ts";
import { takeHomePaper } from "./take-home-paper.ts";

async function wordsIn(language: Language): Promise<LanguageWords> {
  const texts = await loadTexts(language);
  return { ...createTranslator(() => language, () => texts), language };
}

test("minutes say when, who, what was said and decided, who does what, and what was corrected", async () => {
  expect(paperText(minutesPaper(minutes, await wordsIn("nb")))).toBe(`Referat: Oppstartsmøte
======================
Godkjent 26. november 2026 av sosiallærer
Kontrollkode 7F3A 91BC

Dato: Torsdag 26. november 2026
Tid: 14.00–15.20
Sted: Møterom i 2. etasje
Formål: Gå gjennom meldingen sammen, og bli enige om hvordan vi samarbeider.
Møteleder: Fagkonsulent
Referent: Sosiallærer
Til stede: mor ለተብርሃን ገብረ, far محمد علي رضا, kontaktlærer, fagkonsulent og
  tolk
Kom ikke: helsesykepleier
Tolk: tigrinja og arabisk

1. Hensikt og rammer
--------------------

Møteleder fortalte hvorfor vi møtes, og hvor lenge vi holder på.

- Alle får snakke ferdig.
- Referatet blir lest høyt til slutt.

2. Foreldrenes syn
------------------

Morgenene

Det er tyngst på mandager. Storebror følger når han kan.

Beslutning: Skolen tar imot ved porten klokka åtte fram til jul.

3. Skolens syn
--------------

Ingenting er notert.

Hvem gjør hva
-------------

Hva                                         Hvem             Når
--------------------------------------------------------------------------------
Finne én fast person å snakke med på        Skolen           3. desember 2026
skolen
Ringe foreldrene og forklare tidsplanen     Barnevernet      1. desember 2026
Fortelle hva som hjelper om morgenen        Foresatte        Neste møte

Neste møte
----------

Torsdag 17. desember 2026 kl. 14.00, Granly skole, møterom 2. etasje

Rettelser
---------

- 27. november 2026, fagkonsulent: Møtet sluttet 15.20, ikke 15.30.
  Grunn: Klokka var skrevet feil.

--------------------------------------------------------------------------------
M-482-KTM · Granly skole · skrevet ut 27. november 2026
`);
});

test("minutes that nobody has approved say so before anything else", async () => {
  const paper = minutesPaper({ ...minutes, approved: null }, await wordsIn("nb"));
  expect(paper.blocks[0]).toMatchObject({ type: "notice", label: "Utkast", lead: "Referatet er ikke godkjent" });
});

test("minutes of a meeting where violence is suspected begin by saying that they are not for the parents, though they were written before anybody did", async () => {
  const words = await wordsIn("nb");
  const notice = { type: "notice", label: "Egen framgangsmåte", lead: "Ikke til foreldrene" };
  const content: MinutesContent = { ownProcedure: false, about: { type: "startupMeeting", date: "2026-12-03", from: "14:00" }, people: [], items: [], actions: [] };
  const paper = (notForParents: boolean) => minutesPaper(minutesInWords(content, { reference: "M-482-KTM", school: "Granly skole", printedOn: "2026-12-05", notForParents }, words), words);
  expect(paper(true).blocks[0]).toMatchObject(notice);
  expect(paperText(paper(false))).not.toContain("Ikke til foreldrene");
});

test("minutes without actions or a next date say so", async () => {
  const text = paperText(minutesPaper({ ...minutes, actions: [], next: { reason: "foreldrene vil tenke seg om" } }, await wordsIn("nb")));
  expect(text).toContain("Ingen oppgaver ble avtalt.");
  expect(text).toContain("Ikke avtalt: foreldrene vil tenke seg om");
});

test.each([
  ["nb", "Dette ble vi enige om", "Torsdag 17. desember kl. 14.00"],
  ["nn", "Dette vart vi samde om", "Torsdag 17. desember kl. 14.00"],
  ["en", "This is what we agreed", "Thursday 17 December at 14:00"],
] as const)("the parents' sheet in %s has what was agreed, the next meeting and whom to call", async (language, title, lead) => {
  const paper = takeHomePaper(takeHome, await wordsIn(language));
  expect(paper?.title).toBe(title);
  expect(paper?.blocks.find(({ type }) => type === "notice")).toMatchObject({ lead });
  expect(paper?.blocks.find(({ type }) => type === "table")).toMatchObject({ rows: { length: 3 } });
  expect(JSON.stringify(paper)).toContain("00 00 33 44");
});

test("the parents' sheet says it when nothing was agreed and no date is set", async () => {
  const words = await wordsIn("nb");
  const paper = takeHomePaper({ ...takeHome, actions: [], next: { reason: "dateComesLater" }, explains: null, phones: [] }, words);
  const text = paper === null ? "" : paperText(paper);
  expect(text).toContain("Vi avtalte ikke at noen skal gjøre noe nå.");
  expect(text).toContain("| Ingen dato ennå\n| Dere får vite datoen når den er satt.");
  expect(text).not.toContain("Lurer dere på noe?");
});

test("the parents' sheet is one page, with a task from everybody", async () => {
  const paper = takeHomePaper(takeHome, await wordsIn("nb"));
  if (paper === null) throw new Error("there is a sheet");
  const pdf = await paperPdf(paper, new Date(0), paperFonts);
  expect(pdf).toMatchObject({ pages: 1, missing: 0 });
});

test("where violence is suspected there is no sheet for the parents", async () => {
  expect(takeHomePaper({ ...takeHome, ownProcedure: true }, await wordsIn("nb"))).toBeNull();
});
