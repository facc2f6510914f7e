import { createSignal, onMount, type JSX } from "solid-js";
import { AskCard } from "../../../src/ui/ask-card.tsx";
import { Button, ButtonLink } from "../../../src/ui/button.tsx";
import { Card, PageTitle, Section } from "../../../src/ui/card.tsx";
import { CaseTile } from "../../../src/ui/case-tile.tsx";
import { ActionChips, ChoiceChips, MultiChips, QuestionPair } from "../../../src/ui/chip-group.tsx";
import { createUndo } from "../../../src/ui/create-undo.ts";
import { CurrentCard } from "../../../src/ui/current-card.tsx";
import { DeviceOnly, DeviceOnlyLink } from "../../../src/ui/device-only.tsx";
import { Dock, ExitButton } from "../../../src/ui/dock.tsx";
import { DoorHero } from "../../../src/ui/door-hero.tsx";
import { EmptyState } from "../../../src/ui/empty-state.tsx";
import { GateFrame } from "../../../src/ui/gate-frame.tsx";
import { GuardCard, LeftOut, ViolenceFrame } from "../../../src/ui/guard-card.tsx";
import { HideScreen } from "../../../src/ui/hide-screen.tsx";
import { Icon } from "../../../src/ui/icon.tsx";
import type { NavItem } from "../../../src/ui/nav.tsx";
import { Alert, Notice } from "../../../src/ui/notice.tsx";
import { PageFrame, type PageFrameProps } from "../../../src/ui/page-frame.tsx";
import { QrCode } from "../../../src/ui/qr-code.tsx";
import { InfoRow, QueueRow, RowList } from "../../../src/ui/queue-card.tsx";
import { StateLine } from "../../../src/ui/state-line.tsx";
import { Steps } from "../../../src/ui/steps.tsx";
import { Figures, SummaryList } from "../../../src/ui/summary.tsx";
import { Tag } from "../../../src/ui/tag.tsx";
import { DateField, TextArea, TextField, TimeField } from "../../../src/ui/text-field.tsx";
import { Checkbox } from "../../../src/ui/checkbox.tsx";
import { UndoToast } from "../../../src/ui/undo-toast.tsx";
import { VisitCard, VisitLine } from "../../../src/ui/visit-line.tsx";
import { WordCards } from "../../../src/ui/word-cards.tsx";

export const galleryScreens: Readonly<Record<string, () => JSX.Element>> = {
  "01": Unlock,
  "02": Today,
  "03": Visit,
  "04": () => <Consultation />,
  "04b": ConsultationGuard,
  "05": CloseVisit,
  "06a": PhoneHome,
  "06b": SignUp,
  "06c": KeyList,
  "07": FollowUp,
  "11": Invite,
  "14": Hidden,
  fields: Fields,
  states: States,
};

const nothing = () => undefined;
const formatTime = (time: string) => time.replace(":", ".");

function navItems(current: string, badge = 4): NavItem[] {
  const items: NavItem[] = [
    { href: "#02", label: "I dag", icon: "sun", currentIcon: "sunFill" },
    { href: "#03", label: "Besøk", icon: "doorOpen" },
    { href: "#07", label: "Oppfølging", icon: "tasklist", badge },
    { href: "#schools", label: "Skoler", icon: "school" },
    { href: "#overview", label: "Oversikt", icon: "barChart", phone: "none" },
    { href: "#fields", label: "Innstillinger", icon: "cog", phone: "top" },
  ];
  return items.map((item) => ({ ...item, current: item.label === current }));
}

const offline = () => <StateLine kind="unsent" fact="Alt lagret på nettbrettet" rest="3 ikke sendt" />;

function Frame(props: Partial<PageFrameProps> & { plain?: boolean; children: JSX.Element }): JSX.Element {
  const usual: Partial<PageFrameProps> = props.plain ? {} : { state: offline(), onLock: nothing };
  return (
    <PageFrame {...usual} onHide={nothing} {...props}>
      {props.children}
    </PageFrame>
  );
}

function Unlock(): JSX.Element {
  const [passphrase, setPassphrase] = createSignal("fire ord på rad her");
  return (
    <GateFrame
      title="God morgen"
      detail="Barnevernstjenesten i Lia · fagkonsulent"
      foot={
        <>
          {offline()}
          <p>Du trenger ikke nett for å låse opp eller arbeide.</p>
        </>
      }
    >
      <TextField label="Passfrase" type="password" value={passphrase()} onInput={setPassphrase} autofocus />
      <Button variant="primary" size="dock" icon="unlock">
        Lås opp
      </Button>
      <p class="gate-links">
        <a class="link" href="#forgot">
          Glemt passfrasen?
        </a>
        <a class="link" href="#phones">
          <Icon name="phone" />
          Viktige telefonnumre
        </a>
      </p>
    </GateFrame>
  );
}

