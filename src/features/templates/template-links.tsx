import { For, type JSX, Show } from "solid-js";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { TemplateKind } from "./create-version-words.ts";

export type TemplateLink = { readonly title: string; readonly version: string; readonly isOwn: boolean; readonly isBehind: boolean; readonly href: string };

/** The page of one template: a school's, or the service's where no school is given. */
export function templatePath(school: { readonly schoolId: string } | undefined, pages: "rutiner" | "sakslister", of: string): string {
  return `${school === undefined ? "" : `/skoler/${school.schoolId}`}/${pages}/${of}`;
}

/** Each template with whose version holds and the way to change it: a school's, or the service's. */
export function TemplateLinks(props: { kind: TemplateKind; owner: "service" | "school"; links: readonly TemplateLink[] }): JSX.Element {
  const { text } = useText();
  const behind = () => text(props.owner === "service" ? `${props.kind}.template.appIsBehind` : `${props.kind}.isBehind`);
  return (
    <RowList>
      <For each={props.links}>
        {({ title, version, isOwn, isBehind, href }) => (
          <InfoRow
            title={title}
            detail={isBehind ? `${version} · ${behind()}` : version}
            tag={
              <Show when={isOwn}>
                <Tag tone="info">{text(props.owner === "service" ? `${props.kind}.template.ownTag` : `${props.kind}.template.schoolTag`)}</Tag>
              </Show>
            }
            href={href}
            chevron
          />
        )}
      </For>
    </RowList>
  );
}
