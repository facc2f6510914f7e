/** Hvem har sett: who has opened and changed a case or a meeting. */
export const access = {
  title: "Hvem har sett",
  link: "Hvem har sett",
  detail: "Hvem som har åpnet og skrevet, dag for dag.",
  opened: "Åpnet kl. {time}.",
  changed: "Skrev kl. {times}.",
  nobody: "Ingen har åpnet dette ennå, så vidt denne enheten vet.",
  notHere: "Den som bare har sett lista over saker og møter, står ikke her. Det samme gjelder den som har fått en utskrift. Et avsluttet skoleår kan leses uten at det står her.",
  late: "Det andre har gjort uten nett, kommer hit når enheten deres har vært på nett. Klokkeslettet er det enheten deres viste.",
} as const;
