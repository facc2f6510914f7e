/** What is said of templates of every kind. What depends on the kind stands in the section of its own, under the same keys in each. */
export const templates = {
  ofPart: "{action}: {part}",
  up: "Flytt opp",
  down: "Flytt ned",
  bringBack: "Ta tilbake",
  was: "het «{title}»",
  same: "Ingenting er endret.",
  others: "Endret samtidig",
  otherFrom: "Fra {date}, {time}",
  take: "Bruk denne",
  difference: {
    added: "Nytt",
    removed: "Tatt bort",
    moved: "Flyttet",
    changed: "Endret",
  },
  toast: {
    moved: "«{part}» er flyttet",
    removed: "«{part}» er tatt bort",
    changed: "«{part}» er endret",
    added: "«{part}» er lagt til",
    back: "«{part}» er tatt tilbake",
    reset: "Originalen følges igjen",
    taken: "Den andre versjonen gjelder nå",
  },
} as const;
