import { type JSX, Show } from "solid-js";
import { reportPortalUrl } from "../../content/contacts.ts";
import { lawReferences } from "../../content/law.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { GuardCard, ViolenceFrame } from "../../ui/guard-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "../space/workspace.tsx";

/** What to do now, in place of a sign-up: who to call, the duty to report, the portal. All but the portal works without a network. */
export function StopCard(props: { because: "violence" | "urgent"; signedUpAlready: boolean; children: JSX.Element }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const law = lawReferences.dutyToReport;
  return (
    <>
      <Show when={props.because === "violence"}>
        <ViolenceFrame />
      </Show>
      <PageTitle title={text("preRegistration.stop.title")} detail={text(props.signedUpAlready ? "preRegistration.stop.stillSignedUp" : "preRegistration.stop.nothingStored")} />
      <GuardCard heading={text(`preRegistration.stop.${props.because}`)} text={text(`preRegistration.stop.${props.because}Text`)} phones={workspace.guardPhones()} />
      <section class="card stop-law" aria-labelledby="stop-law">
        <h2 class="voice" id="stop-law">
          {text("content.law.dutyToReport.heading")}
        </h2>
        <p>{text("content.law.dutyToReport.text")}</p>
        <p class="detail">
          {law.map(({ section }) => section.replace("§ ", "§\u00a0")).join(" · ")}. {text("content.law.asOf", { date: format.date(law[0].checkedAt, "dayYear") })}
        </p>
        <ButtonLink href={reportPortalUrl} target="_blank" rel="noreferrer" icon="externalLink">
          {text("preRegistration.stop.portal")}
        </ButtonLink>
        <p class="detail">{text("preRegistration.stop.portalHint")}</p>
      </section>
      <p class="stop-wrong">{text("preRegistration.stop.wrong")}</p>
      {props.children}
    </>
  );
}
