import { createSignal, For, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { createLanguageChoice, LanguageChips } from "../../ui/language-choice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { invitationText, plainInvitation } from "./invitation-text.ts";
import type { Meeting, MeetingItem, Participant } from "./schema.ts";

/** The invitation, in the language of whoever gets it: to print, or to copy. */
export function InvitationSection(props: { meeting: Meeting; reference: string; items: readonly MeetingItem[]; participants: readonly Participant[] }): JSX.Element {
  const { text } = useText();
  const choice = createLanguageChoice();
  /** What the last try was for, and whether the device let it. */
  const [copied, setCopied] = createSignal({ what: "", done: true });
  const invitation = () => {
    const words = choice.words();
    return words === undefined ? undefined : { language: words.language, ...invitationText(props.meeting, props, words) };
  };
  const copy = async () => {
    const made = invitation();
    if (made === undefined) return;
    const what = plainInvitation(made);
    const done = await navigator.clipboard.writeText(what).then(
      () => true,
      () => false,
    );
    setCopied({ what, done });
  };
  return (
    <Show when={invitation()}>
      {(made) => (
        <>
          <div class="no-print">
            <Section heading={text("meetings.invitation.heading")} hint={text("meetings.invitation.hint")}>
              <LanguageChips legend={text("meetings.invitation.language")} choice={choice} />
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
            <p role="status">{copied().what === plainInvitation(made()) ? text(copied().done ? "meetings.invitation.copied" : "meetings.invitation.notCopied") : ""}</p>
          </div>
        </>
      )}
    </Show>
  );
}
