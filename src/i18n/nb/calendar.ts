/** Titles in a calendar that others may see over a shoulder or in a shared calendar: the school, and nothing of any case. */
export const calendar = {
  title: {
    visit: "Besøk: {school}",
    deadline: "Frist: {deadline}, {school}",
    step: "Frist for et steg, {school}",
    meeting: "{meeting}, {school}",
    actionItem: "Avtalt i {meeting}, {school}",
    followUp: "Oppfølging, {school}: {what}",
  },
  fileName: "apen-dor-kalender",
  heading: "Kalender",
  detail: "Besøkene, møtene og fristene dine som en fil til din egen kalender. Titlene nevner skolen, aldri en sak.",
  download: "Last ned kalender",
  madeOne: "Fila har {count} oppføring. Last ned på nytt når noe er endret.",
  madeMany: "Fila har {count} oppføringer. Last ned på nytt når noe er endret.",
} as const;
