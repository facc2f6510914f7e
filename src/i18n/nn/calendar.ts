import type { calendar as nb } from "../nb/calendar.ts";
import type { Texts } from "../texts.ts";

export const calendar: Texts<typeof nb> = {
  title: {
    visit: "Besøk: {school}",
    deadline: "Frist: {deadline}, {school}",
    step: "Frist for eit steg, {school}",
    meeting: "{meeting}, {school}",
    actionItem: "Avtalt i {meeting}, {school}",
    followUp: "Oppfølging, {school}: {what}",
  },
  fileName: "open-dor-kalender",
  heading: "Kalender",
  detail: "Besøka, møta og fristane dine som ei fil til din eigen kalender. Titlane nemner skulen, aldri ei sak.",
  download: "Last ned kalender",
  madeOne: "Fila har {count} oppføring. Last ned på nytt når noko er endra.",
  madeMany: "Fila har {count} oppføringar. Last ned på nytt når noko er endra.",
};
