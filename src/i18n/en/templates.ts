import type { templates as nb } from "../nb/templates.ts";
import type { Texts } from "../texts.ts";

export const templates: Texts<typeof nb> = {
  ofPart: "{action}: {part}",
  up: "Move up",
  down: "Move down",
  bringBack: "Bring back",
  was: "was “{title}”",
  same: "Nothing has been changed.",
  others: "Changed at the same time",
  otherFrom: "From {date}, {time}",
  take: "Use this one",
  difference: {
    added: "New",
    removed: "Removed",
    moved: "Moved",
    changed: "Changed",
  },
  toast: {
    moved: "“{part}” has been moved",
    removed: "“{part}” has been removed",
    changed: "“{part}” has been changed",
    added: "“{part}” has been added",
    back: "“{part}” has been brought back",
    reset: "The original is followed again",
    taken: "The other version holds now",
  },
};
