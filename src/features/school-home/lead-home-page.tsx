import type { JSX } from "solid-js";
import { PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { NeedsYou } from "../space/needs-you.tsx";
import { Page } from "../space/page.tsx";

/** The service lead's «I dag»: published figures, once there are any. Never the content of a drøfting: this device has no key to one. */
export function LeadHomePage(): JSX.Element {
  const { text } = useText();
  return (
    <Page>
      <PageTitle title={text("space.lead.title")} />
      <NeedsYou />
      <EmptyState text={text("space.lead.empty")} />
      <Notice icon="eyeSlash">{text("space.lead.detail")}</Notice>
    </Page>
  );
}
