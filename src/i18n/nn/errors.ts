import type { errors as nb } from "../nb/errors.ts";
import type { Texts } from "../texts.ts";

export const errors: Texts<typeof nb> = {
  unknown: "Noko gjekk gale, og det siste vart ikkje lagra. Alt som var lagra frå før, er her framleis. Prøv igjen.",
  storageFull: "Eininga er full, og det siste vart ikkje lagra. Slett bilete eller appar du ikkje treng, og lagre ein gong til.",
  storage: "Eininga fekk ikkje lagra. Lukk andre faner med appen, og prøv igjen. Hjelper det ikkje, start eininga på nytt.",
  tooLarge: "Teksten er for lang til å lagrast på éin gong, og ingenting er endra. Ta bort noko av han, og lagre resten for seg.",
  stretch: "Eininga klarte ikkje å prøve passfrasen. Ingenting er sletta eller endra. Lukk andre faner og appar, og prøv igjen. Hjelper det ikkje, opne appen på nytt når du har nett.",
  unreadable: "Noko på denne eininga lèt seg ikkje lese. Ingenting er sletta. Ta kontakt med den som driftar løysinga.",
  unreachable: "Får ikkje kontakt med tenaren. Det som ventar, blir sendt av seg sjølv når nettet er tilbake.",
  ownFault: "Appen gjorde ein feil, og det siste vart ikkje lagra. Start appen på nytt. Skjer det igjen, sei frå til den som driftar løysinga.",
  textsMissing: "Språket er ikkje henta til denne eininga enno. Prøv igjen når du har nett.",
  refusal: {
    notUnderstood: "Tenaren forstod ikkje det som vart sendt. Det ligg trygt på eininga. Oppdater appen, og sei frå til den som driftar løysinga om det står her i morgon òg.",
    tooLarge: "Noko er for stort til å sendast. Det ligg trygt på eininga. Sei frå til den som driftar løysinga.",
    notMember: "Tenaren gir ikkje denne eininga tilgang her enno. Be ein kollega opne appen med nett. Står det her i morgon òg, be om ein ny invitasjon.",
    forbidden: "Rolla di gir deg ikkje rett til å skrive her. Det du skreiv, ligg på eininga.",
    notThereYet: "Tenaren har ikkje fått denne staden enno. Det ordnar seg når den som laga han, har hatt nett.",
    catchUp: "Ei anna eining kom først. Denne eininga hentar det nye og sender sitt på nytt av seg sjølv.",
    later: "Tenaren har mykje å gjere. Det blir sendt av seg sjølv om litt.",
    codeUnknown: "Oppstartskoden finst ikkje. Sjå etter om alle teikna er rette.",
    codeUsed: "Oppstartskoden er brukt. Be den som driftar løysinga om ein ny.",
    inviteUnknown: "Invitasjonen finst ikkje. Be om ein ny.",
    inviteExpired: "Invitasjonen har gått ut. Be om ein ny.",
    inviteUsed: "Invitasjonen er brukt. Be om ein ny.",
    roomClosed: "Rommet er avslutta. Det du skreiv, ligg på eininga.",
    generationPending: "Tenaren vart gjenoppretta frå ein tryggingskopi. Før nokon blir sleppt inn eller stengd ute, må ein fagkonsulent godta det.",
    needsUpdate: "Appen er for gammal til å sende. Oppdater han. Det du har skrive, ligg på eininga.",
  },
  fault: {
    changed: "Noko i det tenaren sende, er endra undervegs. Hentinga er stoppa her. Du kan arbeide vidare, og ingenting er sletta. Ta kontakt med den som driftar løysinga.",
    fork: "Tenaren har vist ulike versjonar til ulike einingar. Hentinga er stoppa her. Du kan arbeide vidare, og ingenting er sletta. Ta kontakt med den som driftar løysinga.",
    rollback: "Tenaren har gått tilbake til ei eldre utgåve, kanskje frå ein tryggingskopi. Hentinga er stoppa her. Ingenting er sletta på eininga. Ta kontakt med den som driftar løysinga.",
    otherPlace: "Dette er ikkje den staden du vart invitert til. Ingenting er henta. Be om ein ny invitasjon, helst i same rom.",
    needsUpdate: "Ein kollega bruker ein nyare versjon. Oppdater appen for å lese vidare.",
  },
};
