import type { templates as nb } from "../nb/templates.ts";
import type { Texts } from "../texts.ts";

export const templates: Texts<typeof nb> = {
  ofPart: "{action}: {part}",
  up: "Flytt opp",
  down: "Flytt ned",
  bringBack: "Ta tilbake",
  was: "heitte «{title}»",
  same: "Ingenting er endra.",
  others: "Endra samtidig",
  otherFrom: "Frå {date}, {time}",
  take: "Bruk denne",
  difference: {
    added: "Nytt",
    removed: "Teke bort",
    moved: "Flytta",
    changed: "Endra",
  },
  toast: {
    moved: "«{part}» er flytta",
    removed: "«{part}» er teke bort",
    changed: "«{part}» er endra",
    added: "«{part}» er lagt til",
    back: "«{part}» er teke tilbake",
    reset: "Originalen blir følgd igjen",
    taken: "Den andre versjonen gjeld no",
  },
};
