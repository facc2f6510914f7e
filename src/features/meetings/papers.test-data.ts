import type { Minutes } from "./minutes-paper.ts";
import type { TakeHome } from "./take-home-paper.ts";

// Invented: nobody and no school here exists.

export const minutes: Minutes = {
  meeting: "Oppstartsmøte",
  reference: "M-482-KTM",
  school: "Granly skole",
  date: "2026-11-26",
  from: "14:00",
  to: "15:20",
  place: "Møterom i 2. etasje",
  purpose: "Gå gjennom meldingen sammen, og bli enige om hvordan vi samarbeider.",
  chair: "Fagkonsulent",
  minuteTaker: "Sosiallærer",
  present: ["mor ለተብርሃን ገብረ", "far محمد علي رضا", "kontaktlærer", "fagkonsulent", "tolk"],
  absent: ["helsesykepleier"],
  interpreter: "tigrinja og arabisk",
  items: [
    {
      title: "Hensikt og rammer",
      lines: [
        { kind: "text", text: [{ text: "Møteleder fortalte " }, { text: "hvorfor vi møtes", isBold: true }, { text: ", og hvor lenge vi holder på." }] },
        { kind: "item", text: [{ text: "Alle får snakke ferdig." }] },
        { kind: "item", text: [{ text: "Referatet blir lest høyt til slutt." }] },
      ],
      decisions: [],
    },
    {
      title: "Foreldrenes syn",
      lines: [
        { kind: "heading", text: [{ text: "Morgenene" }] },
        { kind: "text", text: [{ text: "Det er tyngst på mandager. Storebror følger når han kan." }] },
      ],
      decisions: ["Skolen tar imot ved porten klokka åtte fram til jul."],
    },
    { title: "Skolens syn", lines: [], decisions: [] },
  ],
  actions: [
    { what: "Finne én fast person å snakke med på skolen", who: "Skolen", due: { on: "2026-12-03" } },
    { what: "Ringe foreldrene og forklare tidsplanen", who: "Barnevernet", due: { on: "2026-12-01" } },
    { what: "Fortelle hva som hjelper om morgenen", who: "Foresatte", due: "nextMeeting" },
  ],
  next: { date: "2026-12-17", from: "14:00", place: "Granly skole, møterom 2. etasje" },
  approved: { on: "2026-11-26", by: "sosiallærer", code: "7F3A 91BC" },
  corrections: [{ on: "2026-11-27", by: "fagkonsulent", what: "Møtet sluttet 15.20, ikke 15.30.", why: "Klokka var skrevet feil." }],
  printedOn: "2026-11-27",
  notForParents: false,
};

export const takeHome: TakeHome = {
  ownProcedure: false,
  meeting: "Oppstartsmøte",
  school: "Granly skole",
  place: "Granly skole",
  date: "2026-11-26",
  hadInterpreter: true,
  decisions: [],
  leavesOutDecisions: false,
  actions: [
    { what: "Dere får én fast person å snakke med på skolen.", who: "Skolen", due: { on: "2026-12-03" } },
    { what: "Barnevernet ringer dere og forklarer tidsplanen.", who: "Barnevernet", due: { on: "2026-12-01" } },
    { what: "Dere forteller hva som hjelper om morgenen.", who: "Foresatte", due: "nextMeeting" },
  ],
  next: { date: "2026-12-17", from: "14:00", place: "Granly skole, møterom 2. etasje" },
  nextInterpreter: "somali",
  explains: "investigation",
  phones: [
    { label: "Skolen, på dagtid", number: "00 00 55 66" },
    { label: "Barnevernet, på dagtid", number: "00 00 11 22" },
    { label: "Kveld og helg", number: "00 00 33 44" },
  ],
};

/** Minutes as long as a meeting of a whole day would give. @param items with about half a page each */
export function longMinutes(items: number): Minutes {
  const said = "Læreren fortalte om fraværet på høsten og hva de har prøvd. Så ble det snakket om «rammer», forventninger og tiltak. ";
  return {
    ...minutes,
    items: Array.from({ length: items }, (_, index) => ({
      title: `Sak ${index + 1}`,
      lines: [
        { kind: "text", text: [{ text: `Del ${index + 1}. `, isBold: true }, { text: said.repeat(7) }] },
        { kind: "item", text: [{ text: said }] },
        { kind: "item", text: [{ text: said.repeat(2) }] },
        { kind: "text", text: [{ text: said.repeat(6) }] },
      ],
      decisions: ["Vi gjør det som ble avtalt."],
    })),
  };
}