function Today(): JSX.Element {
  const [answer, setAnswer] = createSignal<"yes" | "notYet" | "no">();
  return (
    <Frame nav={navItems("I dag")}>
      <PageTitle kicker="Torsdag 26. november" title="God morgen. I dag er det Granly." />
      <DoorHero>
        <p class="tags">
          <Tag tone="now" icon="clock">
            13.30–15.30
          </Tag>
          <Tag>Åpen dør – påmelding</Tag>
        </p>
        <h2 class="voice">Granly skole</h2>
        <p class="hero-line">3 saker er meldt opp. Ledig tid fra 14.45.</p>
        <p class="detail">Sist: 4 drøftinger, 2 venter på svar.</p>
        <div class="button-row">
          <ButtonLink variant="primary" size="dock" icon="doorOpen" href="#03">
            Start besøk
          </ButtonLink>
          <ButtonLink variant="quiet" size="dock" icon="plus" href="#04">
            Ny drøfting
          </ButtonLink>
        </div>
      </DoorHero>
      <RowList label="Meldt opp">
        <QueueRow
          slot="13.30"
          colour="bla"
          number={17}
          title="Blå rev 17"
          detail="Kontaktlærer · 5.–7. trinn · familieforhold"
          tag={<Tag tone="now">Ønsker å være først</Tag>}
          href="#04"
        />
        <QueueRow
          slot="13.55"
          colour="gul"
          number={42}
          title="Gul ugle 42"
          detail="Helsesykepleier · 1.–4. trinn · helse"
          tag={<Tag>Andre gang</Tag>}
          href="#04"
        />
        <QueueRow
          slot="14.20"
          colour="gronn"
          number={8}
          title="Grønn hare 8"
          detail="Sosiallærer · 8.–10. trinn · venner og fritid"
          href="#04"
        />
      </RowList>
      <Section heading="Venter på deg" hint="4 i alt">
        <Card list>
          <AskCard
            tile={<CaseTile colour="brun" number={5} />}
            question="Er meldingen sendt?"
            detail="Brun bjørn 5 · Tjernlia skole, drøftet 12. november"
            tag={<Tag tone="now">I dag</Tag>}
            answers={sentAnswers}
            answer={answer()}
            onAnswer={setAnswer}
          />
        </Card>
        <RowList>
          <InfoRow
            icon="calendar"
            title="Foreldremøte 5. trinn på Granly"
            detail="Neste i årshjulet · foreslått uke 3"
            href="#overview"
            chevron
          />
        </RowList>
      </Section>
    </Frame>
  );
}

const sentAnswers = [
  { value: "yes", label: "Ja, sendt" },
  { value: "notYet", label: "Ikke ennå" },
  { value: "no", label: "Ikke aktuelt lenger" },
] as const;

function Visit(): JSX.Element {
  return (
    <Frame
      title="Granly skole"
      dock={
        <Dock>
          <ButtonLink variant="primary" size="dock" icon="plus" grow href="#04">
            Ny drøfting
          </ButtonLink>
          <Button size="dock" icon="coffee">
            Faglig dialog
          </Button>
          <ButtonLink size="dock" href="#05">
            Avslutt besøk
          </ButtonLink>
        </Dock>
      }
    >
      <VisitCard
        heading="Døra er åpen"
        detail="Startet 13.31 · 1 t 28 min igjen"
        aside={{ label: "Neste ledige tid", value: "14.45" }}
      >
        <VisitLine
          from="13:30"
          to="15:30"
          now="14:02"
          formatTime={formatTime}
          segments={[
            { from: "13:30", to: "13:55", kind: "done", label: "17" },
            { from: "13:55", to: "14:20", kind: "current", label: "42" },
            { from: "14:20", to: "14:45", kind: "planned", label: "8" },
          ]}
        />
      </VisitCard>
      <CurrentCard
        colour="gul"
        number={42}
        kicker="Nå · 13.55–14.20"
        title="Gul ugle 42"
        tag={<Tag>Andre gang</Tag>}
        line="Helsesykepleier · 1.–4. trinn · helse, grunnleggende omsorg"
        detail="Ønsker råd om veien videre. Sist (5. november): prøve tiltak på skolen."
      >
        <ButtonLink variant="primary" size="dock" icon="chat" grow href="#04">
          Start drøfting
        </ButtonLink>
        <Button size="dock">Utsett</Button>
      </CurrentCard>
      <Section heading="Noen som banker på?" hint="Trykk på rollen, så er drøftingen i gang">
        <ActionChips
          legend="Noen som banker på?"
          legendHidden
          columns={5}
          primaryCount={4}
          options={roles.filter((role) => role.value !== "principal")}
          onPress={nothing}
        />
      </Section>
      <Section heading="Køen">
        <RowList>
          <QueueRow
            slot="14.20"
            colour="gronn"
            number={8}
            title="Grønn hare 8"
            detail="Sosiallærer · 8.–10. trinn · venner og fritid"
            href="#04"
            chevron
          />
          <QueueRow
            slot="13.31"
            colour="bla"
            number={17}
            title="Blå rev 17"
            detail="Skolen sender bekymringsmelding · oppfølging 30. november"
            tag={
              <Tag tone="done" icon="check">
                Drøftet
              </Tag>
            }
            href="#04"
            done
          />
        </RowList>
      </Section>
      <Section heading="Åpent fra sist">
        <RowList>
          <QueueRow
            colour="rod"
            number={23}
            title="Rød elg 23"
            detail="Skolen skulle snakke med foreldrene innen 20. november"
            action={<Button size="small">Svar</Button>}
          />
        </RowList>
      </Section>
    </Frame>
  );
}

