import { createUniqueId, For, type JSX, onMount } from "solid-js";
import { reportPortalUrl } from "../../content/contacts.ts";
import { lawReferences } from "../../content/law.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { PhoneCard } from "../../ui/guard-card.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { PageFrameProps } from "../../ui/page-frame.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";

/** «Nå vet jeg hvem barnet er»: the note is closed, and what follows for the school and for the consultant. Works without a network but for the portal. */
export function ChildKnown(props: { back: NonNullable<PageFrameProps["back"]> }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const law = lawReferences.dutyToReport;
  const schoolHeading = createUniqueId();
  const consultantHeading = createUniqueId();
  let heading: HTMLHeadingElement | undefined;
  onMount(() => {
    heading?.focus();
    scrollTo({ top: 0 });
  });
  return (
    <Page
      focus
      back={props.back}
      dock={
        <Dock>
          <ButtonLink variant="secondary" size="dock" grow href={props.back.href}>
            {text("consultations.exit.back")}
          </ButtonLink>
        </Dock>
      }
    >
      <header class="page-title">
        <div class="page-title-text">
          <h1 class="voice child-known-title" tabindex="-1" ref={(element) => (heading = element)}>
            {text("consultations.exit.title")}
          </h1>
          <p class="detail">{text("consultations.exit.detail")}</p>
        </div>
      </header>
      <Card>
        <section class="follows" aria-labelledby={consultantHeading}>
          <h2 class="voice" id={consultantHeading}>
            {text("consultations.exit.consultant")}
          </h2>
          <ol>
            <For each={["consultant1", "consultant2", "consultant3"] as const}>{(step) => <li>{text(`consultations.exit.${step}`)}</li>}</For>
          </ol>
        </section>
      </Card>
      <Card>
        <section class="follows" aria-labelledby={schoolHeading}>
          <h2 class="voice" id={schoolHeading}>
            {text("consultations.exit.school")}
          </h2>
          <ol>
            <For each={["school1", "school2", "school3"] as const}>{(step) => <li>{text(`consultations.exit.${step}`)}</li>}</For>
          </ol>
          <p class="detail">
            {law.map(({ section }) => section).join(" · ")}. {text("content.law.asOf", { date: format.date(law[0].checkedAt, "dayYear") })}
          </p>
          <ButtonLink variant="secondary" href={reportPortalUrl} target="_blank" rel="noreferrer" icon="externalLink">
            {text("consultations.exit.portal")}
          </ButtonLink>
          <p class="detail">{text("consultations.exit.portalHint")}</p>
        </section>
      </Card>
      <ul class="phones">
        <For each={workspace.guardPhones()}>{(phone) => <PhoneCard phone={phone} />}</For>
      </ul>
      <Notice icon="trash">{text("consultations.exit.draftGone")}</Notice>
    </Page>
  );
}
