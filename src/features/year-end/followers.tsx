import { useNavigate } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createReading } from "../space/create-people.ts";
import { readyFollowers } from "../space/followers.ts";
import { schoolOfLabel, yearOfLabel } from "../space/invite-rules.ts";
import { useRoomWork } from "../space/room-work.tsx";
import { useWorkspace } from "../space/workspace.tsx";

/** Who was with a school last year and waits to be let into this one: one tap for all. Nothing where nobody waits. */
export function Followers(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const work = useRoomWork();
  const navigate = useNavigate();
  const answers = createReading((rooms) => readyFollowers(rooms.filter(({ label }) => yearOfLabel(label) === workspace.schoolYear()), rooms));
  const underWay = createMemo(() => new Set(work.jobs().flatMap(({ job }) => (job.work.type === "follow" ? job.work.people : []))));
  const people = createMemo(() =>
    Array.from(Map.groupBy(answers() ?? [], ({ by }) => by.person), ([person, all]) => ({
      person,
      name: all.find(({ by }) => by.name !== null)?.by.name ?? text("space.settings.unnamed"),
      role: all[0]?.by.role ?? "socialTeacher",
      schools: Array.from(new Set(all.flatMap(({ label }) => workspace.schoolName(schoolOfLabel(label) ?? "") ?? []))),
    })).filter(({ person }) => !underWay().has(person)),
  );
  const letIn = async () => {
    const names = format.list(people().map(({ name }) => name));
    if (await engine.run(async () => void (await work.begin(names, { type: "follow", people: people().map(({ person }) => person) })))) navigate("/folk");
  };
  const year = () => format.schoolYear(workspace.schoolYear());
  return (
    <Show when={people().length > 0}>
      <Section heading={text("yearEnd.follow.heading", { year: year() })}>
        <p>{text("yearEnd.follow.detail")}</p>
        <RowList>
          <For each={people()}>
            {({ person, name, role, schools }) => (
              <InfoRow icon="person" tone="neutral" title={name} detail={[text(`space.role.${role}`), format.list(schools)].filter((part) => part !== "").join(" · ")} href={`/folk/${person}`} chevron />
            )}
          </For>
        </RowList>
        <div class="button-row section-action">
          <Button variant="primary" icon="personPlus" onClick={() => void letIn()}>
            {text("yearEnd.follow.letIn", { year: year() })}
          </Button>
        </div>
      </Section>
    </Show>
  );
}
