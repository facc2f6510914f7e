/** Word lists of the guard, lower case, in bokmål, nynorsk and English together: a note often mixes them. */

/** A set of the words in a text; white space parts them. */
export const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/**
 * Capitalised words that are not persons: services, programmes, apps, places, holidays, days, subjects, code colours. Only those that the
 * model alone would take for a name somewhere.
 */
export const KNOWN_CAPITALS = words(`
  barnevern barnevernet barnevernvakta barnevernstjenesten mottak oslohjelpa oslohjelpen statped ppt bup hab habu nav udir bufdir bufetat ks fhi politi
  politiet statens ahus ullevål haukeland legevakta riksadvokaten statsforvalteren statsforvaltaren lovisenberg nic waals akuttmottak alarmtelefonen mental
  helse kirkens sos røde kors redd barna bymisjonen speideren speiderne zippys venner link livet cos circle security pmto mst icdp parent management training
  traumebevisst elevundersøkelsen fritidsklubben teams zoom outlook excel onedrive sharepoint google chrome gmail showbie vigilo visma transponder itslearning
  feide facebook messenger instagram insta snapchat snap tiktok youtube twitch netflix roblox minecraft fortnite xbox nintendo switch ipad iphone chromebook
  android pc tv pokemon pokémon gta fifa counter strike valorant kahoot vipps oslo bergen trondheim stavanger kristiansand fredrikstad tromsø bodø sandnes
  sandefjord tønsberg moss hamar lillehammer gjøvik halden sarpsborg skien porsgrunn arendal haugesund molde alta hammerfest kirkenes narvik harstad steinkjer
  namsos kongsberg hønefoss kongsvinger lillestrøm asker bærum nesodden ski follo romerike ås jessheim ullensaker eidsvoll nittedal rælingen drøbak akershus
  østfold buskerud vestfold agder rogaland vestland hordaland møre romsdal nordland troms finnmark viken norge norway sverige danmark finland island bydel
  bjerke alna grorud stovner østensjø nordstrand gamle grünerløkka sagene frogner ullern aker vestre nordre søndre østre linderud veitvet risløkka økern
  årvoll tonsenhagen tonsen refstad løren bredtvet groruddalen furuset ellingsrud lindeberg trosterud haugerud tveita vålerenga tøyen grønland kampen holmlia
  mortensrud oppsal bøler romsås ammerud kalbakken rødtvet vestli haugenstua sinsen torshov majorstuen jul juli juleferie juleferien julen jula påske påsken
  påska påskeferie høstferie høstferien haustferie haustferien vinterferie vinterferien sommerferien sommarferien pinse ramadan eid id id-al-fitr diwali
  newroz halloween luciadagen advent hanukka nattverd easter christmas new year mandag tirsdag onsdag torsdag fredag laurdag sundag monday tuesday wednesday
  thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays mandager tirsdager onsdager torsdager fredager januar juni
  september oktober november desember january february july october matte matematikk krle gym musikk kunst håndverk handverk mat svømming symjing english
  norwegian maths science samisk aks sfo fau smu su iop tpo bti slt hms adhd add ptsd ocd asd tolk tolketenesta grønn grøn rød raud gul hvit kvit svart brun
  oransje lilla rosa turkis fiolett gyllen sølv skole skolen sosiallærer kontaktlærer rektor fagkonsulent helsesykepleier rådgiver rådgivar logoped lærer åpen
  open dør door kommune kommunen utdanningsetaten etaten straffeloven i vi du de dei den i'm i've i'd i'll ok obs nb ps husk mvh hei takk mor far mamma pappa
  mum dad the
`);

/** First words of case codes, with their neuter forms: «Blå rev 17», «Grønt ekorn 4». */
export const CODE_COLOURS = words("blå blått grønn grønt gul gult rød rødt grå grått hvit hvitt brun brunt lilla oransje rosa turkis turkist svart");

/** Words that open a sentence with a capital and look like names to the model, or follow a cue in plain speech. */
export const PLAIN_WORDS = words(`
  det den de dei som at og eller men ikke ikkje også så da då nå no her der hva kva hvem kven hvor kor når om i på til fra frå av med uten utan ved for under over mellom
  en ein ei et eit noe noko noen nokon alle alt ingen ingenting mye mykje lite litt mer meir minst selv sjølv bare berre hos hjem heim hjemme heime
  er var har hadde blir vart ble skal skulle kan kunne vil ville må måtte får fekk fikk går gjekk gikk sier seier sa kommer kjem kom tar tek tok
  han hun ho hen vi oss dere de dykk meg deg seg sin sitt sine min mitt mine din ditt vår vårt deres deira hans hennes hennar dens
  barn barnet barna eleven elev elevar elever foreldre foreldrene foreldra føresette foresatte skolen skulen hjemmet heimen læreren læraren kontaktlærer
  god godt gode ny nytt nye gammel gamal annen anna annet andre samme same første siste neste forrige hver kvar begge flere fleire mange
  redd stille sint lei trist sliten trøtt sulten syk sjuk urolig uroleg alene åleine rolig roleg ofte alltid aldri sjelden sjeldan igjen att fortsatt framleis
  stadig svært veldig ganske nok bedre betre verre dårlig dårleg vanskelig vanskeleg viktig uklart usikker uviss
  mandag tirsdag onsdag torsdag fredag i-dag morgen kveld natt helg helgen helga uke uka veke dag dager dagar måned månad år time timer tid
  snakk snakket snakka samtale møte møtet ring ringe ringte spør spurte sett si spørre husk følg følge hjelp hjelpe sjekk avtal avtalt avklar
  the a an and or but not is was has had will would can could should may might must be been who what when where why how this that these those he she they it we you
  his her their its our my your to from of in on at by with without about for after before again very often always never still more less some any all both no yes
  will hope said says told talked spoke asked called call calls went came gets got goes have having school home parents parent child pupil teacher mother father
  one two three four five six seven eight nine ten weeks days months years
  mr mrs ms dr hr fru herr
  up down out off over then than there here just also only once if as so
`);

