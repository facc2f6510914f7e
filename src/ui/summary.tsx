import { For, Show, type JSX } from "solid-js";

export interface SummaryRow {
  readonly label: string;
  readonly value: JSX.Element;
}

/** Labels and values, as a list of terms. */
export function SummaryList(props: { readonly rows: readonly SummaryRow[] }): JSX.Element {
  return (
    <dl class="summary">
      <For each={props.rows}>
        {(row) => (
          <div>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}

export interface Figure {
  /** In serif: «4», «25 min». */
  readonly value: string;
  readonly label: string;
}

/** A few figures in a line, the last at the right when it is the sum. */
export function Figures(props: { readonly figures: readonly Figure[]; readonly total?: Figure | undefined }): JSX.Element {
  const term = (figure: Figure, isTotal: boolean) => (
    <div data-total={isTotal ? "" : undefined}>
      <dt>{figure.label}</dt>
      <dd class="voice">{figure.value}</dd>
    </div>
  );
  return (
    <dl class="figures">
      <For each={props.figures}>{(figure) => term(figure, false)}</For>
      <Show when={props.total}>{(total) => term(total(), true)}</Show>
    </dl>
  );
}
