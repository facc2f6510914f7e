import { candidate, type Candidate } from "./finding.ts";
import type { Token } from "./tokens.ts";
import { COUNTRIES, words } from "./words.ts";

const GRADE_NOUNS =
  /^(?:klasse|klassen|klassa|klassetrinn|klassetrinnet|trinn|trinnet|trinna|klassing|klassingen|klassinga|klassingar|klassinger|steget|grade|grader|graders|year|klassetrinnene)$/;
const ORDINALS = words("første fyrste andre tredje fjerde femte sjette sjuende syvende åttende niende tiende first second third fourth fifth sixth seventh eighth ninth tenth");
const ORDINAL_GRADE = /^(?:første|fyrste|andre|tredje|fjerde|femte|sjette|sjuende|syvende|åttende|niende|tiende)(?:klass|trinn)\p{L}*$/u;
const NOT_GRADES = words("av i of på");
const SIBLINGS =
  /^(?:(?:lille|litle|store|stor|små|tvilling|halv|ste|eldre|yngre)?(?:bror|broren|brødre|brør|søster|søsteren|søstera|syster|systera|søstre|søsken|søskenet|søskena|sysken|syskena)|brother|brothers|sister|sisters|sibling|siblings|twin)$/;
const AGE_NOUNS = words("gutt gutten gut guten jente jenta jenten elev eleven barn barnet bror broren søster søsteren søsken boy girl child pupil son sønn datter dotter");

const ORIGIN_STEMS =
  /^(?:afghan|alban|algir|algerisk|amerikan|angolan|arabisk|argentin|armensk|aserbajdsjan|assyr|bangladesh|belgisk|bengal|bosnisk|bosni|brasil|britisk|bulgar|burmes|burundisk|chilen|dansk|dari|egypt|eritre|estisk|estlandsk|etiopisk|etiopi|farsi|filippin|finsk|gambisk|georgisk|ghanes|gresk|gujarati|hazara|hindi|indisk|indones|irak|iransk|irsk|islandsk|israelsk|italiensk|japansk|jemenitt|jordansk|kenyan|kines|kirgis|kongoles|koreansk|kosovo|kroatisk|kurdisk|kurmanji|sorani|latvisk|lettisk|libanes|libysk|liberisk|litauisk|makedonsk|marokkan|meksikan|moldovsk|mongolsk|nederlandsk|nepal|nigeriansk|oromo|pakistan|palestin|pashto|persisk|polsk|portugis|punjabi|romani|romanes|romsk|rumensk|russisk|rwandisk|samisk|senegal|serbisk|slovakisk|somali|somalisk|srilank|sudansk|svensk|syrisk|sørsudansk|tagalog|tamil|tanzanian|tatersk|thailandsk|thai|tigrinja|tigrinya|tibetansk|tsjekkisk|tsjetsjen|tunisisk|tyrkisk|ugandisk|ukrainsk|ungarsk|urdu|usbekisk|vietnames|afrikansk|asiatisk|østeuropeisk)(?:|e|t|er|en|ere|erne|isk|iske|ske|sk|i|ar|arar|ian|ians|språklig|språklige|språkleg|talende|talande|født|fødd)$/u;
const ORIGIN_WORDS = words(`
  somalier somaliere somaliske syrer syrere polakk polakker kurder kurdere irakiske iranske eritreer afghaner afghanere pakistaner pakistanere russer ukrainer ukrainere vietnamesere tamilsk tamiler tamilere
  tyrker rumener rumenere kosovoalbansk romfolk rom sigøyner tater reisende samane samene utlending innvandrer innvandrar innvandrerbakgrunn innvandrarbakgrunn minoritetsbakgrunn
  flyktning flyktningar flyktninger asylsøker asylsøkar asylmottak asylmottaket overføringsflyktning muslim muslimsk muslimske islam islamsk kristen kristne katolikk katolsk hindu hinduistisk sikh jøde jødisk
  buddhist ortodoks pinsevenn jehovas mormoner læstadianer smiths kopt koptisk hijab moskeen moskéen koranskole koranskolen
  polish somalian syrian iraqi iranian afghani turkish kurdish ukrainian russian vietnamese eritrean ethiopian pakistani indian romanian lithuanian latvian albanian arab arabic swedish danish chinese thai filipino
  muslims christian jewish refugee immigrant roma
`);
/** School subjects and home languages alike: only with family around them. */
const SUBJECT_LANGUAGES = words("engelsk spansk tysk fransk norsk engelske spanske tyske franske english german french spanish");
const FAMILY_NOUNS = words("mor far foreldre foreldra foreldrene familie familien bakgrunn opphav opprinnelse opphav gutt gut jente elev statsborger statsborgar slekt mother father parents family boy girl pupil background");
const FROM = words("fra frå from i in til to");
const FAITH_LANGUAGE_CUES = words("morsmål morsmålet tospråklig fleirspråkleg flerspråklig");

