import type { calendar as nb } from "../nb/calendar.ts";
import type { Texts } from "../texts.ts";

export const calendar: Texts<typeof nb> = {
  title: {
    visit: "Besøk: {school}",
    deadline: "Frist: {deadline}, {school}",
    meeting: "{meeting}, {school}",
  },
  fileName: "open-dor-kalender",
};
