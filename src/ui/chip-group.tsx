import { createMemo, createSignal, createUniqueId, For, Show, splitProps, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

export interface ChipOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Guard colours the chosen chip Rogn: the answer that opens the violence frame. */
  readonly tone?: "guard" | undefined;
}

export interface ChipGroup<Value extends string> {
  readonly label: string;
  readonly options: readonly ChipOption<Value>[];
}

interface QuestionProps {
  /** The question, in serif. */
  readonly legend: string;
  /** A few words beside the question. */
  readonly hint?: string | undefined;
  /** The first required question without an answer: a bar of light at its left. */
  readonly next?: boolean | undefined;
  /** Only for screen readers: a heading above says the same. */
  readonly legendHidden?: boolean | undefined;
}

interface LayoutProps {
  /** Columns where there is room for them; `auto` lets each chip be as wide as its text. */
  readonly columns?: 2 | 3 | 4 | 5 | "auto" | undefined;
  /** Columns on a phone. Default 3 for one answer, 2 for several. */
  readonly phoneColumns?: 2 | 3 | 4 | undefined;
  /** How many options are shown before «Flere …»; all when left out. A chosen option is always shown. */
  readonly primaryCount?: number | undefined;
  readonly moreLabel?: string | undefined;
}

const questionKeys = ["legend", "hint", "next", "legendHidden"] as const;
const layoutKeys = ["columns", "primaryCount", "moreLabel"] as const;

export interface ChoiceChipsProps<Value extends string> extends QuestionProps, LayoutProps {
  readonly options: readonly ChipOption<Value>[];
  readonly value: Value | undefined;
  /** Undefined when the chosen chip was pressed again. */
  readonly onChange: (value: Value | undefined) => void;
  /** A view must always have one chosen: pressing it again does nothing. */
  readonly required?: boolean | undefined;
}

export interface MultiChipsProps<Value extends string> extends QuestionProps, LayoutProps {
  /** Either options or groups with a heading each, which stand side by side where there is room. */
  readonly options?: readonly ChipOption<Value>[] | undefined;
  readonly groups?: readonly ChipGroup<Value>[] | undefined;
  readonly values: readonly Value[];
  readonly onChange: (values: Value[]) => void;
}

export interface ActionChipsProps<Value extends string> extends QuestionProps, LayoutProps {
  readonly options: readonly ChipOption<Value>[];
  readonly onPress: (value: Value) => void;
}

/** One of several: native radio buttons, so arrows move between them. */
export function ChoiceChips<Value extends string>(props: ChoiceChipsProps<Value>): JSX.Element {
  const [question, layout] = splitProps(props, questionKeys, layoutKeys);
  const name = createUniqueId();
  // A click comes before the change it causes, so `props.value` is still the answer from before: pressing it again clears it.
  const clearIfChosen = (value: Value, input: HTMLInputElement) => {
    if (props.value !== value || props.required) return;
    input.checked = false;
    props.onChange(undefined);
  };
  return (
    <Question {...question}>
      <ChipGrid
        {...layout}
        phoneColumns={props.phoneColumns ?? 3}
        options={props.options}
        isChosen={(value) => props.value === value}
        render={(option) => (
          <label class="chip" data-tone={option.tone}>
            <input
              class="chip-input"
              type="radio"
              name={name}
              value={option.value}
              checked={props.value === option.value}
              onClick={(event) => clearIfChosen(option.value, event.currentTarget)}
              onKeyDown={(event) => {
                // Browsers send no click for Space on a radio button that is chosen already.
                if (event.key !== " " || !event.currentTarget.checked) return;
                event.preventDefault();
                clearIfChosen(option.value, event.currentTarget);
              }}
              onChange={() => props.onChange(option.value)}
            />
            <span class="chip-label">{option.label}</span>
          </label>
        )}
      />
    </Question>
  );
}