type Role = "contact" | "subject" | "social" | "principal" | "after" | "nurse" | "environment" | "adviser" | "ppt" | "other";

const roles: readonly { value: Role; label: string }[] = [
  { value: "contact", label: "Kontaktlærer" },
  { value: "subject", label: "Faglærer" },
  { value: "social", label: "Sosiallærer" },
  { value: "principal", label: "Skoleledelse" },
  { value: "after", label: "AKS-ansatt" },
  { value: "nurse", label: "Helsesykepleier" },
  { value: "environment", label: "Miljøterapeut" },
  { value: "adviser", label: "Rådgiver" },
  { value: "ppt", label: "PPT" },
  { value: "other", label: "Andre" },
];

const themeGroups = [
  {
    label: "Barnets utvikling",
    options: [
      { value: "health", label: "Helse" },
      { value: "school", label: "Barnehage og skole" },
      { value: "feelings", label: "Følelser og uttrykk" },
      { value: "friends", label: "Venner og fritid" },
    ],
  },
  {
    label: "Foreldrenes omsorg",
    options: [
      { value: "care", label: "Grunnleggende omsorg" },
      { value: "emotional", label: "Følelsesmessig tilgjengelighet" },
      { value: "stimulation", label: "Stimulering og veiledning" },
      { value: "protection", label: "Beskyttelse" },
    ],
  },
  {
    label: "Familie og miljø",
    options: [
      { value: "family", label: "Familieforhold" },
      { value: "housing", label: "Bolig, økonomi og arbeid" },
      { value: "network", label: "Nettverk og integrering" },
    ],
  },
] as const;

const options = <Value extends string>(...labels: readonly Value[]) => labels.map((label) => ({ value: label, label }));

const formDock = (saved: string) => (
  <Dock note={`Utkast lagret ${saved}`}>
    <ExitButton label="Nå vet jeg hvem barnet er" onPress={nothing} />
    <Button variant="primary" size="dock" icon="check" class="dock-save">
      Lagre
    </Button>
  </Dock>
);

