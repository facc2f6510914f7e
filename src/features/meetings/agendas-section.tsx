import type { JSX } from "solid-js";
import { Section } from "../../ui/card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { TemplateLinks } from "../templates/template-links.tsx";
import { createAgendaLinks } from "./create-agendas.ts";

/** The service's agenda of each type of meeting. */
export function AgendasSection(): JSX.Element {
  const { text } = useText();
  const links = createAgendaLinks(() => undefined);
  return (
    <Section heading={text("agendas.template.heading")}>
      <p class="section-text detail">{text("agendas.template.settingsDetail")}</p>
      <TemplateLinks kind="agendas" owner="service" links={links()} />
    </Section>
  );
}
