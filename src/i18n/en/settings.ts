import type { settings as nb } from "../nb/settings.ts";
import type { Texts } from "../texts.ts";

export const settings: Texts<typeof nb> = {
  nameAndRole: "{name}, {role}",
  persistRefused: "The device said no for now. Add the app to the home screen, use it for some days, and ask again.",
  saved: "Saved.",
  opens: "Opens",
  closes: "Closes",
  hoursHint: "Monday to Friday. Empty means that somebody always answers.",
  policeHint: "Empty means 112.",
  holidays: "School holidays",
  holidaysHint: "Holidays and planning days in the municipality. No visits are put on these days.",
  holidaysNone: "No holidays have been entered. Only public holidays are skipped.",
  holidayName: "What is it?",
  holidayFrom: "First day",
  holidayTo: "Last day",
  holidayIncomplete: "Fill in the name and both days.",
  holidayBackwards: "The last day cannot come before the first.",
  holidayRange: "{from} – {to}",
  addHoliday: "Add a holiday",
  proposeHolidays: "Propose holidays for {year}",
  proposedCheck: "The proposal follows the usual weeks. Compare it with the municipality's school calendar.",
  removedToast: "{name} has been removed",
  ofHoliday: "{action} {name}",
  lastSaving: "Last saving",
  sending: "Sending and fetching",
  neverInStep: "Not everything has been sent and fetched yet.",
};