const CHILD_SEX = new Map<string, "f" | "m">([
  ...["gutt", "gutten", "gut", "guten", "sønn", "sønnen", "son", "sonen", "boy", "guttens", "gutens"].map((word) => [word, "m"] as const),
  ...["jente", "jenta", "jenten", "jentas", "datter", "datteren", "datra", "dotter", "dottera", "girl", "daughter"].map((word) => [word, "f"] as const),
]);
const PRONOUNS = new Map<string, "f" | "m">([
  ...["han", "ham", "hans", "he", "him", "his"].map((word) => [word, "m"] as const),
  ...["hun", "ho", "henne", "hennes", "hennar", "she", "her", "hers"].map((word) => [word, "f"] as const),
]);
const ENGLISH_MARKS = words("the and is was she to of with not has");
const NORWEGIAN_MARKS = words("og er var ikke ikkje på det ble vart som har seg å");
const CHILD_NEUTRAL = words("eleven elev barnet barn ungdommen ungdomen pupil child student eleven's");
const ADULT_FEMALE = /^(?:(?:ste|beste|foster|svigers?)?(?:mor|mora|moren|mamma|mammaen|mødre)|tante|tanten|tanta|kvinne|kvinna|kvinnen|kone|kona|konen|mother|mum|mom|aunt|grandmother|woman|wife)s?$/;
const ADULT_MALE = /^(?:(?:ste|beste|foster)?(?:far|faren|pappa|pappaen)|onkel|onkelen|mann|mannen|father|dad|uncle|grandfather|man|husband)s?$/;
const ADULT_ANY =
  /(?:lærer|læreren|lærar|læraren|leder|lederen|leiar|leiaren|rektor|rektoren|konsulent|konsulenten|sykepleier|sykepleieren|sjukepleiar|sjukepleiaren|rådgiver|rådgiveren|rådgivar|terapeut|terapeuten|assistent|assistenten|saksbehandler|saksbehandleren|tolken|lege|legen|psykolog|psykologen|foresatt|forelder|nabo|naboen|vikar|vikaren|trener|treneren|teacher|nurse|principal|parent|counsellor|doctor|kjæreste|kjæresten)$/;

const PARENTS = words("mor moren mora mamma far faren pappa foreldrene foreldra foreldre stefar stemor mother father mum dad parents bestemor bestefar");
const WORK_VERBS = words("jobber jobbar jobbet jobba arbeider arbeidar arbeidet ansatt tilsett works worked working");
const WORK_AT = words("på i hos ved som for at as");
const WORK_PLAIN = words("natt natta natten kveld kvelder kveldar dag dagtid skift turnus nattskift hjemmekontor heimekontor helg helga helgen helgene helgane lite mye mykje fulltid deltid nights hos hjemme heime perioder det å");
const TRADES = words(`
  lege legen advokat politimann politi politi taxisjåfør drosjesjåfør bussjåfør trikkefører renholder vaskehjelp snekker elektriker rørlegger kokk servitør sykepleier sjukepleiar lærer lærar prest imam politiker kunstner skuespiller
  fotballspiller butikksjef frisør tannlege ingeniør fisker bonde soldat offiser pilot flyvertinne journalist doctor lawyer driver cleaner teacher nurse chef policeman
`);

const RARE = words(`
  tvilling tvillingen tvillinger tvillingar tvillingene tvillingane trilling trillingene trillinger adoptert adoptivbarn fosterbarn rullestol rullestolen døv døve hørselshemmet blind svaksynt cochlea mutisme tourettes tourette
  duchenne duchennes leukemi kreft hjertefeil epilepsi narkolepsi hemofili sigdcelle hiv transplantasjon dialyse brannskadet kortvokst albino dvergvekst anoreksi schizofreni psykose kjønnsinkongruens transkjønnet twins twin triplets wheelchair deaf adopted epilepsy leukemia
`);
const RARE_ENDINGS = /(?:syndrom|syndromet|syndrome)$/;

