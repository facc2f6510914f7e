import type { JSX } from "solid-js";
import { Section } from "../../ui/card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { TemplateLinks } from "../templates/template-links.tsx";
import { createRoutineLinks } from "./create-templates.ts";

/** The service's version of each routine. */
export function RoutinesSection(): JSX.Element {
  const { text } = useText();
  const links = createRoutineLinks(() => undefined);
  return (
    <Section heading={text("routines.template.heading")}>
      <p class="section-text detail">{text("routines.template.settingsDetail")}</p>
      <TemplateLinks kind="routines" owner="service" links={links()} />
    </Section>
  );
}
