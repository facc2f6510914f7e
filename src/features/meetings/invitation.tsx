import { createResource, createSignal, For, type JSX, Show } from "solid-js";
import { createTranslator, type Language, languageNames, loadTexts } from "../../i18n/translate.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { invitationText, plainInvitation } from "./invitation-text.ts";
import type { Meeting, MeetingItem, Participant } from "./schema.ts";

const languages = Object.keys(languageNames) as Language[];

/** The invitation, in the language of whoever gets it: to print, or to copy. */
export function InvitationSection(props: { meeting: Meeting; reference: string; items: readonly MeetingItem[]; participants: readonly Participant[] }): JSX.Element {
  const { text, language: own } = useText();
  const [chosen, setChosen] = createSignal<Language>();
  const [copied, setCopied] = createSignal("");
  const language = () => chosen() ?? own();
  const [loaded] = createResource(language, async (one) => ({ language: one, texts: await loadTexts(one) }));
  const invitation = () => {
    const here = loaded.latest;
    if (here === undefined) return undefined;
    const translator = createTranslator(
      () => here.language,
      () => here.texts,
    );
    return { language: here.language, ...invitationText(props.meeting, props, translator) };
  };
  const copy = async () => {
    const made = invitation();
    if (made === undefined) return;
    await navigator.clipboard.writeText(plainInvitation(made));
    setCopied(plainInvitation(made));
  };
  return (
    <Show when={invitation()}>
      {(made) => (
        <>
          <div class="no-print">
            <Section heading={text("meetings.invitation.heading")} hint={text("meetings.invitation.hint")}>
              <ChoiceChips<Language>
                legend={text("meetings.invitation.language")}
                options={languages.map((value) => ({ value, label: languageNames[value] }))}
                value={language()}
                onChange={(value) => setChosen(value)}
                columns={3}
                phoneColumns={3}
                required
              />
            </Section>
          </div>
          <Card class="invitation">
            <div lang={made().language}>
              <h3 class="voice">{made().title}</h3>
              <For each={made().parts}>
                {(part) =>
                  typeof part === "string" ? (
                    <p>{part}</p>
                  ) : (
                    <ul>
                      <For each={part}>{(item) => <li>{item}</li>}</For>
                    </ul>
                  )
                }
              </For>
            </div>
          </Card>
          <div class="button-row section-action no-print">
            <Button variant="secondary" icon="printer" onClick={() => window.print()}>
              {text("common.action.print")}
            </Button>
            <Button variant="secondary" icon="copy" onClick={() => void copy()}>
              {text("common.action.copy")}
            </Button>
            <p role="status">{copied() === plainInvitation(made()) ? text("meetings.invitation.copied") : ""}</p>
          </div>
        </>
      )}
    </Show>
  );
}
