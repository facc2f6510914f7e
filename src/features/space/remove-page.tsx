import { useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { addDays } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DateField, TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createServicePeople } from "./create-people.ts";
import { Page } from "./page.tsx";
import { type Person, type PersonDevice, schoolsOf, whyNotRemove } from "./people-rules.ts";
import { useRoomWork } from "./room-work.tsx";
import { createDeviceName } from "./person-page.tsx";
import { WorkProgress } from "./work-progress.tsx";
import { useWorkspace } from "./workspace.tsx";

const wholeService = "service";
/** In characters: one line of why. */
const longestReason = 120;

/** Taking the keys away from somebody, or from one device that was lost: what that means first, then why, then place by place. */
export function RemovePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ personId: string }>();
  const [search] = useSearchParams<{ enhet?: string }>();
  const workspace = useWorkspace();
  const people = createServicePeople();
  const person = createMemo(() => people()?.find(({ id }) => id === params.personId));
  const device = createMemo(() => (search.enhet === undefined ? null : (person()?.devices.find(({ id }) => id === search.enhet) ?? undefined)));
  const [alreadyDone, setAlreadyDone] = createSignal(false);
  const back = { label: text("people.title"), href: "/folk" };
  return (
    <Show
      when={!alreadyDone() && device() !== undefined && person()}
      fallback={
        <Page focus back={back}>
          <WorkProgress />
          <Show when={alreadyDone()}>
            <PageTitle title={text("people.work.alreadyDone")} />
          </Show>
          <Show when={people() && !alreadyDone()}>
            <EmptyState text={text("people.person.notFound")} />
          </Show>
        </Page>
      }
    >
      {(found) => (
        <Show
          when={whyNotRemove(people() ?? [], found(), workspace.role(), device() ?? null)}
          fallback={<RemoveForm person={found()} device={device() ?? null} onAlreadyDone={() => setAlreadyDone(true)} />}
        >
          {(why) => (
            <Page focus back={back}>
              <PageTitle title={text("people.remove.title", { name: found().name ?? "" })} />
              <Notice icon="information">{text(`people.whyNot.${why()}`)}</Notice>
            </Page>
          )}
        </Show>
      )}
    </Show>
  );
}

function RemoveForm(props: { person: Person; device: PersonDevice | null; onAlreadyDone: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const work = useRoomWork();
  const navigate = useNavigate();
  const [scope, setScope] = createSignal<string>(wholeService);
  const [lastHad, setLastHad] = createSignal<"today" | "yesterday" | "otherDay">();
  const [day, setDay] = createSignal("");
  const [reason, setReason] = createSignal("");
  const [tried, setTried] = createSignal(false);
  let form: HTMLFormElement | undefined;
  const name = () => props.person.name ?? text("space.settings.unnamed");
  const isLost = () => props.device !== null;
  const deviceName = createDeviceName();
  const whichDevice = () => {
    const { device } = props;
    if (device === null) return undefined;
    return `${name()} · ${deviceName(device, props.person.devices.findIndex(({ id }) => id === device.id))}`;
  };
  const schools = createMemo(() => (props.person.role === "consultant" ? [] : schoolsOf(props.person)));
  /** Empty until it has been answered: a day that nobody chose would mark too little as doubtful. */
  const vouched = () => {
    const answer = lastHad();
    if (answer === undefined || answer === "otherDay") return day();
    return answer === "today" ? engine.today() : addDays(engine.today(), -1);
  };
  const isLastHadMissing = () => tried() && isLost() && lastHad() === undefined;
  const dayError = () => (tried() && lastHad() === "otherDay" && day() === "" ? text("people.remove.dayMissing") : undefined);
  const reasonError = () => (tried() && reason().trim() === "" ? text("people.remove.reasonMissing") : undefined);
  const happens = () =>
    isLost()
      ? (["keysDevice", "copiedDevice", "stays", "unsentDevice"] as const)
      : (["keys", "copied", "stays", "unsent"] as const);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (isLastHadMissing() || dayError() !== undefined || reasonError() !== undefined) {
      const wrong = isLastHadMissing() ? "input[type=radio]" : "[aria-invalid=true]";
      queueMicrotask(() => form?.querySelector<HTMLElement>(wrong)?.focus());
      return;
    }
    await engine.run(async () => {
      const jobId = await work.begin(name(), {
        type: "remove",
        person: props.person.id,
        device: props.device?.id ?? null,
        schoolId: scope() === wholeService ? null : scope(),
        lastHad: isLost() ? vouched() : null,
        reason: reason().trim(),
      });
      if (jobId === null) props.onAlreadyDone();
      else navigate("/folk");
    });
  };

  return (
    <form ref={(element) => (form = element)} onSubmit={submit} novalidate>
      <Page
        focus
        back={{ label: name(), href: `/folk/${props.person.id}` }}
        dock={
          <Dock>
            <Button type="submit" variant="primary" size="dock" grow>
              {isLost() ? text("people.remove.submitDevice") : text("people.person.remove", { name: name() })}
            </Button>
          </Dock>
        }
      >
        <PageTitle
          kicker={whichDevice()}
          title={isLost() ? text("people.remove.titleDevice") : text("people.remove.title", { name: name() })}
          detail={isLost() && props.person.devices.length > 1 ? text("people.remove.detailDevice") : undefined}
        />
        <Show when={!isLost() && schools().length > 1}>
          <ChoiceChips
            legend={text("people.remove.scope", { name: name() })}
            options={[
              { value: wholeService, label: text("people.remove.wholeService") },
              ...schools().map((value) => ({ value, label: workspace.schoolName(value) ?? text("common.nav.schools") })),
            ]}
            value={scope()}
            onChange={(value) => setScope(value ?? wholeService)}
            columns={3}
            phoneColumns={2}
            required
          />
        </Show>
        <Show when={isLost()}>
          <ChoiceChips
            legend={text("people.remove.lastHad")}
            options={(["today", "yesterday", "otherDay"] as const).map((value) => ({ value, label: text(`people.remove.${value}`) }))}
            value={lastHad()}
            onChange={setLastHad}
            columns={3}
            phoneColumns={3}
            next={isLastHadMissing()}
            required
          />
          <div aria-live="polite">
            <Show when={isLastHadMissing()}>
              <p class="field-error">
                <Icon name="warning" size={20} />
                <span>{text("people.remove.lastHadMissing")}</span>
              </p>
            </Show>
          </div>
          <Show when={lastHad() === "otherDay"}>
            <DateField label={text("people.remove.day")} value={day()} onInput={setDay} max={engine.today()} error={dayError()} required />
          </Show>
          <Notice icon="information">{text("people.remove.lastHadHint")}</Notice>
        </Show>
        <Section heading={text("people.remove.next")}>
          <ul class="plain-list">
            <For each={happens()}>{(key) => <li>{text(`people.remove.${key}`, { name: name() })}</li>}</For>
          </ul>
        </Section>
        <div class="stack form-stack">
          <TextField
            label={text("people.remove.reason")}
            hint={text("people.remove.reasonHint")}
            value={reason()}
            onInput={setReason}
            error={reasonError()}
            maxLength={longestReason}
            required
          />
        </div>
        <Show when={isLost() && props.person.devices.length === 1}>
          <Notice icon="personPlus">{text("people.remove.onlyDevice", { name: name() })}</Notice>
        </Show>
        <Notice icon="cloudUp">{text("people.remove.needsNet")}</Notice>
      </Page>
    </form>
  );
}
