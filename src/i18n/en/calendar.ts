import type { calendar as nb } from "../nb/calendar.ts";
import type { Texts } from "../texts.ts";

export const calendar: Texts<typeof nb> = {
  title: {
    visit: "Visit: {school}",
    deadline: "Deadline: {deadline}, {school}",
    step: "Deadline of a step, {school}",
    meeting: "{meeting}, {school}",
    actionItem: "Agreed in {meeting}, {school}",
    followUp: "Follow-up, {school}: {what}",
  },
  fileName: "open-door-calendar",
  heading: "Calendar",
  detail: "Your visits, meetings and deadlines as a file for your own calendar. The titles name the school, never a case.",
  download: "Download calendar",
  madeOne: "The file has {count} entry. Download it again when something has changed.",
  madeMany: "The file has {count} entries. Download it again when something has changed.",
};
