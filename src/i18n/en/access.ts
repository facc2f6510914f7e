import type { Texts } from "../texts.ts";
import type { access as bokmal } from "../nb/access.ts";

export const access: Texts<typeof bokmal> = {
  title: "Who has seen it",
  link: "Who has seen it",
  detail: "Who has opened it and written in it, day by day.",
  opened: "Opened it at {time}.",
  changed: "Wrote at {times}.",
  nobody: "Nobody has opened this yet, as far as this device knows.",
  notHere: "Who has only seen the list of cases and meetings is not here, nor who was given a print. A closed school year can be read without a line here.",
  late: "What others have done without a network comes here when their device has been online. The time is the one that their device showed.",
};
