/** Invented throughout: names of the example service and what belongs to it. */

export const exampleServiceName = "Furulia barnevernstjeneste";

/** Whoever looks at the example. */
export const exampleOwnName = "Tuva Eksempel";

export const exampleSchoolNames = [
  "Granly skole",
  "Tjernlia skole",
  "Rognebakken skole",
  "Blåklokkelia skole",
  "Sommerhaug skole",
  "Nordlysåsen skole",
  "Furumo skole",
] as const;

export const exampleHolidayNames = {
  summerBefore: "Sommerferie",
  autumn: "Høstferie",
  christmas: "Juleferie",
  winter: "Vinterferie",
  easter: "Påskeferie",
  summerAfter: "Sommerferie",
} as const;

export const exampleNotes = {
  /** The consultant's own line for next time at the first school. */
  nextTime: "Ta med veilederen om samtaler med foreldre.",
  /** Short notes as they can be in a drøfting. */
  consultation: [
    "Skolen vil prøve en fast voksen om morgenen.",
    "Enige om å se på fraværet igjen om tre uker.",
    "Kontaktlærer skriver ned det hun ser, med dato.",
    "Gikk gjennom hva en melding bør inneholde.",
  ],
  signUp: "Lurer på hvordan vi tar det opp hjemme.",
} as const;

/** Staff of the invented service, as a run names them. */
export const exampleContactPersons = { investigation: "Ingrid Lund, undersøkelse", measures: "Jonas Berg, tiltak" } as const;