const SCHOOL_NOUN = /^(?:barne|ungdoms|grunn|videregående|vidaregåande|kombinert)?(?:skole|skule|barnehage|vgs|school|kindergarten)$/;
const GENERIC_BEFORE_SCHOOL = words(`
  ny nye vår denne hele heile annen anna samme same tidligere tidlegare gammel gamle privat offentlig hvilken nærmeste neste ingen god trygg min deres our the new this primary high secondary at to after
  videregående vidaregåande barne ungdoms mellom hver kvar og i på fra frå til mellom steiner montessori internasjonal muslimsk kristen døve folkehøg ppt hjem heim aks sfo bytte byttet starte begynne
`);
const SCHOOL_COMPOUND = /^(?!kultur|sommer|sommar|grunn|privat|nær|fri|folkehøg|folkehøy|ungdoms|barne|videregående|vidaregåande|mellom|hjem|leir|kveld|søndag|musikk|real|steiner|montessori|natur|aktivitet|hele|heile|for|barneungdom|høg|høy|yrkes|svømme|svøme|storby|norsk|tegn|teikn|stor|små|ski|språk|koran|deltids|spesial|alternativ).{4,}s?(?:skolen|skulen|skole|skule)$/u;

/** What does not name a child but can single one out in a small school. All soft. */
export function findHints(text: string, tokens: readonly Token[], names: readonly Candidate[]): Candidate[] {
  return [...findClasses(text, tokens), ...findAges(tokens), ...findOrigin(tokens), ...findSex(tokens, names), ...findWork(tokens), ...findRare(tokens), ...findSchools(tokens), ...findInitials(text, tokens)];
}

const soft = (kind: Candidate["kind"], reason: Candidate["reason"], from: Token, to: Token): Candidate => candidate(kind, "soft", reason, from.start, to.end);

/** «5B», «3. klasse», «tredjeklasse», «trinn 4», and «broren i 7. klasse»; a band such as «1.–4. trinn» is what the form itself uses. */
function findClasses(text: string, tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  const add = (from: number, to: number, reason: Candidate["reason"]): void => {
    const sibling = siblingBefore(tokens, from);
    const first = tokens[sibling ?? from];
    const last = tokens[to];
    if (first !== undefined && last !== undefined) found.push(soft(sibling === undefined ? "classLabel" : "sibling", reason, first, last));
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) continue;
    const next = tokens[at + 1];
    if (token.kind === "word") {
      if (ORDINAL_GRADE.test(token.word)) add(at, at, "word");
      else if (ORDINALS.has(token.word) && next !== undefined && GRADE_NOUNS.test(next.word) && next.word !== "steget") add(at, at + 1, "word");
      else if (/^vg[123]?$/.test(token.word) && (token.word.length === 3 || next?.kind === "number")) add(at, token.word.length === 3 ? at : at + 1, "form");
      else if (/^(?:klasse|klassetrinn|trinn|grade|year)$/.test(token.word) && next?.kind === "number" && isGrade(next) && !NOT_GRADES.has(tokens[at + 2]?.word ?? "") && !isBandAfter(tokens, at + 1)) {
        const letter = tokens[at + 2];
        add(at, letter !== undefined && isClassLetter(text, next, letter) ? at + 2 : at + 1, "form");
      }
      continue;
    }
    if (token.kind !== "number" || !isGrade(token)) continue;
    const before = tokens[at - 1];
    if (before !== undefined && (before.word === "§" || /^(?:kl|klokka|klokken|punkt|pkt|side|s|uke|veke|week|klasse|trinn)$/.test(before.word))) continue;
    const dot = next?.word === "." ? 1 : 0;
    // «3.-klassing», «5th grade».
    const suffix = tokens[at + 1 + dot];
    const dash = suffix?.word === "-" || suffix?.word === "th" || suffix?.word === "rd" || suffix?.word === "nd" || suffix?.word === "st" ? 1 : 0;
    const noun = tokens[at + 1 + dot + dash];
    if (noun?.kind === "word" && GRADE_NOUNS.test(noun.word) && noun.word !== "steget" && noun.word !== "year") {
      if (!isBandBefore(tokens, at)) add(at, at + 1 + dot + dash, "form");
    } else if (next !== undefined && isClassLetter(text, token, next) && !/^[\p{Nd},]/u.test(text.slice(next.end, next.end + 1)) && !(before?.kind === "mark" && /[.,]/.test(before.word) && before.end === token.start)) {
      add(at, at + 1, "form");
    }
  }
  return found;
}

function isGrade(token: Token): boolean {
  const number = Number(token.word);
  return token.word.length <= 2 && number >= 1 && number <= 10;
}

/** One letter right after the number: 5B, 5b, 5 B; not «5 i», and «7 a» with a space only as a capital. */
function isClassLetter(text: string, number: Token, letter: Token): boolean {
  if (letter.kind !== "word") return false;
  const written = text.slice(letter.start, letter.end);
  if (letter.start === number.end) return /^[a-hA-H](?:-?(?:klassen|klassa|trinnet|elev|eleven))?$/u.test(written);
  return letter.start === number.end + 1 && /^[A-H]$/.test(written) && text[number.end] === " ";
}

