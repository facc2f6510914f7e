/** Titles in a calendar that others may see over a shoulder or in a shared calendar: the school, and nothing of any case. */
export const calendar = {
  title: {
    visit: "Besøk: {school}",
    deadline: "Frist: {deadline}, {school}",
    meeting: "{meeting}, {school}",
  },
  fileName: "apen-dor-kalender",
} as const;
