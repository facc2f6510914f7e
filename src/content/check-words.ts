/**
 * The words of the four-word check when someone is invited: two people read them to each other and hear whether they are the same. Short
 * Norwegian nouns with the same spelling in bokmål and nynorsk, told apart by their first four letters; no names, nothing frightening.
 *
 * The place in the list is what the keys give, so the list is never changed: a device with another list would show other words.
 */
export const checkWords: readonly string[] = `
  agurk ananas avokado bambus bamse banan basilikum batteri bekk belte benk bever bibliotek blyant boks bolle bomull bregne brev brokkoli
  brygge brød brøk bukse buss butikk bønne børste bøtte båt cello delfin dikt drake drue egg ekko ekorn elefant eple eventyr farge fersken
  film fjell fjord flagg fløyte fontene frimerke frø gaffel gardin garn gele gitar glass globus gryte gulrot hage hanske harpe hatt himmel
  hjul honning hotell humle hylle hytte høvel istapp jakke jordbær jungel kaffe kajakk kakao kake kaktus kalender kalv kamel kanel kanne
  kano karamell kart katt kenguru kikkert kino kiosk kirsebær kjele klarinett klokke kløver knapp koala koffert komet kompass kongle
  konvolutt kopp korn kritt krukke krus krystall kube kåpe lampe lanterne lavendel lefse linjal linse lykt lys løvetann låve magnet makrell
  mandel mango marmor mast medalje melon mikroskop mosaikk mose motor multe museum mynt mølle mønster måne naust note nøkkel nøtt oase
  oliven omelett orgel pakke panda papegøye papir paprika paraply pasta peis pensel pepper persille piano pingvin pizza planet plen plomme
  pokal port pose potet prikk propell puddel pære radio rakett ramme ratt regn robot rosin rytme saks salat sebra sekk sennep serviett silke
  sirkus sitron sjiraff sjokolade skjerf skog skrue skuff skøyte slede slott sløyfe smør snø sokk solsikke sorbet spade spinat spire stasjon
  statue stige stjerne stripe struts støvel sukker suppe svamp svane sykkel sylinder syltetøy sølv såpe tastatur tavle teater telefon telt
  teppe termos timian tomat traktor trapp trekant trikk tråd tulipan tunnel tyttebær tåke tårn vaffel valmue vanilje vase vegg vifte vind
  vogn vott yoghurt åker
`
  .trim()
  .split(/\s+/);