function Consultation(): JSX.Element {
  const [role, setRole] = createSignal<Role | undefined>("contact");
  const [band, setBand] = createSignal<string | undefined>("5.–7. trinn");
  const [themes, setThemes] = createSignal<string[]>(["feelings", "family"]);
  const [lasted, setLasted] = createSignal<string>();
  const [violence, setViolence] = createSignal<string>();
  const [informed, setInformed] = createSignal<string>();
  const [interpreter, setInterpreter] = createSignal<string>();
  const [tried, setTried] = createSignal<string[]>([]);
  const [advice, setAdvice] = createSignal<string[]>([]);
  const [note, setNote] = createSignal("");
  return (
    <Frame back={{ label: "Granly skole", href: "#03" }} dock={formDock("14.06.12")}>
      <PageTitle
        tile={<CaseTile colour="turkis" number={12} size={60} />}
        title="Turkis laks 12"
        detail="Ny drøfting · koden er tilfeldig og sier ikke noe om barnet"
      />
      <ChoiceChips legend="Hvem tar det opp?" columns={5} phoneColumns={2} options={roles} value={role()} onChange={setRole} next={!role()} />
      <ChoiceChips
        legend="Trinn"
        columns={3}
        options={options("1.–4. trinn", "5.–7. trinn", "8.–10. trinn")}
        value={band()}
        onChange={setBand}
      />
      <MultiChips
        legend="Hva handler det om?"
        hint="Velg én eller flere"
        groups={themeGroups}
        values={themes()}
        onChange={setThemes}
      />
      <ChoiceChips
        legend="Hvor lenge har det vart?"
        columns={4}
        phoneColumns={2}
        options={options("Dager", "Uker", "Måneder", "Over ett år")}
        value={lasted()}
        onChange={setLasted}
        next={lasted() === undefined}
      />
      <ChoiceChips
        legend="Mistanke om vold eller overgrep?"
        hint="Ja endrer resten av skjemaet"
        columns={3}
        options={[...options("Nei", "Usikker"), { value: "Ja", label: "Ja", tone: "guard" }]}
        value={violence()}
        onChange={setViolence}
      />
      <QuestionPair>
        <ChoiceChips
          legend="Er foreldrene informert?"
          columns={3}
          options={options("Ja", "Nei", "Vet ikke")}
          value={informed()}
          onChange={setInformed}
        />
        <ChoiceChips
          legend="Trengs tolk?"
          columns={2}
          phoneColumns={2}
          options={options("Nei", "Ja")}
          value={interpreter()}
          onChange={setInterpreter}
        />
      </QuestionPair>
      <MultiChips
        legend="Hva har skolen prøvd?"
        hint="Kan stå tomt"
        columns="auto"
        options={options("Samtale med barnet", "Samtale med foreldrene", "Tiltak i klassen", "Helsesykepleier", "Ikke noe ennå")}
        values={tried()}
        onChange={setTried}
      />
      <MultiChips
        legend="Råd som ble gitt"
        hint="Kan stå tomt"
        columns={3}
        options={options(
          "Når plikten gjelder",
          "Om dette bør meldes",
          "Hva en melding bør ha med",
          "Hvordan sende",
          "Hva som skjer etterpå",
          "Hva skolen får vite",
          "Snakke med foreldrene",
          "Snakke åpent med barnet",
          "Ordlyd i meldingen",
        )}
        values={advice()}
        onChange={setAdvice}
      />
      <TextArea
        label="Kort notat"
        aside="Kan stå tomt"
        voice
        placeholder="Uten navn eller noe som peker ut barnet"
        value={note()}
        onInput={setNote}
      />
      <Notice icon="calendar">Oppfølging foreslås av svarene og kan endres. Slettes etter skoleårets rydding, senest 31. august 2027.</Notice>
    </Frame>
  );
}

function ConsultationGuard(): JSX.Element {
  const [violence, setViolence] = createSignal<string | undefined>("Ja");
  const [decides, setDecides] = createSignal<string | undefined>("Barnevernstjenesten");
  const [duty, setDuty] = createSignal<string | undefined>("Ja, utløst");
  const [advice, setAdvice] = createSignal<string[]>(["Meld uten opphold", "Ta vare på barnets egne ord"]);
  const [next, setNext] = createSignal<string[]>(["Skolen sender melding i dag", "Skolen ringer nå"]);
  return (
    <>
      <Frame back={{ label: "Granly skole", href: "#03" }} dock={formDock("14.06.31")}>
        <GuardCard
          heading="Ikke informer foreldrene"
          text="Barnets sikkerhet går først. Ring og drøft før noen snakker med hjemmet."
          takeFocus={false}
          phones={[
            { name: "Barnevernstjenesten", detail: "i dag til 15.30", number: "00 00 11 22" },
            { name: "Barnevernvakta", detail: "kveld og helg", number: "00 00 33 44" },
            { name: "Politiet", detail: "ved akutt fare", number: "112" },
          ]}
        />
        <PageTitle
          tile={<CaseTile colour="turkis" number={12} />}
          title="Turkis laks 12"
          detail="Kontaktlærer · 5.–7. trinn · beskyttelse · uker"
          compact
          aside={<Button size="small">Endre</Button>}
        />
        <ChoiceChips
          legend="Mistanke om vold eller overgrep?"
          columns={3}
          options={[...options("Nei", "Usikker"), { value: "Ja", label: "Ja", tone: "guard" }]}
          value={violence()}
          onChange={setViolence}
        />
        <ChoiceChips
          legend="Hvem avgjør hva som skjer nå?"
          columns={4}
          phoneColumns={2}
          options={options("Barnevernstjenesten", "Politiet", "Skolens ledelse melder", "Avklares i telefonen")}
          value={decides()}
          onChange={setDecides}
        />
        <ChoiceChips
          legend="Meldeplikten"
          hint="Satt til ja av svaret over"
          columns={2}
          phoneColumns={2}
          options={options("Ja, utløst", "Avverge: handle nå")}
          value={duty()}
          onChange={setDuty}
        />
        <MultiChips
          legend="Råd som ble gitt"
          hint="Kan stå tomt"
          columns={3}
          options={options(
            "Meld uten opphold",
            "Ta vare på barnets egne ord",
            "Ikke avhør barnet",
            "Hva en melding bør ha med",
            "Hvordan sende",
            "Hvem barnet er hos i dag",
          )}
          values={advice()}
          onChange={setAdvice}
        />
        <MultiChips
          legend="Veien videre"
          columns={3}
          options={options(
            "Skolen sender melding i dag",
            "Skolen ringer nå",
            "Politiet er varslet",
            "Helsesykepleier",
            "Drøfte igjen i morgen",
            "Ny kontakt etter avklaring",
          )}
          values={next()}
          onChange={setNext}
        />
        <LeftOut>
          Samtale med foreldrene, trekantsamtale, utskrift til hjemmet og tilbakemelding fra foreldre er tatt bort i denne saken.
        </LeftOut>
      </Frame>
      <ViolenceFrame />
    </>
  );
}