function isBandBefore(tokens: readonly Token[], at: number): boolean {
  const mark = tokens[at - 1];
  const earlier = mark !== undefined && (/^[-–—]$/.test(mark.word) || mark.word === "til" || mark.word === "to");
  return earlier && (tokens[at - 2]?.kind === "number" || (tokens[at - 2]?.word === "." && tokens[at - 3]?.kind === "number"));
}

function isBandAfter(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return next !== undefined && (/^[-–—]$/.test(next.word) || next.word === "til" || next.word === "to") && tokens[at + 2]?.kind === "number";
}

function siblingBefore(tokens: readonly Token[], at: number): number | undefined {
  for (let back = at - 1; back >= 0 && back >= at - 5; back--) {
    const token = tokens[back];
    if (token === undefined || token.kind === "break" || token.word === ".") return undefined;
    if (token.kind === "word" && SIBLINGS.test(token.word)) return back;
  }
  return undefined;
}

const NUMBER_WORDS = words("tre fire fem seks sju syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen");
const YEARS_OLD = words("gammel gamal gammelt gamalt gamle old");

/** «9 år gammel», «9-åring», «gutt, 9 år», «født 2015»; not «for 3 år siden». */
function findAges(tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (/^(?:født|fødd|born)$/.test(token.word)) {
      const skip = /^(?:i|in)$/.test(tokens[at + 1]?.word ?? "") ? 2 : 1;
      const year = tokens[at + skip];
      if (year?.kind === "number" && /^(?:19|20)\d\d$/.test(year.word)) found.push(soft("age", "cue", token, year));
      continue;
    }
    if (token.kind === "word" && /åring(?:en|ar|er|s)?$/.test(token.word) && token.word.length > 6) {
      found.push(soft("age", "word", token, token));
      continue;
    }
    const isNumber = token.kind === "number" ? Number(token.word) >= 3 && Number(token.word) <= 19 && token.word.length <= 2 : NUMBER_WORDS.has(token.word);
    if (!isNumber) continue;
    const dash = tokens[at + 1]?.word === "-" ? 1 : 0;
    const unit = tokens[at + 1 + dash];
    if (unit === undefined) continue;
    if (/^åring(?:en|ar|er|s)?$/.test(unit.word)) found.push(soft("age", "form", token, unit));
    else if (/^(?:år|years|year)$/.test(unit.word)) {
      const after = tokens[at + 2 + dash];
      const afterDash = after?.word === "-" ? tokens[at + 3 + dash] : after;
      const before = tokens[at - 1]?.kind === "mark" ? tokens[at - 2] : tokens[at - 1];
      if (afterDash !== undefined && YEARS_OLD.has(afterDash.word)) found.push(soft("age", "form", token, afterDash));
      else if ((before !== undefined && AGE_NOUNS.has(before.word)) || (tokens[at - 1]?.word === "(" && after?.word === ")")) found.push(soft("age", "cue", token, unit));
    }
  }
  return found;
}

function findOrigin(tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== "word") return;
    const before = tokens[at - 1];
    const after = tokens[at + 1];
    if (ORIGIN_WORDS.has(token.word) || ORIGIN_STEMS.test(token.word)) {
      // «Jehovas vitner», «Smiths venner», and the interpreter's language are one thing; «Rom 12» is a place.
      if (token.word === "rom" || token.word === "roma" || token.word === "smiths") {
        if (token.shape !== "capital" || token.opens || after?.kind === "number" || (token.word === "smiths" && after?.word !== "venner")) return;
      }
      found.push(soft("origin", "word", token, token));
    } else if (SUBJECT_LANGUAGES.has(token.word) && after !== undefined && FAMILY_NOUNS.has(after.word)) found.push(soft("origin", "word", token, after));
    else if (COUNTRIES.has(token.word) && token.shape === "capital" && before !== undefined && FROM.has(before.word)) found.push(soft("origin", "cue", token, token));
    else if (COUNTRIES.has(token.word) && token.shape === "lower" && before !== undefined && /^(?:fra|frå|from)$/.test(before.word)) found.push(soft("origin", "cue", token, token));
    else if (FAITH_LANGUAGE_CUES.has(token.word)) found.push(soft("origin", "word", token, token));
  });
  return found;
}

/**
 * A word for a boy or a girl, and a pronoun that points to the child. A pronoun belongs to whoever of that sex was mentioned last; one that
 * follows «mor» or «kontaktlærer» is about the adult.
 */
