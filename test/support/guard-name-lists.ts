/**
 * Given names and family names as facts of spelling, for training the anonymity guard. They complement public lists, which hold few of the
 * names of pupils in Norwegian schools. Lower case; romanised as families in Norway do.
 */
const list = (names: string): string[] => names.trim().split(/\s+/);

export const givenNames: Readonly<Record<string, readonly string[]>> = {
  norwegian: list(`
    emma olivia sofie ella nora leah ingrid frida astrid selma maja ada sara hedda amalie anna thea aurora alma tiril vilde mathilde ida tuva
    eline marie johanne julie mia iben ylva live mie synne solveig ragnhild kaja lotte helene hanne silje marte ane anniken camilla caroline
    kristine katrine kari kjersti inger marit anne berit liv turid randi gerd bjørg wenche tone trine hilde heidi gro siri ingvild ingunn
    sunniva eldrid oddny jorunn gudrun sigrun torunn bergljot borghild dagny ellen guri gunhild hjørdis jorid målfrid norunn oddrun ragna
    signe sissel sigrid åse åshild åslaug mariell vilja saga mille luna lykke hennie ellinor agnete birgitte cecilie charlotte christina elise
    emilie hege henriette isabell karoline lena line lise madeleine malin margrethe martine merete mette mona monica nina oda pernille ragne
    rikke rita ronja runa sandra stine susanne therese tonje torill unni vibeke victoria yvonne eira embla freja heidrun idunn liv mina nelly
    tomine viola angelica benedicte celine dorthea elida embla fride gunnhild haldis ingebjørg jenny kamilla linn maren natalie othilie petra
    jakob emil noah oliver filip william lucas liam henrik oskar aksel theodor elias kasper magnus johannes isak tobias mathias sander alexander
    jonas markus andreas martin kristian fredrik even eirik erik sindre sondre vetle trym ulrik brage birk odin iver sigurd håkon olav ole lars
    per pål knut kjell tor arne bjørn svein odd rolf geir terje jan roar stein leif dag egil gunnar harald helge inge ivar jens jon karsten kåre
    ketil magne nils ottar petter ragnar reidar roger rune sigbjørn sivert steinar sverre tarjei terje tormod torstein trond vegard vidar yngve
    øystein øyvind åge åsmund ask storm falk ulv viljar vinjar leon leo ludvig max mikkel nikolai peder simen snorre syver teo tidemann tellef
    theo torbjørn torjus tarald eivind endre erlend espen frank frode gaute gard geirmund halvor halvard hans hermod håvard jarle jørgen jørn
    kenneth kim kjetil lasse levi louis marius mats morten oddvar oddbjørn preben raymond robin ronny runar sigve stian stig sturla tage tommy
    tore torgeir torgrim truls tord vebjørn viggo ådne aslak bård bendik benjamin bernt birger cato christoffer daniel didrik edvard einar elling
    amandus arvid audun glenn odin roy ståle sveinung theodor tom ulf wilhelm`),
  sami: list("áilu ánte ánná áslat biera biret elle inga inger-máret issát jovnna jovna máhtte máret márjá mihkkal niillas nilas ravna risten sámmol sunná ailo ánde elen-inga lemet"),
  somali: list(`
    abdi abdullahi abdirashid abdiaziz abdikadir abdinasir abdiqani abdirizak abdisalan abdiwahab abshir adan ahmed-nur ayanle awad barre bashir bile
    buraale cabdi cali dahir daud deeq diriye duale elmi faarax farah faisal garaad geedi gelle guleed haroon hassan-nur hersi hirsi hussein ibrahim
    idiris idris iidle ilyas ismaaciil jaamac jama jibril kaafi keyse khadar kulane libaan liiban maxamed mahad mahamed mohamud muktar mursal musse
    mustaf muuse nuur omar qaasim qorane rage raage roble sadiiq said sakariye salad samatar shafici shire siyad subeer suleyman taxliil tahlil warsame
    yaasin yahye yusuf yoonis zakaria aamina aisha amal amiin amran anab anisa asad asha asli ayan aziza barwaaqo basra beydan bishaaro canab caasha
    deeqa degan dhuha fadumo faduma fahma faiza falis farhia farhiya fartun faiza fatuma filsan fowsia fowsiya habiba habon hafsa hali halima hamda
    hana hanan hani hawa hibaq hibo hinda hodo hoodo ikran ilhan ilwad iman istahil jamila jawahir kadra kaltun khadija khadra ladan layla leyla lul
    luul maryan maryama mariam marwo miski muna munira muno naima najma nasra nasteho nimco nimo qamar qali rahma ramla raho rahma raxma rooda roda
    ruqiya ruweyda sabirin safiya sahra sagal sahro salma salado samira saynab shamso shukri siham sucaad suad sumaya ubax ugbad umaima warda xaawo
    xaliimo yasmin yurub zahra zamzam zeinab`),
  arabic: list(`
    abdallah abdelkader abdelrahman abdulaziz abdulkarim abdullatif adel adham adnan ahmad ahmed akram ala ali alaa amer amin amir ammar anas anwar
    aous arwa asem asma aws ayham ayman aymen aya ayah ayat baha bahaa bara basem bashar basel batoul bayan bilal bushra dalal dalia dania dima diya
    diyar duaa eyad fadel fadi fahd faris farouk fatema fatima fatin fawaz feras ferial firas ghada ghaith ghazal ghina habib hadi hadeel haitham hajar
    hakim halima hamid hamza hanadi hanan hanin hani haidar hasan hassan haya hayat hazem heba hiba hisham huda hussam hussain ibrahim ikhlas iman
    imane isra israa issa iyad jaafar jalal jamal jameel jana jasmin jawad jihad joud jouri judi juman kamal karam karim karima kawthar khadija khaled
    khalil laila lamar lamia latifa layan layth leen lina loay lubna lujain luna mahdi maher mahmoud mais maisa majd majed malak malek manal manar
    maram marah maria mariam marwa marwan maya mayar maysaa mazen mehdi moaz moez mohamad mohamed mohammad mohanad mona mounir muhammad muhannad mukhtar
    munir murad musa mustafa nabil nada nadia nadim nael nahla najat najwa nasser nawal nawar nazir nermin nidal nisreen nizar nour nora nur nuri obada
    odai omar osama othman qais qusai rabab rabia raed rafif raghad rahaf rama rami ramzi rana rand rania rasha rashid rawan rayan razan reem retaj
    rezan rida rim rital riyad rola rua ruba saad sadiq saeed safa sahar said salah salam saleh salem salim salma sama samah sami samia samir samira
    sana sanad sara shadi shahd shaima sham shatha sidra sima sireen siwar souad suhaib suleiman sultan taha taim taher talal tala taleen talia tamer
    tarek tasnim tayseer thaer ubaida umar wael wafa walid ward wasim widad yaman yahya yara yaser yasin yasmin yazan yousra youssef yusra zain zaid
    zakaria zaki zahra zeina zeinab ziad zineb ziyad zohra zubaida`),
  tigrinya: list(`
    abel abraham adiam adhanom afewerki alem alemseged amanuel aman aron asmeret aster awet azeb bana bahta beniam berhane biniam bisrat bsrat daniat dawit
    delina desale eden efrem elsa ermias esrom ezana eyoel feruz filimon finan fiori fitsum freweini fthi gebre ghebremeskel ghirmay goitom haben habtom
    hagos helen henok hermela hermon hewan heyab isaias kibrom kidane kidus kisanet lemlem letebrhan lidya liya luam maekel mebrat medhanie mehari mekonen
    melat merhawi meron mihret mikal milkias million mulu mussie nahom natnael nebyat negasi nobel noah okbay rahel rahwa ruta saba salem samson samuel
    sara sarem selam selihom semhar senait seble simon sinit sirak sium solomon tedros tekle tesfalem tesfom teklit temesgen tewelde tsega tsegay tsige
    tsehay wegahta weldu winta yared yafet yohana yohannes yordanos yosan yosief yusief zerai zersenay zula abeba abebe alemayehu almaz aregash bethlehem
    birhanu biruk dagmawi eleni ephrem fikir getachew girma haile hanna hirut kaleb kebede lulit mahlet makda mekdes meseret mesfin nardos nebiyu
    rediet sisay tadesse tesfaye tigist tizita yeabsira yonas zelalem chaltu gadisa hawi kuma lensa obsa tolosa`),
  tamil: list(`
    aarani aathavan abinaya abinash abisha abishek ahalya ajanthan akshaya anojan anusha anjana aravinth arani archana arun arulini ashvin athavan athithan
    bairavi balan bavani bhavani branavan danushan darshan darshini dharshan dilani dilaxan dilukshan dinesh divya gajan gayathri gobi gowri hari
    harini harish iniya iniyan jananan janani jathushan jegan jeyanthi jeyan kabilan kajan kalai kamalan karthik karthika kavinaya kavitha kaviya keerthana
    kirushan kisanthan krishan kumaran lakshan lakshmi lathika luxan luxshan mathusha mathushan mayuran meera mithun mithula mohanan mugilan nadarajah
    nagarajah nanthini narthana naveen nila nirmalan nishanthan niroshan niroshini nithusha nivetha pavithra pirakash piranavan pirashanth pirathiba prabha
    prashanthan praveen priya priyanka raagavi rajan rajeevan raji ramanan ramya ranjan renuka sajeev saambavi sanjeev sanjitha sankavi saranya sarangan
    sathya selvam shankavi shalini shanthi sharmila shobana sinthuja sivaram sobika sribavan sujitha sulaxan suren suriya suthan tharani tharsan tharshan thanusha
    thayalan thenuja theepan thivya thulasi thushara thuvaraga umayal vaani varuni vasantha vathani venuja vijay vinoth vithusan vithuja yalini yarl yathavan`),
  southAsian: list(`
    aamir aaliya abbas abdul abeeha adeel aftab ahsan aiman aisha ajmal akbar aleem aliya alishba amara ambreen ameer amna anam aneela anum aqsa areej arfa arham
    arooj arshad arslan asad asif asim asma atif atiya awais ayesha ayza azhar aziz babar basit benish bisma bushra daniyal danish dua ehsan eman erum eshal
    fahad faheem faiqa faisal faizan fakhar farah farhan fariha farooq farrukh fasih fatima fawad fiza ghazala gul habiba hadia hafsa haider hamid hammad
    hania haniya hareem haris haroon hasnain hassan hiba hina hira humaira huma humayun hurain husnain ibrar ihsan ijaz ikram imran inaya inayat
    insha iram irfan irum ishaq ishfaq ismail jahanzaib jamshed jannat javed junaid kainat kamran kanwal kashif khadija khalid khurram kinza komal laiba laraib
    lubna maham mahira maheen maira mansoor maria mariam maryam mehak mehmood mehwish minahil misbah mohsin momina moiz mubashir mudassar mueez muneeb
    munir muskan mustafa nabeel nadeem nadia naeem naila najam namra nasir nasreen nauman naveed nawaz nazia nida nimra noman noreen nosheen nouman omer
    osman qasim qudsia rabia raheel rahim ramsha rashid rauf rehan rehana rida rimsha rizwan rubab rubina ruqayya saad sabah sabir sadaf sadia safia
    saif saima sajid sajida saleha salman sameer samina sana saqib sara sarfraz sarwar shabana shabnam shafiq shagufta shahbaz shahid shaheen shahida shakeel
    shamim shams shan sharjeel shazia sheraz shoaib shumaila sidra sohail sonia sumbal sundas tabassum tahir tahira talha tanveer tariq taimoor tayyab tehmina umair umar
    umer urooj usama usman uzair uzma wajid waleed waqar waqas warda wasim yasir yumna yusra zafar zaheer zahid zahida zain zainab zaki zara zarish
    zeenat zobia zohaib zoya zubair zunaira amrit arjun balwinder baljit daljit deepak gagan gurdeep gurpreet harjit harleen harpreet inderjit jaskaran jasleen jaspreet
    karan kiran kuldeep kulwinder mandeep manjit manpreet navdeep navjot nirmal parminder prabhjot rajbir rajinder ravinder sandeep satwinder simran sukhdeep
    sukhwinder surinder tejinder aditi aditya ananya anita anjali asha ashok deepa gauri ishaan kavya lakshmi meena neha nikhil pooja pradeep rahul rajesh rakesh
    ravi rekha rohan rohit sanjay shreya sunil sunita suresh swati usha vikram vinod`),
  vietnamese: list("anh bich binh chau chi chien cuong dao diem dinh duc dung duong duy dat giang ha hai hanh hang hao hien hieu hoa hoai hoan hoang hong hue hung huong huy huyen khai khanh khang khoi khuong kieu kim lam lan linh loan loc long luan ly mai man minh my nam nga ngan nghia ngoc nguyet nhan nhat nhi nhu nhung oanh phat phong phuc phung phuoc phuongthao quan quang quoc quy quyen quynh sang son suong tai tam tan thach thang thanh thao thi thien thinh thoa thu thuan thuong thuan thien tien tin toan trang tri trinh trung truc tu tuan tung tuyen tuyet uyen van vi viet vinh vy xuan yen"),
  kurdish: list(`
    agit alan amed aram aras arin aryan asmin avan avin avrin awat azad aziz baran barzan bawer beritan berivan berxwedan bahar bejan bengin beri bişar botan
    cemal ciwan dalal dara darin delal delshad dersim dijwar dilan dilara dilba dildar dilnaz dilovan diyar dlovan ejder evin ferhad fermesk ferman gulistan hakar
    hawar hawre havin heja helin hemin hevin heval hezan hindrin jalal jiyan jiwan jwan kajin kardo karwan kawa koshar kovan lana lavan lavin lezan media mehabad
    mizgin nalin narin nashmil nazdar nechirvan newroz nishtiman nujin parwin perwin peshang peyman rawa rebaz rebin redwan rezan rezhin rewan ronahi ronak
    roni rosa rojda rojhat rozerin ruken sarbast sarwar serdar serhat sero shayan sherko shilan shirwan shler shno sipan sirwan sivan sozan soran tara welat xebat
    yekta zagros zana zelal zerya zilan zinar`),
  persian: list(`
    abbas abolfazl afsaneh ahmadreza akbar ali alireza amir amirali amirhossein ana anahita arad ardalan arezoo arian arman armin arsalan arsham arta artin arya aryan
    asal atefeh ava azadeh azar azita babak bahar bahareh bahman bahram behnam behrouz behzad bita dariush davoud delara donya ebrahim ehsan elaheh elham elmira
    elnaz erfan esmail fariba farid farideh farnaz farshad farzad farzaneh fatemeh fereshteh fereydoun firouzeh forough ghazaleh ghorban golnaz habibullah hamed hamid
    hamideh hanieh hedieh hengameh homa hooman hossein iraj jafar jamshid javad kamran kaveh keivan khosrow kian kiana kianoush ladan laleh leila mahboubeh
    mahdieh mahnaz mahsa mahshid mahtab mahyar majid maliheh mandana maral marjan maryam masoud masoumeh mehdi mehran mehrdad mehrnaz melika mina mitra moein mojgan
    mojtaba morteza mostafa nader nahid narges nasim nasrin nava navid nazanin negar niloufar nima niusha omid parham parisa parsa parviz parvin payam pedram pegah
    peyman pooya pouria raha ramin raziyeh reza roshanak roya roxana sadegh saeed sahar saman samaneh samin samira sanaz sara sepehr sepideh setareh shabnam shadi
    shahin shahla shahrzad shahram shaghayegh shayan shima shirin siamak sima simin sina siavash soheil somayeh soraya sougand tahereh tara taraneh tina vahid yalda
    yasaman zahra zeinab zhina zohreh abdulhadi ahmadshah aminullah arezo asadullah azizullah bashir belqis fahim farhad farishta farzana freshta ghulam habiba hamayun
    hamidullah hasibullah hekmat homaira jamshid khatera khalida laila latifa lima mahbooba malalai marwa masooma maryam mirwais mohibullah mursal mustafa najib nargis
    naqib nasratullah nilofar nooria obaidullah palwasha parwin qais rahmatullah ramin rohullah roqia sadaf samiullah sayed shabana shafiqullah shakila shukria sohrab
    storai tamana wahid wais yalda zabiullah zahra zarghona zuhal spogmai gulalai`),
  slavicRomanised: list(`
    anastasia anastasiya alina alisa andrii anhelina anton arsen artem bogdan bohdana borys daryna dasha denys diana dmytro emilia eva hanna halyna hlib ihor illia
    ilona inna iryna ivan ivanna katya kira khrystyna kostiantyn kyrylo larysa lesia lilia liubov liudmyla luka mariia maksym marharyta mariana marko maryna
    matvii mykhailo mykola mykyta milana mira nadiia natalia nazar nikita oksana oleh oleksii oleksandra olena olha orest ostap pavlo petro polina roman rostyslav ruslan
    sasha serhii snizhana sofiia solomia stanislav stepan sviatoslav svitlana taisiia taras tetiana tymofii tymur uliana vadym valentyn valeriia varvara vasyl veronika
    viktoriia vira vitalii vlad vladyslav vladyslava volodymyr vsevolod yana yaroslav yehor yelyzaveta yeva yevhen yevhenii yulia yurii zakhar zhanna zoriana
    aleksander aleksandra alicja amelia anna antoni antonina bartek bartłomiej błażej blanka bruno cezary cyprian dawid dominik emil ewa ewelina fabian filip franciszek
    gabriela grzegorz hanna helena hubert igor iga ignacy jacek jagoda jakub jan janek jerzy julia justyna kaja kajetan kamil karol karolina kinga klaudia konrad krystian krzysztof kuba
    laura lena leon liliana łukasz maciej magda magdalena maja maksymilian malwina marcel marcelina marcin martyna mateusz michał michalina mikołaj milena miłosz nadia
    natalia nina norbert ola oskar patrycja paulina pawel paweł piotr pola przemysław rafał roksana roza sandra sebastian stanisław staś szymek tadeusz tola tosia tymon tymoteusz wanda
    wiktor wiktoria wojciech zofia zosia żaneta agnė aistė austėja domas dovydas eglė emilija gabija goda ieva ignas jokūbas jonas justina karolis kamilė lukas
    laima mantas matas mindaugas monika nojus paulius rokas rūta rugilė saulė tadas tautvydas ugnė urtė vaiva vytautas agnese anete dāvis edgars elza gustavs ieva jānis
    kristaps laura līga madara mārtiņš raivis renārs rihards roberts sabīne toms alexandru andreea anca bogdan cătălin cosmin cristian cristina daria denisa elena emanuel florin
    gabriel gheorghe ilie ioana ion iulia larisa laurențiu luminița marian marius mihai mihaela mircea nicoleta nicu paula răzvan robert sorin ștefan ștefania teodora vasile
    ajla almir amela amra arijan armin azra bardh besa besim blerim dardan dijana dino driton edin edon elira emina enis erblin ermin faruk fatmir fisnik gezim haris irma
    jasmina kujtim lejla liridon luljeta mirela mirsad nermina rinor sabina samra sanela selma senad shpresa shqipe tarik valon vesa zana`),
  eastAsian: list("chaiya kanya malee narong nattaya niran nok noi ploy pornthip preecha sirikit siriporn somsak somying suda supaporn sukanya suriya wanida wichai aiza althea angelo angelica bea bryan carlo cherry christian darren erika grace jasmine jayden jericho jhon joshua joy kristel lyka mae mariel marvin maricel nathaniel precious princess rhea rowena rosalie xyriel aung hnin khin kyaw mya nilar soe thida thiri win zaw hsu lwin eh htoo paw wah ler naw saw hao jie li mei ming qing wei xiang xin yan yi ying yu yuxuan zihan"),
  african: list(`
    abena adama adjoa akosua aminata amadou aissatou awa binta blessing boubacar chiamaka chidera chidinma chinedu chukwuemeka ebele ebuka efua emeka esi fanta fatoumata favour folake
    gift goodluck ibrahima ifeoma ikenna imani issa jabari joy juma kamau kofi kojo kwabena kwame lamin mamadou mariama mercy miracle musa mwangi naledi neema nia njeri nkechi nneka obinna oluwaseun
    omotola osagie oumar ousmane patience peace rehema sade samba seydou sizwe success tariro temitope thabo themba tunde uchenna wanjiku yaa yetunde zawadi zola alphonse beatrice claudine clovis
    chantal divine dieudonne emmanuel ephraim esperance fabrice fiston grace immaculee innocent jeanette josiane marie-claire nadege olivier pascal patrick prince sandrine solange theoneste vestine
    aline bahati baraka byamungu esther furaha heri mapendo riziki sifa tumaini`),
  other: list("aliyah ava bella chloe dylan ethan harry isla jack jayden kayla kevin logan mason megan mia noah oscar ruby ryan scarlett sienna tyler zoe alejandro camila carlos diego esteban fernanda gabriela isabella javier jose juan lucia luis maria mateo miguel pablo santiago sofia valentina ximena adriana antonio beatriz caio enzo joao larissa leticia luan mariana matheus pedro thiago vitoria anouk baptiste camille chloé clément élodie hugo inès jules léa louis lucie manon mathilde maxime théo"),
};