function CloseVisit(): JSX.Element {
  const [note, setNote] = createSignal("");
  return (
    <Frame
      back={{ label: "Tilbake til besøket", href: "#03" }}
      dock={
        <Dock>
          <Button size="dock" icon="printer">
            Skriv ut
          </Button>
          <Button variant="primary" size="dock" icon="check" grow>
            Avslutt besøk
          </Button>
        </Dock>
      }
    >
      <PageTitle kicker="Granly skole · torsdag 26. november" title="Slik ble besøket" />
      <Card kind="hero">
        <Figures
          figures={[
            { value: "4", label: "drøftinger" },
            { value: "1", label: "utsatt" },
            { value: "25 min", label: "faglig dialog" },
          ]}
          total={{ value: "2 t", label: "13.31–15.30" }}
        />
        <VisitLine
          from="13:30"
          to="15:30"
          formatTime={formatTime}
          segments={[
            { from: "13:30", to: "13:55", kind: "done", label: "17" },
            { from: "13:55", to: "14:19", kind: "done", label: "42" },
            { from: "14:20", to: "14:38", kind: "done", label: "12" },
            { from: "14:39", to: "15:05", kind: "dialog", label: "Faglig dialog" },
            { from: "15:06", to: "15:30", kind: "done", label: "31" },
          ]}
        />
      </Card>
      <RowList label="Drøftinger">
        <QueueRow
          colour="bla"
          number={17}
          title="Blå rev 17"
          detail="Skolen sender bekymringsmelding"
          tag={
            <Tag tone="done" icon="calendar">
              Er meldingen sendt? · 30. nov.
            </Tag>
          }
        />
        <QueueRow
          colour="gul"
          number={42}
          title="Gul ugle 42"
          detail="Skolens egne tiltak"
          tag={
            <Tag tone="done" icon="calendar">
              Drøfte igjen · 17. des.
            </Tag>
          }
        />
        <QueueRow
          colour="turkis"
          number={12}
          title="Turkis laks 12"
          detail="Egen framgangsmåte · barnevernstjenesten avgjør"
          tag={
            <Tag tone="done" icon="calendar">
              Ring i morgen · 27. nov.
            </Tag>
          }
        />
        <QueueRow colour="hvit" number={31} title="Hvit svane 31" detail="Meldeplikten er ikke utløst" tag={<Tag>Ingen oppfølging</Tag>} />
        <QueueRow
          colour="gronn"
          number={8}
          title="Grønn hare 8"
          detail="Utsatt · sosiallærer måtte gå"
          tag={<Tag tone="bare">Først i køen neste gang</Tag>}
          done
        />
      </RowList>
      <RowList>
        <InfoRow
          icon="doorOpen"
          tone="now"
          title="Neste besøk: torsdag 17. desember 13.30"
          detail="Hver tredje uke. Skolen ønsker tid etter undervisningen."
          action={<Button size="small">Flytt</Button>}
        />
      </RowList>
      <TextArea
        label="Noe å huske til neste gang?"
        aside="Kan stå tomt"
        voice
        placeholder="En linje til deg selv, uten navn"
        rows={1}
        value={note()}
        onInput={setNote}
      />
      <Notice icon="cloudSlash">Sosiallæreren ser svarene når nettbrettet får nett. Du trenger ikke gjøre noe.</Notice>
    </Frame>
  );
}

