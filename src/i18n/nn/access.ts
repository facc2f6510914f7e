import type { Texts } from "../texts.ts";
import type { access as bokmal } from "../nb/access.ts";

export const access: Texts<typeof bokmal> = {
  title: "Kven har sett",
  link: "Kven har sett",
  detail: "Kven som har opna og skrive, dag for dag.",
  opened: "Opna kl. {time}.",
  changed: "Skreiv kl. {times}.",
  nobody: "Ingen har opna dette enno, så vidt denne eininga veit.",
  notHere: "Den som berre har sett lista over saker og møte, står ikkje her. Det same gjeld den som har fått ei utskrift. Eit avslutta skuleår kan lesast utan at det står her.",
  late: "Det andre har gjort utan nett, kjem hit når eininga deira har vore på nett. Klokkeslettet er det eininga deira viste.",
};
