import type { settings as nb } from "../nb/settings.ts";
import type { Texts } from "../texts.ts";

export const settings: Texts<typeof nb> = {
  nameAndRole: "{name}, {role}",
  persistRefused: "Eininga sa nei no. Legg appen på startskjermen, bruk han nokre dagar, og spør igjen.",
  saved: "Lagra.",
  opens: "Opnar",
  closes: "Stengjer",
  hoursHint: "Måndag til fredag. Tomt tyder at nokon alltid svarer.",
  policeHint: "Tomt tyder 112.",
  holidays: "Skuleferiar",
  holidaysHint: "Feriar og planleggingsdagar i kommunen. Det blir ikkje lagt besøk på desse dagane.",
  holidaysNone: "Ingen feriar er lagde inn. Berre heilagdagar blir hoppa over.",
  holidayName: "Kva er det?",
  holidayFrom: "Første dag",
  holidayTo: "Siste dag",
  holidayIncomplete: "Fyll ut namn og begge dagar.",
  holidayBackwards: "Siste dag kan ikkje kome før første dag.",
  holidayRange: "{from} – {to}",
  addHoliday: "Legg til ferie",
  proposeHolidays: "Foreslå feriar for {year}",
  proposedCheck: "Forslaget følgjer dei vanlege vekene. Samanlikn med skuleruta til kommunen.",
  removedToast: "{name} er teken bort",
  ofHoliday: "{action} {name}",
  lastSaving: "Siste lagring",
  sending: "Sending og henting",
  neverInStep: "Ikkje alt er sendt og henta enno.",
};