function PhoneHome(): JSX.Element {
  return (
    <Frame
      title="Granly skole"
      nav={navItems("I dag", 1)}
      state={<StateLine kind="sent" fact="Alt lagret på telefonen" rest="alt er sendt" />}
      dock={
        <Dock>
          <ButtonLink variant="primary" size="dock" icon="plus" grow href="#06b">
            Meld opp sak
          </ButtonLink>
        </Dock>
      }
    >
      <DoorHero>
        <p class="kicker">Neste åpne dør</p>
        <h1 class="voice">Torsdag 17.{"\u00a0"}desember</h1>
        <p class="hero-line">13.30–15.30 · 2 ledige tider</p>
      </DoorHero>
      <Card list>
        <AskCard
          tile={<CaseTile colour="bla" number={17} />}
          question="Er meldingen sendt?"
          headingLevel={2}
          detail="Blå rev 17 · frist 30. november"
          answers={[
            { value: "yes", label: "Ja, sendt" },
            { value: "notYet", label: "Ikke ennå" },
            { value: "no", label: "Ikke aktuelt" },
          ]}
          onAnswer={nothing}
        />
      </Card>
      <RowList label="Saker">
        <QueueRow
          colour="gronn"
          number={8}
          title="Grønn hare 8"
          detail="Først i køen 17. desember"
          tag={<Tag tone="now">Utsatt</Tag>}
          href="#case"
        />
        <QueueRow
          colour="oransje"
          number={36}
          title="Oransje bever 36"
          detail="Kontaktlærer · 1.–4. trinn"
          tag={<Tag>Meldt opp</Tag>}
          href="#case"
        />
      </RowList>
      <DeviceOnlyLink href="#06c" label="Nøkkelliste" />
    </Frame>
  );
}

function SignUp(): JSX.Element {
  const [role, setRole] = createSignal<string | undefined>("Kontaktlærer");
  const [band, setBand] = createSignal<string | undefined>("5.–7.");
  const [themes, setThemes] = createSignal<string[]>(["feelings"]);
  const [needs, setNeeds] = createSignal<string[]>([]);
  return (
    <Frame
      back={{ label: "Avbryt", href: "#06a", icon: "cross" }}
      state={<StateLine kind="saved" fact="Utkast lagret" />}
      stateInBar
      plain
      dock={
        <Dock
          note={
            <>
              <span>Kan vente til besøket · når det passer</span>
              <Button variant="quiet">Endre</Button>
            </>
          }
        >
          <Button variant="primary" size="dock" icon="check" grow>
            Meld opp
          </Button>
        </Dock>
      }
    >
      <PageTitle tile={<CaseTile colour="lilla" number={21} />} title="Meld opp Lilla ørn 21" detail="Til torsdag 17. desember" />
      <ChoiceChips
        legend="Hvem vil drøfte?"
        columns={5}
        primaryCount={5}
        options={options("Kontaktlærer", "Faglærer", "Jeg selv", "Helsesykepl.", "AKS-ansatt", "Rådgiver", "PPT", "Andre")}
        value={role()}
        onChange={setRole}
      />
      <ChoiceChips legend="Trinn" columns={3} options={options("1.–4.", "5.–7.", "8.–10.")} value={band()} onChange={setBand} />
      <MultiChips legend="Tema" groups={themeGroups} values={themes()} onChange={setThemes} />
      <MultiChips
        legend="Hva trenger dere?"
        columns={4}
        options={options("Råd om veien videre", "Er dette en melding?", "Snakke med foreldre", "Snakke med barnet")}
        values={needs()}
        onChange={setNeeds}
        next
      />
    </Frame>
  );
}