export const familyNames: Readonly<Record<string, readonly string[]>> = {
  norwegian: list(`
    hansen johansen olsen larsen andersen pedersen nilsen kristiansen jensen karlsen johnsen pettersen eriksen berg haugen hagen johannessen andreassen jacobsen halvorsen jørgensen
    dahl henriksen lund sørensen jakobsen gundersen moen iversen svendsen strand solberg martinsen paulsen knutsen eide bakken kristoffersen mathisen lie amundsen bakke nguyen
    solheim rasmussen moe bøe fredriksen lunde helland tangen sandvik nygård bråten ødegård haug engen hauge thorsen lien ruud knudsen evensen ellingsen haugland sivertsen arnesen
    christensen hovland kvam rønning fossum vik myhre fjeld sand tveit aas aasen hegge nygaard skogen sæther tønnessen wold ystad øverland åsen brekke bjerke løken ness skaar stokke ulvestad`),
  others: list(`
    ali ahmed mohamed hussein hassan omar ibrahim yusuf abdi farah osman jama nur warsame hersi isse adan sheikh abdullahi aden elmi khan hussain malik iqbal akhtar ahmad butt chaudhry mirza
    qureshi raja shah sheikh singh kaur sharma patel kumar gill sandhu sivalingam kanagaratnam selvarajah thangarajah tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly kowalski
    nowak wiśniewski wójcik lewandowski zieliński szymański dąbrowski kozłowski mazur shevchenko kovalenko bondarenko tkachenko kravchenko oliynyk koval petrenko haile tesfamariam gebremedhin kidane
    berhe tekle habte woldu yilmaz kaya demir çelik şahin öztürk aydin arslan hosseini ahmadi mohammadi rezai karimi hashemi rahimi haidari alavi noori sultani amiri al-ahmad al-masri al-khatib
    haddad khalil mansour najjar said saleh al-jabouri al-saadi kurdi barzani popescu ionescu popa radu kazlauskas petrauskas ozolins berzins krasniqi berisha gashi hoxha hadzic begic
    mensah boateng owusu okonkwo adeyemi balogun diallo bah barry sow traore mukendi kabila ndayishimiye uwimana santos reyes cruz garcia silva pereira souza rodriguez lopez gonzalez`),
};

