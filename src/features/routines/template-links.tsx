import { For, type JSX, Show } from "solid-js";
import { type RoutineId, routineIds } from "../../content/routines.ts";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { createVersionWords } from "./create-templates.ts";
import type { TemplateHere } from "./followed-rules.ts";

/** The four routines, each with whose version holds and the way to change it: a school's, or the service's where no school is given. */
export function TemplateLinks(props: { schoolId?: string; templates: (routine: RoutineId) => TemplateHere; words: ReturnType<typeof createVersionWords> }): JSX.Element {
  const { text } = useText();
  const detail = ({ template, isBehind }: TemplateHere) => {
    const behind = text(props.schoolId === undefined ? "routines.template.appIsBehind" : "routines.isBehind");
    return [props.words(template.version), isBehind ? behind : ""].filter((part) => part !== "").join(" · ");
  };
  return (
    <RowList>
      <For each={routineIds}>
        {(routine) => (
          <InfoRow
            title={text(`routines.name.${routine}`)}
            detail={detail(props.templates(routine))}
            tag={
              <Show when={props.templates(routine).isOwn}>
                <Tag tone="info">{text(props.schoolId === undefined ? "routines.template.ownTag" : "routines.template.schoolTag")}</Tag>
              </Show>
            }
            href={props.schoolId === undefined ? `/rutiner/${routine}` : `/skoler/${props.schoolId}/rutiner/${routine}`}
            chevron
          />
        )}
      </For>
    </RowList>
  );
}