function KeyList(): JSX.Element {
  return (
    <Frame
      back={{ label: "I dag", href: "#06a" }}
      nav={navItems("I dag", 1).map((item) => (item.phone === "top" ? { ...item, phone: "none" } : item))}
      plain
      onLock={nothing}
      dock={
        <Dock>
          <Button variant="primary" size="dock" icon="plus" grow>
            Ny linje
          </Button>
        </Dock>
      }
    >
      <PageTitle title="Nøkkelliste" />
      <DeviceOnly
        text="Listen sendes aldri og kan ikke hentes tilbake hvis telefonen blir borte. Fagkonsulenten ser den ikke."
        rows={[
          { colour: "bla", number: 17, title: "Blå rev 17", detail: "Slettes 22. juni 2027", secret: () => "Elev A" },
          { colour: "gronn", number: 8, title: "Grønn hare 8", detail: "Slettes 17. mars 2027", secret: () => "Elev B" },
          { colour: "oransje", number: 36, title: "Oransje bever 36", detail: "Slettes 17. mars 2027", secret: () => "Elev C" },
        ]}
      />
      <p class="detail small" style={{ margin: "1.25rem 0" }}>
        Trykk og hold på Vis for å lese hvem koden gjelder. Teksten skjules når du slipper.
      </p>
      <div class="button-row">
        <Button icon="printer" grow>
          Skriv på papir i stedet
        </Button>
      </div>
    </Frame>
  );
}

function FollowUp(): JSX.Element {
  const [view, setView] = createSignal<string | undefined>("Alle");
  const [answer, setAnswer] = createSignal<"yes" | "notYet" | "no">();
  const [reason, setReason] = createSignal<string>();
  const undo = createUndo();
  onMount(() => undo.offer({ message: "Brun bjørn 5: meldingen er sendt 26. november", undo: nothing }));
  return (
    <Frame nav={navItems("Oppfølging", 3)} toast={<UndoToast undo={undo} />}>
      <PageTitle
        title="Oppfølging"
        aside={
          <ChoiceChips
            legend="Vis"
            legendHidden
            required
            columns={3}
            options={options("Alle", "Mine", "Skolens")}
            value={view()}
            onChange={setView}
          />
        }
      />
      <Section heading="Over fristen" hint="1">
        <Card list>
          <AskCard
            tile={<CaseTile colour="rod" number={23} />}
            question="Hvordan gikk samtalen?"
            detail="Rød elg 23 · Granly · skolen skulle snakke med foreldrene"
            tag={
              <Tag tone="now" icon="clock">
                20. november
              </Tag>
            }
            answers={[{ value: "yes", label: "Gjort" }, ...sentAnswers.slice(1)]}
            answer={answer()}
            onAnswer={(next) => {
              setAnswer(next);
              undo.offer({ message: "Rød elg 23: ikke ennå", undo: () => setAnswer(undefined) });
            }}
          >
            {answer() === "notYet" && (
              <ChoiceChips
                legend="Hvorfor ikke ennå?"
                hint="Kan stå tomt"
                columns={4}
                phoneColumns={2}
                options={options("Ikke rukket", "Avventer", "Foreldre ikke nådd", "Annet")}
                value={reason()}
                onChange={setReason}
              />
            )}
          </AskCard>
        </Card>
      </Section>
      <Section heading="De neste sju dagene" hint="2">
        <Card list>
          <AskCard
            tile={<CaseTile colour="bla" number={17} />}
            question="Er meldingen sendt?"
            detail="Blå rev 17 · Granly · meldeplikten er utløst"
            tag={<Tag>Mandag 30.</Tag>}
            answers={sentAnswers}
            onAnswer={nothing}
          />
          <AskCard
            tile={<CaseTile colour="lilla" number={9} />}
            question="Er første tilbakemelding kommet?"
            detail="Lilla ulv 9 · Furumo · meldingen ble mottatt 6. november"
            tag={<Tag>I morgen</Tag>}
            answers={[{ value: "yes", label: "Ja, den er kommet" }, ...sentAnswers.slice(1)]}
            onAnswer={nothing}
          />
        </Card>
      </Section>
      <Section heading="Venter på skolen" hint="Skolen ser det samme">
        <RowList>
          <QueueRow
            colour="gul"
            number={42}
            title="Gul ugle 42"
            detail="Skolens egne tiltak · drøftes igjen 17. desember"
            href="#case"
            chevron
          />
        </RowList>
      </Section>
      <Section heading="Svart i dag" hint="Blir stående til i morgen">
        <RowList>
          <QueueRow
            colour="brun"
            number={5}
            title="Brun bjørn 5"
            detail="Er meldingen sendt? · Tjernlia · svart nå nettopp"
            tag={
              <Tag tone="done" icon="check">
                Sendt
              </Tag>
            }
            href="#case"
          />
        </RowList>
      </Section>
    </Frame>
  );
}