/** The commonest English words, and those of a school: what is not a name. */
export const plainEnglish: readonly string[] = list(`
  the of and to in a is that it was for on are as with his they at be this from have or by one had not but what all were when we there can an your which their said if do will each about how up
  out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after
  words called just where most know get through back much before go good new write our used me man too any day same right look think also around another came come work three word must because does part even place well such here take why
  things help put years different away again off went old number great tell men say small every found still between name should home big give air line set own under read last never us left end along while might next sound below
  saw something thought both few those always looked show large often together asked house world going want school important until form food keep children feet land side without boy once animals life enough took sometimes four head above kind began
  almost live page got earth need far hand high year mother light parents father country talk talked spoke worried tired hungry afraid angry sad quiet absent late early morning evening weekend monday tuesday wednesday thursday friday saturday sunday
  pupil teacher nurse principal meeting report worry support interpreter duty family brother sister uncle aunt friend friends class lesson break homework sleep sleeps sleeping violence alcohol drugs police crisis shelter housing rent job jobs money
  week weeks month months hour hours minute minutes today tomorrow yesterday january february march april june july august september october november december christmas easter summer winter autumn spring holiday holidays
  agreed discussed decided noted checked wrote sent received waiting unsure sure enough discuss follow following followed ask asks says saying told telling hear heard seen seems felt feels happens happened better worse less least
`);
