/**
 * The words of case codes: colour, animal, number, as in «Blå rev 17». A code is a label that is spoken aloud, so it has one spelling, bokmål,
 * on every device: «Blå rev» to one and «Blue fox» to another would be two cases.
 *
 * No word may be one that could be said of a child. So there is no animal that is a simile or a nickname for a person (shy, big, small,
 * loud, slow, busy, dirty, greedy, frightening), no name of a person, no word inside a word that is one of these, and no second colour.
 */

type ColourWord = {
  readonly id: string;
  readonly common: string;
  readonly neuter: string;
  /** Whether new codes take it. What can be said of skin is not taken; a code that has it can still be read and shown. */
  readonly drawn: boolean;
};

export const colours = [
  { id: "bla", common: "blå", neuter: "blått", drawn: true },
  { id: "gronn", common: "grønn", neuter: "grønt", drawn: true },
  { id: "gul", common: "gul", neuter: "gult", drawn: false },
  { id: "rod", common: "rød", neuter: "rødt", drawn: true },
  { id: "gra", common: "grå", neuter: "grått", drawn: true },
  { id: "hvit", common: "hvit", neuter: "hvitt", drawn: false },
  { id: "brun", common: "brun", neuter: "brunt", drawn: false },
  { id: "lilla", common: "lilla", neuter: "lilla", drawn: true },
  { id: "oransje", common: "oransje", neuter: "oransje", drawn: true },
  { id: "rosa", common: "rosa", neuter: "rosa", drawn: true },
  { id: "turkis", common: "turkis", neuter: "turkist", drawn: true },
  { id: "svart", common: "svart", neuter: "svart", drawn: false },
] as const satisfies readonly ColourWord[];
export type Colour = (typeof colours)[number]["id"];
export const colourIds = colours.map(({ id }) => id) as [Colour, ...Colour[]];

/** `neuter` where the colour takes the ending of an intetkjønn word. Ids are the words in ASCII; never renamed, because records hold them. */
export const animals = [
  { id: "abbor", word: "abbor", neuter: false },
  { id: "aerfugl", word: "ærfugl", neuter: false },
  { id: "bokfink", word: "bokfink", neuter: false },
  { id: "brosme", word: "brosme", neuter: false },
  { id: "fjellvak", word: "fjellvåk", neuter: false },
  { id: "flaggspett", word: "flaggspett", neuter: false },
  { id: "gaupe", word: "gaupe", neuter: false },
  { id: "gransanger", word: "gransanger", neuter: false },
  { id: "haukugle", word: "haukugle", neuter: false },
  { id: "havelle", word: "havelle", neuter: false },
  { id: "havsule", word: "havsule", neuter: false },
  { id: "hegre", word: "hegre", neuter: false },
  { id: "heilo", word: "heilo", neuter: false },
  { id: "hubro", word: "hubro", neuter: false },
  { id: "humle", word: "humle", neuter: false },
  { id: "hyse", word: "hyse", neuter: false },
  { id: "kamskjell", word: "kamskjell", neuter: true },
  { id: "linerle", word: "linerle", neuter: false },
  { id: "lomvi", word: "lomvi", neuter: false },
  { id: "lovsanger", word: "løvsanger", neuter: false },
  { id: "makrell", word: "makrell", neuter: false },
  { id: "mar", word: "mår", neuter: false },
  { id: "nise", word: "nise", neuter: false },
  { id: "orret", word: "ørret", neuter: false },
  { id: "oter", word: "oter", neuter: false },
  { id: "radyr", word: "rådyr", neuter: true },
  { id: "rev", word: "rev", neuter: false },
  { id: "roye", word: "røye", neuter: false },
  { id: "salamander", word: "salamander", neuter: false },
  { id: "sandlo", word: "sandlo", neuter: false },
  { id: "sidensvans", word: "sidensvans", neuter: false },
  { id: "siland", word: "siland", neuter: false },
  { id: "skjeand", word: "skjeand", neuter: false },
  { id: "spove", word: "spove", neuter: false },
  { id: "steinvender", word: "steinvender", neuter: false },
  { id: "stokkand", word: "stokkand", neuter: false },
  { id: "strandsnipe", word: "strandsnipe", neuter: false },
  { id: "svale", word: "svale", neuter: false },
  { id: "svane", word: "svane", neuter: false },
  { id: "tarnfalk", word: "tårnfalk", neuter: false },
  { id: "tarnseiler", word: "tårnseiler", neuter: false },
  { id: "tjeld", word: "tjeld", neuter: false },
  { id: "toppand", word: "toppand", neuter: false },
  { id: "trane", word: "trane", neuter: false },
  { id: "vipe", word: "vipe", neuter: false },
] as const;
export type Animal = (typeof animals)[number]["id"];
export const animalIds = animals.map(({ id }) => id) as [Animal, ...Animal[]];

/** Lowest number of a new code: below it a number could be taken for a pupil's age or grade. */
export const lowestDrawnNumber = 17;
export const highestNumber = 99;
/** Numbers that are a greeting or a joke to some. */
export const numbersNotDrawn: readonly number[] = [18, 69, 88];
