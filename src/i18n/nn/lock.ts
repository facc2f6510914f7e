import type { lock as nb } from "../nb/lock.ts";
import type { Texts } from "../texts.ts";

export const lock: Texts<typeof nb> = {
  passphrase: "Passfrase",
  unlock: "Lås opp",
  unlocking: "Låser opp …",
  wrong: "Passfrasen stemmer ikkje. Prøv igjen.",
  damaged: "Låsen på denne eininga er skadd og lèt seg ikkje lese. Ingenting er sletta. Ta kontakt med ein kollega som har tilgang.",
  couldNotOpen: "Noko på denne eininga lèt seg ikkje lese. Ingenting er sletta eller endra.",
  forgotten: "Gløymt passfrasen?",
  forgottenHelp:
    "Passfrasen ligg berre hos deg, og ingen kan lage ein ny for deg. Be ein kollega om å invitere deg på nytt. Leiaren har ein forsegla gjenopprettingskode for tenesta.",
  phones: "Viktige telefonnummer",
  noPhones: "Tenesta har ikkje lagt inn telefonnummer enno. Ved akutt fare: ring 112.",
  exampleHint: "Dette er dømet. Passfrasen er «{passphrase}».",
  hiddenHint: "Skriv passfrasen for å vise igjen.",
};