/** Any number of several: native check boxes, each with its box at the left. */
export function MultiChips<Value extends string>(props: MultiChipsProps<Value>): JSX.Element {
  const [question, layout] = splitProps(props, questionKeys, layoutKeys);
  const toggle = (value: Value, on: boolean) => {
    props.onChange(on ? [...props.values, value] : props.values.filter((other) => other !== value));
  };
  const grid = (options: readonly ChipOption<Value>[], columns: LayoutProps) => (
    <ChipGrid
      {...columns}
      phoneColumns={props.phoneColumns ?? 2}
      options={options}
      isChosen={(value) => props.values.includes(value)}
      render={(option) => (
        <label class="chip" data-several="" data-tone={option.tone}>
          <input
            class="chip-input"
            type="checkbox"
            value={option.value}
            checked={props.values.includes(option.value)}
            onChange={(event) => toggle(option.value, event.currentTarget.checked)}
          />
          <span class="chip-box">
            <Icon name="checkHeavy" size={22} />
          </span>
          <span class="chip-label">{option.label}</span>
        </label>
      )}
    />
  );
  return (
    <Question {...question}>
      <Show when={props.groups} fallback={grid(props.options ?? [], layout)}>
        {(groups) => (
          <div class="chip-columns">
            <For each={groups()}>
              {(group) => {
                const id = createUniqueId();
                return (
                  <div role="group" aria-labelledby={id}>
                    <p class="chip-heading" id={id}>
                      {group.label}
                    </p>
                    {grid(group.options, { columns: undefined })}
                  </div>
                );
              }}
            </For>
          </div>
        )}
      </Show>
    </Question>
  );
}

/** Buttons that look like chips: each does something at once. */
export function ActionChips<Value extends string>(props: ActionChipsProps<Value>): JSX.Element {
  const [question, layout] = splitProps(props, questionKeys, layoutKeys);
  return (
    <Question {...question}>
      <ChipGrid
        {...layout}
        phoneColumns={props.phoneColumns ?? 3}
        options={props.options}
        isChosen={() => false}
        render={(option) => (
          <button type="button" class="chip" onClick={() => props.onPress(option.value)}>
            <span class="chip-label">{option.label}</span>
          </button>
        )}
      />
    </Question>
  );
}

/** A question with anything under it, in the form's rhythm: legend in serif, hint beside it, the light when it is next. */
export function Question(props: QuestionProps & { readonly children: JSX.Element }): JSX.Element {
  const hintId = createUniqueId();
  return (
    <fieldset
      class="question"
      data-next={props.next ? "" : undefined}
      aria-describedby={props.hint === undefined ? undefined : hintId}
    >
      <legend class={props.legendHidden ? "ds-sr-only" : "question-legend"}>
        {props.legend}
        <Show when={props.hint}>
          {/* Beside the question, yet not part of the group's name. */}
          <span class="hint" id={hintId} aria-hidden="true">
            {props.hint}
          </span>
        </Show>
      </legend>
      {props.children}
    </fieldset>
  );
}

/** Two short questions side by side where there is room. */
export function QuestionPair(props: { readonly children: JSX.Element }): JSX.Element {
  return <div class="question-pair">{props.children}</div>;
}

interface ChipGridProps<Value extends string> extends LayoutProps {
  readonly options: readonly ChipOption<Value>[];
  readonly isChosen: (value: Value) => boolean;
  readonly render: (option: ChipOption<Value>) => JSX.Element;
}

function ChipGrid<Value extends string>(props: ChipGridProps<Value>): JSX.Element {
  const { text } = useText();
  const [unfolded, setUnfolded] = createSignal(false);
  let grid: HTMLDivElement | undefined;
  const folded = createMemo(() => {
    const count = props.primaryCount;
    if (count === undefined || unfolded() || count >= props.options.length) return false;
    return !props.options.slice(count).some((option) => props.isChosen(option.value));
  });
  const shown = createMemo(() => (folded() ? props.options.slice(0, props.primaryCount) : props.options));
  const unfold = () => {
    const firstNew = shown().length;
    setUnfolded(true);
    grid?.querySelectorAll<HTMLElement>("input, button")[firstNew]?.focus();
  };
  return (
    <div
      class="chip-grid"
      ref={(element) => (grid = element)}
      data-columns={props.columns}
      style={{
        "--columns": typeof props.columns === "number" ? props.columns : 1,
        "--phone-columns": props.phoneColumns,
      }}
    >
      <For each={shown()}>{(option) => props.render(option)}</For>
      <Show when={folded()}>
        <button type="button" class="chip" aria-expanded="false" onClick={unfold}>
          <span class="chip-label">{props.moreLabel ?? text("common.chip.more")}</span>
        </button>
      </Show>
    </div>
  );
}
