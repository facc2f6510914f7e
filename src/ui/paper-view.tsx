import { For, type JSX, Match, Show, Switch } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Paper, PaperBlock, PaperText } from "../paper/paper.ts";
import "./styles/paper.css";

export interface PaperViewProps {
  readonly paper: Paper;
  /** Of its title among the page's headings; its own headings follow below. Default 1: 2 on a page that has a title over the paper. */
  readonly titleLevel?: 1 | 2 | undefined;
}

/** A paper on the screen and from the browser's own print: a document of its own, with one title. */
export function PaperView(props: PaperViewProps): JSX.Element {
  const titleLevel = () => props.titleLevel ?? 1;
  return (
    <article class="paper" classList={{ "paper-large": props.paper.textSize === "large" }} lang={props.paper.language}>
      <header class="paper-head">
        <Show when={props.paper.over}>
          <p class="paper-quiet">{props.paper.over}</p>
        </Show>
        <Dynamic component={`h${titleLevel()}`} class="paper-title voice">
          {props.paper.title}
        </Dynamic>
        <For each={props.paper.under}>{(line) => <p class="paper-quiet">{line}</p>}</For>
      </header>
      <For each={props.paper.blocks}>{(block) => <Block block={block} titleLevel={titleLevel()} />}</For>
      <Show when={props.paper.footer}>
        <footer class="paper-foot">{props.paper.footer}</footer>
      </Show>
    </article>
  );
}

type BlockOf<Type extends PaperBlock["type"]> = Extract<PaperBlock, { type: Type }>;

function Block(props: { block: PaperBlock; titleLevel: 1 | 2 }): JSX.Element {
  const only = <Type extends PaperBlock["type"]>(type: Type): BlockOf<Type> | undefined =>
    props.block.type === type ? (props.block as BlockOf<Type>) : undefined;
  return (
    <Switch>
      <Match when={only("heading")}>
        {(heading) => (
          <Dynamic component={`h${props.titleLevel - 1 + heading().level}`} class={heading().level === 2 ? "paper-heading voice" : "paper-subheading"}>
            {heading().text}
          </Dynamic>
        )}
      </Match>
      <Match when={only("paragraph")}>
        {(paragraph) => (
          <p class="paper-text" classList={{ "paper-quiet": paragraph().isQuiet === true }}>
            <Runs text={paragraph().text} />
          </p>
        )}
      </Match>
      <Match when={only("list")}>
        {(list) => (
          <ul class="paper-list">
            <For each={list().items}>
              {(item) => (
                <li class="paper-text">
                  <Runs text={item} />
                </li>
              )}
            </For>
          </ul>
        )}
      </Match>
      <Match when={only("facts")}>
        {(facts) => (
          <dl class={`paper-facts paper-facts-${facts().arrangement}`}>
            <For each={facts().facts}>
              {({ label, value }) => (
                <div>
                  <dt>{label}</dt>
                  <dd class="paper-text" classList={{ voice: facts().arrangement === "columns" }}>
                    <Runs text={value} />
                  </dd>
                </div>
              )}
            </For>
          </dl>
        )}
      </Match>
      <Match when={only("table")}>{(table) => <Table table={table()} />}</Match>
      <Match when={only("notice")}>
        {(notice) => (
          <div class="paper-notice">
            <p class="paper-quiet">{notice().label}</p>
            <p class="paper-lead voice">{notice().lead}</p>
            <Show when={notice().text !== ""}>
              <p class="paper-text">{notice().text}</p>
            </Show>
          </div>
        )}
      </Match>
      <Match when={only("writingLines")}>
        {(lines) => (
          <div class="paper-lines" aria-hidden="true">
            <For each={Array.from({ length: lines().count })}>{() => <div />}</For>
          </div>
        )}
      </Match>
      <Match when={only("pageBreak")}>
        <div class="paper-break" />
      </Match>
    </Switch>
  );
}

function Table(props: { table: BlockOf<"table"> }): JSX.Element {
  const sum = () => props.table.columns.reduce((total, { share }) => total + share, 0);
  return (
    <table class="paper-table">
      <thead>
        <tr>
          <For each={props.table.columns}>
            {({ title, share }) => (
              <th scope="col" style={{ width: `${(100 * share) / sum()}%` }}>
                {title}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.table.rows}>
          {(row) => (
            <tr>
              <For each={row}>
                {(cell) => (
                  <td class="paper-text">
                    <Runs text={cell} />
                  </td>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function Runs(props: { text: PaperText }): JSX.Element {
  return (
    <For each={props.text}>
      {(run) => (
        <Show when={run.isBold === true} fallback={run.text}>
          <strong>{run.text}</strong>
        </Show>
      )}
    </For>
  );
}
