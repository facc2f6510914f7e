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

/** What was settled before the meetings of the example, and what was written and agreed in those that have been. */
export const exampleMeetings = {
  room: "Møterom i 2. etasje",
  language: "tigrinja",
  otherLanguage: "somali",
  purposes: {
    startup: "Gå gjennom meldingen sammen, og bli enige om hvordan vi samarbeider mens undersøkelsen pågår.",
    handover: "Hvem er kontaktperson nå, og hvem gjør hva videre?",
    ownProcedure: "Skolen og barnevernstjenesten blir enige om hvem som gjør hva.",
    cooperation: "Hvordan går det, og hva gjør vi videre?",
    fixed: "Saker som står åpne, og planen framover.",
    information: "Når skal vi melde, og hva skjer etterpå?",
  },
  teacher: "Ane Dal",
  waiver: "Skolen og barnevernstjenesten kan snakke sammen om skolehverdagen så lenge undersøkelsen pågår.",
  /** By item; a line that begins with «- » is a bullet point. */
  startup: {
    notes: {
      purposeAndFrames: ["Møteleder fortalte hvorfor vi møtes, og hvor lenge vi holder på. Tolken oversetter alt som blir sagt."],
      goThroughReport: ["Meldingen ble lest høyt.", "- Mye fravær de siste ukene", "- Trøtt og lei seg etter helga"],
      parentsView: ["Foreldrene kjenner igjen det skolen har sett. Morgenene er tunge når far er på jobb.", "De vil gjerne ha én person på skolen å ringe til."],
      schoolsView: ["Kontaktlærer ser at ting går bedre når dagen starter rolig."],
      expectations: ["Det kan gå tre måneder før alt er klart. Barnevernstjenesten ringer før hver samtale."],
      concernLevel: ["Barnevernstjenesten er bekymret for fraværet, og vil vite mer om hvordan det er hjemme."],
    },
    decisions: { schoolsView: "Kontaktlærer tar imot ved porten klokka åtte de neste ukene.", agreement: "Neste møte er om tre uker, med samme tolk." },
    actions: {
      school: "Finne én fast voksen på skolen å snakke med",
      childWelfare: "Ringe foreldrene og forklare tidsplanen",
      guardians: "Skrive ned hvordan morgenene går",
      others: "Helsesykepleier tilbyr en samtale",
    },
  },
  cooperation: {
    notes: {
      sinceLast: ["Fraværet er halvert siden sist.", "- Følge til skolen tre dager i uka", "- Leksehjelp én ettermiddag i uka"],
      parentsView: ["Foreldrene er fornøyde med støttekontakten."],
      wayForward: ["Vi fortsetter som nå."],
    },
    /** Written when the minutes were approved already. */
    afterwards: "Leksehjelpen er nå to ettermiddager i uka.",
    decisions: { wayForward: "Tiltakene fortsetter uendret." },
    actions: { school: "Føre oversikt over fraværet" },
  },
} as const;
