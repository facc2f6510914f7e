import type { JSX } from "solid-js";
import { Section } from "../../ui/card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createServiceTemplates, createVersionWords } from "./create-templates.ts";
import { TemplateLinks } from "./template-links.tsx";

/** The service's version of each routine. */
export function RoutinesSection(): JSX.Element {
  const { text } = useText();
  const templates = createServiceTemplates();
  const words = createVersionWords(() => undefined);
  return (
    <Section heading={text("routines.template.heading")}>
      <p class="section-text detail">{text("routines.template.settingsDetail")}</p>
      <TemplateLinks templates={templates} words={words} />
    </Section>
  );
}
