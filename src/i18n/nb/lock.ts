/** The lock screen, the welcome and what stands before a service is open. */
export const lock = {
  passphrase: "Passfrase",
  unlock: "Lås opp",
  unlocking: "Låser opp …",
  wrong: "Passfrasen stemmer ikke. Prøv igjen.",
  damaged: "Låsen på denne enheten er skadet og lar seg ikke lese. Ingenting er slettet. Kontakt en kollega som har tilgang.",
  couldNotOpen: "Noe på denne enheten lar seg ikke lese. Ingenting er slettet eller endret.",
  forgotten: "Glemt passfrasen?",
  forgottenHelp:
    "Passfrasen ligger bare hos deg, og ingen kan lage en ny for deg. Be en kollega om å invitere deg på nytt. Lederen har en forseglet gjenopprettingskode for tjenesten.",
  phones: "Viktige telefonnumre",
  noPhones: "Tjenesten har ikke lagt inn telefonnumre ennå. Ved akutt fare: ring 112.",
  exampleHint: "Dette er eksempelet. Passfrasen er «{passphrase}».",
  hiddenHint: "Skriv passfrasen for å vise igjen.",
} as const;