/** After one of these the next word is a name, capital or not. */
export const NAMING_CUES = words("heter het heiter heitte kalles kallast kalla hetende kallenavnet kallenavn kallenamn navn navnet namn namnet fornavn fornamn etternavn called named nickname");

/** After one of these a capitalised word is a name, and an odd lower-case word may be. */
export const ROLE_CUES = words(`
  eleven elev gutten gutt guten gut jenta jenten jente barnet ungdommen bror broren brør søster søsteren søstera lillebror lillebroren storebror storebroren
  lillesøster lillesøsteren storesøster storesøsteren tvilling tvillingen tvillingene tvillingane søsken søskenparet søskena mor moren mora far faren stefar stefaren stemor stemoren
  mamma pappa tante tanten onkel onkelen bestemor bestemoren bestefar bestefaren fetter fetteren kusine kusina sønn sønnen datter datteren datra dotter dottera son
  venn vennen venninne venninna venen veninna kompis kompisen kjæreste kjæresten pupil boy girl brother sister mother father uncle aunt friend student son daughter
  kontaktlærer lærer vikar læreren vikaren fastlege tolken
`);

/** «mor til X», «snakket med X», «bekymret for X»: a noun or verb of people, then one of these. */
export const LINK_WORDS = words("til med for om hos m of with about to");
export const LINK_HEADS = words(`
  mor moren mora far faren foreldrene foreldra foreldre søster søsteren bror broren tante tanten tanta onkel onkelen bestemor bestefar fetter kusine lærer læreren læraren kontaktlærer
  kontaktlærar mamma pappa stefar stemor fosterhjemmet venn vennen venninne snakket snakka snakke snakker snakkar prat prate pratet prata samtale samtaler samtalar bekymret bekymring bekymra uro uroa
  møte møtte ringe ringt gjelder gjeld redd henvist spurte mother father parents sister brother friend talked talk talking spoke spoken worried met teacher
`);

/** Verbs that follow a subject: «X sier», «X har». */
export const SUBJECT_VERBS = words(`
  er var har hadde sier seier sa fortalte fortel forteller får fekk fikk vil kan må skal kommer kjem kom går gjekk gikk bor bur sover søv gråter græt virker verkar slår slo blir vart ble tør
  sitter sit trenger treng sluttet slutta spiller spelar sin sitt sine vegrer is was has had says said gets wants needs goes went lives cries seems
`);

/** Names that are also plain words or places: only their position tells, so they need less else to be noticed. */
export const WORDLIKE_NAMES = words(`
  ask bjørn bo bror dag even falk frøya glenn god hauk hope ib joy jo kim kor liv live lilje lykke my mina odd ola olava per rose roar sky sol stein storm
  svane tor trygg ulv unn vår viola faith grace will summer precious blessing gift prince princess sander
`);

/** Months that are given names too: a month after a number or a preposition of time, otherwise perhaps a person. */
export const MONTH_NAMES = words("mars april mai august march may june");
export const BEFORE_MONTHS = words("i in fra frå from til until siden sidan since før before etter after innen innan by last next this neste forrige medio primo ultimo tidlig seint sent of og and");

/** Between two parts of a name. */
export const PARTICLES = words("van von der den de del da dos di al el bin bint ibn abu ould la le");

export const COUNTRIES = words(`
  afghanistan albania algerie angola argentina armenia aserbajdsjan bangladesh belarus belgia bolivia bosnia brasil bulgaria burma burundi chile colombia congo kongo cuba danmark egypt eritrea estland etiopia ethiopia
  filippinene filippinane finland frankrike gambia georgia ghana hellas hviterussland india indonesia irak iraq iran irland island israel italia italy japan jemen jordan kamerun kasakhstan kenya kina china kosovo
  kroatia latvia libanon lebanon liberia libya litauen lithuania makedonia marokko morocco mexico moldova mongolia myanmar nederland nepal nigeria pakistan palestina palestine gaza peru polen poland portugal romania
  russland russia rwanda senegal serbia sierra slovakia somalia spania srilanka sri storbritannia sudan sverige sweden sveits syria sør-sudan tanzania thailand tibet tsjekkia tsjetsjenia tunisia tyrkia turkey tyskland
  germany uganda ukraina ukraine ungarn hungary usa usbekistan venezuela vietnam
`);