function Invite(): JSX.Element {
  return (
    <Frame
      back={{ label: "Granly skole", href: "#03" }}
      state={<StateLine kind="sent" fact="Alt lagret på nettbrettet" rest="alt er sendt" />}
      dock={
        <Dock>
          <Button size="dock">Nei, de er ulike</Button>
          <Button variant="primary" size="dock" icon="check" grow>
            Ja, ordene er like
          </Button>
        </Dock>
      }
    >
      <PageTitle
        kicker="Granly skole"
        title="Inviter sosiallærer"
        detail="Sosiallæreren ser bare sin egen skole. Gjør dette sammen, i rommet eller på telefon."
      />
      <Card kind="hero">
        <div class="invite">
          <QrCode value="https://apendor.example/bli-med#kX3vJ8pQd0bWn2mZ7tYcR4aLs9eUf1gH" label="QR-kode med invitasjonen" />
          <Steps
            steps={[
              { title: "Koden er lest", detail: "En telefon ba om å bli med 10.42.", state: "done" },
              { title: "Les fire ord høyt for hverandre", detail: "Like ord betyr at ingen har kommet imellom.", state: "current" },
              { title: "Sosiallæreren er med", detail: "Får nøkkelen til Granly og ikke noe annet.", state: "todo" },
            ]}
          />
        </div>
      </Card>
      <WordCards question="Står de samme ordene på den andre skjermen?" words={["fjell", "kanel", "trikk", "måne"]} />
      <Notice icon="clock">Invitasjonen gjelder i 20 minutter og for én person. Går noe galt, lager du bare en ny.</Notice>
    </Frame>
  );
}

function Hidden(): JSX.Element {
  const [hidden, setHidden] = createSignal(true);
  return (
    <HideScreen hidden={hidden()} now={new Date(2026, 10, 26, 14, 7)} onReturn={() => setHidden(false)}>
      <Frame nav={navItems("I dag")} onHide={() => setHidden(true)}>
        <PageTitle title="Tilbake igjen" />
        <TextField label="Et utkast" value="beholdes" onInput={nothing} />
      </Frame>
    </HideScreen>
  );
}

function Fields(): JSX.Element {
  const [name, setName] = createSignal("");
  const [on, setOn] = createSignal(true);
  return (
    <Frame nav={navItems("Innstillinger")}>
      <PageTitle title="Innstillinger" detail="Felt, valg og rader" />
      <TextField label="Tjenestens navn" hint="Slik det står på brevpapiret" value={name()} onInput={setName} />
      <TextField label="Oppstartskode" value="k7" onInput={nothing} error="Koden har åtte tegn. Se etter et tegn som mangler." />
      <DateField label="Dato" value="2026-11-26" onInput={nothing} />
      <TimeField label="Fra" aside="Kan stå tomt" value="13:30" onInput={nothing} />
      <Checkbox label="Lås når skjermen slås av" checked={on()} onChange={setOn} kind="switch" hint="Virker også uten nett" />
      <Checkbox label="Vis skoler uten åpen dør" checked={!on()} onChange={(value) => setOn(!value)} />
      <Section heading="Denne enheten">
        <Card>
          <SummaryList
            rows={[
              { label: "Navn", value: "Nettbrett 2" },
              { label: "Ble med", value: "20. august 2026" },
            ]}
          />
        </Card>
      </Section>
      <Alert title="Lagringen er nesten full" action={<Button size="small">Se hva som kan ryddes</Button>}>
        Det er plass til omtrent ti drøftinger til.
      </Alert>
      <EmptyState text="Ingen er meldt opp ennå. Døra er åpen likevel.">
        <Button icon="plus">Ny drøfting</Button>
      </EmptyState>
      <div class="button-row">
        <Button variant="primary">Lagre</Button>
        <Button>Skriv ut</Button>
        <Button variant="quiet">Avbryt</Button>
        <Button tone="danger">Fjern enheten</Button>
        <Button iconOnly icon="trash" variant="quiet">
          Slett
        </Button>
      </div>
    </Frame>
  );
}

function States(): JSX.Element {
  return (
    <main style={{ padding: "2rem", display: "grid", gap: "0.5rem", "justify-items": "start" }}>
      <h1 class="voice">Tilstander</h1>
      <StateLine kind="sent" fact="Alt lagret på nettbrettet" rest="alt er sendt" />
      <StateLine kind="unsent" fact="Alt lagret på nettbrettet" rest="3 ikke sendt" />
      <StateLine kind="saving" fact="Lagrer …" />
      <StateLine kind="full" fact="Ikke lagret. Lagringen er full" action={{ label: "Hva gjør jeg?", href: "#full" }} />
      <StateLine kind="attention" fact="1 ting trenger deg" action={{ label: "Se hva", onPress: nothing }} />
      <StateLine kind="update" fact="Ny versjon er klar" action={{ label: "Start på nytt", onPress: nothing }} />
    </main>
  );
}
