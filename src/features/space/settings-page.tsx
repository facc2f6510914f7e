import { useLocation } from "@solidjs/router";
import { createEffect, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { AgendasSection } from "../meetings/agendas-section.tsx";
import { MeetingTypesSection } from "../meetings/meeting-types-section.tsx";
import { HolidaysSection } from "../schools/holidays-section.tsx";
import { Page } from "./page.tsx";
import { RoutinesSection } from "../routines/settings-routines.tsx";
import { PastYears } from "../year-end/past-years.tsx";
import { AttentionSection } from "./settings-attention.tsx";
import { ConsultationsSection } from "./settings-consultations.tsx";
import { LanguageAndLook } from "./settings-look.tsx";
import { LockSection } from "./settings-lock.tsx";
import { PeopleSection } from "./settings-people.tsx";
import { RecoverySection } from "./settings-recovery.tsx";
import { ServiceSection } from "./settings-service.tsx";
import { StorageSection } from "./settings-storage.tsx";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

/** What this device and the service are set to, and what needs somebody. */
export function SettingsPage(): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const shell = useShell();
  const location = useLocation();
  const isConsultant = () => workspace.role() === "consultant";
  let content: HTMLDivElement | undefined;

  // The state line leads to a place on this page; it is moved to after the page is drawn, and for a screen reader too.
  createEffect(() => {
    const id = location.hash.slice(1);
    if (id === "") return;
    queueMicrotask(() => {
      const target = content?.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
      target?.scrollIntoView({ block: "start" });
      target?.focus({ preventScroll: true });
    });
  });

  return (
    <Page>
      <div ref={(element) => (content = element)}>
        <PageTitle
          title={text("space.settings.title")}
          detail={
            workspace.ownName() === ""
              ? undefined
              : text("settings.nameAndRole", { name: workspace.ownName(), role: text(`space.role.${workspace.role()}`) })
          }
        />
        <Anchor id="trenger-deg">
          <AttentionSection />
        </Anchor>
        <Show when={isConsultant()}>
          <Anchor id="skolear">
            <PastYears />
          </Anchor>
        </Show>
        <LanguageAndLook />
        <LockSection />
        <Anchor id="lagring">
          <StorageSection />
        </Anchor>
        <PeopleSection />
        <Anchor id="gjenoppretting">
          <RecoverySection />
        </Anchor>
        <Show when={isConsultant()}>
          <Anchor id="telefoner">
            <ServiceSection />
          </Anchor>
          <Anchor id="ferier">
            <HolidaysSection />
          </Anchor>
          <Anchor id="drofting">
            <ConsultationsSection />
          </Anchor>
          <Anchor id="rutiner">
            <RoutinesSection />
          </Anchor>
          <MeetingTypesSection />
          <Anchor id="sakslister">
            <AgendasSection />
          </Anchor>
        </Show>
        <Show when={shell.example}>
          <Section heading={text("space.settings.example")}>
            <p>{text("space.settings.exampleDetail")}</p>
            <div class="button-row section-action">
              <Button variant="secondary" icon="trash" onClick={() => void shell.emptyDevice()}>
                {text("space.settings.deleteExample")}
              </Button>
            </div>
          </Section>
        </Show>
        <AppVersion />
      </div>
    </Page>
  );
}

/** Where a link from elsewhere leads. */
function Anchor(props: { id: string; children: JSX.Element }): JSX.Element {
  return (
    <div id={props.id} class="anchor" tabindex="-1">
      {props.children}
    </div>
  );
}

function AppVersion(): JSX.Element {
  const { text } = useText();
  const version: unknown = import.meta.env["VITE_APP_VERSION"];
  return (
    <Show when={typeof version === "string" ? version : undefined}>
      {(known) => <p class="detail section-action">{text("space.settings.version", { version: known() })}</p>}
    </Show>
  );
}