function findSex(tokens: readonly Token[], names: readonly Candidate[]): Candidate[] {
  const found: Candidate[] = [];
  const last: { f: "adult" | "child"; m: "adult" | "child" } = { f: "child", m: "child" };
  let name = 0;
  // «her» is «here» in Norwegian: it is a pronoun only where the note is English.
  const english = tokens.some((token) => ENGLISH_MARKS.has(token.word)) && !tokens.some((token) => NORWEGIAN_MARKS.has(token.word));
  for (const token of tokens) {
    if (token.kind !== "word" || (token.word === "her" && !english)) continue;
    while (name < names.length && (names[name]?.end ?? 0) <= token.start) name++;
    const inName = (names[name]?.start ?? Number.POSITIVE_INFINITY) <= token.start;
    const sex = CHILD_SEX.get(token.word);
    const pronoun = PRONOUNS.get(token.word);
    if (inName || CHILD_NEUTRAL.has(token.word)) last.f = last.m = "child";
    else if (sex !== undefined) {
      found.push(soft("sex", "word", token, token));
      last[sex] = "child";
    } else if (ADULT_FEMALE.test(token.word)) last.f = "adult";
    else if (ADULT_MALE.test(token.word)) last.m = "adult";
    else if (ADULT_ANY.test(token.word)) last.f = last.m = "adult";
    else if (pronoun !== undefined && last[pronoun] === "child") found.push(soft("sex", "word", token, token));
  }
  return found;
}

/** «Mor jobber på sykehjemmet», «far er taxisjåfør»; not «mor jobber natt». */
function findWork(tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== "word" || !PARENTS.has(token.word)) return;
    for (let next = at + 1; next < tokens.length && next <= at + 3; next++) {
      const verb = tokens[next];
      if (verb === undefined || verb.kind !== "word") return;
      const where = tokens[next + 1];
      const place = tokens[next + 2];
      if (WORK_VERBS.has(verb.word) && where !== undefined && WORK_AT.has(where.word) && place?.kind === "word" && !WORK_PLAIN.has(place.word)) {
        found.push(soft("workplace", "cue", verb, place));
        return;
      }
      if (/^(?:er|is|a|an|var|was)$/.test(verb.word) && where !== undefined && TRADES.has(where.word)) {
        found.push(soft("workplace", "word", where, where));
        return;
      }
    }
  });
  return found;
}

function findRare(tokens: readonly Token[]): Candidate[] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== "word" || !(RARE.has(token.word) || RARE_ENDINGS.test(token.word))) return [];
    const before = tokens[at - 1];
    return [soft("rareTrait", "word", before?.shape === "capital" && RARE_ENDINGS.test(token.word) ? before : token, token)];
  });
}

function findSchools(tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== "word") return;
    const before = tokens[at - 1];
    if (SCHOOL_NOUN.test(token.word) || (token.word === "videregående" && token.shape === "lower") || ((token.word === "aks" || token.word === "sfo") && token.shape === "upper")) {
      const named = before?.kind === "word" && (before.shape === "capital" || before.shape === "compound") && !GENERIC_BEFORE_SCHOOL.has(before.word) && before.word.length > 2;
      // A capital that opens the sentence counts only where a plain word would not stand: «Solvang skole ringte».
      if (named && before !== undefined && (!before.opens || !/(?:e|t|er|ar|et)$/.test(before.word))) found.push(soft("schoolName", "capital", before, token));
    } else if (token.shape === "capital" && !token.opens && SCHOOL_COMPOUND.test(token.word)) found.push(soft("schoolName", "capital", token, token));
  });
  return found;
}

/** «A.K.», «elev K.», «gutt M»; single A, B, C, N, X, Y are how one writes «some pupil». */
function findInitials(text: string, tokens: readonly Token[]): Candidate[] {
  const found: Candidate[] = [];
  for (const match of text.matchAll(/(?<![\p{L}\p{Nd}.])\p{Lu}\. ?\p{Lu}\.?(?: ?\p{Lu}\.)?(?![\p{L}\p{Nd}])/gu)) {
    found.push(candidate("initials", "soft", "form", match.index, match.index + match[0].length));
  }
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    if (token.kind !== "word" || token.shape !== "initial" || token.word.length !== 1 || "abcnxyiå".includes(token.word)) return;
    if (before?.kind === "word" && (CHILD_SEX.has(before.word) || CHILD_NEUTRAL.has(before.word) || SIBLINGS.test(before.word))) found.push(soft("initials", "cue", token, token));
  });
  return found;
}
