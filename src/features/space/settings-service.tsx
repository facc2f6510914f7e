import { createSignal, type JSX } from "solid-js";
import * as z from "zod/mini";
import { indexDocId } from "../../engine/log/rights.ts";
import { policeEmergencyNumber } from "../../content/contacts.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Question } from "../../ui/chip-group.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextField, TimeField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { changeSettings, readPhones, readSettings, setPhone, shelfRoots } from "./document.ts";
import { phonesOf } from "./rules.ts";
import type { Phone, PhoneKind } from "./schema.ts";
import { createFormChanges } from "./settings-changes.ts";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

const ServiceFields = z.object({
  serviceName: z.string(),
  childWelfare: z.string(),
  opensAt: z.string(),
  closesAt: z.string(),
  outOfHours: z.string(),
  police: z.string(),
});
type ServiceFields = z.infer<typeof ServiceFields>;

/** The service's name and the numbers that must work without a network, also behind the lock. */
export function ServiceSection(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const shell = useShell();
  const [saved, setSaved] = createSignal(false);
  const shelf = createDocumentView(workspace.shelfIndex, shelfRoots, (doc) => ({
    serviceName: doc === undefined ? "" : readSettings(doc).serviceName,
    phones: phonesOf(doc === undefined ? [] : readPhones(doc)),
  }));
  const phone = (kind: PhoneKind): Partial<Phone> => shelf().phones.find(({ id }) => id === kind) ?? {};
  const { field, change, all, forget } = createFormChanges<ServiceFields>(
    "settings/service",
    () => ({
      serviceName: shelf().serviceName,
      childWelfare: phone("childWelfare").number ?? "",
      opensAt: phone("childWelfare").opensAt ?? "",
      closesAt: phone("childWelfare").closesAt ?? "",
      outOfHours: phone("outOfHours").number ?? "",
      police: phone("police").number ?? "",
    }),
    (stored) => {
      const parsed = z.partial(ServiceFields).safeParse(stored);
      return parsed.success ? (parsed.data as Partial<ServiceFields>) : null;
    },
  );

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaved(false);
    const room = workspace.shelfRoom();
    if (room === undefined) return;
    const { serviceName, childWelfare, opensAt, closesAt, outOfHours, police } = all();
    const ok = await engine.run(async () => {
      let phones: Phone[] = [];
      await room.edit([indexDocId], (doc) => {
        if (doc === undefined) return;
        if (serviceName.trim() !== "") changeSettings(doc, { serviceName: serviceName.trim() });
        setPhone(doc, "childWelfare", phoneFields(childWelfare, opensAt, closesAt));
        setPhone(doc, "outOfHours", phoneFields(outOfHours));
        setPhone(doc, "police", phoneFields(police.trim() === policeEmergencyNumber ? "" : police));
        phones = phonesOf(readPhones(doc));
      });
      await shell.savePublicPhones(phones);
    });
    if (!ok) return;
    await forget();
    setSaved(true);
  };
  const input = (name: keyof ServiceFields) => (value: string) => {
    setSaved(false);
    change(name, value);
  };

  return (
    <Section heading={text("space.settings.service")}>
      <form class="card" onSubmit={save} novalidate>
        <TextField label={text("space.settings.serviceName")} value={field("serviceName")} onInput={input("serviceName")} maxLength={80} />
        <Question legend={text("space.settings.phones")}>
          <Notice icon="unlock">{text("space.settings.phonesHint")}</Notice>
          <TextField
            label={text("space.phone.childWelfare")}
            hint={text("settings.hoursHint")}
            type="tel"
            value={field("childWelfare")}
            onInput={input("childWelfare")}
            maxLength={20}
          />
          <div class="field-row" data-times="">
            <TimeField label={text("settings.opens")} value={field("opensAt")} onInput={input("opensAt")} />
            <TimeField label={text("settings.closes")} value={field("closesAt")} onInput={input("closesAt")} />
          </div>
          <div class="field-row">
            <TextField
              label={text("space.phone.outOfHours")}
              hint={text("space.phoneDetail.outOfHours")}
              type="tel"
              value={field("outOfHours")}
              onInput={input("outOfHours")}
              maxLength={20}
            />
            <TextField
              label={text("space.phone.police")}
              hint={text("settings.policeHint")}
              type="tel"
              value={field("police")}
              onInput={input("police")}
              maxLength={20}
            />
          </div>
        </Question>
        <div class="button-row">
          <Button type="submit" variant="primary">
            {text("space.settings.savePhones")}
          </Button>
          <p role="status">{saved() ? text("settings.saved") : ""}</p>
        </div>
      </form>
    </Section>
  );
}

/** Without a number nothing is set, and the preset, if there is one, is used. */
function phoneFields(number: string, opensAt = "", closesAt = "") {
  const filled = (value: string) => (value.trim() === "" || number.trim() === "" ? undefined : value.trim());
  return { number: filled(number), opensAt: filled(opensAt), closesAt: filled(closesAt) };
}
