import { type JSX, Show } from "solid-js";
import { dateOf } from "../../lib/iso-date.ts";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { CaseTile } from "../../ui/case-tile.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { codeLabel } from "../cases/rules.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import { createCaseWords } from "./create-case-words.ts";
import type { ConsultationForm } from "./schema.ts";

/** The code, where the drøfting comes from, who will see it, and in one line what is answered already. */
export function FormHead(props: {
  form: ConsultationForm;
  signUp: PreRegistration | null;
  /** Earlier drøftinger of the case. */
  timesBefore: number;
  isChange: boolean;
  isFramed: boolean;
  hasSummary: boolean;
  onExpand: () => void;
  onOnlyUs: ((onlyUs: boolean) => void) | undefined;
}): JSX.Element {
  const { text, format } = useText();
  const words = createCaseWords();
  const summary = () => words.about(props.form.draft);
  const origin = () => {
    if (props.isChange) return text("consultations.head.change", { date: format.date(props.form.startedAt.slice(0, 10), "day") });
    const nth = props.timesBefore === 0 ? "" : text("consultations.head.again", { nth: (words.nthTime(props.timesBefore + 1) ?? "").toLowerCase() });
    if (props.signUp === null) return nth === "" ? text("consultations.head.new") : text("consultations.head.newAgain", { nth });
    const signedUp = text("consultations.head.signedUp", { date: format.date(dateOf(props.signUp.createdAt), "day") });
    return nth === "" ? signedUp : `${signedUp} · ${nth}`;
  };
  const expandButton = () => (
    <Button variant="secondary" size="small" aria-label={text("consultations.head.expand")} onClick={() => props.onExpand()}>
      {text("common.action.change")}
    </Button>
  );
  return (
    <>
      <PageTitle
        tile={<CaseTile colour={props.form.code.colour} number={props.form.code.number} size={props.isFramed ? 48 : 60} />}
        title={codeLabel(props.form.code)}
        detail={props.isFramed && props.hasSummary ? summary() : origin()}
        compact={props.isFramed}
        aside={
          <>
            <Show when={props.isFramed && props.hasSummary}>{expandButton()}</Show>
            <Show when={props.onOnlyUs}>
              {(onOnlyUs) => (
                <Checkbox
                  kind="switch"
                  label={text("consultations.onlyUs.label")}
                  hint={text(props.form.onlyUs ? "consultations.onlyUs.on" : "consultations.onlyUs.off")}
                  checked={props.form.onlyUs}
                  onChange={(onlyUs) => onOnlyUs()(onlyUs)}
                />
              )}
            </Show>
          </>
        }
      />
      <Show when={!props.isFramed && props.hasSummary}>
        <RowList>
          <InfoRow
            title={words.about({ role: props.form.draft.role, gradeBand: props.form.draft.gradeBand, themes: [] })}
            detail={[endSentence(words.themes(props.form.draft.themes)), props.signUp === null ? "" : words.wishes(props.signUp)].filter((part) => part !== "").join(" ")}
            action={expandButton()}
          />
        </RowList>
      </Show>
    </>
  );
}

function endSentence(words: string): string {
  return words === "" ? "" : `${words}.`;
}
